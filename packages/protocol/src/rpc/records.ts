/**
 * The records of RAM's answers, member by member, from the rows of the directory.
 *
 * Dates are in whole seconds, ids are text, and text that was never set is ''.
 */
import type { Engine, EngineError } from '@grantlog/engine'
import type {
  AccessKeyRow,
  GroupRow,
  PolicyRecord,
  PolicyVersionRow,
  RoleRow,
  UserRow,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { AnswerMembers } from './envelope.js'

/** `YYYY-MM-DDTHH:mm:ssZ`. */
export const dateText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

const PERSONAL = ['displayName', 'mobilePhone', 'email', 'comments'] as const

/** What is known of a person, in clear. */
export type Profile = { readonly [Name in (typeof PERSONAL)[number]]?: string | undefined }

/** Opens a user's sealed members; what was erased reads as ''. */
export const profileOf =
  (
    engine: Engine,
    user: UserRow,
    names: ReadonlyArray<keyof Profile> = PERSONAL,
  ): TE.TaskEither<EngineError, Profile> =>
  async () => {
    const profile: { -readonly [Name in keyof Profile]: string } = {}
    for (const name of names) {
      const sealed = user[name]
      if (sealed === undefined) continue
      const opened = await engine.vault.openPersonal(user.accountId, user.userId, name, sealed)()
      if (E.isLeft(opened)) return opened
      profile[name] = opened.right ?? ''
    }
    return E.right(profile)
  }

export const profileMembers = (profile: Profile): AnswerMembers => ({
  DisplayName: profile.displayName ?? '',
  MobilePhone: profile.mobilePhone ?? '',
  Email: profile.email ?? '',
  Comments: profile.comments ?? '',
})

export const userMembers = (user: UserRow, profile: Profile): AnswerMembers => ({
  UserId: user.userId,
  UserName: user.userName,
  ...profileMembers(profile),
  CreateDate: dateText(user.createdAt),
  UpdateDate: dateText(user.updatedAt),
})

export const groupMembers = (group: GroupRow): AnswerMembers => ({
  GroupId: group.groupId,
  GroupName: group.groupName,
  Comments: group.comments ?? '',
  CreateDate: dateText(group.createdAt),
  UpdateDate: dateText(group.updatedAt),
})

export const roleArn = (accountId: string, roleName: string): string =>
  `acs:ram::${accountId}:role/${roleName}`

const tagMembers = (tags: RoleRow['tags']): AnswerMembers => ({
  Tag: (tags ?? []).map(({ key, value }) => ({ TagKey: key, TagValue: value })),
})

/** A role as lists show it. */
export const roleMembers = (role: RoleRow): AnswerMembers => ({
  RoleId: role.roleId,
  RoleName: role.roleName,
  Arn: roleArn(role.accountId, role.roleName),
  Description: role.description ?? '',
  MaxSessionDuration: role.maxSessionDuration,
  CreateDate: dateText(role.createdAt),
  UpdateDate: dateText(role.updatedAt),
})

/** A role by itself: with its trust policy. */
export const wholeRoleMembers = (role: RoleRow): AnswerMembers => ({
  ...roleMembers(role),
  AssumeRolePolicyDocument: role.trustPolicy,
})

export const listedRoleMembers = (role: RoleRow): AnswerMembers => ({
  ...roleMembers(role),
  Tags: tagMembers(role.tags),
})

/** What every list of policies shows. */
export const policySummary = (policy: PolicyRecord): AnswerMembers => ({
  PolicyName: policy.policyName,
  PolicyType: policy.policyType,
  Description: policy.description ?? '',
  DefaultVersion: policy.defaultVersion,
})

export const policyMembers = (policy: PolicyRecord, attachmentCount: number): AnswerMembers => ({
  ...policySummary(policy),
  AttachmentCount: attachmentCount,
  CreateDate: dateText(policy.createdAt),
  UpdateDate: dateText(policy.updatedAt),
})

export const listedPolicyMembers = (
  policy: PolicyRecord,
  attachmentCount: number,
): AnswerMembers => ({
  ...policyMembers(policy, attachmentCount),
  Tags: tagMembers(policy.tags),
})

export const versionMembers = (version: PolicyVersionRow): AnswerMembers => ({
  VersionId: version.versionId,
  IsDefaultVersion: version.isDefault,
  PolicyDocument: version.document,
  CreateDate: dateText(version.createdAt),
})

export const accessKeyMembers = (key: AccessKeyRow): AnswerMembers => ({
  AccessKeyId: key.accessKeyId,
  Status: key.status,
  CreateDate: dateText(key.createdAt),
})
