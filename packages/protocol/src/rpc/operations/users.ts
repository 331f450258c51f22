/**
 * The operations on users. Personal data is sealed before it becomes a command and opened for the
 * answer.
 */
import type { CreateUser, Sealed, UpdateUser, UserId } from '@grantlog/domain'
import { findUser, findUserById, listUsers, type UserRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { done, doneAndShown, found } from '../answers.js'
import {
  displayNameText,
  emailText,
  mobilePhoneText,
  pageFields,
  userCommentsText,
  userName,
  userNameText,
} from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { changed, optional } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { dateText, type Profile, profileMembers, profileOf, userMembers } from '../records.js'
import type { Scene } from '../scene.js'

type SealedProfile = { readonly [Name in keyof Profile]?: Sealed }

const PROFILE: ReadonlyArray<keyof Profile> = ['displayName', 'mobilePhone', 'email', 'comments']

/** Seals what is given with the user's own key. */
const seal =
  (
    { engine, caller }: Scene,
    userId: string,
    profile: Profile,
  ): TE.TaskEither<Fault, SealedProfile> =>
  async () => {
    const sealed: { -readonly [Name in keyof Profile]?: Sealed } = {}
    for (const name of PROFILE) {
      const text = profile[name]
      if (text === undefined) continue
      const one = await engine.vault.sealPersonal(caller.accountId, userId, name, text)()
      if (E.isLeft(one)) return one
      sealed[name] = one.right as Sealed
    }
    return E.right(sealed)
  }

const showUser = ({ engine }: Scene, user: UserRow): TE.TaskEither<Fault, AnswerMembers> =>
  pipe(
    profileOf(engine, user),
    TE.map((profile) => userMembers(user, profile)),
  )

const createUserFields = {
  userName,
  displayName: optional('DisplayName', displayNameText),
  mobilePhone: optional('MobilePhone', mobilePhoneText),
  email: optional('Email', emailText),
  comments: optional('Comments', userCommentsText),
}

const createUser = operation({
  product: 'Ram',
  name: 'CreateUser',
  kind: 'command',
  parameters: createUserFields,
  authorizes: (_, caller) => ({
    action: 'ram:CreateUser',
    resources: [ramResource(caller, 'user/*')],
  }),
  run: ({ userName, ...profile }, scene) => {
    const userId = scene.engine.ids.userId() as UserId
    const command = (sealed: SealedProfile): CreateUser => ({
      type: 'CreateUser',
      userId,
      userName,
      ...sealed,
    })
    return pipe(
      seal(scene, userId, profile),
      TE.flatMap((sealed) =>
        doneAndShown(scene, command(sealed), ({ recordedAt }) =>
          TE.right({
            User: {
              UserId: userId,
              UserName: userName,
              ...profileMembers(profile),
              CreateDate: dateText(recordedAt),
            },
          }),
        ),
      ),
    )
  },
})

const getUser = operation({
  product: 'Ram',
  name: 'GetUser',
  kind: 'question',
  parameters: { userName },
  authorizes: ({ userName }, caller) => ({
    action: 'ram:GetUser',
    resources: [ramResource(caller, `user/${userName}`)],
  }),
  run: ({ userName }, scene) => {
    const { views, status } = scene.engine
    const position = status().applied
    return pipe(
      TE.fromEither(
        found<UserRow, Fault>(findUser(views.directory, scene.caller.accountId, userName), {
          type: 'UserNotFound',
          userName,
        }),
      ),
      TE.flatMap((user) =>
        pipe(
          showUser(scene, user),
          TE.map((shown) => ({ shown, lastLoginAt: user.lastLoginAt })),
        ),
      ),
      TE.map(({ lastLoginAt, shown }) => ({
        members: {
          User: {
            ...shown,
            LastLoginDate: lastLoginAt === undefined ? '' : dateText(lastLoginAt),
          },
        },
        position,
      })),
    )
  },
})

const updateUserFields = {
  userName,
  newUserName: optional('NewUserName', userNameText),
  displayName: changed('NewDisplayName', displayNameText),
  mobilePhone: changed('NewMobilePhone', mobilePhoneText),
  email: changed('NewEmail', emailText),
  comments: changed('NewComments', userCommentsText),
}

const updateUser = operation({
  product: 'Ram',
  name: 'UpdateUser',
  kind: 'command',
  parameters: updateUserFields,
  authorizes: ({ userName }, caller) => ({
    action: 'ram:UpdateUser',
    resources: [ramResource(caller, `user/${userName}`)],
  }),
  run: ({ userName, newUserName, ...profile }, scene) => {
    const { accountId } = scene.caller
    const { directory } = scene.engine.views
    const absent: Fault = { type: 'UserNotFound', userName }
    const user = findUser(directory, accountId, userName)
    if (user === undefined) return TE.left(absent)
    const { userId } = user
    const command = (sealed: SealedProfile): UpdateUser => ({
      type: 'UpdateUser',
      userName,
      userId,
      ...(newUserName === undefined ? {} : { newUserName }),
      ...(sealed.displayName === undefined ? {} : { newDisplayName: sealed.displayName }),
      ...(sealed.mobilePhone === undefined ? {} : { newMobilePhone: sealed.mobilePhone }),
      ...(sealed.email === undefined ? {} : { newEmail: sealed.email }),
      ...(sealed.comments === undefined ? {} : { newComments: sealed.comments }),
    })
    const show = (): TE.TaskEither<Fault, AnswerMembers> => {
      const updated = findUserById(directory, accountId, userId)
      if (updated === undefined) return TE.left(absent)
      return pipe(
        showUser(scene, updated),
        TE.map((shown) => ({ User: shown })),
      )
    }
    return pipe(
      seal(scene, userId, profile),
      TE.flatMap((sealed) => doneAndShown(scene, command(sealed), show)),
    )
  },
})

const deleteUser = operation({
  product: 'Ram',
  name: 'DeleteUser',
  kind: 'command',
  parameters: { userName },
  authorizes: ({ userName }, caller) => ({
    action: 'ram:DeleteUser',
    resources: [ramResource(caller, `user/${userName}`)],
  }),
  run: ({ userName }, scene) => done(scene, { type: 'DeleteUser', userName }),
})

const listUsersOperation = operation({
  product: 'Ram',
  name: 'ListUsers',
  kind: 'question',
  parameters: pageFields(1000),
  authorizes: (_, caller) => ({
    action: 'ram:ListUsers',
    resources: [ramResource(caller, 'user/*')],
  }),
  run:
    (parameters, { engine, caller }) =>
    async () => {
      const position = engine.status().applied
      const { accountId } = caller
      const request = pageRequest(engine, accountId, 'ListUsers', parameters)
      if (E.isLeft(request)) return request
      const page = listUsers(engine.views.directory, accountId, request.right)
      const users: Array<AnswerMembers> = []
      for (const user of page.items) {
        const profile = await profileOf(engine, user)()
        if (E.isLeft(profile)) return profile
        users.push(userMembers(user, profile.right))
      }
      const members = {
        ...pageMembers(engine, accountId, 'ListUsers', page),
        Users: { User: users },
      }
      return E.right({ members, position })
    },
})

export const USER_OPERATIONS: ReadonlyArray<Operation> = [
  createUser,
  getUser,
  updateUser,
  deleteUser,
  listUsersOperation,
]
