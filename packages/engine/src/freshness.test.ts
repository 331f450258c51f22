/** Freshness: what a node owes before it may allow, and that it asks when it does not know. */
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, it } from 'vitest'
import { type Freshness, LAG_MS_MAX, watchFreshness } from './freshness.js'
import type { LogError, Position } from './ports.js'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const running: Freshness[] = []
afterEach(() => {
  for (const freshness of running.splice(0)) freshness.stop()
})

/** A log of which only the head is asked, and a node that has applied some of it. */
const node = () => {
  const world = { head: 10, applied: 10, silent: false, asked: 0, answerMs: 0 }
  const log = {
    head: () => async (): Promise<E.Either<LogError, Position>> => {
      world.asked += 1
      const { head } = world
      if (world.answerMs > 0) await pause(world.answerMs)
      return world.silent ? E.left({ type: 'LogUnavailable', detail: 'away' }) : E.right(head)
    },
  }
  const freshness = watchFreshness(log, () => world.applied)
  running.push(freshness)
  return { world, freshness }
}

describe('freshness', () => {
  it('given a node that has applied the head, then it owes nothing', async () => {
    const { freshness } = node()
    await pause(120)
    expect(freshness.owed()).toBe(0)
  })

  it('given a lag beyond the bound, then the oldest head is owed until it is applied', async () => {
    const { world, freshness } = node()
    await freshness.ask()
    world.head = 11
    await freshness.ask()
    await pause(LAG_MS_MAX + 50)
    expect(freshness.owed()).toBe(11)
    world.applied = 11
    expect(freshness.owed()).toBe(0)
  })

  it('given a log that is silent beyond the bound, then nobody knows what is owed', async () => {
    const { world, freshness } = node()
    await freshness.ask()
    world.silent = true
    await pause(LAG_MS_MAX + 100)
    expect(freshness.owed()).toBeNull()
    expect(await freshness.ask()).toBe(false)
    world.silent = false
    world.head = 12
    expect(await freshness.ask()).toBe(true)
    expect([freshness.owed(), freshness.head()]).toEqual([0, 12])
  })

  it('given many who ask at once, then the log is asked once', async () => {
    const { world, freshness } = node()
    freshness.stop()
    await pause(20)
    world.asked = 0
    world.answerMs = 30
    const answers = await Promise.all(Array.from({ length: 50 }, () => freshness.ask()))
    expect(answers.every((answer) => answer)).toBe(true)
    expect(world.asked).toBe(1)
  })

  it('given an answer that was asked for before the bound, then it is not waited for', async () => {
    const { world, freshness } = node()
    freshness.stop()
    await pause(20)
    world.answerMs = 4 * LAG_MS_MAX
    const slow = freshness.ask()
    await pause(LAG_MS_MAX + 20)
    world.answerMs = 0
    world.head = 20
    await freshness.ask()
    expect(freshness.head()).toBe(20)
    await slow
    expect(freshness.head()).toBe(20)
  })
})
