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
  LoginProfileCreated,
  LoginProfileDeleted,
  LoginProfileUpdated,
  PasswordChanged,
} from './account/login-profile/events.js'
import {
  AuthenticationCodeAccepted,
  AuthenticationCodeRejected,
  MFADeviceBound,
  MFADeviceUnbound,
  VirtualMFADeviceCreated,
  VirtualMFADeviceDeleted,
} from './account/mfa/events.js'
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
import {
  AccessRecordingChanged,
  PasswordPolicyChanged,
  SecurityPreferenceChanged,
} from './account/settings/events.js'
import { ResourceTagged, ResourceUntagged } from './account/tag/events.js'
import { UserCreated, UserDeleted, UserUpdated } from './account/user/events.js'
import { AccountAliasChanged } from './alias/events.js'
import { AccountId, Sealed } from './names.js'
import {
  CredentialExpired,
  CredentialIssued,
  RoleAssumed,
  RoleAssumptionRefused,
  SessionRevoked,
} from './session/events.js'
import { SignedIn, SignedOut, SignInFailed, SignInsTurnedAway } from './sign-in/events.js'

/** Events about MFA devices and their codes; none of them changes what anybody may do. */
const MFAEventCodecs = {
  VirtualMFADeviceCreated,
  VirtualMFADeviceDeleted,
  MFADeviceBound,
  MFADeviceUnbound,
  AuthenticationCodeAccepted,
  AuthenticationCodeRejected,
} as const
export type MFAEvent = t.TypeOf<(typeof MFAEventCodecs)[keyof typeof MFAEventCodecs]>

/** Events about the tags of roles and policies; they are labels and grant nothing. */
const TagEventCodecs = { ResourceTagged, ResourceUntagged } as const
export type TagEvent = t.TypeOf<(typeof TagEventCodecs)[keyof typeof TagEventCodecs]>

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
  ...MFAEventCodecs,
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
  ...TagEventCodecs,
  ...ProviderEventCodecs,
  EntityRegistered,
  EntityUpdated,
  EntityRemoved,
  AccessRecordingChanged,
  LoginProfileCreated,
  LoginProfileUpdated,
  PasswordChanged,
  LoginProfileDeleted,
  PasswordPolicyChanged,
  SecurityPreferenceChanged,
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

/** Events of the streams `signins-…`, one codec each. */
export const SignInEventCodecs = {
  SignedIn,
  SignInFailed,
  SignedOut,
  SignInsTurnedAway,
} as const
export type SignInEvent = t.TypeOf<(typeof SignInEventCodecs)[keyof typeof SignInEventCodecs]>

/** Events of the stream `aliases`, one codec each. */
export const AliasEventCodecs = { AccountAliasChanged } as const
export type AliasEvent = AccountAliasChanged

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
  ...SignInEventCodecs,
  ...AliasEventCodecs,
  ...AccessEventCodecs,
} as const
export type DomainEvent = AccountEvent | SessionEvent | SignInEvent | AliasEvent | AccessEvent
export type DomainEventType = DomainEvent['type']

/** Events that say who signs in and how: they open no permission and close none. */
const SignInMatterCodecs = {
  LoginProfileCreated,
  LoginProfileUpdated,
  PasswordChanged,
  LoginProfileDeleted,
  PasswordPolicyChanged,
  SecurityPreferenceChanged,
  ...SignInEventCodecs,
  ...AliasEventCodecs,
  ...MFAEventCodecs,
} as const
export type SignInMatter = t.TypeOf<(typeof SignInMatterCodecs)[keyof typeof SignInMatterCodecs]>

/** Whether an event is about signing in. */
export const isSignInMatter = (event: DomainEvent): event is SignInMatter =>
  Object.hasOwn(SignInMatterCodecs, event.type)

export const isMFAEvent = (event: DomainEvent): event is MFAEvent =>
  Object.hasOwn(MFAEventCodecs, event.type)

export const isTagEvent = (event: DomainEvent): event is TagEvent =>
  Object.hasOwn(TagEventCodecs, event.type)

/** Whether an event is about an identity provider: nothing in it grants by itself. */
export const isProviderEvent = (event: DomainEvent): event is ProviderEvent =>
  Object.hasOwn(ProviderEventCodecs, event.type)

/** Events beside the grants: about signing in, about tags, and about identity providers. */
export type SideEvent = SignInMatter | TagEvent | ProviderEvent

/** Whether an event opens no permission and closes none: most views pass all of those by. */
export const isSideEvent = (event: DomainEvent): event is SideEvent =>
  isSignInMatter(event) || isTagEvent(event) || isProviderEvent(event)

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

/**
 * Whether a type of event is for views. Records of access are not: they are large, are read from
 * their own streams by whoever asks for them, and change nothing.
 */
export const isForViews = (type: string): boolean => type !== 'AccessRecorded'

const NOT_CRITICAL: ReadonlySet<DomainEventType> = new Set([
  'AccessRecorded',
  'AccessRecordsLost',
  'AccessRecordingChanged',
  'AccessKeyUsed',
  'ResourceTagged',
  'ResourceUntagged',
  'RoleAssumptionRefused',
  'SignedIn',
  'SignInFailed',
  'SignInsTurnedAway',
])
