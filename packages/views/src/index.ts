/**
 * What the events add up to: six views, each a fold with its questions.
 */

export { type LiveSession, liveSessions } from './credentials/questions.js'
export type {
  CredentialKeyRow,
  CredentialsState,
  Recording,
  SessionRow,
} from './credentials/state.js'
export {
  credentialsView,
  findAccessKey,
  findDeletedKey,
  findSession,
  liveSessionCount,
  sessionsNamed,
} from './credentials/view.js'
export { directoryView } from './directory/apply.js'
export { type EntityCounts, entityCounts } from './directory/counts.js'
export { findMFADevice, listMFADevices, mfaDeviceOf } from './directory/mfa-devices.js'
export {
  type AttachedPolicy,
  attachmentCount,
  entitiesForPolicy,
  findPolicy,
  findPolicyByRef,
  listPolicies,
  type PolicyEntities,
  type PolicyPageRequest,
  policiesAttachedTo,
  policyVersions,
} from './directory/policy-questions.js'
export {
  accountNameIn,
  accountOfDomain,
  accountOfPrincipalName,
  defaultDomainOf,
  type NamedUser,
  PRINCIPAL_NAME_CHARACTERS_MAX,
  principalNameParts,
  userOfPrincipalName,
} from './directory/principal-names.js'
export {
  findOIDCProvider,
  findSAMLProvider,
  listOIDCProviders,
  listSAMLProviders,
} from './directory/providers.js'
export {
  accessKeysOf,
  findAccount,
  findGroup,
  findGroupById,
  findRole,
  findRoleById,
  findUser,
  findUserById,
  groupsForUser,
  type JoinedGroup,
  listAccounts,
  listGroups,
  listRoles,
  listUsers,
  listUsersForGroup,
  type Member,
} from './directory/questions.js'
export type {
  AccessKeyRow,
  AccountRow,
  AttachmentRow,
  CustomPolicyRow,
  GroupRow,
  LoginProfileRow,
  MembershipRow,
  MFADeviceRow,
  OIDCProviderRow,
  Page,
  PageRequest,
  PolicyRecord,
  PolicyVersionRow,
  RoleRow,
  SAMLProviderRow,
  SignInRow,
  TagFilter,
  UserRow,
} from './directory/rows.js'
export {
  accountAliasOf,
  accountCalled,
  accountWithAlias,
  findSignIn,
  loginProfileOf,
  mfaTicketsSince,
  passwordPolicyOf,
  securityPreferenceOf,
} from './directory/sign-in-questions.js'
export type { DirectoryState } from './directory/state.js'
export {
  listTags,
  type TagOfResource,
  type TagPage,
  type TagPlace,
  type TagQuestion,
} from './directory/tags.js'
export {
  type EntitiesState,
  type EntityRow,
  entitiesOfTypeAt,
  entitiesView,
  entityAt,
  entityByIdAt,
  entityTypes,
} from './entities/view.js'
export {
  decideOnGrants,
  deciderOnGrants,
  findTrust,
  isKnownHolder,
  justifyOnGrants,
  policiesInForce,
  roleById,
  userById,
} from './grants/questions.js'
export type { GrantsState } from './grants/state.js'
export { grantsView } from './grants/view.js'
export {
  groupByNameAt,
  type HeldAt,
  type HistoryPrincipal,
  labelAt,
  lastChangeAt,
  markAt,
  nameBearers,
  openedAt,
  type PolicyHeldAt,
  policiesInForceAt,
  policyBearers,
  policyByNameAt,
  policyTextsAt,
  policyVersionAt,
  positionAt,
  roleByIdAt,
  roleByNameAt,
  trustAt,
  userByIdAt,
  userByNameAt,
} from './history/as-of.js'
export { type Bearing, bearingsOf } from './history/bearings.js'
export {
  diffOfPrincipal,
  type LostGrant,
  type PrincipalDiff,
  statementsBetween,
  type TurnedGrant,
} from './history/diff.js'
export {
  type AccountDiff,
  type ChangedPrincipal,
  diffOfAccount,
} from './history/diff-account.js'
export {
  type Bearers,
  type BearersDiff,
  diffOfBearers,
  type Replaced,
} from './history/diff-bearers.js'
export type { Between, GroupChange, KeyChange, TrustChange } from './history/diff-parts.js'
export {
  type AttachmentChange,
  diffOfPolicies,
  type PoliciesNamed,
  type PolicyDiff,
} from './history/diff-policy.js'
export { endOf, revocationOf, timeAt } from './history/ends.js'
export { type Grant, grantBehind, grantsOf, trustSetAt } from './history/grants-of.js'
export { type HeldSpan, heldSpanAt } from './history/held-span.js'
export { doneWith, type KeyTimeline, keyTimeline } from './history/key-timeline.js'
export { type Mark, markOf } from './history/marks.js'
export { policyTimeline } from './history/policy-timeline.js'
export { endOfProvider, providerLabel } from './history/providers.js'
export { documentsHeldAt, holdersReached, type Reached } from './history/reach.js'
export { rootTimeline } from './history/root-timeline.js'
export type { PastRole } from './history/rows.js'
export type { HistoryState } from './history/state.js'
export type { BoundStatement, DocumentDiff, WrittenStatement } from './history/statements.js'
export type { Change, PolicyLabel, ToldChange } from './history/story.js'
export { storyOf, type TimelineEntry, timeline } from './history/timeline.js'
export { toldChange } from './history/told-change.js'
export { type Span, trustTurnsOf, turnsOf } from './history/turns.js'
export { historyView } from './history/view.js'
export {
  type HeldUser,
  type Holder,
  type HolderRef,
  type RoleTrust,
  sessionInForce,
} from './holder.js'
export type { OwnerLike, PolicyLike, TargetLike } from './keys.js'
export {
  type LossRow,
  lossesBetween,
  type RecordingState,
  type RecordingStretch,
  recordedSince,
  recordingBetween,
  recordingOf,
  recordingView,
} from './recording.js'
export { type Table, table } from './table.js'
export { accessKeyLastUsedAt, type UsageRow, type UsageState, usageView } from './usage.js'
export type { View, ViewState } from './view.js'
export { type ViewRow, viewRows } from './view-rows.js'
