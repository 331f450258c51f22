/**
 * What can be asked of the directory about principals and their keys.
 */
import { entityKey, type OwnerLike, ownerKey } from '../keys.js'
import { pageOf } from './roster.js'
import type {
  AccessKeyRow,
  AccountRow,
  GroupRow,
  MembershipRow,
  Page,
  PageRequest,
  RoleRow,
  TagFilter,
  UserRow,
} from './rows.js'
import type { DirectoryState } from './state.js'

export const findAccount = (state: DirectoryState, accountId: string): AccountRow | undefined =>
  state.tables.accounts.get(accountId)

/** Names are compared without case, here and below. */
/** All accounts, in the order in which they were opened. */
export const listAccounts = (state: DirectoryState): ReadonlyArray<AccountRow> =>
  [...state.tables.accounts.entries()]
    .map(([, row]) => row)
    .sort((one, other) => one.position - other.position)

export const findUser = (
  state: DirectoryState,
  accountId: string,
  userName: string,
): UserRow | undefined => state.users.byName(accountId, userName)

export const findUserById = (
  state: DirectoryState,
  accountId: string,
  userId: string,
): UserRow | undefined => state.users.byId(accountId, userId)

export const findGroup = (
  state: DirectoryState,
  accountId: string,
  groupName: string,
): GroupRow | undefined => state.groups.byName(accountId, groupName)

export const findGroupById = (
  state: DirectoryState,
  accountId: string,
  groupId: string,
): GroupRow | undefined => state.groups.byId(accountId, groupId)

export const findRole = (
  state: DirectoryState,
  accountId: string,
  roleName: string,
): RoleRow | undefined => state.roles.byName(accountId, roleName)

export const findRoleById = (
  state: DirectoryState,
  accountId: string,
  roleId: string,
): RoleRow | undefined => state.roles.byId(accountId, roleId)

/** In the order of creation. Cost: O(log n + page), also for an account with a million users. */
export const listUsers = (
  state: DirectoryState,
  accountId: string,
  page: PageRequest,
): Page<UserRow> => state.users.page(accountId, page)

export const listGroups = (
  state: DirectoryState,
  accountId: string,
  page: PageRequest,
): Page<GroupRow> => state.groups.page(accountId, page)

/** With tags, only roles that carry all of them; then the cost grows with the roles passed over. */
export const listRoles = (
  state: DirectoryState,
  accountId: string,
  page: PageRequest & { readonly tags?: TagFilter },
): Page<RoleRow> => {
  const { tags } = page
  return state.roles.page(accountId, page, tags && ((row) => carries(row, tags)))
}

/** A member of a group, and since when. */
export type Member = { readonly user: UserRow; readonly joinedAt: number }

/** In the order of joining; the pages follow the positions of joining. */
export const listUsersForGroup = (
  state: DirectoryState,
  accountId: string,
  groupId: string,
  page: PageRequest,
): Page<Member> => {
  const list = state.members.get(entityKey(accountId, groupId))
  const { items, ...rest } = pageOf<MembershipRow>(state.tables.memberships, list, page)
  const members = items.flatMap(({ userId, joinedAt }) => {
    const user = state.users.byId(accountId, userId)
    return user === undefined ? [] : [{ user, joinedAt }]
  })
  return { items: members, ...rest }
}

/** A group that a user is in, and since when. */
export type JoinedGroup = { readonly group: GroupRow; readonly joinedAt: number }

/** In the order of joining. */
export const groupsForUser = (
  state: DirectoryState,
  accountId: string,
  userId: string,
): ReadonlyArray<JoinedGroup> =>
  [...state.memberships.of('user', entityKey(accountId, userId))].flatMap((row) => {
    const group = state.groups.byId(accountId, row.groupId)
    return group === undefined ? [] : [{ group, joinedAt: row.joinedAt }]
  })

/** The keys of the account itself or of one of its users, in the order of creation. */
export const accessKeysOf = (
  state: DirectoryState,
  accountId: string,
  owner: OwnerLike,
): ReadonlyArray<AccessKeyRow> => [...state.accessKeys.of('owner', ownerKey(accountId, owner))]

/** True when every pair of the filter is among the tags. */
export const carries = (
  row: { readonly tags?: ReadonlyArray<{ readonly key: string; readonly value: string }> },
  filter: TagFilter,
): boolean =>
  filter.every(({ key, value }) =>
    (row.tags ?? []).some((tag) => tag.key === key && (value === undefined || tag.value === value)),
  )
