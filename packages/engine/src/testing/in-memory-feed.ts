/**
 * A feed in memory, with faults on demand.
 *
 * `unavailable`: nothing arrives. `torn`: the first half arrives and the publisher is told of a
 * failure. `answer-lost`: all of it does, and so is the publisher.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Feed, FeedError, FeedMark } from '../messaging.js'
import type { StoredEvent } from '../ports.js'

export type PublishFault = 'none' | 'unavailable' | 'torn' | 'answer-lost'

export type Published = { readonly event: StoredEvent; readonly previousPosition: number }

export type InMemoryFeed = Feed & {
  readonly published: () => ReadonlyArray<Published>
  /** Forgets the events that are there, and goes on counting. */
  readonly expire: () => void
}

const failed = (type: 'FeedUnavailable', detail: string): E.Either<FeedError, never> =>
  E.left({ type, detail })

/** `onPublish` is asked once per publish, in order. */
export const inMemoryFeed = (onPublish: () => PublishFault = () => 'none'): InMemoryFeed => {
  let kept: Array<Published> = []
  let count = 0
  let end = 0

  const add = (events: ReadonlyArray<StoredEvent>): FeedMark => {
    for (const event of events) {
      kept.push({ event, previousPosition: end })
      count += 1
      end = event.position
    }
    return { events: count, position: end }
  }

  return {
    published: () => kept,
    expire: () => {
      kept = []
    },
    lastPublished: () => async () => {
      const last = kept.at(-1)
      if (count === 0) return E.right({ type: 'Nothing' })
      if (last === undefined) return E.right({ type: 'Expired', events: count })
      const { event, previousPosition } = last
      const mark = { events: count, position: event.position }
      return E.right({ type: 'Event', mark, id: event.id, previousPosition })
    },
    publish: (events, after) => async () => {
      const fault = onPublish()
      if (fault === 'unavailable') return failed('FeedUnavailable', fault)
      if (after.events !== count) return E.left({ type: 'FeedMoved' })
      const mark = add(fault === 'torn' ? events.slice(0, events.length >> 1) : events)
      return fault === 'none' ? E.right(mark) : failed('FeedUnavailable', fault)
    },
  }
}
