/**
 * The operations of IMS that RAM has too: users by the names that they sign in with, groups, access
 * keys, login profiles and MFA devices.
 */
import { findGroupById, findUserById, type UserRow, userOfPrincipalName } from '@grantlog/views'
import type { AnswerMembers } from '../envelope.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'
import { type Change, type Twin, twinsOf } from '../twin.js'
import { ACCESS_KEY_OPERATIONS } from './access-keys.js'
import { GROUP_OPERATIONS } from './groups.js'
import { USER_OPERATIONS } from './users.js'

const TAGS = ['Tag', 'Tag.1.Key', 'Tag.1.Value']
/** Nobody is ever frozen. */
const STATUS = { Status: ['active', 'active,freeze'] }

const rowOf = ({ UserId }: AnswerMembers, { engine, caller }: Scene): UserRow | undefined =>
  findUserById(engine.views.directory, caller.accountId, String(UserId))

const wholeUser: Change = (user, scene) => {
  const { updatedAt, lastLoginAt } = rowOf(user, scene) ?? {}
  return {
    ...user,
    ...(updatedAt === undefined ? {} : { UpdateDate: dateText(updatedAt) }),
    LastLoginDate: lastLoginAt === undefined ? '' : dateText(lastLoginAt),
    ProvisionType: 'Manual',
  }
}

/** With the part before the '@' by itself. */
const shownUser: Change = (user, scene) => {
  const { userName = '' } = rowOf(user, scene) ?? {}
  return { ...wholeUser(user, scene), UserName: userName }
}

const listedUser: Change = (user, scene) => ({ ...wholeUser(user, scene), Status: 'active' })

const userInBrief: Change = ({ UserId = '', UserPrincipalName = '', DisplayName = '' }) => ({
  UserId,
  UserPrincipalName,
  DisplayName,
  Status: 'active',
})

const memberUser: Change = (member, { engine }) => {
  const named = userOfPrincipalName(engine.views.directory, String(member.UserPrincipalName))
  return named === undefined ? member : { UserId: named.user.userId, ...member }
}

const wholeGroup: Change = (group, { engine, caller }) => {
  const { directory } = engine.views
  const row = findGroupById(directory, caller.accountId, String(group.GroupId))
  return row === undefined ? group : { ...group, UpdateDate: dateText(row.updatedAt) }
}

const ofUser: Twin = { users: ['UserName'] }
const ofNobody: Twin = { users: [] }

const USERS: Readonly<Record<string, Twin>> = {
  CreateUser: { ...ofUser, refuses: TAGS, records: { User: wholeUser } },
  GetUser: {
    ...ofUser,
    refuses: ['UserId', 'UserAccessKeyId'],
    records: { User: shownUser },
  },
  UpdateUser: {
    users: ['UserName', 'NewUserName'],
    refuses: ['UserId'],
    records: { User: wholeUser },
  },
  DeleteUser: { ...ofUser, refuses: ['UserId'] },
  ListUsers: {
    ...ofNobody,
    refuses: TAGS,
    only: STATUS,
    unsaid: { MaxItems: '1000' },
    records: { User: listedUser },
  },
  ListUserBasicInfos: {
    ...ofNobody,
    of: 'ListUsers',
    refuses: TAGS,
    only: STATUS,
    records: { User: userInBrief },
    words: { Users: 'UserBasicInfos', User: 'UserBasicInfo' },
  },
}

/** Groups have names and comments here, and are not displayed by another name. */
const GROUPS: Readonly<Record<string, Twin>> = {
  CreateGroup: { ...ofNobody, refuses: ['DisplayName'], records: { Group: wholeGroup } },
  GetGroup: ofNobody,
  UpdateGroup: { ...ofNobody, refuses: ['NewDisplayName'] },
  DeleteGroup: ofNobody,
  ListGroups: ofNobody,
  AddUserToGroup: ofUser,
  RemoveUserFromGroup: ofUser,
  ListGroupsForUser: ofUser,
  ListUsersForGroup: { ...ofNobody, records: { User: memberUser } },
}

const ACCESS_KEYS: Readonly<Record<string, Twin>> = {
  CreateAccessKey: ofUser,
  UpdateAccessKey: ofUser,
  DeleteAccessKey: ofUser,
  ListAccessKeys: ofUser,
  GetAccessKeyLastUsed: ofUser,
}

export const IMS_USER_OPERATIONS = twinsOf(USER_OPERATIONS, USERS)
export const IMS_GROUP_OPERATIONS = twinsOf(GROUP_OPERATIONS, GROUPS)
export const IMS_ACCESS_KEY_OPERATIONS = twinsOf(ACCESS_KEY_OPERATIONS, ACCESS_KEYS)
