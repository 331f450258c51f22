/**
 * The relay: copies the log to a feed, event by event, in the order of the log.
 *
 * The feed's end is its checkpoint, so each event is published once, whatever crashes, and however
 * many relays run. Faults of the feed are waited out; it ends only when feed and log do not belong
 * together, or when the log is dead.
 */
import * as E from 'fp-ts/lib/Either.js'
import { watchLag } from './lag.js'
import type { Feed, FeedMark, LastPublished } from './messaging.js'
import { type Observer, type Span, type Tracing, UNOBSERVED } from './observer.js'
import type { Clock, EventLog, Position, StoredEvent } from './ports.js'
import { traceparentsOf } from './stored-event.js'

export type RelayStatus = {
  /** The position of the last event that the feed is known to have. */
  readonly published: Position
  /** The last known end of the log. */
  readonly head: Position
  /**
   * Since when nothing could be published, in milliseconds UTC, and why; null while all is well.
   */
  readonly fault: { readonly since: number; readonly reason: string } | null
}

export type Relay = {
  readonly status: () => RelayStatus
  /** How long ago the log was asked that answered last. */
  readonly msSilent: () => number
  /** For how long the log is known to go further than the feed. Unit: milliseconds. */
  readonly msBehind: () => number
  /** How many events the feed lacks; null when the log does not say. */
  readonly eventsBehind: () => Promise<number | null>
  /** Resolves when nothing is being published any more. */
  readonly stop: () => Promise<void>
}

export type RelayDependencies = {
  readonly log: Pick<EventLog, 'readAll' | 'head' | 'subscribe'>
  readonly feed: Feed
  readonly clock: Clock
  /** Called at most once, when the relay can't go on. */
  readonly onStopped: (reason: string) => void
  /** Told of the work while it is done; nobody when left out. */
  readonly observer?: Observer
}

/** The first pause after a fault; it doubles up to the last. Unit: milliseconds. */
const PAUSE_MS_FIRST = 20
const PAUSE_MS_MAX = 5_000

const EVENTS_PER_READ = 2_000

/** Why a round ended. `final`: no other round can do better. */
type Fault = { readonly type: string; readonly reason: string; readonly final: boolean }

const passing = (error: { readonly type: string; readonly detail?: string }): Fault => ({
  type: error.type,
  reason: error.detail === undefined ? error.type : `${error.type}: ${error.detail}`,
  final: error.type === 'FeedForeign' || error.type === 'LogFailed',
})

const endsElsewhere = (what: string): Fault => ({
  type: 'FeedEndsElsewhere',
  reason: `the feed ends with ${what}, which the log does not have there`,
  final: true,
})

/** The end of a feed that forgot its last event: event n of the feed is event n of the log. */
const markByCount = async (
  log: RelayDependencies['log'],
  events: number,
): Promise<E.Either<Fault, FeedMark>> => {
  let position: Position = 0
  for (let counted = 0; counted < events; ) {
    const limit = Math.min(EVENTS_PER_READ, events - counted)
    const page = await log.readAll({ after: position, limit })()
    if (E.isLeft(page)) return E.left(passing(page.left))
    const last = page.right.at(-1)
    if (last === undefined) return E.left(endsElsewhere(`its event number ${events}`))
    counted += page.right.length
    position = last.position
  }
  return E.right({ events, position })
}

/** Where to go on, once the log shows the very event that the feed ends with. */
const markOf = async (
  log: RelayDependencies['log'],
  last: LastPublished,
): Promise<E.Either<Fault, FeedMark>> => {
  switch (last.type) {
    case 'Nothing':
      return E.right({ events: 0, position: 0 })
    case 'Expired':
      return markByCount(log, last.events)
    case 'Event': {
      const page = await log.readAll({ after: last.previousPosition, limit: 1 })()
      if (E.isLeft(page)) return E.left(passing(page.left))
      const [event] = page.right
      // Another relay may have read a part of the log that this node does not see yet.
      if (event === undefined)
        return E.left({ type: 'LogLagsFeed', reason: 'the log lags the feed', final: false })
      return event.id === last.id && event.position === last.mark.position
        ? E.right(last.mark)
        : E.left(endsElsewhere(`event ${last.id}`))
    }
  }
}

