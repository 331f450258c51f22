/**
 * What the account decider remembers: who and what exists, and no more than its rules ask for.
 *
 * Entities are kept by id, with an index from names without case to ids. Maps are persistent, so an
 * older state stays valid and every step costs O(log n). Invariant: the counts kept by a group and
 * by a policy agree with the sets kept by their users and targets.
 */
import { Map as IMap, Set as ISet } from 'immutable'
import type {
  AccessKeyId,
  AccountId,
  GroupId,
  MFADeviceId,
  PolicyId,
  ProviderId,
  RoleId,
  UserId,
} from '../names.js'
import { nameKey } from '../names.js'
import type { EntityId } from './entity/limits.js'
import type {
  AccessKeyRecord,
  Attachments,
  EntityRecord,
  GroupRecord,
  MFADeviceRecord,
  OIDCProviderRecord,
  PolicyRecord,
  RoleRecord,
  SAMLProviderRecord,
  UserRecord,
} from './records.js'
import { ACCESS_RECORDING_DEFAULT, type AccessRecording } from './settings/access-recording.js'
import { PASSWORD_POLICY_DEFAULT, type PasswordPolicy } from './settings/password-policy.js'
import {
  SECURITY_PREFERENCE_DEFAULT,
  type SecurityPreference,
} from './settings/security-preference.js'

export type {
  AccessKeyRecord,
  Attachments,
  EntityRecord,
  GroupRecord,
  LoginProfileRecord,
  MFADeviceRecord,
  OIDCProviderRecord,
  PolicyRecord,
  RoleRecord,
  SAMLProviderRecord,
  UserProfile,
  UserRecord,
} from './records.js'

export type OpenAccountState = {
  readonly type: 'Open'
  readonly accountId: AccountId
  readonly accessRecording: AccessRecording
  readonly passwordPolicy: PasswordPolicy
  readonly securityPreference: SecurityPreference
  readonly rootAccessKeyIds: ISet<AccessKeyId>
  readonly accessKeys: IMap<AccessKeyId, AccessKeyRecord>
  readonly users: IMap<UserId, UserRecord>
  readonly userIds: IMap<string, UserId>
  readonly groups: IMap<GroupId, GroupRecord>
  readonly groupIds: IMap<string, GroupId>
  readonly roles: IMap<RoleId, RoleRecord>
  readonly roleIds: IMap<string, RoleId>
  readonly policies: IMap<PolicyId, PolicyRecord>
  readonly policyIds: IMap<string, PolicyId>
  readonly oidcProviders: IMap<ProviderId, OIDCProviderRecord>
  readonly oidcProviderIds: IMap<string, ProviderId>
  readonly samlProviders: IMap<ProviderId, SAMLProviderRecord>
  readonly samlProviderIds: IMap<string, ProviderId>
  readonly entities: IMap<EntityId, EntityRecord>
  readonly entityIds: IMap<string, EntityId>
  readonly mfaDevices: IMap<MFADeviceId, MFADeviceRecord>
  readonly mfaDeviceIds: IMap<string, MFADeviceId>
}

/** An account before and after it was opened. */
export type AccountState = { readonly type: 'Unopened' } | OpenAccountState

export const UNOPENED: AccountState = { type: 'Unopened' }

export const NO_ATTACHMENTS: Attachments = { custom: ISet(), system: ISet() }

/** An account with nothing in it. */
export const openState = (accountId: AccountId): OpenAccountState => ({
  type: 'Open',
  accountId,
  accessRecording: ACCESS_RECORDING_DEFAULT,
  passwordPolicy: PASSWORD_POLICY_DEFAULT,
  securityPreference: SECURITY_PREFERENCE_DEFAULT,
  rootAccessKeyIds: ISet(),
  accessKeys: IMap(),
  users: IMap(),
  userIds: IMap(),
  groups: IMap(),
  groupIds: IMap(),
  roles: IMap(),
  roleIds: IMap(),
  policies: IMap(),
  policyIds: IMap(),
  oidcProviders: IMap(),
  oidcProviderIds: IMap(),
  samlProviders: IMap(),
  samlProviderIds: IMap(),
  entities: IMap(),
  entityIds: IMap(),
  mfaDevices: IMap(),
  mfaDeviceIds: IMap(),
})

/** The entity that holds a name, whatever the case of the name's letters. */
const named =
  <Id, Entity>(
    ids: (account: OpenAccountState) => IMap<string, Id>,
    entities: (account: OpenAccountState) => IMap<Id, Entity>,
  ) =>
  (account: OpenAccountState, name: string): Entity | undefined => {
    const id = ids(account).get(nameKey(name))
    return id === undefined ? undefined : entities(account).get(id)
  }

/** The index of names once an entity is called `to`, having been called `from` before. */
export const renamed = <Id>(
  ids: IMap<string, Id>,
  id: Id,
  from: string,
  to: string,
): IMap<string, Id> => unnamed(ids, id, from).set(nameKey(to), id)

/** The index of names once an entity is gone; a name that another entity holds stays. */
export const unnamed = <Id>(ids: IMap<string, Id>, id: Id, name: string): IMap<string, Id> =>
  ids.get(nameKey(name)) === id ? ids.delete(nameKey(name)) : ids

export const userNamed = named(
  (account) => account.userIds,
  (account) => account.users,
)
export const groupNamed = named(
  (account) => account.groupIds,
  (account) => account.groups,
)
export const roleNamed = named(
  (account) => account.roleIds,
  (account) => account.roles,
)
export const policyNamed = named(
  (account) => account.policyIds,
  (account) => account.policies,
)
export const mfaDeviceNamed = named(
  (account) => account.mfaDeviceIds,
  (account) => account.mfaDevices,
)

export const oidcProviderNamed = named(
  (account) => account.oidcProviderIds,
  (account) => account.oidcProviders,
)
export const samlProviderNamed = named(
  (account) => account.samlProviderIds,
  (account) => account.samlProviders,
)

/** Names of entities see case: they are the applications' own. A type holds no '/'. */
export const entityKeyOf = ({
  kind,
  entityType,
  name,
}: Pick<EntityRecord, 'kind' | 'entityType' | 'name'>): string => `${kind}/${entityType}/${name}`

/** Whether a role's name says that a cloud service manages it for itself. */
export const isServiceLinked = (roleName: string): boolean =>
  nameKey(roleName).startsWith('aliyunservicerolefor')

export const holdsPolicies = ({ custom, system }: Attachments): boolean =>
  !custom.isEmpty() || !system.isEmpty()

/** The policies once a target with these attachments is gone. */
export const withoutAttachments = (
  policies: OpenAccountState['policies'],
  target: keyof PolicyRecord['attachedTo'],
  attachments: Attachments,
): OpenAccountState['policies'] =>
  attachments.custom.reduce(
    (rest, policyId) => countAttachment(rest, policyId, target, -1),
    policies,
  )

/** The policies once one of them is attached to one target more or less. */
export const countAttachment = (
  policies: OpenAccountState['policies'],
  policyId: PolicyId,
  target: keyof PolicyRecord['attachedTo'],
  change: 1 | -1,
): OpenAccountState['policies'] => {
  const policy = policies.get(policyId)
  if (policy === undefined) return policies
  const attachedTo = { ...policy.attachedTo, [target]: policy.attachedTo[target] + change }
  return policies.set(policyId, { ...policy, attachedTo })
}
