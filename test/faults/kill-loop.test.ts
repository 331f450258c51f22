/** The server under kill -9: twenty lives here, two hundred by `npm run kill-loop`. */
import { describe, expect, it } from 'vitest'
import { killLoop } from './kill-loop.mjs'

describe('a server that is killed at random moments under concurrent writes', () => {
  it('given twenty kills, then nothing acknowledged is lost, views equal a rebuild, and sessions end once', async () => {
    const seen = await killLoop({ rounds: 20, seed: 20 })
    expect(seen.rounds).toBe(20)
    expect(seen.acknowledgedUsers).toBeGreaterThan(20)
    expect(seen.sessions).toBeGreaterThan(0)
  }, 240_000)
})
