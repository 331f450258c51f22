/** Heeding hints: each event once and in order; a subscription that hears nothing is helped. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { announcing } from './announcing.js'
import { heeding } from './heeding.js'
import type { EventLog, StoredEvent } from './ports.js'
import { inMemoryHints, inMemoryLog, withHintFaults } from './testing/index.js'

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: `e${from + n}`,
    type: 'Noted',
    schemaVersion: 1,
    data: '{}',
    metadata: '{}',
  }))

const collect = (log: EventLog, after = 0) => {
  const seen: StoredEvent[] = []
  const failures: unknown[] = []
  const subscription = log.subscribe(after, {
    onEvents: async (batch) => {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(...batch)
    },
    onFailure: (error) => failures.push(error),
  })
  return { seen, failures, subscription }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 6_000; tries++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it did not come to be')
}

/** A log whose subscriptions deliver nothing, as one whose connection died unnoticed. */
const deaf = (log: EventLog): EventLog => ({
  ...log,
  subscribe: () => ({ stop: async () => undefined }),
})

describe('a log that heeds hints', () => {
  it('given a subscription that hears nothing, then what is hinted at is read', async () => {
    const hints = inMemoryHints()
    const inner = inMemoryLog()
    const { log } = heeding(deaf(announcing(inner, hints)), hints)
    const { seen, subscription } = collect(log)
    for (let n = 0; n < 30; n++) await log.append('s', 'any', events(n * 3, 3))()
    await until(() => seen.length === 90)
    expect(seen.map(({ position }) => position)).toEqual(
      Array.from({ length: 90 }, (_, n) => n + 1),
    )
    await subscription.stop()
  })

  it('given bad hints, then each event still comes once and in order', async () => {
    const hints = inMemoryHints()
    const bad = withHintFaults(hints, { seed: 7, lostPercent: 30, doubledPercent: 50 })
    const { log, stop } = heeding(announcing(inMemoryLog(), hints), bad)
    const { seen, subscription } = collect(log)
    for (let n = 0; n < 200; n++) {
      await log.append('s', 'any', events(n, 1))()
      if (n % 20 === 0) hints.announce(1_000_000 + n)
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 12))
    }
    await until(() => seen.length >= 200)
    expect(seen.map(({ position }) => position)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 1),
    )
    await subscription.stop()
    await stop()
  })

  it('given a position that is told directly, then it is read too', async () => {
    const inner = inMemoryLog()
    const { log, heed } = heeding(deaf(inner), inMemoryHints())
    const { seen, subscription } = collect(log)
    await inner.append('s', 'any', events(0, 5))()
    expect(seen).toEqual([])
    heed(5)
    await until(() => seen.length === 5)
    await subscription.stop()
  })

  it('given a handler that rejects what was read, then it is told once and no batch follows', async () => {
    const inner = inMemoryLog()
    const { log, heed } = heeding(deaf(inner), inMemoryHints())
    const failures: unknown[] = []
    let batches = 0
    log.subscribe(0, {
      onEvents: async () => {
        batches += 1
        throw new Error('full')
      },
      onFailure: (error) => failures.push(error),
    })
    await inner.append('s', 'any', events(0, 1))()
    heed(1)
    await until(() => failures.length === 1)
    heed(1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([batches, failures.length]).toEqual([1, 1])
  })

  it('given a log that does not answer, then a hint is forgotten and the next one helps', async () => {
    const inner = inMemoryLog()
    let away = true
    const unsure: EventLog = {
      ...deaf(inner),
      readAll: (options) =>
        away
          ? async () => E.left({ type: 'LogUnavailable', detail: 'away' })
          : inner.readAll(options),
    }
    const { log, heed } = heeding(unsure, inMemoryHints())
    const { seen, subscription } = collect(log)
    await inner.append('s', 'any', events(0, 2))()
    heed(2)
    await new Promise((resolve) => setTimeout(resolve, 30))
    away = false
    heed(2)
    await until(() => seen.length === 2)
    await subscription.stop()
  })
})
