/**
 * Subscriptions: from pages of the file to the tail in memory, one batch at a time, without a gap.
 *
 * Positions are gapless, and a page ends at the tail's head, so what follows the last event handed
 * on is always next.
 */
import {
  handOn,
  type LogError,
  type StoredEvent,
  type Subscription,
  type SubscriptionHandler,
} from '@grantlog/engine'
import { failureText } from './driver.js'
import type { Reader } from './reader.js'
import type { Tail } from './tail.js'

/** How many events one batch holds at most, from the file and from memory. */
const PAGE_EVENTS = 2_000
const BATCH_EVENTS = 1_000

export type Subscriptions = {
  readonly subscribe: (after: number, handler: SubscriptionHandler) => Subscription
  /** To be called when the tail has grown. */
  readonly wake: () => void
  /** Stops every subscription. */
  readonly close: () => Promise<void>
}

type Failure = Parameters<SubscriptionHandler['onFailure']>[0]

type Run = { stopped: boolean; position: number }

export const subscriptionsOver = (tail: Tail, reader: Reader): Subscriptions => {
  const sleepers = new Set<() => void>()
  const running = new Set<Subscription>()
  const wake = (): void => {
    for (const resume of sleepers) resume()
    sleepers.clear()
  }
  const sleep = (): Promise<void> => new Promise((resolve) => sleepers.add(resolve))

  /** Null when it was stopped. Nothing may come between looking at the tail and falling asleep. */
  const deliver = async (run: Run, handler: SubscriptionHandler): Promise<Failure | null> => {
    await Promise.resolve()
    while (!run.stopped) {
      const recent = tail.after(run.position, BATCH_EVENTS)
      if (recent !== null && recent.length === 0) {
        await sleep()
        continue
      }
      const batch = recent ?? (await nextPage(reader, run.position, tail))
      if ('type' in batch) return batch
      if (run.stopped) return null
      const failure = await handOn(handler, batch)
      if (failure !== null) return failure
      run.position = batch.at(-1)?.position ?? run.position
    }
    return null
  }

  const subscribe = (after: number, handler: SubscriptionHandler): Subscription => {
    const run = { stopped: false, position: after }
    const finished = deliver(run, handler).then((failure) => {
      running.delete(subscription)
      if (failure !== null) handler.onFailure(failure)
    })
    const subscription: Subscription = {
      stop: () => {
        run.stopped = true
        wake()
        return finished
      },
    }
    running.add(subscription)
    return subscription
  }

  return {
    subscribe,
    wake,
    close: async () => {
      await Promise.all([...running].map(({ stop }) => stop()))
    },
  }
}

/** One page, after everybody else had a turn. A page before the tail's head is never empty. */
const nextPage = async (
  reader: Reader,
  position: number,
  tail: Tail,
): Promise<ReadonlyArray<StoredEvent> | LogError> => {
  await new Promise((resolve) => setImmediate(resolve))
  try {
    const page = reader.all(position, tail.head(), PAGE_EVENTS)
    if (page[0]?.position === Math.max(position, 0) + 1) return page
    return { type: 'LogFailed', detail: `nothing is stored at position ${position + 1}` }
  } catch (error) {
    return { type: 'LogFailed', detail: failureText(error) }
  }
}
