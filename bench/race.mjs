/**
 * Many writers on one thing for a while: each says the next when the one before was answered.
 */
import {
  inRounds,
  latencyOf,
  medianText,
  ratios,
  samples,
  spread,
  spreadText,
} from './statistics.mjs'

/**
 * Rate per second, latency in milliseconds, and the processor time of all threads in microseconds
 * each, of `write` called by so many writers for so long.
 */
const race = async ({ writers, milliseconds, write }) => {
  const taken = samples()
  const cpuBefore = process.cpuUsage()
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
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    rate: taken.count() / seconds,
    cpu: (user + system) / taken.count(),
    ...latencyOf(taken),
  }
}

/**
 * Lets named writes race one after the other in several rounds, after a round that does not count.
 * The first one is the floor.
 */
export const raceInRounds = async ({ contenders, writers, rounds, milliseconds }) => {
  const runs = contenders.map(
    ({ write }) =>
      () =>
        race({ writers, milliseconds, write }),
  )
  await inRounds(1, runs)
  return inRounds(rounds, runs)
}

export const RACE_HEAD = [
  'writers',
  'what',
  'per second',
  'p50 / p99 ms',
  'cpu us each',
  'of the floor',
]

/** One row per contender: what was measured, and its rate by that of the floor. */
export const raceRows = ({ contenders, writers, results }) =>
  contenders.map(({ name }, index) => [
    String(writers),
    name,
    spreadText(spread(results[index].map(({ rate }) => rate))),
    `${medianText(results[index], 'p50')} / ${medianText(results[index], 'p99')}`,
    medianText(results[index], 'cpu'),
    index === 0 ? '1' : spreadText(ratios(results[index], results[0], 'rate')),
  ])
