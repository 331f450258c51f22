/**
 * The log contract: subscriptions deliver everything once, in order, one batch at a time.
 */
import { describe, expect, it } from 'vitest'
import type { EventLog, StoredEvent, SubscriptionHandler } from '../ports.js'
import type { LogTraits } from './log-contract-cases.js'
import { counting, eventually, ok, stream, texts } from './log-contract-cases.js'

export const subscriptionContract = (current: () => EventLog, traits: LogTraits): void => {
  describe('subscribe', () => {
    deliveryCases(current, traits)
    endingCases(current)
  })
}

const neverFails: SubscriptionHandler['onFailure'] = (error) => {
  throw new Error(`the subscription failed: ${JSON.stringify(error)}`)
}

const collecting = (wanted: (event: StoredEvent) => boolean) => {
  const events: Array<StoredEvent> = []
  const handler: SubscriptionHandler = {
    onEvents: async (batch) => {
      events.push(...batch.filter(wanted))
    },
    onFailure: neverFails,
  }
  return { events, handler }
}

const deliveryCases = (current: () => EventLog, traits: LogTraits): void => {
  it('given events before and after, then what follows `after` comes, and no more', async () => {
    const log = current()
    const name = stream()
    const first = await ok(log.append(name, 'any', texts('a')))
    await ok(log.append(name, 'any', texts('b')))
    const { events, handler } = collecting((event) => event.stream === name)
    const subscription = log.subscribe(first.position, handler)
    await ok(log.append(name, 'any', texts('c', 'd')))
    await eventually(() => events.length >= 3)
    await ok(log.append(name, 'any', texts('e')))
    await eventually(() => events.length >= 4)
    await subscription.stop()
    expect(events).toEqual(await ok(log.readStream(name, { from: 1, limit: 10 })))
  })

  it('given writers that write on, then catching up reaches them without a gap', async () => {
    const log = current()
    const before = await ok(log.head())
    const names = new Set(counting(8).map(stream))
    const write = (rounds: number, size: number) =>
      Promise.all(
        [...names].map(async (name) => {
          for (const _ of counting(rounds))
            await ok(log.append(name, 'any', texts(...counting(size).map(String))))
        }),
      )
    await write(5, 60)
    const { events, handler } = collecting((event) => names.has(event.stream))
    const early = log.subscribe(before, handler)
    await write(40, 3)
    const late = collecting((event) => names.has(event.stream))
    const second = log.subscribe(before, late.handler)
    await eventually(() => events.length >= 8 * 420 && late.events.length >= 8 * 420)
    await Promise.all([early.stop(), second.stop()])
    const positions = events.map(({ position }) => position)
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
    expect(new Set(positions).size).toBe(8 * 420)
    expect(late.events).toEqual(events)
    if (traits.gapless) expect(positions).toEqual(counting(8 * 420).map((i) => before + i + 1))
  })

  it('given a slow handler, then it never has two batches at once and misses nothing', async () => {
    const log = current()
    const name = stream()
    const seen: Array<number> = []
    let active = 0
    let most = 0
    const subscription = log.subscribe(await ok(log.head()), {
      onEvents: async (batch) => {
        active += 1
        most = Math.max(most, active)
        await new Promise((resolve) => setTimeout(resolve, 5))
        const own = batch.filter((event) => event.stream === name)
        seen.push(...own.map(({ revision }) => revision))
        active -= 1
      },
      onFailure: neverFails,
    })
    for (const i of counting(100)) await ok(log.append(name, 'any', texts(`${i}`, `${i}`)))
    await eventually(() => seen.length >= 200)
    await subscription.stop()
    expect(most).toBe(1)
    expect(seen).toEqual(counting(200))
  })
}

const endingCases = (current: () => EventLog): void => {
  it('given stop, then it waits for the batch in hand and no batch follows', async () => {
    const log = current()
    const name = stream()
    const seen: Array<string> = []
    let started = false
    const subscription = log.subscribe(await ok(log.head()), {
      onEvents: async (batch) => {
        if (batch.every((event) => event.stream !== name)) return
        started = true
        await new Promise((resolve) => setTimeout(resolve, 20))
        seen.push(...batch.map(({ data }) => data))
      },
      onFailure: neverFails,
    })
    await ok(log.append(name, 'any', texts('a')))
    await eventually(() => started)
    await subscription.stop()
    expect(seen).toEqual(['"a"'])
    await ok(log.append(name, 'any', texts('b')))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(seen).toEqual(['"a"'])
  })

  it('given a handler that rejects, then it is told once and no batch follows', async () => {
    const log = current()
    const name = stream()
    const failures: Array<unknown> = []
    let batches = 0
    const subscription = log.subscribe(await ok(log.head()), {
      onEvents: async (batch) => {
        if (batch.every((event) => event.stream !== name)) return
        batches += 1
        throw new Error('cannot')
      },
      onFailure: (error) => failures.push(error),
    })
    await ok(log.append(name, 'any', texts('a')))
    await eventually(() => failures.length > 0)
    await ok(log.append(name, 'any', texts('b')))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await subscription.stop()
    expect(failures).toEqual([{ type: 'HandlerFailed', cause: new Error('cannot') }])
    expect(batches).toBe(1)
  })

  it('given close, then subscriptions have ended', async () => {
    const log = current()
    let active = false
    log.subscribe(0, {
      onEvents: async () => {
        active = true
        await new Promise((resolve) => setTimeout(resolve, 10))
        active = false
      },
      onFailure: neverFails,
    })
    await ok(log.append(stream(), 'any', texts('a')))
    await eventually(() => active)
    await log.close()
    expect(active).toBe(false)
  })
}
