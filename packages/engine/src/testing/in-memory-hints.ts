/** Hints within one process, and a bad road for them: some are lost, doubled, late or overtaken. */
import type { Hints } from '../messaging.js'
import type { Subscription } from '../ports.js'

export const inMemoryHints = (): Hints => {
  const listeners = new Set<(position: number) => void>()
  return {
    announce: (position) => {
      for (const onHint of listeners) queueMicrotask(() => onHint(position))
    },
    listen: (onHint) => {
      const listener = (position: number): void => {
        if (listeners.has(listener)) onHint(position)
      }
      listeners.add(listener)
      return { stop: async () => void listeners.delete(listener) }
    },
  }
}

export type HintFaults = {
  /** The same seed gives the same fate to the same hints. */
  readonly seed: number
  /** How many of a hundred are lost, and how many of the others come twice. */
  readonly lostPercent?: number
  readonly doubledPercent?: number
  /** Each is late by up to so many milliseconds, so that later ones overtake it. */
  readonly lateMsMax?: number
}

/** Hints that reach their listeners as the faults allow. */
export const withHintFaults = (
  hints: Hints,
  { seed, lostPercent = 20, doubledPercent = 20, lateMsMax = 20 }: HintFaults,
): Hints => {
  const chance = chances(seed)
  return {
    announce: hints.announce,
    listen: (onHint) => {
      const timers = new Set<NodeJS.Timeout>()
      const later = (position: number): void => {
        const timer = setTimeout(
          () => {
            timers.delete(timer)
            onHint(position)
          },
          Math.floor(chance() * (lateMsMax + 1)),
        )
        timers.add(timer)
      }
      const subscription: Subscription = hints.listen((position) => {
        if (chance() * 100 < lostPercent) return
        later(position)
        if (chance() * 100 < doubledPercent) later(position)
      })
      return {
        stop: async () => {
          await subscription.stop()
          for (const timer of timers) clearTimeout(timer)
        },
      }
    },
  }
}

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
const chances = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
