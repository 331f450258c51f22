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

/** How much one batch from the file holds. Units: events, and UTF-16 code units of text. */
const PAGE = { events: 2_000, text: 4_194_304 }

/** How many events one batch from memory holds at most. */
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

  /** Hands the next batch on, where there is one. What it held is let go of when it answers. */
  const handOnNext = async (
    run: Run,
    handler: SubscriptionHandler,
    recent: ReadonlyArray<StoredEvent> | null,
  ): Promise<Failure | null> => {
    const batch = recent ?? (await nextPage(reader, tail, run.position, handler))
    if ('type' in batch) return batch
    if (run.stopped) return null
    const failure = await handOn(handler, batch)
    if (failure === null) run.position = batch.at(-1)?.position ?? run.position
    return failure
  }

  /** Null when it was stopped. Nothing may come between looking at the tail and falling asleep. */
  const deliver = async (run: Run, handler: SubscriptionHandler): Promise<Failure | null> => {
    await Promise.resolve()
    while (!run.stopped) {
      const recent = tail.after(run.position, BATCH_EVENTS)
      if (recent?.length === 0) await sleep()
      else {
        const failure = await handOnNext(run, handler, recent)
        if (failure !== null) return failure
      }
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
  tail: Tail,
  position: number,
  { unread }: SubscriptionHandler,
): Promise<ReadonlyArray<StoredEvent> | LogError> => {
  await new Promise((resolve) => setImmediate(resolve))
  try {
    const page = reader.page(position, tail.head(), { ...PAGE, ...(unread && { unread }) })
    if (page[0]?.position === Math.max(position, 0) + 1) return page
    return { type: 'LogFailed', detail: `nothing is stored at position ${position + 1}` }
  } catch (error) {
    return { type: 'LogFailed', detail: failureText(error) }
  }
}
