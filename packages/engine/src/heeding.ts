/**
 * A log whose subscriptions heed hints: what a hint speaks of and does not come by itself is read.
 *
 * Invariant: a subscriber gets every event once and in order, whether it came by itself or was
 * read, and whatever the hints say. Without hints it is the log as it was.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Hints } from './messaging.js'
import type { EventLog, Position, StoredEvent, Subscription, SubscriptionHandler } from './ports.js'

/** How long what was hinted at may take to come by itself. Unit: milliseconds. */
const PATIENCE_MS = 10

const EVENTS_PER_READ = 1_000

export type HeedingLog = {
  readonly log: EventLog
  /** To be told a position that is known otherwise than by a hint. */
  readonly heed: (position: Position) => void
  readonly stop: () => Promise<void>
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

type Heedful = Subscription & { readonly heed: (position: Position) => void }

const subscribeHeeding = (
  log: EventLog,
  after: Position,
  { onEvents, onFailure }: SubscriptionHandler,
): Heedful => {
  let handled = after
  let wanted = after
  let ended = false
  let looking: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()

  /** Batches take turns, from wherever they come; of each, only what is new is handed on. */
  const take = (events: ReadonlyArray<StoredEvent>): Promise<void> => {
    const turn = last.then(async () => {
      const fresh = events.filter(({ position }) => position > handled)
      const newest = fresh.at(-1)
      if (ended || newest === undefined) return
      await onEvents(fresh)
      handled = newest.position
    })
    last = turn.catch(() => undefined)
    return turn
  }
  const fail: SubscriptionHandler['onFailure'] = (error) => {
    if (ended) return
    ended = true
    onFailure(error)
  }
  const inner = log.subscribe(after, { onEvents: take, onFailure: fail })

  const look = async (): Promise<void> => {
    while (!ended && wanted > handled) {
      await pause(PATIENCE_MS)
      if (ended || wanted <= handled) return
      const page = await log.readAll({ after: handled, limit: EVENTS_PER_READ })()
      // A hint may be wrong, and a log that does not answer is not asked again for its sake.
      if (E.isLeft(page) || page.right.length === 0) return
      try {
        await take(page.right)
      } catch (cause) {
        fail({ type: 'HandlerFailed', cause })
        void inner.stop()
      }
    }
  }
  return {
    heed: (position) => {
      wanted = Math.max(wanted, position)
      if (ended || wanted <= handled) return
      looking ??= look().finally(() => {
        looking = null
        // A wrong hint is forgotten, or it would be looked for with every later one.
        wanted = handled
      })
    },
    stop: async () => {
      ended = true
      await inner.stop()
      await looking
      await last
    },
  }
}

export const heeding = (log: EventLog, hints: Pick<Hints, 'listen'>): HeedingLog => {
  const running = new Set<Heedful>()
  const heed = (position: Position): void => {
    for (const subscription of running) subscription.heed(position)
  }
  const listening = hints.listen(heed)
  return {
    log: {
      ...log,
      subscribe: (after, handler) => {
        const subscription = subscribeHeeding(log, after, {
          onEvents: handler.onEvents,
          onFailure: (error) => {
            running.delete(subscription)
            handler.onFailure(error)
          },
        })
        running.add(subscription)
        return {
          stop: async () => {
            running.delete(subscription)
            await subscription.stop()
          },
        }
      },
    },
    heed,
    stop: () => listening.stop(),
  }
}
