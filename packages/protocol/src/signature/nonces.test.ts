/** Nonces: used once, for as long as they matter, also across a restart. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inMemoryNonces, START_TOLERANCE_MS } from './nonces.js'

const T = Date.parse('2026-01-02T03:04:05Z')
const MINUTE = 60_000

describe('inMemoryNonces', () => {
  it('given a nonce of one key, then it is used for that key alone', () => {
    const nonces = inMemoryNonces({ startedAt: T })
    expect(nonces.use('k1', 'n', T, T)).toBe('fresh')
    expect(nonces.use('k1', 'n', T, T)).toBe('used')
    expect(nonces.use('k2', 'n', T, T)).toBe('fresh')
    expect(nonces.use('k1n', '', T, T)).toBe('fresh')
  })

  it('given half an hour, then a nonce is still used, and some time later it is not', () => {
    const nonces = inMemoryNonces({ startedAt: T })
    nonces.use('k', 'n', T, T)
    for (let at = T; at <= T + 30 * MINUTE; at += MINUTE)
      expect(nonces.use('k', 'n', at, at)).toBe('used')
    expect(nonces.use('k', 'n', T + 41 * MINUTE, T + 41 * MINUTE)).toBe('fresh')
  })

  it('given a clock that steps back, then nothing is forgotten', () => {
    const nonces = inMemoryNonces({ startedAt: T })
    nonces.use('k', 'n', T, T + 20 * MINUTE)
    expect(nonces.use('k', 'n', T, T)).toBe('used')
  })

  it('given a store that is full, then it says so instead of forgetting', () => {
    const nonces = inMemoryNonces({ startedAt: T, noncesMax: 2 })
    expect([1, 2, 3].map((n) => nonces.use('k', String(n), T, T))).toEqual([
      'fresh',
      'fresh',
      'full',
    ])
    expect(nonces.use('k', '1', T, T)).toBe('used')
  })

  it('given a restart, then calls signed before it are refused and new ones are not', () => {
    const nonces = inMemoryNonces({ startedAt: T })
    expect(nonces.use('k', 'old', T - START_TOLERANCE_MS - 1, T)).toBe('used')
    expect(nonces.use('k', 'new', T - 1000, T)).toBe('fresh')
  })

  it('a nonce is fresh exactly once, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3000)), { maxLength: 5000 }), (uses) => {
        const nonces = inMemoryNonces({ startedAt: T })
        const seen = new Set<string>()
        for (const [key, nonce] of uses) {
          const name = `${key}/${nonce}`
          const expected = seen.has(name) ? 'used' : 'fresh'
          seen.add(name)
          if (nonces.use(`k${key}`, `n${nonce}`, T, T) !== expected) return false
        }
        return true
      }),
      { numRuns: 20 },
    )
  })
})
