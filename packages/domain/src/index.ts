/** The front door of the domain: names, events, commands, refusals, and the two deciders. */

export {
  AccessColumns,
  AccessContext,
  AccessKeyUsed,
  AccessOutcome,
  AccessPrincipal,
  AccessQuestionAsked,
  AccessRecorded,
  AccessRecordsLost,
} from './access/events.js'
export {
  AccessRecordedV1,
  AccessRecordedV2,
  AccessRecordedV3,
  AccessRecordV1,
  readAccessRecordedV1,
  upgradeAccessRecorded,
} from './access/legacy.js'
export {
  AccessKeyOwnerName,
  CreateAccessKey,
  DeleteAccessKey,
  UpdateAccessKey,
} from './account/access-key/commands.js'
export {
  AccessKeyCreated,
  AccessKeyDeleted,
  AccessKeyOwner,
  AccessKeyStatusChanged,
} from './account/access-key/events.js'
export {
  AccessKeyAlreadyExists,
  AccessKeyLimitExceeded,
  AccessKeyNotFound,
} from './account/access-key/refusals.js'
export {
  AttachmentTargetName,
  AttachPolicy,
  DetachPolicy,
  PolicyType,
} from './account/attachment/commands.js'
export {
  AttachmentTarget,
  PolicyAttached,
  PolicyDetached,
  PolicyRef,
} from './account/attachment/events.js'
export type { AccountCommand, AccountCommandType } from './account/command.js'
export { AccountCommandCodecs } from './account/command.js'
export { accountDecider } from './account/decider.js'
export {
  EntityGiven,
  EntityRef,
  PrincipalName,
  PutEntities,
  RemoveEntities,
} from './account/entity/commands.js'
export {
  EntityRegistered,
  EntityRemoved,
  EntityUpdated,
  PrincipalRef,
} from './account/entity/events.js'
export {
  ACTS_AS_MAX,
  ENTITIES_PER_COMMAND_MAX,
  EntityId,
  EntityKind,
  EntityName,
  type EntityNameBrand,
  EntityType,
  type EntityTypeBrand,
} from './account/entity/limits.js'
export {
  AddUserToGroup,
  CreateGroup,
  DeleteGroup,
  RemoveUserFromGroup,
  UpdateGroup,
} from './account/group/commands.js'
export {
  GroupCreated,
  GroupDeleted,
  GroupUpdated,
  UserAddedToGroup,
  UserRemovedFromGroup,
} from './account/group/events.js'
export {
  GroupAlreadyExists,
  GroupHasPolicies,
  GroupHasUsers,
  GroupLimitExceeded,
  GroupNotFound,
  UserAlreadyInGroup,
  UserGroupLimitExceeded,
  UserNotInGroup,
} from './account/group/refusals.js'
export {
  COMMENTS_CHARACTERS_MAX,
  Comments,
  DESCRIPTION_CHARACTERS_MAX,
  Description,
  MAX_SESSION_DURATION_SECONDS_MAX,
  MAX_SESSION_DURATION_SECONDS_MIN,
  MaxSessionDuration,
  ProviderDescription,
  TAG_KEY_CHARACTERS_MAX,
  TAG_VALUE_CHARACTERS_MAX,
  TAGS_MAX,
  Tags,
} from './account/limits.js'
export {
  ChangePassword,
  CreateLoginProfile,
  DeleteLoginProfile,
  PasswordChange,
  UpdateLoginProfile,
} from './account/login-profile/commands.js'
export {
  LoginProfileCreated,
  LoginProfileDeleted,
  LoginProfileUpdated,
  PasswordChanged,
} from './account/login-profile/events.js'
export {
  LoginProfileAlreadyExists,
  LoginProfileNotFound,
  PasswordSuperseded,
} from './account/login-profile/refusals.js'
export {
  AuthenticationCodeAccepted,
  AuthenticationCodeRejected,
  DeviceMaker,
  MFADeviceBound,
  MFADeviceUnbound,
  VirtualMFADeviceCreated,
  VirtualMFADeviceDeleted,
} from './account/mfa/events.js'
export { VirtualMFADeviceCreatedV1 } from './account/mfa/legacy.js'
export {
  OIDCProviderCreated,
  OIDCProviderDeleted,
  OIDCProviderUpdated,
} from './account/oidc-provider/events.js'
export {
  ClientId,
  Fingerprint,
  ISSUANCE_LIMIT_HOURS_DEFAULT,
  ISSUANCE_LIMIT_HOURS_MAX,
  IssuanceLimit,
  IssuerUrl,
} from './account/oidc-provider/limits.js'
export { OpenAccount } from './account/opening/commands.js'
export { AccountCreated } from './account/opening/events.js'
export { AccountAlreadyExists, AccountNotFound } from './account/opening/refusals.js'
export {
  CreatePolicy,
  CreatePolicyVersion,
  DeletePolicy,
  DeletePolicyVersion,
  RotateStrategy,
  SetDefaultPolicyVersion,
  UpdatePolicyDescription,
} from './account/policy/commands.js'
export {
  DefaultPolicyVersionChanged,
  PolicyCreated,
  PolicyDeleted,
  PolicyDescriptionUpdated,
  PolicyVersionCreated,
  PolicyVersionDeleted,
} from './account/policy/events.js'
export {
  DefaultPolicyVersionInUse,
  PolicyAlreadyExists,
  PolicyAttachedToGroup,
  PolicyAttachedToRole,
  PolicyAttachedToUser,
  PolicyHasVersions,
  PolicyLimitExceeded,
  PolicyNotFound,
  PolicyVersionLimitExceeded,
  PolicyVersionNotFound,
} from './account/policy/refusals.js'
export { IdentityPolicyText, SessionPolicyText, TrustPolicyText } from './account/policy-text.js'
export { DEFAULT_QUOTAS, QUOTA_MAX, Quota, Quotas, quotasWith } from './account/quotas.js'
export type { AccountDecision, AccountRefusal, AccountRefusalType } from './account/refusal.js'
export { AccountRefusalCodecs } from './account/refusal.js'
export { CreateRole, DeleteRole, UpdateRole } from './account/role/commands.js'
export {
  RoleCreated,
  RoleDeleted,
  RoleTrustChanged,
  RoleUpdated,
  Trustee,
} from './account/role/events.js'
export { RoleCreatedV1, RoleTrustChangedV1 } from './account/role/legacy.js'
export {
  RoleAlreadyExists,
  RoleHasPolicies,
  RoleLimitExceeded,
  RoleNotFound,
  ServiceLinkedRoleProtected,
  TrustedPrincipalNotFound,
} from './account/role/refusals.js'
export { type NamedPrincipal, namedIn } from './account/role/trustees.js'
export {
  SAMLProviderCreated,
  SAMLProviderDeleted,
  SAMLProviderUpdated,
} from './account/saml-provider/events.js'
export { SamlMetadata } from './account/saml-provider/metadata.js'
export {
  ACCESS_RECORDING_DEFAULT,
  AccessRecording,
  isSameRecording,
  OneIn,
  SAMPLED_ONE_IN_MAX,
} from './account/settings/access-recording.js'
export {
  SetAccessRecording,
  SetPasswordPolicy,
  SetSecurityPreference,
} from './account/settings/commands.js'
export {
  AccessRecordingChanged,
  PasswordPolicyChanged,
  SecurityPreferenceChanged,
} from './account/settings/events.js'
export {
  isPasswordExpired,
  isPasswordFit,
  PASSWORD_BYTES_MAX,
  PASSWORD_POLICY_DEFAULT,
  PASSWORD_POLICY_RANGES,
  PasswordPolicy,
} from './account/settings/password-policy.js'
export {
  admitsAddress,
  LOGIN_SESSION_HOURS_MAX,
  LOGIN_SESSION_HOURS_MIN,
  LoginNetworkMasks,
  LoginSessionHours,
  SECURITY_PREFERENCE_DEFAULT,
  SecurityPreference,
  SecurityPreferenceChanges,
} from './account/settings/security-preference.js'
export type { StateRow, StateRowChange } from './account/snapshot.js'
export { changedRows, SNAPSHOT_VERSION, stateRowCount, stateRows } from './account/snapshot.js'
export type { SnapshotFault, StateReader } from './account/snapshot-reader.js'
export { stateFromRows, stateReader } from './account/snapshot-reader.js'
export type { AccountState, OpenAccountState } from './account/state.js'
export type { SystemPolicy, SystemPolicyVersion } from './account/system-policies.js'
export { findSystemPolicy, SYSTEM_POLICIES } from './account/system-policies.js'
export { TAGGED_RESOURCES_MAX, TaggableName } from './account/tag/commands.js'
export { tagsAfter } from './account/tag/events.js'
export { CreateUser, DeleteUser, UpdateUser } from './account/user/commands.js'
export { UserCreated, UserDeleted, UserUpdated } from './account/user/events.js'
export {
  UserAlreadyExists,
  UserHasAccessKeys,
  UserHasGroups,
  UserHasLoginProfile,
  UserHasPolicies,
  UserLimitExceeded,
  UserNotFound,
} from './account/user/refusals.js'
export { type AliasCommand, AliasCommandCodecs } from './alias/commands.js'
export { AccountAliasChanged } from './alias/events.js'
export { AliasAlreadyExists, type AliasRefusal, AliasRefusalCodecs } from './alias/refusals.js'
export { type AliasesNow, decideAlias } from './alias/rules.js'
export type { Decider, Decision } from './decider.js'
export { accept, refuse, unchanged } from './decider.js'
export type {
  AccessEvent,
  AccountEvent,
  AliasEvent,
  DomainEvent,
  DomainEventType,
  MFAEvent,
  ProviderEvent,
  Recorded,
  SessionEvent,
  SideEvent,
  SignInEvent,
  SignInMatter,
  TagEvent,
} from './event.js'
export {
  AccessEventCodecs,
  AccountEventCodecs,
  Actor,
  AliasEventCodecs,
  EventCodecs,
  EventMetadata,
  isMFAEvent,
  isProviderEvent,
  isSideEvent,
  isSignInMatter,
  isTagEvent,
  RefusedUseEventCodecs,
  SessionEventCodecs,
  SignInEventCodecs,
} from './event.js'
export { isCritical, isForViews, TYPES_NOT_FOR_VIEWS } from './event-kinds.js'
export {
  ACCOUNT_ALIAS_CHARACTERS_MAX,
  ACCOUNT_ALIAS_CHARACTERS_MIN,
  AccessKeyId,
  AccessKeyStatus,
  AccountAlias,
  AccountId,
  AuthenticationCode,
  GroupId,
  GroupName,
  MFADeviceId,
  nameKey,
  PolicyId,
  PolicyName,
  ProviderId,
  ProviderName,
  RoleId,
  RoleName,
  RoleSessionName,
  Sealed,
  SecretRef,
  SessionId,
  SignInId,
  Tag,
  TemporaryAccessKeyId,
  UserId,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from './names.js'
export { CredentialUsesRefused, UseProof, UseRefusal } from './refused-use/events.js'
export type { AssumeRoleBasis, AssumeRoleCaller, RoleBasis } from './session/basis.js'
export { DEFAULT_SESSION_LIMITS, SessionLimits } from './session/basis.js'
export type { SessionCommand } from './session/commands.js'
export {
  AssumeRole,
  ExternalId,
  RevokeSession,
  SessionCommandCodecs,
  SourceIdentity,
} from './session/commands.js'
export {
  CallerRef,
  CredentialExpired,
  CredentialIssued,
  RoleAssumed,
  RoleAssumptionRefused,
  SessionRevoked,
} from './session/events.js'
export { judgeTrust, type TrustingRole } from './session/judge.js'
export { RoleAssumedV1 } from './session/legacy.js'
export type { SessionRefusal } from './session/refusals.js'
export {
  AssumedRoleNotFound,
  AssumeRoleDenied,
  ChainTooDeep,
  DurationOutOfRange,
  ProofOver,
  RootCannotAssumeRole,
  SessionRefusalCodecs,
  SourceIdentityChanged,
} from './session/refusals.js'
export {
  decideAssumeRole,
  decideRevokeSession,
  SESSION_SECONDS_DEFAULT,
  SESSION_SECONDS_MIN,
} from './session/rules.js'
export { sessionOfKey, temporaryKeyOf } from './session/temporary-key.js'
export {
  SignedIn,
  SignedOut,
  SignInFailed,
  SignInFault,
  SignInsTurnedAway,
  TurnedAway,
} from './sign-in/events.js'
export { SignedInV1 } from './sign-in/legacy.js'
export {
  isLocked,
  type PastSignIn,
  SIGN_IN_EVENTS_MAX,
  WRONG_CODES_MAX,
} from './sign-in/lock.js'
export type { StreamKind } from './streams.js'
export {
  ALIASES_STREAM,
  accessStream,
  accountStream,
  credentialsStream,
  parseStream,
  refusalsStream,
  sessionsStream,
  signInsOfNobodyStream,
  signInsStream,
} from './streams.js'
export { readerOf, schemaVersionOf } from './upgrade.js'
