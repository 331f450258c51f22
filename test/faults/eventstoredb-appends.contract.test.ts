/**
 * Appends to EventStoreDB under faults: every call ends by a deadline of this side, and what is
 * said again happens once.
 */
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EventStoreServer, startEventStoreServer } from '../eventstoredb-server/start.mjs'
import { IMPATIENT, idsOf, newEvent, ok, open, refusal, reports, stream } from './eventstoredb.js'

let server: EventStoreServer
beforeEach(async () => {
  server = await startEventStoreServer()
})
afterEach(() => server.stop())

const opened = async (appendPath: 'append' | 'batch' = 'append', deadlines = {}) => {
  const { onFault, types } = reports()
  const { connectionString } = server
  return { log: await open({ connectionString, appendPath, onFault, ...deadlines }), types }
}

for (const path of ['append', 'batch'] as const)
  describe(`an append by ${path}`, () => {
    it('given a mute server, then its outcome is unknown in time, and known when said again', async () => {
      const { log } = await opened(path, IMPATIENT)
      const name = stream()
      await ok(log.append(name, 'no-stream', [newEvent()]))
      const batch = [newEvent(), newEvent()]
      await server.fault({ mute: true })
      expect((await refusal(log.append(name, 0, batch))).type).toBe('OutcomeUnknown')
      await server.fault({ mute: false })
      const first = await ok(log.append(name, 0, batch))
      expect(await ok(log.append(name, 0, batch))).toEqual(first)
      expect((await ok(log.readStream(name, { limit: 9 }))).length).toBe(3)
      await log.close()
    })

    it('given a server that is mute from the start, then nothing is said to have happened', async () => {
      const { log } = await opened(path, IMPATIENT)
      await server.fault({ mute: true })
      expect((await refusal(log.append(stream(), 'any', [newEvent()]))).type).toBe('LogUnavailable')
      await server.fault({ mute: false })
      await log.close()
    })

    for (const expected of ['any', 'no-stream'] as const)
      it(`given an acknowledgement that is lost under ${expected}, then it is read back`, async () => {
        const { log, types } = await opened(path)
        const name = stream()
        const batch = [newEvent(), newEvent()]
        await server.fault({ stalled: true, dropAcks: 1 })
        const first = await ok(log.append(name, expected, batch))
        const stored = await ok(log.readStream(name, { limit: 9 }))
        expect(idsOf(stored)).toEqual(idsOf(batch))
        expect(stored.at(-1)).toMatchObject(first)
        expect(types()).toContain('AppendInDoubt')
        expect(await ok(log.append(name, expected, batch))).toEqual(first)
        await log.close()
      })

    it('given calls that break before and after, then each append happens once', async () => {
      const { log } = await opened(path)
      const name = stream()
      const batches = Array.from({ length: 6 }, () => [newEvent(), newEvent()])
      const faults = [{ loseRequests: 2 }, { breakAcks: 2 }, { timeouts: 2 }, { notLeader: 2 }]
      for (const [i, batch] of batches.entries()) {
        await server.fault({ stalled: i % 2 === 0, ...faults[i % faults.length] })
        await ok(log.append(name, i === 0 ? 'no-stream' : i % 2 === 1 ? 2 * i - 1 : 'any', batch))
      }
      const stored = await ok(log.readStream(name, { limit: 99 }))
      expect(idsOf(stored)).toEqual(idsOf(batches.flat()))
      await log.close()
    })

    it('given the features of the server fail once, then appends go on', async () => {
      await server.fault({ failFeatures: 1 })
      const { log, types } = await opened(path)
      const appended = await ok(log.append(stream(), 'no-stream', [newEvent()]))
      expect(appended.revision).toBe(0)
      expect(types().includes('ClientRenewed')).toBe(path === 'batch')
      await log.close()
    })
  })

describe('an append', () => {
  it('given its echo, then it does not wait for an acknowledgement that is lost', async () => {
    const { log, types } = await opened()
    await ok(log.append(stream(), 'any', [newEvent()]))
    await server.fault({ dropAcks: 1 })
    const name = stream()
    const appended = await ok(log.append(name, 'any', [newEvent()]))
    expect(await ok(log.readStream(name, { limit: 9 }))).toMatchObject([appended])
    expect(types()).toEqual([])
    await log.close()
  })

  it('given no echo, then its events are read', async () => {
    const { log } = await opened()
    await server.fault({ stalled: true })
    const name = stream()
    const appended = await ok(log.append(name, 'any', [newEvent(), newEvent()]))
    expect((await ok(log.readStream(name, { limit: 9 }))).at(-1)).toMatchObject(appended)
    await log.close()
  })

  it('given two writers of one stream that expect anything, then both win, once each', async () => {
    const [one, other] = [(await opened()).log, (await opened()).log]
    const name = stream()
    const events = Array.from({ length: 40 }, () => newEvent())
    await Promise.all(
      events.flatMap((event, i) => {
        const log = i % 2 === 0 ? one : other
        return [ok(log.append(name, 'any', [event])), ok(other.append(name, 'any', [event]))]
      }),
    )
    const stored = await ok(one.readStream(name, { limit: 99 }))
    expect([...idsOf(stored)].sort()).toEqual([...idsOf(events)].sort())
    await Promise.all([one.close(), other.close()])
  })

  it('given ids that another writer appended, then it is a repetition', async () => {
    const [one, other] = [(await opened()).log, (await opened()).log]
    await server.fault({ stalled: true })
    const name = stream()
    const batch = [newEvent(), newEvent()]
    await ok(one.append(name, 'any', [newEvent()]))
    await ok(other.append(name, 'any', [newEvent()]))
    const first = await ok(one.append(name, 'any', batch))
    expect(await ok(other.append(name, 'any', batch))).toEqual(first)
    expect(await ok(other.append(name, 1, batch))).toEqual(first)
    await Promise.all([one.close(), other.close()])
  })

  it('given more than the server takes, then it is too large, and nothing is kept', async () => {
    const small = await startEventStoreServer({ maxAppendBytes: 100_000 })
    const log = await open({ connectionString: small.connectionString })
    const name = stream()
    const big = [newEvent('x'.repeat(99_000)), newEvent('y'.repeat(99_000))]
    const refused = await refusal(log.append(name, 'any', big))
    expect(refused).toEqual({ type: 'EventTooLarge', bytes: 198_008, limit: 100_000 })
    const each = big.map((event) => log.append(name, 'any', [event])())
    expect((await Promise.all(each)).every(E.isRight)).toBe(true)
    await Promise.all([log.close(), small.stop()])
  })

  it('given what no server should hear of, then it is refused here', async () => {
    const { log } = await opened()
    const append = (name: string, change: object) =>
      refusal(log.append(name, 'any', [{ ...newEvent(), ...change }]))
    for (const refused of [
      await append('$system', {}),
      await append('konto-ä', {}),
      await append('', {}),
      await append(stream(), { id: 'no-uuid' }),
      await append(stream(), { type: '' }),
      await append(stream(), { type: '$>' }),
    ])
      expect(refused.type).toBe('LogUnavailable')
    await log.close()
  })
})
