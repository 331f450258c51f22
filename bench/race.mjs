/**
 * Many writers on one thing for a while: each says the next when the one before was answered.
 */
import { latencyOf, samples } from './statistics.mjs'

/**
 * Rate per second and latency in milliseconds of `write`, called by so many writers for so long.
 */
export const race = async ({ writers, milliseconds, write }) => {
  const taken = samples()
  const startedAt = performance.now()
  const until = startedAt + milliseconds
  const one = async (writer) => {
    for (;;) {
      const before = performance.now()
      if (before >= until) return
      await write(writer)
      taken.add(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)))
  const seconds = (performance.now() - startedAt) / 1_000
  return { count: taken.count(), rate: taken.count() / seconds, ...latencyOf(taken) }
}
