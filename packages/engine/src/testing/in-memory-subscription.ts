/**
 * Subscriptions over a growing array of events: one batch after the other, from a position to the
 * end and on.
 */
import type { StoredEvent, Subscription, SubscriptionHandler } from '../ports.js'

/** How many events one batch holds at most. */
const BATCH_EVENTS_MAX = 1_000

export type Delivery = {
  readonly subscribe: (after: number, handler: SubscriptionHandler) => Subscription
  /** To be called after the array has grown. */
  readonly wake: () => void
  /** Stops every subscription. */
  readonly close: () => Promise<void>
}

/** `all` holds the event of position n at index n - 1. */
export const deliver = (all: ReadonlyArray<StoredEvent>): Delivery => {
  const sleepers = new Set<() => void>()
  const running = new Set<Subscription>()
  const wake = (): void => {
    for (const resume of sleepers) resume()
    sleepers.clear()
  }
  const sleep = (): Promise<void> => new Promise((resolve) => sleepers.add(resolve))

  const subscribe = (after: number, handler: SubscriptionHandler): Subscription => {
    let stopped = false
    const run = async (): Promise<void> => {
      let position = after
      await Promise.resolve()
      while (!stopped) {
        const batch = all.slice(position, position + BATCH_EVENTS_MAX)
        if (batch.length > 0) await handler.onEvents(batch)
        else await sleep()
        position += batch.length
      }
    }
    const finished = run()
      .catch((cause: unknown) => handler.onFailure({ type: 'HandlerFailed', cause }))
      .finally(() => running.delete(subscription))
    const subscription: Subscription = {
      stop: () => {
        stopped = true
        wake()
        return finished.then(() => undefined)
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
