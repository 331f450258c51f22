/**
 * The operations on groups and their members.
 */
import type { GroupId } from '@grantlog/domain'
import {
  findGroup,
  findGroupById,
  findUser,
  groupsForUser,
  listGroups,
  listUsersForGroup,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import { groupCommentsText, groupName, groupNameText, pageFields, userName } from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { changed, optional } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { dateText, groupMembers, profileOf } from '../records.js'

const createGroupFields = { groupName, comments: optional('Comments', groupCommentsText) }

const createGroup = operation({
  product: 'Ram',
  name: 'CreateGroup',
  kind: 'command',
  parameters: createGroupFields,
  authorizes: (_, caller) => ({
    action: 'ram:CreateGroup',
    resources: [ramResource(caller, 'group/*')],
  }),
  run: (parameters, scene) => {
    const groupId = scene.engine.ids.groupId() as GroupId
    return doneAndShown(scene, { type: 'CreateGroup', groupId, ...parameters }, ({ recordedAt }) =>
      TE.right({
        Group: {
          GroupId: groupId,
          GroupName: parameters.groupName,
          Comments: parameters.comments ?? '',
          CreateDate: dateText(recordedAt),
        },
      }),
    )
  },
})

const getGroup = operation({
  product: 'Ram',
  name: 'GetGroup',
  kind: 'question',
  parameters: { groupName },
  authorizes: ({ groupName }, caller) => ({
    action: 'ram:GetGroup',
    resources: [ramResource(caller, `group/${groupName}`)],
  }),
  run: ({ groupName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        found(findGroup(directory, accountId, groupName), { type: 'GroupNotFound', groupName }),
        E.map((group) => ({ Group: groupMembers(group) })),
      ),
    ),
})

const updateGroupFields = {
  groupName,
  newGroupName: optional('NewGroupName', groupNameText),
  newComments: changed('NewComments', groupCommentsText),
}

const updateGroup = operation({
  product: 'Ram',
  name: 'UpdateGroup',
  kind: 'command',
  parameters: updateGroupFields,
  authorizes: ({ groupName }, caller) => ({
    action: 'ram:UpdateGroup',
    resources: [ramResource(caller, `group/${groupName}`)],
  }),
  run: (parameters, scene) => {
    const { accountId } = scene.caller
    const { directory } = scene.engine.views
    const { groupName } = parameters
    const absent: Fault = { type: 'GroupNotFound', groupName }
    const group = findGroup(directory, accountId, groupName)
    if (group === undefined) return TE.left(absent)
    return doneAndShown(scene, { type: 'UpdateGroup', ...parameters }, () =>
      pipe(
        found(findGroupById(directory, accountId, group.groupId), absent),
        E.map((updated) => ({ Group: groupMembers(updated) })),
        TE.fromEither,
      ),
    )
  },
})

const deleteGroup = operation({
  product: 'Ram',
  name: 'DeleteGroup',
  kind: 'command',
  parameters: { groupName },
  authorizes: ({ groupName }, caller) => ({
    action: 'ram:DeleteGroup',
    resources: [ramResource(caller, `group/${groupName}`)],
  }),
  run: ({ groupName }, scene) => done(scene, { type: 'DeleteGroup', groupName }),
})

const listGroupsOperation = operation({
  product: 'Ram',
  name: 'ListGroups',
  kind: 'question',
  parameters: pageFields(100),
  authorizes: (_, caller) => ({
    action: 'ram:ListGroups',
    resources: [ramResource(caller, 'group/*')],
  }),
  run: (parameters, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        pageRequest(scene.engine, accountId, 'ListGroups', parameters),
        E.map((request) => {
          const page = listGroups(directory, accountId, request)
          return {
            ...pageMembers(scene.engine, accountId, 'ListGroups', page),
            Groups: { Group: page.items.map(groupMembers) },
          }
        }),
      ),
    ),
})

const membership = (name: 'AddUserToGroup' | 'RemoveUserFromGroup'): Operation =>
  operation({
    product: 'Ram',
    name,
    kind: 'command',
    parameters: { userName, groupName },
    authorizes: ({ userName, groupName }, caller) => ({
      action: `ram:${name}`,
      resources: [
        ramResource(caller, `user/${userName}`),
        ramResource(caller, `group/${groupName}`),
      ],
    }),
    run: (parameters, scene) => done(scene, { type: name, ...parameters }),
  })

const listGroupsForUser = operation({
  product: 'Ram',
  name: 'ListGroupsForUser',
  kind: 'question',
  parameters: { userName },
  authorizes: ({ userName }, caller) => ({
    action: 'ram:ListGroupsForUser',
    resources: [ramResource(caller, `user/${userName}`)],
  }),
  run: ({ userName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        found(findUser(directory, accountId, userName), { type: 'UserNotFound', userName }),
        E.map(({ userId }) => ({
          Groups: {
            Group: groupsForUser(directory, accountId, userId).map(({ group, joinedAt }) => ({
              GroupId: group.groupId,
              GroupName: group.groupName,
              Comments: group.comments ?? '',
              JoinDate: dateText(joinedAt),
            })),
          },
        })),
      ),
    ),
})

const listUsersForGroupOperation = operation({
  product: 'Ram',
  name: 'ListUsersForGroup',
  kind: 'question',
  parameters: { groupName, ...pageFields(1000) },
  authorizes: ({ groupName }, caller) => ({
    action: 'ram:ListUsersForGroup',
    resources: [ramResource(caller, `group/${groupName}`)],
  }),
  run:
    ({ groupName, ...parameters }, { engine, caller }) =>
    async () => {
      const position = engine.status().applied
      const { accountId } = caller
      const group = findGroup(engine.views.directory, accountId, groupName)
      if (group === undefined) return E.left({ type: 'GroupNotFound', groupName })
      const list = `ListUsersForGroup/${group.groupId}`
      const request = pageRequest(engine, accountId, list, parameters)
      if (E.isLeft(request)) return request
      const page = listUsersForGroup(
        engine.views.directory,
        accountId,
        group.groupId,
        request.right,
      )
      const users: Array<AnswerMembers> = []
      for (const { user, joinedAt } of page.items) {
        const profile = await profileOf(engine, user, ['displayName'])()
        if (E.isLeft(profile)) return profile
        const DisplayName = profile.right.displayName ?? ''
        users.push({ UserName: user.userName, DisplayName, JoinDate: dateText(joinedAt) })
      }
      const members = { ...pageMembers(engine, accountId, list, page), Users: { User: users } }
      return E.right({ members, position })
    },
})

export const GROUP_OPERATIONS: ReadonlyArray<Operation> = [
  createGroup,
  getGroup,
  updateGroup,
  deleteGroup,
  listGroupsOperation,
  membership('AddUserToGroup'),
  membership('RemoveUserFromGroup'),
  listGroupsForUser,
  listUsersForGroupOperation,
]
