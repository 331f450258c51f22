/**
 * The ids of what was done a short while ago, so that it is not done again.
 *
 * Invariant: an id is remembered for at least REMEMBER_MS after it was noted, on the clock of the
 * log, and for half as long again at most while others keep coming.
 */

/**
 * How long an id matters. A signature is accepted for a quarter of an hour on either side of its
 * timestamp, so for half an hour; the rest is for clocks that differ. Unit: milliseconds.
 */
export const REMEMBER_MS = 36 * 60 * 1_000

/** How many generations there are; the oldest is dropped when a new one begins. */
const GENERATIONS = 3

/** How long a generation is filled: all but the newest cover what has to be remembered. */
const GENERATION_MS = REMEMBER_MS / (GENERATIONS - 1)

export type RecentIds = {
  readonly has: (id: string) => boolean
  /** `at` is when it was recorded: milliseconds UTC, from the log. */
  readonly note: (id: string, at: number) => void
}

export const recentIds = (): RecentIds => {
  let generations: ReadonlyArray<Set<string>> = [new Set()]
  let beganAt = 0

  const advance = (at: number): void => {
    const passed = Math.floor((at - beganAt) / GENERATION_MS)
    if (passed < 1) return
    const begun = Array.from({ length: Math.min(passed, GENERATIONS) }, () => new Set<string>())
    generations = [...begun, ...generations].slice(0, GENERATIONS)
    beganAt = at
  }

  return {
    has: (id) => generations.some((generation) => generation.has(id)),
    note: (id, at) => {
      advance(at)
      generations[0]?.add(id)
    },
  }
}
