/**
 * The operations on login profiles and passwords. Passwords go to the engine as they came; nothing
 * here repeats them.
 */
import type { PasswordRefusal } from '@grantlog/engine'
import { findUser, loginProfileOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked } from '../answers.js'
import { userName } from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { flag, needed, optional, type Reader, withDefault } from '../fields.js'
import { type Authorization, type Operation, operation, ramResource } from '../operation.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'

/** Any text: whether it will do is the password policy's matter, and the engine's. */
const passwordText: Reader<string> = (value) => E.right(value)

/** The refusals of passwords by the parameter that held the word. */
const byParameter =
  (name: 'Password' | 'NewPassword') =>
  (fault: Fault | PasswordRefusal): Fault => {
    switch (fault.type) {
      case 'PasswordTooWeak':
        return { type: 'ParameterInvalid', name, rule: 'TooWeak' }
      case 'PasswordReused':
        return { type: 'ParameterInvalid', name, rule: 'ReusePrevention' }
      case 'OldPasswordIncorrect':
        return { type: 'ParameterInvalid', name: 'OldPassword', rule: 'Incorrect' }
      default:
        return fault
    }
  }

const authorizes =
  (action: string) =>
  ({ userName }: { readonly userName: string }, caller: Scene['caller']): Authorization => ({
    action,
    resources: [ramResource(caller, `user/${userName}`)],
  })

type ShownProfile = {
  readonly userName: string
  readonly passwordResetRequired: boolean
  readonly mfaBindRequired: boolean
  readonly createdAt: number
}

/** A profile as answers show it. */
export const loginProfileMembers = (profile: ShownProfile): AnswerMembers => ({
  LoginProfile: {
    UserName: profile.userName,
    PasswordResetRequired: profile.passwordResetRequired,
    MFABindRequired: profile.mfaBindRequired,
    CreateDate: dateText(profile.createdAt),
  },
})

const createLoginProfileFields = {
  userName,
  password: needed('Password', passwordText),
  passwordResetRequired: withDefault(optional('PasswordResetRequired', flag), false),
  mfaBindRequired: withDefault(optional('MFABindRequired', flag), false),
}

const createLoginProfile = operation({
  product: 'Ram',
  name: 'CreateLoginProfile',
  kind: 'command',
  parameters: createLoginProfileFields,
  authorizes: authorizes('ram:CreateLoginProfile'),
  run: (profile, { engine, caller, circumstances }) =>
    pipe(
      engine.createLoginProfile(caller.accountId, profile, circumstances),
      TE.mapLeft(byParameter('Password')),
      TE.map(({ position, recordedAt }) => ({
        members: loginProfileMembers({ ...profile, createdAt: recordedAt }),
        position,
      })),
    ),
})

const getLoginProfile = operation({
  product: 'Ram',
  name: 'GetLoginProfile',
  kind: 'question',
  parameters: { userName },
  authorizes: authorizes('ram:GetLoginProfile'),
  run: ({ userName }, scene) =>
    asked(scene, (directory, accountId) => {
      const user = findUser(directory, accountId, userName)
      if (user === undefined) return E.left({ type: 'UserNotFound', userName })
      const profile = loginProfileOf(directory, accountId, user.userId)
      return profile === undefined
        ? E.left({ type: 'LoginProfileNotFound', userName })
        : E.right(loginProfileMembers({ ...profile, userName: user.userName }))
    }),
})

const updateLoginProfileFields = {
  userName,
  password: optional('Password', passwordText),
  passwordResetRequired: optional('PasswordResetRequired', flag),
  mfaBindRequired: optional('MFABindRequired', flag),
}

const updateLoginProfile = operation({
  product: 'Ram',
  name: 'UpdateLoginProfile',
  kind: 'command',
  parameters: updateLoginProfileFields,
  authorizes: authorizes('ram:UpdateLoginProfile'),
  run: ({ userName, password, passwordResetRequired, mfaBindRequired }, scene) => {
    const { engine, caller, circumstances } = scene
    const changes = {
      ...(password === undefined ? {} : { password }),
      ...(passwordResetRequired === undefined ? {} : { passwordResetRequired }),
      ...(mfaBindRequired === undefined ? {} : { mfaBindRequired }),
    }
    return pipe(
      engine.updateLoginProfile(caller.accountId, userName, changes, circumstances),
      TE.mapLeft(byParameter('Password')),
      TE.map(({ position }) => ({ members: {}, position })),
    )
  },
})

const deleteLoginProfile = operation({
  product: 'Ram',
  name: 'DeleteLoginProfile',
  kind: 'command',
  parameters: { userName },
  authorizes: authorizes('ram:DeleteLoginProfile'),
  run: ({ userName }, { engine, caller, circumstances }) =>
    pipe(
      engine.deleteLoginProfile(caller.accountId, userName, circumstances),
      TE.map(({ position }) => ({ members: {}, position })),
    ),
})

const changePasswordFields = {
  oldPassword: needed('OldPassword', passwordText),
  newPassword: needed('NewPassword', passwordText),
}

const changePassword = operation({
  product: 'Ram',
  name: 'ChangePassword',
  kind: 'command',
  parameters: changePasswordFields,
  authorizes: (_, caller): E.Either<Fault, Authorization> =>
    caller.type === 'User'
      ? E.right({
          action: 'ram:ChangePassword',
          resources: [ramResource(caller, `user/${caller.userName}`)],
          selfService: 'allowUserToChangePassword',
          needs: 'allowUserToChangePassword',
        })
      : E.left({ type: 'AccountNotSupported' }),
  run: (passwords, { engine, caller, circumstances }) => {
    if (caller.type !== 'User') return TE.left({ type: 'AccountNotSupported' })
    const { accountId, userId } = caller
    return pipe(
      engine.changePassword(accountId, userId, passwords, circumstances),
      TE.mapLeft(byParameter('NewPassword')),
      TE.map(({ position }) => ({ members: {}, position })),
    )
  },
})

export const LOGIN_PROFILE_OPERATIONS: ReadonlyArray<Operation> = [
  createLoginProfile,
  getLoginProfile,
  updateLoginProfile,
  deleteLoginProfile,
  changePassword,
]
