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
  findSession,
  liveSessionCount,
  sessionsNamed,
} from './credentials/view.js'
export { directoryView } from './directory/apply.js'
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
  MembershipRow,
  Page,
  PageRequest,
  PolicyRecord,
  PolicyVersionRow,
  RoleRow,
  TagFilter,
  UserRow,
} from './directory/rows.js'
export type { DirectoryState } from './directory/state.js'
export {
  decideOnGrants,
  findTrust,
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
  nameBearers,
  type PolicyHeldAt,
  policiesInForceAt,
  positionAt,
  roleByIdAt,
  roleByNameAt,
  trustAt,
  userByIdAt,
  userByNameAt,
} from './history/as-of.js'
export { type Grant, grantsOf } from './history/grants-of.js'
export { type HeldSpan, heldSpanAt } from './history/held-span.js'
export type { Mark } from './history/marks.js'
export type { PastRole } from './history/rows.js'
export type { HistoryState } from './history/state.js'
export type { Change, PolicyLabel } from './history/story.js'
export { type TimelineEntry, timeline } from './history/timeline.js'
export { historyView } from './history/view.js'
export type { HeldUser, Holder, HolderRef, RoleTrust } from './holder.js'
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
