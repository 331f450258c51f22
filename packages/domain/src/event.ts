/**
 * DomainEvent: the union of every event, its metadata, and the envelope in which a reader meets it.
 *
 * Invariant: an event type, once written, is read for ever. A changed shape is a new schemaVersion.
 */
import * as t from 'io-ts'
import { AccessKeyUsed, AccessRecorded, AccessRecordsLost } from './access/events.js'
import {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyStatusChanged,
} from './account/access-key/events.js'
import { PolicyAttached, PolicyDetached } from './account/attachment/events.js'
import { EntityRegistered, EntityRemoved, EntityUpdated } from './account/entity/events.js'
import {
  GroupCreated,
  GroupDeleted,
  GroupUpdated,
  UserAddedToGroup,
  UserRemovedFromGroup,
} from './account/group/events.js'
import {
  OIDCProviderCreated,
  OIDCProviderDeleted,
  OIDCProviderUpdated,
} from './account/oidc-provider/events.js'
import { AccountCreated } from './account/opening/events.js'
import {
  DefaultPolicyVersionChanged,
  PolicyCreated,
  PolicyDeleted,
  PolicyDescriptionUpdated,
  PolicyVersionCreated,
  PolicyVersionDeleted,
} from './account/policy/events.js'
import { RoleCreated, RoleDeleted, RoleTrustChanged, RoleUpdated } from './account/role/events.js'
import {
  SAMLProviderCreated,
  SAMLProviderDeleted,
  SAMLProviderUpdated,
} from './account/saml-provider/events.js'
import { AccessRecordingChanged } from './account/settings/events.js'
import { UserCreated, UserDeleted, UserUpdated } from './account/user/events.js'
import { AccountId, Sealed } from './names.js'
import {
  CredentialExpired,
  CredentialIssued,
  RoleAssumed,
  RoleAssumptionRefused,
  SessionRevoked,
} from './session/events.js'

/** Events about identity providers, one codec each. */
const ProviderEventCodecs = {
  OIDCProviderCreated,
  OIDCProviderUpdated,
  OIDCProviderDeleted,
  SAMLProviderCreated,
  SAMLProviderUpdated,
  SAMLProviderDeleted,
} as const
export type ProviderEvent = t.TypeOf<(typeof ProviderEventCodecs)[keyof typeof ProviderEventCodecs]>

/** Events of the stream `account-<uid>`, one codec each. */
export const AccountEventCodecs = {
  AccountCreated,
  UserCreated,
  UserUpdated,
  UserDeleted,
  AccessKeyCreated,
  AccessKeyStatusChanged,
  AccessKeyDeleted,
  GroupCreated,
  GroupUpdated,
  GroupDeleted,
  UserAddedToGroup,
  UserRemovedFromGroup,
  RoleCreated,
  RoleUpdated,
  RoleTrustChanged,
  RoleDeleted,
  PolicyCreated,
  PolicyVersionCreated,
  DefaultPolicyVersionChanged,
  PolicyDescriptionUpdated,
  PolicyVersionDeleted,
  PolicyDeleted,
  PolicyAttached,
  PolicyDetached,
  ...ProviderEventCodecs,
  EntityRegistered,
  EntityUpdated,
  EntityRemoved,
  AccessRecordingChanged,
} as const
export type AccountEvent = t.TypeOf<(typeof AccountEventCodecs)[keyof typeof AccountEventCodecs]>

/** Events of the streams `sessions-…` and `credentials-…`, one codec each. */
export const SessionEventCodecs = {
  RoleAssumed,
  RoleAssumptionRefused,
  SessionRevoked,
  CredentialIssued,
  CredentialExpired,
} as const
export type SessionEvent = t.TypeOf<(typeof SessionEventCodecs)[keyof typeof SessionEventCodecs]>

/** Events of the streams `access-…`, one codec each. */
export const AccessEventCodecs = { AccessRecorded, AccessKeyUsed, AccessRecordsLost } as const
export type AccessEvent = t.TypeOf<(typeof AccessEventCodecs)[keyof typeof AccessEventCodecs]>

/**
 * Every event type with its codec: the one list that storage, views and the reference are built
 * from.
 */
export const EventCodecs = {
  ...AccountEventCodecs,
  ...SessionEventCodecs,
  ...AccessEventCodecs,
} as const
export type DomainEvent = AccountEvent | SessionEvent | AccessEvent
export type DomainEventType = DomainEvent['type']

/** Whether an event is about an identity provider: nothing in it grants by itself. */
export const isProviderEvent = (event: DomainEvent): event is ProviderEvent =>
  Object.hasOwn(ProviderEventCodecs, event.type)

/** Who gave the command, by immutable ids; the ARN is the label of that moment. */
export const Actor = t.intersection(
  [
    t.strict({
      accountId: AccountId,
      principalType: t.union([
        t.literal('Root'),
        t.literal('User'),
        t.literal('Session'),
        t.literal('Federated'),
        t.literal('System'),
      ]),
      /**
       * The account's uid, the UserId, `<RoleId>:<session name>`, the id of an identity
       * provider, or the name of a part of grantlog.
       */
      principalId: t.string,
      arn: t.string,
    }),
    t.exact(t.partial({ accessKeyId: t.string, sessionId: t.string })),
  ],
  'Actor',
)
export type Actor = t.TypeOf<typeof Actor>

/** What is known about the circumstances of an event. */
export const EventMetadata = t.intersection(
  [
    t.strict({ commandId: t.string, requestId: t.string, actor: Actor, critical: t.boolean }),
    t.exact(
      t.partial({ sourceIp: Sealed, reason: t.string, ticket: t.string, traceparent: t.string }),
    ),
  ],
  'EventMetadata',
)
export type EventMetadata = t.TypeOf<typeof EventMetadata>

/**
 * An event as a reader meets it.
 *
 * `position` orders the whole log, `revision` one stream (dense from 0), `recordedAt` is
 * milliseconds UTC and never decreases along positions. `accountId` is the account that the fact
 * belongs to.
 */
export type Recorded<Event extends DomainEvent = DomainEvent> = {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly position: number
  readonly recordedAt: number
  readonly accountId: AccountId
  readonly event: Event
  readonly metadata: EventMetadata
}

/**
 * Event types whose loss or misreading could widen access: a reader that does not know one must
 * stop.
 */
export const isCritical = (type: DomainEventType): boolean => !NOT_CRITICAL.has(type)

const NOT_CRITICAL: ReadonlySet<DomainEventType> = new Set([
  'AccessRecorded',
  'AccessRecordsLost',
  'AccessRecordingChanged',
  'AccessKeyUsed',
  'RoleAssumptionRefused',
])
