/**
 * When guessing has gone on for too long: a user is locked after so many faults in an hour.
 *
 * Faults are counted by the immutable id of the user, from the user's own stream. Signing in, or
 * another password, begins the count anew.
 */
import {
  LOGIN_ATTEMPTS_WINDOW_MS,
  type PasswordPolicy,
} from '../account/settings/password-policy.js'
import type { SignedIn, SignedOut, SignInFailed, SignInFault, SignInsTurnedAway } from './events.js'

/**
 * How many wrong codes an hour takes where wrong passwords are not limited: a code is short, and
 * whoever guesses it has the password already. Ours.
 */
export const WRONG_CODES_MAX = 10

/**
 * How many of the last events of a user's stream are looked at. As many in one hour lock the user
 * whatever its account says: nobody forgets a password so often. Unit: events. Ours.
 */
export const SIGN_IN_EVENTS_MAX = 1_000

export type PastSignIn = {
  readonly event: SignedIn | SignInFailed | SignedOut | SignInsTurnedAway
  /** Milliseconds since the epoch, UTC. */
  readonly recordedAt: number
}

const isGuess = (fault: SignInFault): boolean =>
  fault === 'PasswordWrong' || fault === 'OldPasswordWrong' || fault === 'CodeWrong'

/** Whether the user is locked, going by the last events of its stream, newest first. */
export const isLocked = (
  { maxLoginAttempts }: Pick<PasswordPolicy, 'maxLoginAttempts'>,
  newestFirst: ReadonlyArray<PastSignIn>,
  passwordSetAt: number,
  now: number,
): boolean => {
  const since = Math.max(passwordSetAt, now - LOGIN_ATTEMPTS_WINDOW_MS)
  let guesses = 0
  let codes = 0
  for (const { event, recordedAt } of newestFirst) {
    if (recordedAt < since || event.type === 'SignedIn')
      return isOver(maxLoginAttempts, guesses, codes)
    if (event.type !== 'SignInFailed' || !isGuess(event.fault)) continue
    guesses += 1
    if (event.fault === 'CodeWrong') codes += 1
  }
  return newestFirst.length >= SIGN_IN_EVENTS_MAX || isOver(maxLoginAttempts, guesses, codes)
}

const isOver = (maxLoginAttempts: number, guesses: number, codes: number): boolean =>
  maxLoginAttempts === 0 ? codes >= WRONG_CODES_MAX : guesses >= maxLoginAttempts
