/**
 * The operations of IMS that RAM has too: users by the names that they sign in with, groups, access
 * keys, login profiles, the password policy, the security preference and MFA devices.
 */
import {
  findGroupById,
  findUser,
  findUserById,
  loginProfileOf,
  type UserRow,
  userOfPrincipalName,
} from '@grantlog/views'
import type { AnswerMembers } from '../envelope.js'
import type { Operation } from '../operation.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'
import { type Change, type Twin, twinsOf } from '../twin.js'
import { ACCESS_KEY_OPERATIONS } from './access-keys.js'
import { ACCOUNT_SETTING_OPERATIONS } from './account-settings.js'
import { GROUP_OPERATIONS } from './groups.js'
import { LOGIN_PROFILE_OPERATIONS, loginProfileMembers } from './login-profiles.js'
import { DISABLE_VIRTUAL_MFA, MFA_DEVICE_OPERATIONS } from './mfa-devices.js'
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

/** When a profile was changed is not kept, and IMS does not say when it was made. */
const profile: Change = ({ CreateDate: _, ...shown }) => ({ ...shown, Status: 'Active' })

const profileAndUse: Change = (record, scene) => {
  const named = userOfPrincipalName(
    scene.engine.views.directory,
    String(record['UserPrincipalName']),
  )
  const lastLoginAt = named?.user.lastLoginAt
  return {
    ...profile(record, scene),
    LastLoginTime: lastLoginAt === undefined ? '' : dateText(lastLoginAt),
  }
}

/** RAM does not show what became of a profile. */
const profileOfUser: NonNullable<Twin['adds']> = ({ engine, caller }, name) => {
  const { directory } = engine.views
  const user = name && findUser(directory, caller.accountId, name)
  const row = user && loginProfileOf(directory, caller.accountId, user.userId)
  return user && row ? loginProfileMembers({ ...row, userName: user.userName }) : {}
}

/** Whoever has a profile can sign in with it: there is none that is switched off. */
const ofProfile: Twin = {
  ...ofUser,
  only: { Status: ['Active'] },
  records: { LoginProfile: profile },
}

const LOGIN_PROFILES: Readonly<Record<string, Twin>> = {
  CreateLoginProfile: ofProfile,
  GetLoginProfile: { ...ofUser, records: { LoginProfile: profileAndUse } },
  UpdateLoginProfile: { ...ofProfile, adds: profileOfUser },
  DeleteLoginProfile: ofUser,
  ChangePassword: ofNobody,
}

/** Two rules that IMS has beside RAM's are always off here. */
const passwordPolicy: Change = (policy) => ({
  ...policy,
  MinimumPasswordDifferentCharacter: 0,
  PasswordNotContainUserName: false,
})

/** Nobody signs in with a passkey here, nor by another account of theirs. */
const loginPreference: Change = (preference) => ({
  ...preference,
  AllowUserToLoginWithPasskey: false,
  MFAOperationForLogin: 'independent',
})

const securityPreference: Change = ({ PublicKeyPreference: _, ...preference }) => ({
  ...preference,
  PersonalInfoPreference: { AllowUserToManagePersonalDingTalk: false },
  VerificationPreference: { VerificationTypes: [] },
})

const PREFERENCES: NonNullable<Twin['records']> = {
  SecurityPreference: securityPreference,
  LoginProfilePreference: loginPreference,
}

const SETTINGS: Readonly<Record<string, Twin>> = {
  SetPasswordPolicy: {
    ...ofNobody,
    only: { MinimumPasswordDifferentCharacter: ['0'], PasswordNotContainUserName: ['false'] },
    records: { PasswordPolicy: passwordPolicy },
  },
  GetPasswordPolicy: { ...ofNobody, records: { PasswordPolicy: passwordPolicy } },
  SetSecurityPreference: {
    ...ofNobody,
    refuses: [
      'AllowUserToManagePublicKeys',
      'MaxIdleDaysForAccessKeys',
      'MaxIdleDaysForUsers',
      'OperationForRiskLogin',
      'VerificationTypes.1',
    ],
    only: {
      AllowUserToLoginWithPasskey: ['false'],
      AllowUserToManagePersonalDingTalk: ['false'],
      EnforceMFAForLogin: ['false'],
      MFAOperationForLogin: ['independent'],
      VerificationTypes: ['[]'],
    },
    records: PREFERENCES,
  },
  GetSecurityPreference: { ...ofNobody, records: PREFERENCES },
}

/** All devices are on one page. */
const MFA_DEVICES: Readonly<Record<string, Twin>> = {
  CreateVirtualMFADevice: ofNobody,
  ListVirtualMFADevices: {
    ...ofNobody,
    refuses: ['Marker'],
    adds: () => ({ IsTruncated: false }),
  },
  DeleteVirtualMFADevice: ofNobody,
  BindMFADevice: ofUser,
  UnbindMFADevice: ofUser,
  DisableVirtualMFA: ofUser,
  GetUserMFAInfo: { ...ofUser, adds: () => ({ IsMFAEnable: true }) },
}

/** What RAM has too, under the same names or others. */
export const IMS_TWINS: ReadonlyArray<Operation> = [
  ...twinsOf(USER_OPERATIONS, USERS),
  ...twinsOf(GROUP_OPERATIONS, GROUPS),
  ...twinsOf(ACCESS_KEY_OPERATIONS, ACCESS_KEYS),
  ...twinsOf(LOGIN_PROFILE_OPERATIONS, LOGIN_PROFILES),
  ...twinsOf(ACCOUNT_SETTING_OPERATIONS, SETTINGS),
  ...twinsOf([...MFA_DEVICE_OPERATIONS, DISABLE_VIRTUAL_MFA], MFA_DEVICES),
]
