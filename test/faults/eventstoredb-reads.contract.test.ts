/**
 * Reading EventStoreDB under faults: a read is whole or it is a refusal, and always in time; a
 * connection is secured as it is told to be.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EventStoreServer, startEventStoreServer } from '../eventstoredb-server/start.mjs'
import {
  collect,
  eventually,
  IMPATIENT,
  idsOf,
  newEvent,
  ok,
  open,
  refusal,
  stream,
} from './eventstoredb.js'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../eventstoredb-server/${name}`, import.meta.url))

/** What a log says that gives up soon: on a busy machine perhaps not at the first time. */
const inTheEnd = async <A>(call: TE.TaskEither<unknown, A>): Promise<A> => {
  const said: A[] = []
  await eventually(async () => {
    const answer = await call()
    if (E.isRight(answer)) said.push(answer.right)
    return E.isRight(answer)
  })
  return said[0] as A
}

describe('a read', () => {
  let server: EventStoreServer
  beforeAll(async () => {
    server = await startEventStoreServer({ systemEventEvery: 2 })
  })
  afterEach(() => server.fault({ mute: false, slowMs: 0, clockOffsetMs: 0 }))
  afterAll(() => server.stop())

  it('given a mute server, then it is refused in time, and answered when the server is back', async () => {
    const log = await open({ ...server, ...IMPATIENT })
    const name = stream()
    const { position } = await inTheEnd(log.append(name, 'no-stream', [newEvent()]))
    await server.fault({ mute: true })
    const refused = [
      await refusal(log.head()),
      await refusal(log.readStream(name, { limit: 1 })),
      await refusal(log.readAll({ after: position, limit: 1 })),
    ]
    expect(refused.map(({ type }) => type)).toEqual(Array(3).fill('LogUnavailable'))
    await server.fault({ mute: false })
    expect(await inTheEnd(log.head())).toBe(position)
    await log.close()
  })

  it('given a process that stands still, then it is refused in time', async () => {
    const log = await open({ ...server, ...IMPATIENT })
    const head = await inTheEnd(log.head())
    server.pause()
    expect(await refusal(log.head())).toMatchObject({ type: 'LogUnavailable' })
    server.resume()
    expect(await inTheEnd(log.head())).toBe(head)
    await log.close()
  })

  it('given a log that closes meanwhile, then a read never answers a part of it', async () => {
    const log = await open(server)
    const name = stream()
    for (let i = 0; i < 4; i += 1)
      await ok(
        log.append(
          name,
          'any',
          Array.from({ length: 250 }, () => newEvent('x'.repeat(999))),
        ),
      )
    for (let ms = 0; ms < 20; ms += 2) {
      const reader = await open(server)
      const read = reader.readStream(name, { limit: 1_000 })()
      await new Promise((resolve) => setTimeout(resolve, ms))
      await reader.close()
      const answer = await read
      expect(E.isRight(answer) ? answer.right.length : 1_000).toBe(1_000)
    }
    await log.close()
  })

  it('given connections that are replaced or die, then a read is whole or refused', async () => {
    const mortal = await startEventStoreServer()
    const log = await open(mortal)
    const name = stream()
    for (let i = 0; i < 2; i += 1)
      await ok(
        log.append(
          name,
          'any',
          Array.from({ length: 250 }, () => newEvent('x'.repeat(999))),
        ),
      )
    const whole = (await ok(log.readStream(name, { limit: 500 }))).length
    const answers = []
    for (let round = 0; round < 8; round += 1) {
      const reads = Array.from({ length: 4 }, () => log.readStream(name, { limit: 500 })())
      await mortal.fault({ notLeader: 1 })
      reads.push(...Array.from({ length: 4 }, () => log.readStream(name, { limit: 500 })()))
      if (round === 7) await mortal.kill()
      answers.push(...(await Promise.all(reads)))
    }
    const parts = answers.filter((answer) => E.isRight(answer) && answer.right.length < whole)
    expect(whole).toBe(500)
    expect(parts).toEqual([])
    expect(answers.some(E.isRight)).toBe(true)
    expect(answers.some(E.isLeft)).toBe(true)
    await log.close()
  })

  it('given events of the server between ours, then pages hold ours alone and are full', async () => {
    const log = await open(server)
    const before = await ok(log.head())
    const events = Array.from({ length: 30 }, () => newEvent())
    for (const event of events) await ok(log.append(stream(), 'no-stream', [event]))
    const pages: Array<string> = []
    for (let after = before; pages.length < 30; ) {
      const page = await ok(log.readAll({ after, limit: 7 }))
      expect(page.length).toBe(Math.min(7, 30 - pages.length))
      pages.push(...idsOf(page))
      after = page.at(-1)?.position ?? after
    }
    expect(pages).toEqual(idsOf(events))
    const [last] = (await ok(log.readAll({ after: before, limit: 99 }))).slice(-1)
    expect(await ok(log.head())).toBe(last?.position)
    await log.close()
  })

  it('given a server whose clock steps back, then times do not, and all readers agree', async () => {
    const log = await open(server)
    const name = stream()
    const before = await ok(log.append(name, 'any', [newEvent()]))
    await server.fault({ clockOffsetMs: -60_000 })
    const after = await ok(log.append(name, 'any', [newEvent()]))
    expect(after.recordedAt).toBeGreaterThanOrEqual(before.recordedAt)
    const [other, follower] = [await open(server), collect(log, 0)]
    const stored = await ok(other.readStream(name, { limit: 9 }))
    await eventually(() => follower.events.some(({ position }) => position === after.position))
    expect(follower.events.filter((event) => event.stream === name)).toEqual(stored)
    expect(stored.map(({ recordedAt }) => recordedAt)).toEqual(
      [before, after].map((a) => a.recordedAt),
    )
    await follower.stop()
    await Promise.all([log.close(), other.close()])
  })

  it('given a range that is none, then it is read as far as it is one, or refused', async () => {
    const log = await open(server)
    const name = stream()
    await ok(log.append(name, 'any', [newEvent()]))
    expect((await ok(log.readStream(name, { from: -5, limit: 9 }))).length).toBe(1)
    expect(await ok(log.readStream(name, { from: -1, limit: 9, backwards: true }))).toEqual([])
    expect(await ok(log.readStream(name, { limit: 0 }))).toEqual([])
    const refused = await refusal(log.readStream(name, { from: 0.5, limit: 9 }))
    expect(refused.type).toBe('LogUnavailable')
    expect((await refusal(log.readAll({ after: 0.5, limit: 9 }))).type).toBe('LogUnavailable')
    const follower = collect(log, Number.NaN)
    await eventually(() => follower.failures.length > 0)
    expect(follower.failures).toEqual(['LogFailed'])
    await log.close()
  })

  it('given a position that this log never gave, then it is refused for good', async () => {
    const log = await open(server)
    const { position } = await ok(log.append(stream(), 'any', [newEvent()]))
    const read = log.readAll({ after: position - 1, limit: 1 })
    expect((await refusal(read)).type).toBe('LogFailed')
    const follower = collect(log, position - 1)
    await eventually(() => follower.failures.length > 0)
    expect(follower.failures).toEqual(['LogFailed'])
    await log.close()
  })
})

