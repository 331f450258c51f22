/**
 * Following EventStoreDB under faults: however a connection ends, every event comes once and in
 * order; and nothing acknowledged is lost with a server that is killed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventLog, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EventStoreServer, startEventStoreServer } from '../eventstoredb-server/start.mjs'
import { collect, eventually, idsOf, newEvent, ok, open, reports, stream } from './eventstoredb.js'

const everything = async (log: EventLog): Promise<ReadonlyArray<StoredEvent>> =>
  ok(log.readAll({ after: 0, limit: 100_000 }))

describe('a subscription', () => {
  let server: EventStoreServer
  beforeEach(async () => {
    server = await startEventStoreServer()
  })
  afterEach(() => server.stop())

  /** Appends while something happens, and checks that all of it came once and in order. */
  const throughout = async (disturb: () => Promise<unknown>): Promise<ReadonlyArray<string>> => {
    const { onFault, types } = reports()
    const log = await open({ connectionString: server.connectionString, onFault })
    const follower = collect(log, 0)
    for (let round = 0; round < 5; round += 1) {
      const name = stream()
      const appends = Array.from({ length: 20 }, () => ok(log.append(name, 'any', [newEvent()])))
      await disturb()
      await Promise.all(appends)
    }
    await ok(log.append(stream(), 'any', [newEvent()]))
    await eventually(() => follower.events.length >= 101)
    await follower.stop()
    expect(follower.events).toEqual(await everything(log))
    expect(follower.failures).toEqual([])
    await log.close()
    return types()
  }

  for (const how of ['ok', 'cancelled'] as const)
    it(`given a server that ends it (${how}), then it goes on without gap or duplicate`, async () => {
      const faults = await throughout(() => server.endSubscriptions(how))
      expect(faults).toContain('SubscriptionDropped')
    })

  it('given a server that sends it to the leader, then it goes on without gap or duplicate', async () => {
    const faults = await throughout(async () => {
      await server.fault({ notLeader: 1 })
      await server.endSubscriptions('ok')
    })
    expect(faults).toContain('SubscriptionDropped')
  })

  it('given silence while the log grows, then it is taken up again', async () => {
    const { onFault, types } = reports()
    const log = await open({ connectionString: server.connectionString, onFault })
    const follower = collect(log, 0)
    await ok(log.append(stream(), 'any', [newEvent()]))
    await eventually(() => follower.events.length === 1)
    await server.fault({ stalled: true })
    await ok(log.append(stream(), 'any', [newEvent()]))
    await eventually(() => types().includes('SubscriptionDropped'))
    await server.fault({ stalled: false })
    await ok(log.append(stream(), 'any', [newEvent()]))
    await eventually(() => follower.events.length >= 3)
    await log.close()
    expect(follower.events.map(({ position }) => position)).toEqual(
      [...new Set(follower.events.map(({ position }) => position))].sort((a, b) => a - b),
    )
  })

  it('given a handler slower than the writers, then it has one batch at a time and all events', async () => {
    const log = await open(server)
    const seen: Array<string> = []
    let active = 0
    const subscription = log.subscribe(0, {
      onEvents: async (batch) => {
        active += 1
        expect(active).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 20))
        seen.push(...idsOf(batch))
        active -= 1
      },
      onFailure: (error) => {
        throw new Error(JSON.stringify(error))
      },
    })
    const events = Array.from({ length: 2_000 }, () => newEvent('x'.repeat(500)))
    const name = stream()
    await Promise.all(events.map((event) => ok(log.append(name, 'any', [event]))))
    await eventually(() => seen.length >= events.length)
    await subscription.stop()
    expect(seen).toEqual(idsOf(await everything(log)))
    await log.close()
  })
})

describe('kill -9 of the server', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'grantlog-esdb-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  for (const appendPath of ['append', 'batch'] as const)
    it(`given kills under writers by ${appendPath}, then nothing acknowledged is lost or doubled`, async () => {
      let server = await startEventStoreServer({ directory })
      const { port, connectionString } = server
      const { onFault, types } = reports()
      const log = await open({ connectionString, appendPath, onFault, settleMs: 20_000 })
      const follower = collect(log, 0)
      const acknowledged: Array<{ readonly id: string; readonly revision: number }> = []
      const unknown: Array<string> = []
      let writing = true
      const write = async (name: string): Promise<void> => {
        while (writing) {
          const event = newEvent()
          const answer = await log.append(name, 'any', [event])()
          if (E.isRight(answer))
            acknowledged.push({ id: event.id, revision: answer.right.revision })
          else if (answer.left.type === 'OutcomeUnknown') unknown.push(event.id)
          else if (answer.left.type !== 'LogUnavailable') throw new Error(answer.left.type)
        }
      }
      const writers = Array.from({ length: 8 }, (_, i) => write(`account-${i % 4}`))
      for (let kill = 1; kill <= 3; kill += 1) {
        const before = acknowledged.length
        await eventually(() => acknowledged.length > before + 50)
        await server.kill()
        server = await startEventStoreServer({ directory, port })
      }
      const before = acknowledged.length
      await eventually(() => acknowledged.length > before + 50)
      writing = false
      await Promise.all(writers)

      const stored = await everything(log)
      await eventually(() => follower.events.length >= stored.length)
      await log.close()
      expect(follower.events).toEqual(stored)
      expect(follower.failures).toEqual([])
      expect(types()).toContain('SubscriptionDropped')
      const revisions = new Map(stored.map(({ id, revision }) => [id, revision]))
      expect(revisions.size).toBe(stored.length)
      for (const { id, revision } of acknowledged) expect(revisions.get(id)).toBe(revision)
      const said = new Set([...idsOf(acknowledged), ...unknown])
      expect(idsOf(stored).filter((id) => !said.has(id))).toEqual([])
      await server.stop()
    })
})
