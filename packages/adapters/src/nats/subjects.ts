/**
 * Under which subject an event is published: `grantlog.<account>.<entity>.<Event>`.
 *
 * Always four parts, none of them chosen by a user.
 */
import { AccountId, type DomainEventType, parseStream } from '@grantlog/domain'
import type { StoredEvent } from '@grantlog/engine'

/** Catches every event and nothing else of grantlog. */
export const EVENT_SUBJECTS = 'grantlog.*.*.*'

/** What stands for an account that an event does not name, and for an entity not known here. */
const UNKNOWN = 'unknown'

/** What an event is about, and the member of its data that names it by id; null where none does. */
type Entity = readonly [entity: string, id: string | null]

const ENTITIES: Readonly<Record<DomainEventType, Entity>> = {
  AccountCreated: ['account', 'accountId'],
  UserCreated: ['user', 'userId'],
  UserUpdated: ['user', 'userId'],
  UserDeleted: ['user', 'userId'],
  AccessKeyCreated: ['access-key', 'accessKeyId'],
  AccessKeyStatusChanged: ['access-key', 'accessKeyId'],
  AccessKeyDeleted: ['access-key', 'accessKeyId'],
  AccessKeyUsed: ['access-key', 'accessKeyId'],
  CredentialUsesRefused: ['access-key', 'accessKeyId'],
  VirtualMFADeviceCreated: ['mfa-device', 'deviceId'],
  VirtualMFADeviceDeleted: ['mfa-device', 'deviceId'],
  MFADeviceBound: ['mfa-device', 'deviceId'],
  MFADeviceUnbound: ['mfa-device', 'deviceId'],
  AuthenticationCodeAccepted: ['mfa-device', 'deviceId'],
  AuthenticationCodeRejected: ['user', 'userId'],
  GroupCreated: ['group', 'groupId'],
  GroupUpdated: ['group', 'groupId'],
  GroupDeleted: ['group', 'groupId'],
  UserAddedToGroup: ['group', 'groupId'],
  UserRemovedFromGroup: ['group', 'groupId'],
  RoleCreated: ['role', 'roleId'],
  RoleUpdated: ['role', 'roleId'],
  RoleTrustChanged: ['role', 'roleId'],
  RoleDeleted: ['role', 'roleId'],
  PolicyCreated: ['policy', 'policyId'],
  PolicyDescriptionUpdated: ['policy', 'policyId'],
  PolicyVersionCreated: ['policy', 'policyId'],
  DefaultPolicyVersionChanged: ['policy', 'policyId'],
  PolicyVersionDeleted: ['policy', 'policyId'],
  PolicyDeleted: ['policy', 'policyId'],
  PolicyAttached: ['attachment', null],
  PolicyDetached: ['attachment', null],
  ResourceTagged: ['tag', null],
  ResourceUntagged: ['tag', null],
  OIDCProviderCreated: ['provider', 'providerId'],
  OIDCProviderUpdated: ['provider', 'providerId'],
  OIDCProviderDeleted: ['provider', 'providerId'],
  SAMLProviderCreated: ['provider', 'providerId'],
  SAMLProviderUpdated: ['provider', 'providerId'],
  SAMLProviderDeleted: ['provider', 'providerId'],
  EntityRegistered: ['entity', 'entityId'],
  EntityUpdated: ['entity', 'entityId'],
  EntityRemoved: ['entity', 'entityId'],
  RoleAssumed: ['session', 'sessionId'],
  RoleAssumptionRefused: ['session', null],
  SessionRevoked: ['session', 'sessionId'],
  CredentialIssued: ['session', 'sessionId'],
  CredentialExpired: ['session', 'sessionId'],
  AccessRecorded: ['access', null],
  AccessRecordsLost: ['access', null],
  AccessRecordingChanged: ['account', null],
  PasswordPolicyChanged: ['account', null],
  SecurityPreferenceChanged: ['account', null],
  AccountAliasChanged: ['account', 'accountId'],
  LoginProfileCreated: ['user', 'userId'],
  LoginProfileUpdated: ['user', 'userId'],
  PasswordChanged: ['user', 'userId'],
  LoginProfileDeleted: ['user', 'userId'],
  SignedIn: ['user', 'userId'],
  SignInFailed: ['user', 'userId'],
  SignedOut: ['user', 'userId'],
  SignInsTurnedAway: ['user', 'userId'],
}

export type Addressed = {
  readonly subject: string
  readonly account: string
  /** `<entity>/<id>`, where the data names one. */
  readonly about: string | null
}

const isKnown = (type: string): type is DomainEventType => Object.hasOwn(ENTITIES, type)

const textMember = (data: unknown, name: string | null): string | null => {
  if (name === null || typeof data !== 'object' || data === null) return null
  const value = (data as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' && value.length <= 128 ? value : null
}

/** Streams of a shard hold many accounts: there the data names the account. */
const accountOf = (stream: string, data: unknown): string => {
  const named = parseStream(stream).accountId ?? textMember(data, 'accountId')
  return AccountId.is(named) ? named : UNKNOWN
}

/** `data` is the event's data, parsed; undefined when it can't be. */
export const addressOf = (
  { stream, type }: Pick<StoredEvent, 'stream' | 'type'>,
  data: unknown,
): Addressed => {
  const account = accountOf(stream, data)
  const [entity, idMember]: Entity = isKnown(type) ? ENTITIES[type] : [UNKNOWN, null]
  const id = textMember(data, idMember)
  const event = /^[A-Za-z0-9_-]{1,64}$/.test(type) ? type : UNKNOWN
  return {
    subject: `grantlog.${account}.${entity}.${event}`,
    account,
    about: id === null ? null : `${entity}/${id}`,
  }
}