describe('what others wrote', () => {
  it('given an event that grantlog did not write, then nobody goes past it', async () => {
    const server = await startEventStoreServer()
    const log = await open(server)
    await ok(log.append(stream(), 'any', [newEvent()]))
    const foreign = EventStoreDBClient.connectionString(server.connectionString)
    const name = stream()
    const type = 'Noted'
    await foreign.appendToStream(name, jsonEvent({ type, data: { a: 1 } }))
    await foreign.appendToStream(name, binaryEvent({ type, data: Buffer.from('{}') }))
    await foreign.dispose()
    expect((await refusal(log.readStream(name, { limit: 9 }))).type).toBe('LogFailed')
    expect((await refusal(log.readAll({ after: 0, limit: 9 }))).type).toBe('LogFailed')
    expect((await refusal(log.append(name, 'any', [newEvent()]))).type).toBe('LogFailed')
    const follower = collect(log, 0)
    await eventually(() => follower.failures.length > 0)
    expect(follower.failures).toEqual(['LogFailed'])
    await Promise.all([log.close(), server.stop()])
  })
})

describe('opening', () => {
  it('given nobody who listens, then it says so', async () => {
    const connectionString = 'esdb://127.0.0.1:9?tls=false'
    const opened = await openEventStoreLog({ connectionString, callMs: 300 })
    expect(opened).toMatchObject({ left: { type: 'ServerUnreachable' } })
  })

  it('given a connection string that is none, then it says so and does not repeat it', async () => {
    for (const connectionString of [
      '',
      'http://127.0.0.1:2113',
      'esdb://user:hunter2@',
      'esdb://user:hunter%zz@127.0.0.1:2113',
      'esdb://127.0.0.1:2113',
      'esdb://127.0.0.1:port?tls=false',
    ]) {
      const opened = await openEventStoreLog({ connectionString })
      expect(opened).toMatchObject({ left: { type: 'ConnectionStringInvalid' } })
      expect(JSON.stringify(opened)).not.toContain('hunter')
    }
  })

  it('given a cluster to discover, then its leader is found', async () => {
    const server = await startEventStoreServer()
    const connectionString = `esdb+discover://127.0.0.1:${server.port}?tls=false`
    const log = await open({ connectionString })
    await ok(log.append(stream(), 'any', [newEvent()]))
    await Promise.all([log.close(), server.stop()])
  })

  it('given TLS and a user, then only the right authority and password get in', async () => {
    const [key, certificate] = ['loopback-key.pem', 'loopback-certificate.pem'].map((name) =>
      readFileSync(fixture(name), 'utf8'),
    )
    if (key === undefined || certificate === undefined) throw new Error('two files')
    const server = await startEventStoreServer({ tls: { key, certificate }, user: 'ops:a:b@c' })
    const connectionString = `esdb://localhost:${server.port}`
    const tlsCaFile = fixture('loopback-certificate.pem')
    const credentials = { username: 'ops', password: 'a:b@c' }
    for (const appendPath of ['append', 'batch'] as const) {
      const log = await open({ connectionString, tlsCaFile, credentials, appendPath })
      expect((await ok(log.append(stream(), 'any', [newEvent()]))).revision).toBe(0)
      await log.close()
    }
    const tries = [
      { connectionString, credentials },
      { connectionString, tlsCaFile, credentials: { username: 'ops', password: 'wrong' } },
      { connectionString: `${connectionString}?tls=false`, credentials },
    ]
    for (const options of tries)
      expect(await openEventStoreLog({ ...options, callMs: 2_000 })).toMatchObject({
        left: { type: 'ServerUnreachable' },
      })
    const missing = { connectionString, credentials, tlsCaFile: fixture('no-such.pem') }
    expect(await openEventStoreLog(missing)).toMatchObject({ left: { type: 'CaFileUnreadable' } })
    await server.stop()
  })
})
