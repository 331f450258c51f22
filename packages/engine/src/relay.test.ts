/** The relay: every event once, in the order of the log, whatever the feed does. */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterEach, describe, expect, it } from 'vitest'
import { announcing } from './announcing.js'
import type { Feed } from './messaging.js'
import type { EventLog } from './ports.js'
import { type Relay, startRelay } from './relay.js'
import { type InMemoryFeed, inMemoryFeed, type PublishFault } from './testing/in-memory-feed.js'
import { inMemoryHints, withHintFaults } from './testing/in-memory-hints.js'
import { inMemoryLog } from './testing/in-memory-log.js'

const clock = { now: () => 7 }
const running: Relay[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((relay) => relay.stop()))
})

const append = async (log: EventLog, from: number, to: number): Promise<void> => {
  for (let n = from; n <= to; n++) {
    const event = { id: `e${n}`, type: 'T', schemaVersion: 1, data: '{}', metadata: '{}' }
    const appended = await log.append(`s${n % 3}`, 'any', [event])()
    if (E.isLeft(appended)) throw new Error(appended.left.type)
  }
}

const relay = (log: EventLog, feed: Feed) => {
  const stops: string[] = []
  const started = startRelay({ log, feed, clock, onStopped: (reason) => stops.push(reason) })
  running.push(started)
  return { relay: started, stops }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Each position with the one before it, as the feed has them. */
const chain = (feed: InMemoryFeed) =>
  feed.published().map(({ event, previousPosition }) => [previousPosition, event.position])

const wholeChain = (events: number) => Array.from({ length: events }, (_, n) => [n, n + 1])

describe('the relay', () => {
  it('given events before and after its start, then each is published once, with the one before', async () => {
    const [log, feed] = [inMemoryLog(), inMemoryFeed()]
    await append(log, 1, 3)
    const { relay: first } = relay(log, feed)
    await append(log, 4, 6)
    await until(() => feed.published().length >= 6)
    expect(chain(feed)).toEqual(wholeChain(6))
    await until(() => first.status().head === 6)
    expect(first.status()).toEqual({ published: 6, head: 6, fault: null })
  })

  it('given faults of every kind in any order, then each event is published once and in order', async () => {
    const faults = fc.constantFrom<PublishFault>('none', 'unavailable', 'torn', 'answer-lost')
    await fc.assert(
      fc.asyncProperty(fc.array(faults, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), run),
      { numRuns: 12 },
    )
    async function run(list: ReadonlyArray<PublishFault>, count: number): Promise<void> {
      const rest = [...list]
      const log = inMemoryLog()
      const feed = inMemoryFeed(() => rest.shift() ?? 'none')
      const started = relay(log, feed)
      await append(log, 1, count)
      await until(() => started.relay.status().published === count)
      await started.relay.stop()
      expect(chain(feed)).toEqual(wholeChain(count))
      expect(started.stops).toEqual([])
    }
  })

  it('given two relays at once, then they do not publish an event twice', async () => {
    const [log, feed] = [inMemoryLog(), inMemoryFeed()]
    const [one, two] = [relay(log, feed), relay(log, feed)]
    for (let n = 1; n <= 30; n += 3) {
      await append(log, n, n + 2)
      await until(() => feed.published().length >= n + 2)
    }
    await until(() => Math.max(one.relay.status().published, two.relay.status().published) === 30)
    expect(chain(feed)).toEqual(wholeChain(30))
  })

  it('given a feed that is away, then the fault shows since when, until it is back', async () => {
    const log = inMemoryLog()
    let isAway = true
    const feed = inMemoryFeed(() => (isAway ? 'unavailable' : 'none'))
    const started = relay(log, feed)
    await append(log, 1, 1)
    await until(() => started.relay.status().fault !== null)
    expect(started.relay.status().fault).toEqual({
      since: 7,
      reason: 'FeedUnavailable: unavailable',
    })
    isAway = false
    await until(() => started.relay.status().published === 1)
    expect(started.relay.status().fault).toBeNull()
  })

  it('given a feed that forgot its events, then it goes on after the last one', async () => {
    const [log, feed] = [inMemoryLog(), inMemoryFeed()]
    await append(log, 1, 5)
    const before = relay(log, feed)
    await until(() => before.relay.status().published === 5)
    await before.relay.stop()
    feed.expire()
    await append(log, 6, 7)
    relay(log, feed)
    await until(() => feed.published().length >= 2)
    expect(chain(feed)).toEqual([
      [5, 6],
      [6, 7],
    ])
  })

  it('given a feed of another log, then it stops and says so', async () => {
    const [log, other, feed] = [inMemoryLog(), inMemoryLog(), inMemoryFeed()]
    await append(log, 1, 2)
    await append(other, 11, 12)
    const before = relay(other, feed)
    await until(() => before.relay.status().published === 2)
    await before.relay.stop()
    const { stops } = relay(log, feed)
    await until(() => stops.length > 0)
    expect(stops).toEqual(['the feed ends with event e12, which the log does not have there'])
    expect(feed.published()).toHaveLength(2)
  })

  it('given a log that is dead, then it stops and says so', async () => {
    const log: EventLog = {
      ...inMemoryLog(),
      readAll: () => TE.left({ type: 'LogFailed', detail: 'no disk' }),
    }
    const feed: Feed = {
      ...inMemoryFeed(),
      lastPublished: () => TE.right({ type: 'Expired', events: 3 }),
    }
    const { stops } = relay(log, feed)
    await until(() => stops.length > 0)
    expect(stops).toEqual(['LogFailed: no disk'])
  })
})

describe('announcing', () => {
  it('given an append, then its position is announced once it is acknowledged, and a refusal is not', async () => {
    const hints = inMemoryHints()
    const heard: number[] = []
    const listening = hints.listen((position) => heard.push(position))
    const log = announcing(inMemoryLog(), hints)
    await append(log, 1, 2)
    const event = { id: 'x', type: 'T', schemaVersion: 1, data: '{}', metadata: '{}' }
    expect(E.isLeft(await log.append('s1', 'no-stream', [event])())).toBe(true)
    await listening.stop()
    await append(log, 3, 3)
    expect(heard).toEqual([1, 2])
  })
})

describe('hints on a bad road', () => {
  const heardWith = async (seed: number): Promise<ReadonlyArray<number>> => {
    const hints = withHintFaults(inMemoryHints(), { seed, lateMsMax: 3 })
    const heard: number[] = []
    const listening = hints.listen((position) => heard.push(position))
    for (let position = 1; position <= 200; position++) hints.announce(position)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await listening.stop()
    return heard
  }

  it('given the same seed, then the same hints are lost and doubled; some are, and some overtake', async () => {
    const [heard, again] = [await heardWith(5), await heardWith(5)]
    const inOrder = (list: ReadonlyArray<number>) => [...list].sort((a, b) => a - b)
    expect(inOrder(again)).toEqual(inOrder(heard))
    expect(new Set(heard).size).toBeLessThan(200)
    expect(heard.length).toBeGreaterThan(new Set(heard).size)
    expect(heard).not.toEqual(inOrder(heard))
  })
})
