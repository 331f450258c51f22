/**
 * Wrong secrets, counted: whoever tries too many for one key has to wait, with the right one too.
 *
 * Counted by key and source together, so that nobody locks a client out from elsewhere. In memory
 * and for this node alone: it slows guessing down; what makes it hopeless is how long secrets are.
 */
import { LRUCache } from 'lru-cache'

/** How many wrong secrets one source may try for a key in one window. */
export const WRONG_SECRETS_MAX = 10

/** Unit: milliseconds. */
export const WRONG_SECRETS_WINDOW_MS = 60_000

const COUNTS_KEPT_MAX = 10_000

export type Attempts = {
  /** How long to wait before the next try; 0 when none is needed. Unit: milliseconds. */
  readonly waitFor: (who: string, now: number) => number
  readonly failed: (who: string, now: number) => void
}

type Count = { readonly since: number; readonly failures: number }

export const countedAttempts = (): Attempts => {
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
      return failures < WRONG_SECRETS_MAX ? 0 : since + WRONG_SECRETS_WINDOW_MS - now
    },
    failed: (who, now) => {
      const { since, failures } = countOf(who, now)
      counts.set(who, { since, failures: failures + 1 })
    },
  }
}
