/**
 * The operations on AccessKeys of users and, without a user name, of the caller itself.
 */
import type { AccessKeyOwner, AccessKeyOwnerName, UserName } from '@grantlog/domain'
import { UserName as UserNameCodec } from '@grantlog/domain'
import type { Caller } from '@grantlog/engine'
import { type AccessKeyRow, accessKeysOf, findUser } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done } from '../answers.js'
import { accessKeyId, accessKeyStatus, userNameText } from '../codecs.js'
import type { Fault } from '../faults.js'
import { needed, optional } from '../fields.js'
import {
  type Authorization,
  isCallersOwn,
  type Operation,
  operation,
  ramResource,
} from '../operation.js'
import { accessKeyMembers, dateText } from '../records.js'
import type { Scene } from '../scene.js'

const ownerName = optional('UserName', userNameText)

type Named = { readonly userName?: UserName | undefined }

/** Whose keys are meant: the user named, or the caller. A session has no keys of its own. */
const ownerOf = ({ userName }: Named, caller: Caller): E.Either<Fault, AccessKeyOwnerName> => {
  if (userName !== undefined) return E.right({ type: 'User', userName })
  switch (caller.type) {
    case 'Root':
      return E.right({ type: 'Account' })
    case 'User':
      return UserNameCodec.is(caller.userName)
        ? E.right({ type: 'User', userName: caller.userName })
        : E.left({ type: 'ParameterMissing', name: 'UserName' })
    case 'Session':
      return E.left({ type: 'ParameterMissing', name: 'UserName' })
  }
}

const authorizes =
  (action: string) =>
  (parameters: Named, caller: Caller): E.Either<Fault, Authorization> =>
    pipe(
      ownerOf(parameters, caller),
      E.map((owner) => ({
        action,
        resources: [ramResource(caller, owner.type === 'Account' ? '*' : `user/${owner.userName}`)],
        ...(owner.type === 'User' && isCallersOwn(caller, owner.userName)
          ? { selfService: 'allowUserToManageAccessKeys' as const }
          : {}),
      })),
    )

const withOwner = <A>(
  parameters: Named,
  { caller }: Scene,
  then: (owner: AccessKeyOwnerName) => TE.TaskEither<Fault, A>,
): TE.TaskEither<Fault, A> => pipe(TE.fromEither(ownerOf(parameters, caller)), TE.flatMap(then))

const nameOf = (owner: AccessKeyOwnerName): string | null =>
  owner.type === 'Account' ? null : owner.userName

const createAccessKey = operation({
  product: 'Ram',
  name: 'CreateAccessKey',
  kind: 'command',
  parameters: { userName: ownerName },
  authorizes: authorizes('ram:CreateAccessKey'),
  run: (parameters, scene) =>
    withOwner(parameters, scene, (owner) => {
      const { engine, caller, circumstances } = scene
      return pipe(
        engine.createAccessKey(caller.accountId, nameOf(owner), circumstances),
        TE.map(({ accessKeyId, accessKeySecret, executed }) => ({
          members: {
            AccessKey: {
              AccessKeyId: accessKeyId,
              AccessKeySecret: accessKeySecret,
              Status: 'Active',
              CreateDate: dateText(executed.recordedAt),
            },
          },
          position: executed.position,
        })),
      )
    }),
})

const updateAccessKeyFields = {
  userName: ownerName,
  accessKeyId,
  status: needed('Status', accessKeyStatus),
}

const updateAccessKey = operation({
  product: 'Ram',
  name: 'UpdateAccessKey',
  kind: 'command',
  parameters: updateAccessKeyFields,
  authorizes: authorizes('ram:UpdateAccessKey'),
  run: (parameters, scene) =>
    withOwner(parameters, scene, (owner) => {
      const { accessKeyId, status } = parameters
      return done(scene, { type: 'UpdateAccessKey', owner, accessKeyId, status })
    }),
})

const deleteAccessKey = operation({
  product: 'Ram',
  name: 'DeleteAccessKey',
  kind: 'command',
  parameters: { userName: ownerName, accessKeyId },
  authorizes: authorizes('ram:DeleteAccessKey'),
  run: (parameters, scene) =>
    withOwner(parameters, scene, (owner) => {
      const { engine, caller, circumstances } = scene
      return pipe(
        engine.deleteAccessKey(
          caller.accountId,
          nameOf(owner),
          parameters.accessKeyId,
          circumstances,
        ),
        TE.map(({ position }) => ({ members: {}, position })),
      )
    }),
})

const keysOf = (
  { engine, caller }: Scene,
  owner: AccessKeyOwnerName,
): E.Either<Fault, ReadonlyArray<AccessKeyRow>> => {
  const { directory } = engine.views
  if (owner.type === 'Account') return E.right(accessKeysOf(directory, caller.accountId, owner))
  const user = findUser(directory, caller.accountId, owner.userName)
  if (user === undefined) return E.left({ type: 'UserNotFound', userName: owner.userName })
  const held: AccessKeyOwner = { type: 'User', userId: user.userId }
  return E.right(accessKeysOf(directory, caller.accountId, held))
}

const listAccessKeys = operation({
  product: 'Ram',
  name: 'ListAccessKeys',
  kind: 'question',
  parameters: { userName: ownerName },
  authorizes: authorizes('ram:ListAccessKeys'),
  run: (parameters, scene) =>
    withOwner(parameters, scene, (owner) =>
      asked(scene, () =>
        pipe(
          keysOf(scene, owner),
          E.map((keys) => ({ AccessKeys: { AccessKey: keys.map(accessKeyMembers) } })),
        ),
      ),
    ),
})

const getAccessKeyLastUsed = operation({
  product: 'Ram',
  name: 'GetAccessKeyLastUsed',
  kind: 'question',
  parameters: { userName: ownerName, accessKeyId },
  authorizes: authorizes('ram:GetAccessKeyLastUsed'),
  run: (parameters, scene) =>
    withOwner(parameters, scene, (owner) =>
      asked(scene, () => {
        const { accessKeyId } = parameters
        const keys = keysOf(scene, owner)
        if (E.isLeft(keys)) return keys
        if (!keys.right.some((key) => key.accessKeyId === accessKeyId))
          return E.left({ type: 'AccessKeyNotFound', accessKeyId })
        const usedAt = scene.engine.keyLastUsed(scene.caller.accountId, accessKeyId)
        return E.right({
          AccessKeyLastUsed: { LastUsedDate: usedAt === undefined ? '' : dateText(usedAt) },
        })
      }),
    ),
})

export const ACCESS_KEY_OPERATIONS: ReadonlyArray<Operation> = [
  createAccessKey,
  updateAccessKey,
  deleteAccessKey,
  listAccessKeys,
  getAccessKeyLastUsed,
]
