/** Followers that share a subscription: each gets what comes after its own position. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Position } from '../ports.js'
import { inMemoryLog } from '../testing/index.js'
import { followTogether } from './follow-together.js'

const append = async (log: ReturnType<typeof inMemoryLog>, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) {
    const event = { id: crypto.randomUUID(), type: 'Noted', schemaVersion: 1 }
    const appended = await log.append('s', 'any', [{ ...event, data: '{}', metadata: '{}' }])()
    if (E.isLeft(appended)) throw new Error(appended.left.type)
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 4_000; tries++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it did not come to be')
}

describe('followers that share a subscription', () => {
  it('given positions of their own, then each gets what comes after its own, once and in order', async () => {
    const log = inMemoryLog()
    await append(log, 5)
    const together = followTogether(log)
    const seen: Position[][] = [[], [], []]
    const parts = [0, 3, 5].map((after, n) =>
      together.subscribe(after, {
        onEvents: async (batch) => {
          await new Promise((resolve) => setTimeout(resolve, n))
          seen[n]?.push(...batch.map(({ position }) => position))
        },
        onFailure: () => undefined,
      }),
    )
    const subscription = together.start()
    await append(log, 2)
    await until(() => seen.every((positions) => positions.includes(7)))
    expect(seen).toEqual([
      [1, 2, 3, 4, 5, 6, 7],
      [4, 5, 6, 7],
      [6, 7],
    ])

    await parts[0]?.stop()
    await append(log, 1)
    await until(() => seen[1]?.includes(8) ?? false)
    expect(seen[0]?.includes(8)).toBe(false)
    await subscription.stop()
  })

  it('given one that fails, then all of them are told', async () => {
    const log = inMemoryLog()
    const together = followTogether(log)
    const told: string[] = []
    const onFailure = ({ type }: { readonly type: string }) => void told.push(type)
    together.subscribe(0, { onEvents: () => Promise.reject(new Error('no')), onFailure })
    together.subscribe(0, { onEvents: async () => undefined, onFailure })
    const subscription = together.start()
    await append(log, 1)
    await until(() => told.length === 2)
    expect(told).toEqual(['HandlerFailed', 'HandlerFailed'])
    await subscription.stop()
  })

  it('given nobody, then nothing is followed', async () => {
    const subscription = followTogether({
      subscribe: () => {
        throw new Error('nobody asked for it')
      },
    }).start()
    await subscription.stop()
  })
})