/** Linked to the calls that the events come from; none waits for it. */
const publishSpan = (tracing: Tracing, events: ReadonlyArray<StoredEvent>): Span | null => {
  const links = traceparentsOf(events)
  if (links.length === 0) return null
  const fields = { count: events.length }
  return tracing.start('relay.publish', { kind: 'Producer', links, fields })
}

/** Publishes what comes after a mark, until a fault or `stopping`. Null when it was stopped. */
const follow = async (
  { log, feed, observer: { tracing } = UNOBSERVED }: RelayDependencies,
  from: FeedMark,
  stopping: Promise<void>,
  onPublished: (mark: FeedMark) => void,
): Promise<Fault | null> => {
  let mark = from
  let ended = false
  let end: (fault: Fault) => void = () => undefined
  const faulted = new Promise<Fault>((resolve) => {
    end = (fault) => {
      ended = true
      resolve(fault)
    }
  })
  const subscription = log.subscribe(mark.position, {
    onEvents: async (events) => {
      if (ended) return
      const span = tracing.isOn ? publishSpan(tracing, events) : null
      const published = await feed.publish(events, mark)()
      if (E.isLeft(published)) {
        span?.fail({ outcome: published.left.type })
        return end(passing(published.left))
      }
      span?.end({ position: published.right.position })
      mark = published.right
      onPublished(mark)
    },
    onFailure: (error) =>
      end(
        error.type === 'HandlerFailed'
          ? { type: error.type, reason: String(error.cause), final: false }
          : passing({ type: error.type, ...('detail' in error ? { detail: error.detail } : {}) }),
      ),
  })
  const fault = await Promise.race([faulted, stopping.then(() => null)])
  ended = true
  await subscription.stop()
  return fault
}

export const startRelay = (dependencies: RelayDependencies): Relay => {
  const { log, feed, clock, onStopped, observer: { meter } = UNOBSERVED } = dependencies
  let published: Position = 0
  let fault: RelayStatus['fault'] = null
  let pauseMs = PAUSE_MS_FIRST
  let isStopping = false
  let stopNow: () => void = () => undefined
  const stopping = new Promise<void>((resolve) => {
    stopNow = () => {
      isStopping = true
      resolve()
    }
  })

  const reached = ({ position }: FeedMark): void => {
    published = position
    fault = null
    pauseMs = PAUSE_MS_FIRST
  }
  const lag = watchLag(log, () => published)
  const head = (): Position => Math.max(lag.end(), published)

  const round = async (): Promise<Fault | null> => {
    const last = await feed.lastPublished()()
    if (E.isLeft(last)) return passing(last.left)
    const mark = await markOf(log, last.right)
    if (E.isLeft(mark)) return mark.left
    published = mark.right.position
    await lag.look()
    // With nothing to publish, a feed that answers is well.
    if (published >= head()) fault = null
    return follow(dependencies, mark.right, stopping, reached)
  }
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const sleep = setTimeout(resolve, ms)
      void stopping.then(() => {
        clearTimeout(sleep)
        resolve()
      })
    })

  const run = async (): Promise<void> => {
    while (!isStopping) {
      const ended = await round()
      if (ended === null) continue
      meter.relayFaulted(ended.type)
      fault = { since: fault?.since ?? clock.now(), reason: ended.reason }
      if (ended.final) return onStopped(ended.reason)
      await pause(pauseMs)
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
    }
  }
  const finished = run()

  return {
    status: () => ({ published, head: head(), fault }),
    msSilent: lag.msSilent,
    msBehind: () => lag.msBehind(published),
    eventsBehind: () => lag.eventsBehind(published),
    stop: async () => {
      lag.stop()
      stopNow()
      await finished
    },
  }
}
