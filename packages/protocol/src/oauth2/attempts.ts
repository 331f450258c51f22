/**
 * Wrong secrets, counted: whoever tries too many for one key has to wait, with the right one too.
 *
 * What is counted together is for the caller to say, so that nobody locks another out. In memory
 * and for this node alone: it slows guessing down; what makes it hopeless is how long secrets are.
 */
import { parseAddress } from '@grantlog/policy'
import * as O from 'fp-ts/lib/Option.js'
import { LRUCache } from 'lru-cache'

/** How many wrong secrets one source may try for a key in one window. */
export const WRONG_SECRETS_MAX = 10

/** Unit: milliseconds. */
export const WRONG_SECRETS_WINDOW_MS = 60_000

/** How much of an IPv6 address is that of one customer's network. Unit: groups of 16 bit. */
const NETWORK_GROUPS = 4

/**
 * From where an attempt is counted to come: an address of IPv4, and of IPv6 its /64, of which
 * whoever has one address has them all. What is no address stands for itself.
 */
export const networkOf = (address: string): string => {
  const [plain = ''] = address.split('%')
  const groups = parseAddress(plain)
  return O.isNone(groups) ? address : groups.value.slice(0, NETWORK_GROUPS).join('.')
}

const COUNTS_KEPT_MAX = 10_000

export type Attempts = {
  /** How long to wait before the next try; 0 when none is needed. Unit: milliseconds. */
  readonly waitFor: (who: string, now: number) => number
  /** Counts a wrong secret. What is given back takes that back, once. */
  readonly failed: (who: string, now: number) => () => void
}

type Count = { readonly since: number; failures: number }

export const countedAttempts = (failuresMax = WRONG_SECRETS_MAX): Attempts => {
  const counts = new LRUCache<string, Count>({ max: COUNTS_KEPT_MAX })
  const countOf = (who: string, now: number): Count => {
    const known = counts.get(who)
    return known === undefined || now - known.since >= WRONG_SECRETS_WINDOW_MS
      ? { since: now, failures: 0 }
      : known
  }
  return {
    waitFor: (who, now) => {
      const { since, failures } = countOf(who, now)
      return failures < failuresMax ? 0 : since + WRONG_SECRETS_WINDOW_MS - now
    },
    failed: (who, now) => {
      const count = countOf(who, now)
      count.failures += 1
      counts.set(who, count)
      let isTakenBack = false
      return () => {
        if (!isTakenBack) count.failures -= 1
        isTakenBack = true
      }
    },
  }
}
