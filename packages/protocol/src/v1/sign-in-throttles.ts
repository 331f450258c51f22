/**
 * How fast it may be guessed at signing in: by one address at one user, by all addresses at one
 * user, and by one address at all users, where an address of IPv6 counts as its network. What holds
 * for hours is counted by the engine, in the log.
 *
 * An attempt counts from its beginning, so that many at the same time are no more than many in a
 * row, and no more once it was no wrong one. Who has shown the password of a user, and so has a
 * ticket, is held by what was tried with tickets of that user from there, and by nothing else.
 */
import type { AccountId, UserId } from '@grantlog/domain'
import { LRUCache } from 'lru-cache'
import { type Attempts, countedAttempts, networkOf } from '../oauth2/attempts.js'

/**
 * How many wrong attempts for one user a minute may come from all addresses together: as many as
 * two addresses have that guess as fast as they may. Unit: attempts. Ours.
 */
export const WRONG_OF_USER_MAX = 20

/**
 * How many wrong attempts for all users a minute may come from one address. Many people may be
 * behind one, and all of them come in the morning. Unit: attempts. Ours.
 */
export const WRONG_OF_ADDRESS_MAX = 100

/** How many pairs of a user and an address are remembered where the password was right. */
const ACQUAINTED_MAX = 10_000

/** What an attempt is counted as. */
type Counted = { readonly by: Attempts; readonly who: string }

/** An attempt that may be made, or how long it has to wait. Unit: milliseconds. */
export type Admitted =
  | { readonly type: 'Held'; readonly retryAfterMs: number }
  | {
      readonly type: 'Admitted'
      /** The attempt was no wrong one. `isRight`: what was asked for was shown. */
      readonly forgive: (isRight: boolean) => void
    }

export type SignInThrottles = {
  /** `user` is whom the name means, in one spelling. */
  readonly password: (user: string, address: string, now: number) => Admitted
  readonly ticket: (
    holder: { readonly accountId: AccountId; readonly userId: UserId },
    address: string,
    now: number,
  ) => Admitted
}

const admit = (
  counted: ReadonlyArray<Counted>,
  now: number,
  onRight: () => void = () => {},
): Admitted => {
  const retryAfterMs = Math.max(...counted.map(({ by, who }) => by.waitFor(who, now)))
  if (retryAfterMs > 0) return { type: 'Held', retryAfterMs }
  const takeBacks = counted.map(({ by, who }) => by.failed(who, now))
  return {
    type: 'Admitted',
    forgive: (isRight) => {
      for (const takeBack of takeBacks) takeBack()
      if (isRight) onRight()
    },
  }
}

export const signInThrottles = (): SignInThrottles => {
  const pairs = countedAttempts()
  const users = countedAttempts(WRONG_OF_USER_MAX)
  const addresses = countedAttempts(WRONG_OF_ADDRESS_MAX)
  const holders = countedAttempts()
  // From where the password of a user was right, strangers elsewhere keep nobody out.
  const acquainted = new LRUCache<string, true>({ max: ACQUAINTED_MAX })
  return {
    password: (user, address, now) => {
      const network = networkOf(address)
      const pair = `${network} ${user}`
      const ofUser = acquainted.has(pair) ? [] : [{ by: users, who: user }]
      const counted = [{ by: pairs, who: pair }, { by: addresses, who: network }, ...ofUser]
      return admit(counted, now, () => acquainted.set(pair, true))
    },
    ticket: ({ accountId, userId }, address, now) =>
      admit([{ by: holders, who: `${networkOf(address)} ${accountId} ${userId}` }], now),
  }
}
