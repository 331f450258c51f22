/** The lag of a reader: how long, and how many events, also where positions have gaps. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterEach, describe, expect, it } from 'vitest'
import { type LagWatch, watchLag } from './lag.js'
import type { EventLog, Position, StoredEvent } from './ports.js'
import { inMemoryLog } from './testing/in-memory-log.js'

const running: LagWatch[] = []
afterEach(() => {
  for (const watch of running.splice(0)) watch.stop()
})

const append = async (log: EventLog, from: number, count: number): Promise<void> => {
  const events = Array.from({ length: count }, (_, n) => ({
    id: `e${from + n}`,
    type: 'Noted',
    schemaVersion: 1,
    data: '{}',
    metadata: '{}',
  }))
  if (E.isLeft(await log.append('s', 'any', events)())) throw new Error('not appended')
}

/** The same log with positions a thousand apart, as a log has them that counts bytes. */
const stretched = (log: EventLog): Pick<EventLog, 'readAll' | 'head'> => ({
  head: () => TE.map((head: Position) => head * 1_000)(log.head()),
  readAll: ({ after, limit }) =>
    TE.map((events: ReadonlyArray<StoredEvent>) =>
      events.map((event) => ({ ...event, position: event.position * 1_000 })),
    )(log.readAll({ after: after / 1_000, limit })),
})

const watch = (log: Pick<EventLog, 'readAll' | 'head'>, slowest: () => Position) => {
  let time = 0
  const lag = watchLag(log, slowest, () => time)
  running.push(lag)
  return { lag, wait: (ms: number) => (time += ms) }
}

describe('the silence of a log', () => {
  it('given a log that answers no more, then it grows until it answers again', async () => {
    const log = inMemoryLog()
    let away = false
    const unsure: Pick<EventLog, 'readAll' | 'head'> = {
      ...log,
      head: () =>
        away ? TE.left({ type: 'LogUnavailable', detail: 'away' } as const) : log.head(),
    }
    const { lag, wait } = watch(unsure, () => 0)
    wait(700)
    await lag.look()
    expect(lag.msSilent()).toBe(0)
    away = true
    wait(20_000)
    await lag.look()
    expect(lag.msSilent()).toBe(20_000)
    away = false
    await lag.look()
    expect(lag.msSilent()).toBe(0)
  })
})

describe('the lag', () => {
  it('given a reader that has everything, then it is zero', async () => {
    const log = inMemoryLog()
    await append(log, 1, 3)
    const { lag, wait } = watch(log, () => 3)
    await lag.look()
    wait(9_000)
    expect([lag.msBehind(3), await lag.eventsBehind(3)]).toEqual([0, 0])
  })

  it('given a reader that stands still, then its lag grows from when the end was seen', async () => {
    const log = inMemoryLog()
    await append(log, 1, 3)
    const { lag, wait } = watch(log, () => 1)
    await lag.look()
    wait(4_000)
    expect([lag.msBehind(1), lag.msBehind(3)]).toEqual([4_000, 0])
    expect([await lag.eventsBehind(1), await lag.eventsBehind(2)]).toEqual([2, 1])
    await append(log, 4, 2)
    await lag.look()
    wait(500)
    expect([lag.msBehind(1), lag.msBehind(3), lag.msBehind(5)]).toEqual([4_500, 500, 0])
  })

  it('given positions with gaps, then it counts events and not positions', async () => {
    const log = inMemoryLog()
    await append(log, 1, 40)
    const { lag } = watch(stretched(log), () => 0)
    await lag.look()
    expect(await lag.eventsBehind(10_000)).toBe(30)
  })

  it('given more events than are counted, then the rest is extrapolated', async () => {
    const log = inMemoryLog()
    await append(log, 1, 2_000)
    const { lag } = watch(stretched(log), () => 0)
    await lag.look()
    expect(await lag.eventsBehind(100_000)).toBe(1_900)
  })

  it('given a log that does not answer, then the lag in events is not known', async () => {
    const inner = inMemoryLog()
    await append(inner, 1, 3)
    const silent = () => TE.left({ type: 'LogUnavailable', detail: 'away' } as const)
    const { lag } = watch({ ...inner, readAll: silent }, () => 0)
    await lag.look()
    expect(await lag.eventsBehind(0)).toBeNull()
  })
})
