/**
 * The STS worker: one credential and one end for each session, whatever crashes and however many
 * workers run.
 */
import {
  type AccountId,
  credentialsStream,
  type RoleAssumed,
  sessionsStream,
  temporaryKeyOf,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, it } from 'vitest'
import type { EventLog } from '../ports.js'
import { encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/index.js'
import { type StsWorker, startStsWorker } from './worker.js'

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

const calledBy = (commandId: string) =>
  ({
    commandId,
    requestId: 'R',
    actor: { accountId, principalType: 'User', principalId: '2', arn: 'acs:ram::1:user/a' },
  }) as const

const assume = (log: EventLog, session: RoleAssumed, commandId: string = session.sessionId) =>
  log.append(sessionsStream(accountId, session.assumedAt), 'any', [
    encodeEvent(`assumed-${session.sessionId}`, session, calledBy(commandId)),
  ])()

const manual = (now: number) => ({ now: () => now, to: (later: number) => (now = later) })

let workers = 0
const running: StsWorker[] = []
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.stop()
})

const work = async (log: EventLog, clock: { readonly now: () => number }, roleExists = true) => {
  workers += 1
  const workerId = `worker-${workers}`
  const worker = await startStsWorker({
    log,
    clock,
    shard: 0,
    ids: {
      eventId: (commandId, index) => `${commandId}/${index}`,
      uuid: () => workerId,
    },
    ownsAccount: () => true,
    roleExists: () => roleExists,
    waitFor: async () => E.right(undefined),
    onStopped: () => {},
  })
  if (E.isLeft(worker)) throw new Error(worker.left.type)
  running.push(worker.right)
  return worker.right
}

