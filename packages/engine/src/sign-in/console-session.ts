/**
 * What a signing in leads to: a session that is asked about at each use, and can be ended.
 *
 * Invariant: it is over at its time, when the user signs out, has another password, can't sign in
 * any more or is gone, or when the device by which it got in is unbound; the directory knows of all
 * of that, and a node that does not show the session yet waits for it. From where the account lets
 * nobody sign in it stands for nobody, but can be ended.
 */
import { type AccountId, admitsAddress, type SignedOut, signInsStream } from '@grantlog/domain'
import {
  type DirectoryState,
  findSignIn,
  findUserById,
  securityPreferenceOf,
  type UserRow,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { Clock, EventLog, Ids, Position, Vault } from '../ports.js'
import { appendAnyhow } from '../retry.js'
import { encodeEvent } from '../stored-event.js'
import type { ConsoleSession, NotSignedIn, SignInCalls } from './calls.js'
import { circumstancesIn } from './circumstances.js'
import type { SecondFactor } from './next-step.js'
import { type ConsoleToken, consoleTokens } from './tokens.js'

export type ConsoleDependencies = {
  readonly log: EventLog
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly directory: DirectoryState
  readonly readyFor: (accountId: AccountId) => Promise<E.Either<EngineError, void>>
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly secondFactor: Pick<SecondFactor, 'mfaBindingOf'>
}

/** Marks the temporary key that a console uses; nobody signs with it. */
const CONSOLE_KEY_PREFIX = 'TMP.'

type Going = {
  readonly accountId: AccountId
  readonly user: UserRow
  readonly token: ConsoleToken
  readonly mfaPresent: boolean
}

const NOT_SIGNED_IN: E.Either<NotSignedIn, never> = E.left({ type: 'NotSignedIn' })

export const consoleSessions = (
  needs: ConsoleDependencies,
): Pick<SignInCalls, 'consoleSession' | 'signOut'> => {
  const { log, vault, clock, ids, directory } = needs
  const tokens = consoleTokens(vault)

  const going = async (text: string): Promise<E.Either<NotSignedIn | EngineError, Going>> => {
    const opened = tokens.open(text)
    if (opened === null) return NOT_SIGNED_IN
    const { accountId, content: token } = opened
    const ready = await needs.readyFor(accountId)
    if (E.isLeft(ready)) return ready
    const reached = await needs.waitFor(token.position)
    if (E.isLeft(reached)) return reached
    const user = findUserById(directory, accountId, token.userId)
    const now = clock.now()
    const signIn = findSignIn(directory, accountId, token.userId, token.signInId, now)
    if (user === undefined || signIn === undefined || now >= token.expiresAt) return NOT_SIGNED_IN
    // A device that is bound anew is another one: a code of it was never shown.
    const boundAt = needs.secondFactor.mfaBindingOf(accountId, token.userId)
    if (token.boundAt !== null && token.boundAt !== boundAt) return NOT_SIGNED_IN
    return E.right({ accountId, user, token, mfaPresent: signIn.mfaPresent })
  }

  const sessionOf = ({ accountId, user, token, mfaPresent }: Going): ConsoleSession => {
    const { userId, userName } = user
    const accessKeyId = `${CONSOLE_KEY_PREFIX}${token.signInId}`
    const caller = { type: 'User', accountId, userId, userName, accessKeyId } as const
    return { caller, mfaPresent, expiresAt: token.expiresAt }
  }

  return {
    consoleSession: (text, sourceIp) => async () => {
      const found = await going(text)
      if (E.isLeft(found)) return found
      const { loginNetworkMasks } = securityPreferenceOf(directory, found.right.accountId)
      return admitsAddress(loginNetworkMasks, sourceIp)
        ? E.right(sessionOf(found.right))
        : NOT_SIGNED_IN
    },
    signOut: (text, scene) => async () => {
      const found = await going(text)
      if (E.isLeft(found)) return found
      const { accountId, user, token } = found.right
      const proven = { isProven: true }
      const circumstances = await circumstancesIn(needs, accountId, user, scene, proven)
      if (E.isLeft(circumstances)) return circumstances
      const { userId, signInId } = token
      const event: SignedOut = { type: 'SignedOut', userId, signInId }
      const id = ids.eventId(circumstances.right.commandId, 0)
      const stored = encodeEvent(id, event, circumstances.right)
      const appended = await appendAnyhow(log, signInsStream(accountId, userId), stored)
      if (E.isLeft(appended)) return appended
      const { position } = appended.right
      const shown = await needs.waitFor(position)
      return E.isLeft(shown) ? shown : E.right(position)
    },
  }
}
