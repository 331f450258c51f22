/**
 * Hears of every event as it is stored, and hands each append its own events.
 *
 * The answer to an append does not say when it was recorded; what comes by on the log does, without
 * a call of its own, and also where the answer was lost.
 */
import type { NewEvent, StoredEvent } from '@grantlog/engine'

export type Listening = {
  /** Resolves when all of the events have come by, which may be never. */
  readonly heard: Promise<ReadonlyArray<StoredEvent>>
  readonly stop: () => void
}

export type Echo = {
  /** To be called with every event, in order. */
  readonly hear: (event: StoredEvent) => void
  /** Listens for events that are about to be appended at a revision. */
  readonly listen: (stream: string, revision: number, events: ReadonlyArray<NewEvent>) => Listening
}

/** An append of a stream is under way one at a time, so a stream has one listener. */
export const openEcho = (): Echo => {
  const listeners = new Map<string, (event: StoredEvent) => void>()

  return {
    hear: (event) => listeners.get(event.stream)?.(event),
    listen: (stream, revision, events) => {
      const stored: Array<StoredEvent> = []
      const heard = new Promise<ReadonlyArray<StoredEvent>>((resolve) => {
        listeners.set(stream, (event) => {
          const isNext =
            event.revision === revision + stored.length &&
            event.id === events[stored.length]?.id.toLowerCase()
          if (isNext) stored.push(event)
          if (stored.length === events.length) resolve(stored)
        })
      })
      return {
        heard,
        stop: () => {
          listeners.delete(stream)
        },
      }
    },
  }
}
