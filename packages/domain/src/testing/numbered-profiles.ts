/** Ways to sign in, in random lives of an account: each for a user that was asked for before. */
import * as fc from 'fast-check'
import type { AccountCommand } from '../account/command.js'
import { nameKey, type SecretRef, type UserId } from '../names.js'
import * as pool from './pools.js'
import { passwordRefOf, userIdOf } from './samples.js'

/** By name, those who were to bear it, each with the password that it was given last. */
export type ProfileIds = Map<
  string,
  ReadonlyArray<{ readonly userId: UserId; passwordRef: SecretRef }>
>

type Numbered = Extract<
  AccountCommand,
  {
    readonly type:
      | 'CreateUser'
      | 'CreateLoginProfile'
      | 'UpdateLoginProfile'
      | 'DeleteLoginProfile'
      | 'ChangePassword'
  }
>

const password = { passwordRef: passwordRefOf(0), basedOn: passwordRefOf(0) }
const userId = fc.constant(userIdOf(0))

/** Commands whose ids are still to be numbered. */
export const profileCommand: fc.Arbitrary<AccountCommand> = fc.oneof(
  fc.record({
    type: fc.constant('CreateLoginProfile' as const),
    userName: pool.userName,
    userId,
    passwordRef: fc.constant(passwordRefOf(0)),
    passwordResetRequired: fc.boolean(),
    mfaBindRequired: fc.boolean(),
  }),
  fc.record(
    {
      type: fc.constant('UpdateLoginProfile' as const),
      userName: pool.userName,
      userId,
      password: fc.constant(password),
      mfaBindRequired: fc.boolean(),
    },
    { requiredKeys: ['type', 'userName', 'userId'] },
  ),
  fc.record({
    type: fc.constant('ChangePassword' as const),
    userName: pool.userName,
    userId,
    password: fc.constant(password),
  }),
  fc.record({ type: fc.constant('DeleteLoginProfile' as const), userName: pool.userName }),
)

/**
 * The command with the id of one of those who were to bear the name, and with a password that no
 * other command gave. Now and then it is based on a password that nobody has.
 */
export const numberedProfile = (
  command: Numbered,
  position: number,
  ids: ProfileIds,
): AccountCommand => {
  const key = nameKey(command.userName)
  const bearers = ids.get(key) ?? []
  if (command.type === 'CreateUser') {
    ids.set(key, [...bearers, { userId: userIdOf(position), passwordRef: passwordRefOf(0) }])
    return { ...command, userId: userIdOf(position) }
  }
  const bearer = bearers[position % Math.max(1, bearers.length)]
  if (command.type === 'DeleteLoginProfile' || bearer === undefined) return command
  const passwordRef = passwordRefOf(position)
  const basedOn = position % 4 === 0 ? passwordRefOf(0) : bearer.passwordRef
  const { userId } = bearer
  if (command.type === 'UpdateLoginProfile' && command.password === undefined)
    return { ...command, userId }
  bearer.passwordRef = passwordRef
  return command.type === 'CreateLoginProfile'
    ? { ...command, userId, passwordRef }
    : { ...command, userId, password: { passwordRef, basedOn } }
}
