/** A cluster whose processes are killed and paused, once each; more by `npm run cluster-loop`. */
import { expect, it } from 'vitest'
import { clusterInTrouble } from './trouble.mjs'

it('given each process killed, restarted and paused in turn under load, then no write is lost, sessions end once, nothing withdrawn is honoured, and the feed is whole', async () => {
  const seen = await clusterInTrouble()
  expect(seen.acknowledgedUsers).toBeGreaterThan(20)
  expect(seen.acknowledgedSessions).toBeGreaterThan(20)
  expect(seen.sessions).toBeGreaterThanOrEqual(seen.acknowledgedSessions)
  expect(seen.withdrawals).toBeGreaterThan(2)
  expect(seen.denied).toBeGreaterThan(2)
  const denials = ['NoPermission', 'InvalidAccessKeyId.Inactive']
  expect(seen.whilePaused).toEqual([...denials, ...denials])
}, 400_000)
