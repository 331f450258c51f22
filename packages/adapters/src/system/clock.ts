/**
 * Clocks: the one of the machine, and one that a test moves by hand.
 */
import type { Clock } from '@grantlog/engine'

/** The wall clock of this machine, in milliseconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until it is told otherwise. Milliseconds since the epoch. */
export type ManualClock = Clock & {
  readonly set: (ms: number) => void
  /** Moves by so many milliseconds; a negative number steps back, as real clocks do. */
  readonly advance: (ms: number) => void
}

export const manualClock = (start: number): ManualClock => {
  let current = start
  return {
    now: () => current,
    set: (ms) => {
      current = ms
    },
    advance: (ms) => {
      current += ms
    },
  }
}
