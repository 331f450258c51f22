/**
 * What the events add up to: five views, each a fold with its questions.
 */
export type { View, ViewState } from './view.js'
export { type Table, table } from './table.js'
export { type ViewRow, viewRows } from './view-rows.js'
export type { OwnerLike, PolicyLike, TargetLike } from './keys.js'
export type { HeldUser, Holder, HolderRef, RoleTrust } from './holder.js'
export { directoryView } from './directory/apply.js'
export type { DirectoryState } from './directory/state.js'
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
export {
  type AttachedPolicy,
  attachmentCount,
  entitiesForPolicy,
  findPolicy,
  findPolicyByRef,
  listPolicies,
  policiesAttachedTo,
  type PolicyEntities,
  type PolicyPageRequest,
  policyVersions,
} from './directory/policy-questions.js'
export { grantsView } from './grants/view.js'
export type { GrantsState } from './grants/state.js'
export { findTrust, policiesInForce, roleById, userById } from './grants/questions.js'
export {
  credentialsView,
  findAccessKey,
  findSession,
  liveSessionCount,
} from './credentials/view.js'
export type { CredentialKeyRow, CredentialsState, SessionRow } from './credentials/state.js'
export { accessKeyLastUsedAt, type UsageRow, type UsageState, usageView } from './usage.js'
