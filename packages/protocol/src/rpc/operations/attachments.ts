/**
 * The operations on what is attached to whom. Attaching needs permission on both: the target and
 * the policy.
 */
import type { AttachmentTargetName } from '@grantlog/domain'
import {
  type AttachedPolicy,
  type DirectoryState,
  entitiesForPolicy,
  findGroup,
  findRole,
  findUser,
  policiesAttachedTo,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done } from '../answers.js'
import { groupName, policyName, policyType, roleName, userName } from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { type Field, optional, text } from '../fields.js'
import { type Operation, operation, policyResource, ramResource } from '../operation.js'
import { dateText, policySummary, profileOf, roleArn } from '../records.js'
import { policyOf } from './policies.js'

type TargetType = AttachmentTargetName['type']

const targetOf =
  <A>(field: Field<A>, make: (name: A) => AttachmentTargetName): Field<AttachmentTargetName> =>
  (parameters) => {
    const name = field(parameters)
    return E.isLeft(name) ? name : E.right(make(name.right))
  }

const TARGETS: { readonly [Type in TargetType]: Field<AttachmentTargetName> } = {
  User: targetOf(userName, (name) => ({ type: 'User', userName: name })),
  Group: targetOf(groupName, (name) => ({ type: 'Group', groupName: name })),
  Role: targetOf(roleName, (name) => ({ type: 'Role', roleName: name })),
}

/** `user/alice`, as the target stands in a resource. */
const relativeId = (target: AttachmentTargetName): string => {
  switch (target.type) {
    case 'User':
      return `user/${target.userName}`
    case 'Group':
      return `group/${target.groupName}`
    case 'Role':
      return `role/${target.roleName}`
  }
}

/** Longer than any id of a resource group. Unit: characters. */
const resourceGroupId = optional('ResourceGroupId', text(128))

const attachment = (verb: 'Attach' | 'Detach', type: TargetType): Operation => {
  const name = `${verb}Policy${verb === 'Attach' ? 'To' : 'From'}${type}`
  return operation({
    product: 'Ram',
    name,
    kind: 'command',
    parameters: { policyType, policyName, target: TARGETS[type], resourceGroupId },
    authorizes: ({ policyType, policyName, target }, caller) => ({
      action: `ram:${name}`,
      resources: [
        ramResource(caller, relativeId(target)),
        policyResource(caller, policyType, policyName),
      ],
    }),
    run: ({ policyType, policyName, target, resourceGroupId }, scene) =>
      resourceGroupId === undefined
        ? done(scene, { type: `${verb}Policy`, policyType, policyName, target })
        : TE.left({ type: 'ResourceGroupNotFound' }),
  })
}

/** What is attached to a target by itself, not through its groups. */
const attachedTo = (
  directory: DirectoryState,
  accountId: string,
  target: AttachmentTargetName,
): E.Either<Fault, ReadonlyArray<AttachedPolicy>> => {
  switch (target.type) {
    case 'User': {
      const { userName } = target
      const user = findUser(directory, accountId, userName)
      if (user === undefined) return E.left({ type: 'UserNotFound', userName })
      const { userId } = user
      return E.right(policiesAttachedTo(directory, accountId, { type: 'User', userId }))
    }
    case 'Group': {
      const { groupName } = target
      const group = findGroup(directory, accountId, groupName)
      if (group === undefined) return E.left({ type: 'GroupNotFound', groupName })
      const { groupId } = group
      return E.right(policiesAttachedTo(directory, accountId, { type: 'Group', groupId }))
    }
    case 'Role': {
      const { roleName } = target
      const role = findRole(directory, accountId, roleName)
      if (role === undefined) return E.left({ type: 'RoleNotFound', roleName })
      const { roleId } = role
      return E.right(policiesAttachedTo(directory, accountId, { type: 'Role', roleId }))
    }
  }
}

const listPoliciesFor = (type: TargetType): Operation =>
  operation({
    product: 'Ram',
    name: `ListPoliciesFor${type}`,
    kind: 'question',
    parameters: { target: TARGETS[type] },
    authorizes: ({ target }, caller) => ({
      action: `ram:ListPoliciesFor${type}`,
      resources: [ramResource(caller, relativeId(target))],
    }),
    run: ({ target }, scene) =>
      asked(scene, (directory, accountId) => {
        const attached = attachedTo(directory, accountId, target)
        if (E.isLeft(attached)) return attached
        const policies = attached.right.map(({ policy, attachedAt }) => ({
          ...policySummary(policy),
          AttachDate: dateText(attachedAt),
        }))
        return E.right({ Policies: { Policy: policies } })
      }),
  })

const listEntitiesForPolicy = operation({
  product: 'Ram',
  name: 'ListEntitiesForPolicy',
  kind: 'question',
  parameters: { policyType, policyName },
  authorizes: ({ policyType, policyName }, caller) => ({
    action: 'ram:ListEntitiesForPolicy',
    resources: [policyResource(caller, policyType, policyName)],
  }),
  run:
    ({ policyType, policyName }, { engine, caller }) =>
    async () => {
      const position = engine.status().applied
      const { accountId } = caller
      const { directory } = engine.views
      const policy = policyOf(directory, accountId, policyType, policyName)
      if (E.isLeft(policy)) return policy
      const entities = entitiesForPolicy(directory, accountId, policy.right.ref)
      const users: Array<AnswerMembers> = []
      for (const { user, attachedAt } of entities.users) {
        const profile = await profileOf(engine, user, ['displayName'])()
        if (E.isLeft(profile)) return profile
        users.push({
          UserId: user.userId,
          UserName: user.userName,
          DisplayName: profile.right.displayName ?? '',
          AttachDate: dateText(attachedAt),
        })
      }
      const groups = entities.groups.map(({ group, attachedAt }) => ({
        GroupName: group.groupName,
        Comments: group.comments ?? '',
        AttachDate: dateText(attachedAt),
      }))
      const roles = entities.roles.map(({ role, attachedAt }) => ({
        RoleId: role.roleId,
        RoleName: role.roleName,
        Arn: roleArn(accountId, role.roleName),
        Description: role.description ?? '',
        AttachDate: dateText(attachedAt),
      }))
      const members = { Users: { User: users }, Groups: { Group: groups }, Roles: { Role: roles } }
      return E.right({ members, position })
    },
})

export const ATTACHMENT_OPERATIONS: ReadonlyArray<Operation> = [
  attachment('Attach', 'User'),
  attachment('Detach', 'User'),
  attachment('Attach', 'Group'),
  attachment('Detach', 'Group'),
  attachment('Attach', 'Role'),
  attachment('Detach', 'Role'),
  listPoliciesFor('User'),
  listPoliciesFor('Group'),
  listPoliciesFor('Role'),
  listEntitiesForPolicy,
]
