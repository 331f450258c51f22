/**
 * One subscription for several followers, each of which begins after a position of its own.
 *
 * Invariant: each follower gets what comes after its position, once and in order. They take a
 * batch side by side, and the next batch waits for the slowest.
 */
import type { EventLog, Position, Subscription, SubscriptionHandler } from '../ports.js'

type Follower = { readonly after: Position; readonly handler: SubscriptionHandler }

export type Together = {
  /** To be called by every follower before `start`. Stopping one of them stops its own part. */
  readonly subscribe: EventLog['subscribe']
  readonly start: () => Subscription
}

export const followTogether = (log: Pick<EventLog, 'subscribe'>): Together => {
  const followers = new Set<Follower>()
  let taking: Promise<unknown> = Promise.resolve()

  return {
    subscribe: (after, handler) => {
      const follower = { after, handler }
      followers.add(follower)
      return {
        stop: async () => {
          followers.delete(follower)
          await taking
        },
      }
    },
    start: () => {
      const from = Math.min(...[...followers].map(({ after }) => after))
      if (followers.size === 0) return { stop: async () => undefined }
      return log.subscribe(from, {
        onEvents: async (batch) => {
          const turns = [...followers].map(({ after, handler }) => {
            const later = batch.filter(({ position }) => position > after)
            return later.length === 0 ? Promise.resolve() : handler.onEvents(later)
          })
          taking = Promise.allSettled(turns)
          await Promise.all(turns)
        },
        onFailure: (error) => {
          for (const { handler } of followers) handler.onFailure(error)
        },
      })
    },
  }
}
