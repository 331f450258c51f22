/**
 * The end of the log in memory, so that a subscriber who keeps up never reads what this process has
 * just written.
 *
 * Invariant: it holds the last events without a hole, at most TAIL_EVENTS_MAX of them and
 * TAIL_TEXT_MAX of text after each trimming.
 */
import type { Position, StoredEvent } from '@grantlog/engine'

/** Units: events, and UTF-16 code units of text. */
export const TAIL_EVENTS_MAX = 8_192
const TAIL_TEXT_MAX = 16_777_216

export type Tail = {
  readonly head: () => Position
  readonly push: (events: ReadonlyArray<StoredEvent>) => void
  /** What follows a position; null when that begins before the tail does. */
  readonly after: (position: Position, limit: number) => ReadonlyArray<StoredEvent> | null
}

/** `head` is the position of the last event that is on disk and not in memory. */
export const emptyTail = (head: Position): Tail => {
  let events: Array<StoredEvent> = []
  let text = 0
  let last = head

  const trim = (): void => {
    if (events.length <= 2 * TAIL_EVENTS_MAX && text <= 2 * TAIL_TEXT_MAX) return
    let kept = 0
    let start = events.length
    while (start > 0 && events.length - start < TAIL_EVENTS_MAX && kept < TAIL_TEXT_MAX) {
      start -= 1
      kept += textOf(events[start] as StoredEvent)
    }
    events = events.slice(start)
    text = kept
  }

  return {
    head: () => last,
    push: (added) => {
      for (const event of added) {
        events.push(event)
        text += textOf(event)
      }
      last = added.at(-1)?.position ?? last
      trim()
    },
    after: (position, limit) => {
      if (position >= last) return []
      const first = last - events.length
      if (position < first) return null
      return events.slice(position - first, position - first + limit)
    },
  }
}

/** Unit: UTF-16 code units. */
export const textOf = ({ data, metadata }: StoredEvent): number => data.length + metadata.length
