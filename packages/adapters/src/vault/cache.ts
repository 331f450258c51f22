/**
 * A bounded cache whose entries go out of date.
 *
 * Invariant: an entry is never given back later than its lifetime after it was put, whatever was
 * asked in between; when the clock steps back, entries from what is now the future are dropped.
 */
import type { Clock } from '@grantlog/engine'
import { LRUCache } from 'lru-cache'

/** How long an unwrapped key may stay in memory. Unit: milliseconds. */
export const KEY_CACHE_MS_MAX = 10 * 60_000

/** How many unwrapped keys may stay in memory. Unit: entries. */
export const KEY_CACHE_ENTRIES_MAX = 10_000

export type ExpiringCache<Key, Value> = {
  readonly get: (key: Key) => Value | undefined
  readonly set: (key: Key, value: Value) => void
  readonly delete: (key: Key) => void
  readonly clear: () => void
  readonly size: () => number
}

export const expiringCache = <Key extends string | number, Value>(
  clock: Clock,
): ExpiringCache<Key, Value> => {
  const entries = new LRUCache<Key, { readonly value: Value; readonly since: number }>({
    max: KEY_CACHE_ENTRIES_MAX,
  })
  return {
    get: (key) => {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      const age = clock.now() - entry.since
      if (age >= 0 && age < KEY_CACHE_MS_MAX) return entry.value
      entries.delete(key)
      return undefined
    },
    set: (key, value) => {
      entries.set(key, { value, since: clock.now() })
    },
    delete: (key) => {
      entries.delete(key)
    },
    clear: () => entries.clear(),
    size: () => entries.size,
  }
}
