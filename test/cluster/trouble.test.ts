/** A cluster whose processes are killed and paused, once each; more by `npm run cluster-loop`. */
import { expect, it, onTestFailed } from 'vitest'
import { clusterInTrouble } from './trouble.mjs'

it('given each process killed, restarted and paused in turn under load, then no write is lost, sessions end once, nothing withdrawn is honoured, and the feed is whole', async () => {
  const steps: string[] = []
  onTestFailed(() => console.error(`how far it came:\n${steps.join('\n')}`))
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(1)
  const seen = await clusterInTrouble({
    report: (line) => steps.push(`${seconds()} ${JSON.stringify(line)}`),
  })
  expect(seen.acknowledgedUsers).toBeGreaterThan(20)
  expect(seen.acknowledgedSessions).toBeGreaterThan(20)
  expect(seen.sessions).toBeGreaterThanOrEqual(seen.acknowledgedSessions)
  expect(seen.withdrawals).toBeGreaterThan(2)
  expect(seen.denied).toBeGreaterThan(2)
  const denials = ['NoPermission', 'InvalidAccessKeyId.Inactive']
  expect(seen.whilePaused).toEqual([...denials, ...denials])
}, 400_000)
