/**
 * The STS worker: one credential and one end for each session, whatever crashes and however many
 * workers run.
 */
import {
  type AccountId,
  credentialsStream,
  type RoleAssumed,
  sessionsStream,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, it } from 'vitest'
import type { EventLog } from '../ports.js'
import { encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/index.js'
import { type Minted, type StsWorker, startStsWorker } from './worker.js'

const accountId = '1234567890123456' as AccountId
const start = Date.UTC(2030, 0, 1)
const sessionIdOf = (n: number): string => n.toString(16).padStart(32, '0')

const assumed = (n: number, at: number, seconds = 900): RoleAssumed =>
  ({
    type: 'RoleAssumed',
    sessionId: sessionIdOf(n),
    accountId,
    roleId: '300000000000000001',
    roleName: 'reader',
    sessionName: 'app',
    chain: [],
    assumedAt: at,
    expiresAt: at + seconds * 1_000,
    basis: { accountRevision: 3, trustPolicyDigest: 'd' },
  }) as unknown as RoleAssumed

const circumstances = {
  commandId: 'c',
  requestId: 'R',
  actor: { accountId, principalType: 'User', principalId: '2', arn: 'acs:ram::1:user/a' },
} as const

const assume = (log: EventLog, session: RoleAssumed) =>
  log.append(sessionsStream(accountId, session.assumedAt), 'any', [
    encodeEvent(`assumed-${session.sessionId}`, session, circumstances),
  ])()

const manual = (now: number) => ({ now: () => now, to: (later: number) => (now = later) })

let workers = 0
const running: StsWorker[] = []
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.stop()
})

const work = async (log: EventLog, clock: { readonly now: () => number }, roleExists = true) => {
  const minted: Minted[] = []
  const dropped: RoleAssumed[] = []
  let key = 0
  workers += 1
  const workerId = `worker-${workers}`
  const worker = await startStsWorker({
    log,
    clock,
    shard: 0,
    ids: {
      eventId: (commandId, index) => `${commandId}/${index}`,
      uuid: () => workerId,
      temporaryAccessKeyId: () => {
        key += 1
        return `STS.Nkey${String(key).padStart(20, '0')}`
      },
    },
    ownsAccount: () => true,
    roleExists: () => roleExists,
    waitFor: async () => E.right(undefined),
    onMinted: (one) => minted.push(one),
    onDropped: (one) => dropped.push(one),
    onStopped: () => {},
  })
  if (E.isLeft(worker)) throw new Error(worker.left.type)
  running.push(worker.right)
  return { worker: worker.right, minted, dropped }
}

const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not come to be')
}

/** How often each session was issued and ended, in the order of the output stream. */
const output = async (log: EventLog) => {
  const events = await log.readStream(credentialsStream(0), { limit: 10_000 })()
  if (E.isLeft(events)) throw new Error(events.left.type)
  const of = (type: string) =>
    events.right.filter((event) => event.type === type).map(({ data }) => JSON.parse(data))
  return { issued: of('CredentialIssued'), expired: of('CredentialExpired') }
}

describe('the STS worker', () => {
  it('given sessions, then each gets one credential and its waiting call hears of it', async () => {
    const log = inMemoryLog()
    const { minted } = await work(log, manual(start))
    for (let n = 1; n <= 20; n++) await assume(log, assumed(n, start))
    await until(() => minted.length === 20)
    const { issued, expired } = await output(log)
    expect(issued.map(({ sessionId }) => sessionId).sort()).toEqual(
      Array.from({ length: 20 }, (_, n) => sessionIdOf(n + 1)),
    )
    expect(expired).toEqual([])
  })

  it('given time passing, then sessions end once each, in order of expiry', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    const { minted } = await work(log, clock)
    for (let n = 1; n <= 10; n++) await assume(log, assumed(n, start, 3_600 - n * 200))
    await until(() => minted.length === 10)
    clock.to(start + 3_600_000)
    await until(async () => (await output(log)).expired.length === 10)
    const ends = (await output(log)).expired.map(({ expiresAt }) => expiresAt)
    expect(ends).toEqual([...ends].sort((a, b) => a - b))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await output(log)).expired).toHaveLength(10)
  })

  it('given a crash between RoleAssumed and its credential, then the next worker issues it', async () => {
    const log = inMemoryLog()
    const first = await work(log, manual(start))
    await assume(log, assumed(1, start))
    await until(() => first.minted.length === 1)
    await first.worker.stop()
    await assume(log, assumed(2, start))

    const second = await work(log, manual(start + 1_000))
    await until(() => second.minted.length === 1)
    expect(second.minted.map(({ event }) => event.sessionId)).toEqual([sessionIdOf(2)])
  })

  it('given a worker that takes over, then it ends what the first one left open, and only that', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    const first = await work(log, clock)
    await assume(log, assumed(1, start, 900))
    await assume(log, assumed(2, start, 1_800))
    await until(() => first.minted.length === 2)
    clock.to(start + 900_000)
    await until(async () => (await output(log)).expired.length === 1)
    await first.worker.stop()

    const second = await work(log, manual(start + 1_800_000))
    expect(second.worker.openCount()).toBe(1)
    await until(async () => (await output(log)).expired.length === 2)
  })

  it('given three workers on one shard at once, then still one credential and one end per session', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    const workers = [await work(log, clock), await work(log, clock), await work(log, clock)]
    await Promise.all(Array.from({ length: 50 }, (_, n) => assume(log, assumed(n + 1, start))))
    await until(async () => (await output(log)).issued.length >= 50)
    clock.to(start + 900_000)
    await until(async () => (await output(log)).expired.length >= 50)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { issued, expired } = await output(log)
    expect([issued.length, new Set(issued.map((e) => e.sessionId)).size]).toEqual([50, 50])
    expect([expired.length, new Set(expired.map((e) => e.sessionId)).size]).toEqual([50, 50])
    expect(workers.flatMap(({ minted }) => minted)).toHaveLength(50)
  })

  it('given a role that is gone, then no credential is issued and the call hears of it', async () => {
    const log = inMemoryLog()
    const { minted, dropped } = await work(log, manual(start), false)
    await assume(log, assumed(1, start))
    await until(() => dropped.length === 1)
    expect(minted).toEqual([])
    expect((await output(log)).issued).toEqual([])
  })
})
