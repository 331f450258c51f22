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
})
