/** Wrong secrets: counted for each source and key, and forgotten after a while. */
import { describe, expect, it } from 'vitest'
import { countedAttempts, WRONG_SECRETS_MAX, WRONG_SECRETS_WINDOW_MS } from './attempts.js'

describe('countedAttempts', () => {
  it('given the last wrong secret that may be tried, then it waits for the window to end', () => {
    const attempts = countedAttempts()
    for (let tried = 0; tried < WRONG_SECRETS_MAX; tried += 1) {
      expect(attempts.waitFor('a', 100 + tried)).toBe(0)
      attempts.failed('a', 100 + tried)
    }
    expect(attempts.waitFor('a', 110)).toBe(WRONG_SECRETS_WINDOW_MS - 10)
    expect(attempts.waitFor('b', 110)).toBe(0)
    expect(attempts.waitFor('a', 100 + WRONG_SECRETS_WINDOW_MS)).toBe(0)
    attempts.failed('a', 100 + WRONG_SECRETS_WINDOW_MS)
    expect(attempts.waitFor('a', 101 + WRONG_SECRETS_WINDOW_MS)).toBe(0)
  })
  it('given one that is taken back, then it counts no more, in its own window alone', () => {
    const attempts = countedAttempts(1)
    const takeBack = attempts.failed('a', 0)
    expect(attempts.waitFor('a', 0)).toBe(WRONG_SECRETS_WINDOW_MS)
    takeBack()
    takeBack()
    attempts.failed('a', 1)
    expect(attempts.waitFor('a', 1)).toBe(WRONG_SECRETS_WINDOW_MS - 1)
    const late = attempts.failed('b', 0)
    attempts.failed('b', WRONG_SECRETS_WINDOW_MS)
    late()
    expect(attempts.waitFor('b', WRONG_SECRETS_WINDOW_MS)).toBe(WRONG_SECRETS_WINDOW_MS)
  })
})