const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
  for (let tries = 0; tries < 4_000; tries++) {
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

const issuedCount =
  (log: EventLog, count: number): (() => Promise<boolean>) =>
  async () =>
    (await output(log)).issued.length >= count

describe('the STS worker', () => {
  it('given sessions, then each gets one credential', async () => {
    const log = inMemoryLog()
    await work(log, manual(start))
    for (let n = 1; n <= 20; n++) await assume(log, assumed(n, start))
    await until(issuedCount(log, 20))
    const { issued, expired } = await output(log)
    expect(issued.map(({ sessionId }) => sessionId).sort()).toEqual(
      Array.from({ length: 20 }, (_, n) => sessionIdOf(n + 1)),
    )
    for (const { accessKeyId, sessionId } of issued)
      expect(accessKeyId).toBe(temporaryKeyOf(sessionId))
    expect(expired).toEqual([])
  })

  it('given more sessions than one append takes, then each gets one credential', async () => {
    const log = inMemoryLog()
    await Promise.all(Array.from({ length: 1_203 }, (_, n) => assume(log, assumed(n + 1, start))))
    const worker = await work(log, manual(start))
    await until(issuedCount(log, 1_203))
    const { issued } = await output(log)
    expect(new Set(issued.map(({ sessionId }) => sessionId)).size).toBe(1_203)
    await until(() => worker.waitingCount() === 0)
  })

  it('given time passing, then sessions end once each, in order of expiry', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    await work(log, clock)
    for (let n = 1; n <= 10; n++) await assume(log, assumed(n, start, 3_600 - n * 200))
    await until(issuedCount(log, 10))
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
    await until(issuedCount(log, 1))
    await first.stop()
    await assume(log, assumed(2, start))

    await work(log, manual(start + 1_000))
    await until(issuedCount(log, 2))
    const { issued } = await output(log)
    expect(issued.map(({ sessionId }) => sessionId)).toEqual([sessionIdOf(1), sessionIdOf(2)])
  })

  it('given a worker that takes over, then it ends what the first one left open, and only that', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    const first = await work(log, clock)
    await assume(log, assumed(1, start, 900))
    await assume(log, assumed(2, start, 1_800))
    await until(issuedCount(log, 2))
    clock.to(start + 900_000)
    await until(async () => (await output(log)).expired.length === 1)
    await first.stop()

    const second = await work(log, manual(start + 1_800_000))
    expect(second.openCount()).toBe(1)
    await until(async () => (await output(log)).expired.length === 2)
  })

  it('given three workers on one shard at once, then still one credential and one end per session', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    const workers = [await work(log, clock), await work(log, clock), await work(log, clock)]
    await Promise.all(Array.from({ length: 50 }, (_, n) => assume(log, assumed(n + 1, start))))
    await until(issuedCount(log, 50))
    clock.to(start + 900_000)
    await until(async () => (await output(log)).expired.length >= 50)
    await until(() => workers.every((worker) => worker.openCount() === 0))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { issued, expired } = await output(log)
    expect([issued.length, new Set(issued.map((e) => e.sessionId)).size]).toEqual([50, 50])
    expect([expired.length, new Set(expired.map((e) => e.sessionId)).size]).toEqual([50, 50])
  })

  it('given a worker that dies while another stands back, then that one goes on', async () => {
    const log = inMemoryLog()
    const first = await work(log, manual(start))
    const second = await work(log, manual(start))
    for (let n = 1; n <= 20; n++) await assume(log, assumed(n, start))
    await until(issuedCount(log, 20))
    await first.stop()
    for (let n = 21; n <= 40; n++) await assume(log, assumed(n, start))
    await until(issuedCount(log, 40))
    await until(() => second.openCount() === 40)
    const { issued } = await output(log)
    expect(new Set(issued.map(({ sessionId }) => sessionId)).size).toBe(40)
  })

  it('given a log that answers nothing for a while, then the sessions get theirs afterwards', async () => {
    const inner = inMemoryLog()
    let silent = false
    const log: EventLog = {
      ...inner,
      append: (stream, expected, events) =>
        silent && stream.startsWith('credentials-')
          ? async () => {
              await inner.append(stream, expected, events)()
              return E.left({ type: 'OutcomeUnknown', stream, detail: 'no answer' })
            }
          : inner.append(stream, expected, events),
    }
    const worker = await work(log, manual(start))
    silent = true
    await assume(log, assumed(1, start))
    await until(issuedCount(log, 1))
    silent = false
    await assume(log, assumed(2, start))
    await until(issuedCount(log, 2))
    await until(() => worker.openCount() === 2)
    const { issued } = await output(log)
    expect(issued.map(({ sessionId }) => sessionId)).toEqual([sessionIdOf(1), sessionIdOf(2)])
  })

  it('given somebody who asks, then they hear where the credential stands in the log', async () => {
    const log = inMemoryLog()
    const worker = await work(log, manual(start))
    const session = await assume(log, assumed(1, start))
    const position = E.isRight(session) ? session.right.position : 0
    expect(await worker.whenConsumed(position)).toBe(position + 1)
    expect(await worker.whenConsumed(position + 1_000)).toBeNull()
  })

  it('given a call that is recorded again, then it gets no second credential, from no worker, also when its session is over', async () => {
    const log = inMemoryLog()
    const clock = manual(start)
    await assume(log, assumed(1, start), 'call')
    await assume(log, assumed(2, start), 'call')
    const [first, second] = [await work(log, clock), await work(log, clock)]
    await until(issuedCount(log, 1))
    clock.to(start + 900_000)
    await until(async () => (await output(log)).expired.length === 1)
    await assume(log, assumed(3, start + 900_000), 'call')
    await assume(log, assumed(4, start + 900_000))
    await until(issuedCount(log, 2))
    await until(() => first.waitingCount() === 0 && second.waitingCount() === 0)
    await first.stop()
    await second.stop()

    const third = await work(log, clock)
    await assume(log, assumed(5, start + 900_000), 'call')
    await assume(log, assumed(6, start + 900_000))
    await until(issuedCount(log, 3))
    await until(() => third.waitingCount() === 0)
    const issued = (await output(log)).issued.map(({ sessionId }) => sessionId)
    expect(issued).toEqual([1, 4, 6].map(sessionIdOf))
  })

  it('given a role that is gone, then no credential is issued', async () => {
    const log = inMemoryLog()
    const worker = await work(log, manual(start), false)
    await assume(log, assumed(1, start))
    await until(() => worker.waitingCount() === 0)
    expect((await output(log)).issued).toEqual([])
  })
})
