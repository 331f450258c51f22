/**
 * Percentiles, spreads, interleaved rounds and the table they are printed in.
 *
 * Invariant: contenders of one comparison take turns inside each round, so that a slow moment of
 * the machine hits all of them, and a ratio is always taken inside its round.
 */

/** A growing list of numbers without boxing. */
export const samples = () => {
  let values = new Float64Array(4_096)
  let length = 0
  return {
    add: (value) => {
      if (length === values.length) {
        const grown = new Float64Array(2 * length)
        grown.set(values)
        values = grown
      }
      values[length++] = value
    },
    count: () => length,
    sorted: () => values.slice(0, length).sort(),
  }
}

/** The value that a share of the sorted values does not exceed. */
export const percentile = (sorted, share) =>
  sorted.length === 0
    ? Number.NaN
    : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]

/** Least, middle and greatest of a few rounds. */
export const spread = (values) => {
  const sorted = Float64Array.from(values).sort()
  const half = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  return { min: sorted[0], median, max: sorted.at(-1) }
}

/** p50 and p99 of one round. */
export const latencyOf = (taken) => {
  const sorted = taken.sorted()
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }
}

/**
 * Lets each contender run once a round, beginning with another one each time. The answer has a
 * list per contender.
 */
export const inRounds = async (rounds, contenders) => {
  const results = contenders.map(() => [])
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (round + turn) % contenders.length
      results[index].push(await contenders[index](round))
    }
  return results
}

/** A member of both results, divided round by round. */
export const ratios = (results, floor, member) =>
  spread(results.map((result, round) => result[member] / floor[round][member]))

const magnitude = (value) => {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US')
  if (Math.abs(value) >= 100) return value.toFixed(0)
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The median with its spread. */
export const spreadText = ({ min, median, max }) =>
  `${magnitude(median)} [${magnitude(min)} .. ${magnitude(max)}]`

/** The median of a member over the rounds, as a figure without spread. */
export const medianText = (results, member) =>
  magnitude(spread(results.map((result) => result[member])).median)

/** One line per row: texts in columns as wide as their widest. */
export const printTable = (head, rows) => {
  const lines = [head, ...rows]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => String(line[column] ?? '').length)),
  )
  const printed = lines.map((line) =>
    line
      .map((text, column) => String(text ?? '').padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
  printed.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '))
  process.stdout.write(`${printed.join('\n')}\n\n`)
}

export const say = (text) => void process.stdout.write(`${text}\n`)

/** Something is wrong in itself, whatever the clock says. */
export const demand = (holds, what) => {
  if (!holds) throw new Error(`wrong: ${what}`)
}

/** The right of an Either, where a left can only be a fault of the bench or of what it measures. */
export const rightOf = (either, what) => {
  if (either._tag === 'Left') throw new Error(`wrong: ${what}: ${JSON.stringify(either.left)}`)
  return either.right
}

/**
 * What the 99th of a hundred takes that do nothing but wait, each for so long: the machine takes
 * the processor away for a while about every millisecond, and hits longer questions more often.
 * Unit: milliseconds.
 */
export const waitingFor = (milliseconds, count) => {
  const taken = samples()
  for (let wait = 0; wait < count; wait += 1) {
    const before = performance.now()
    let waited = 0
    while (waited < milliseconds) waited = performance.now() - before
    taken.add(waited)
  }
  return latencyOf(taken).p99
}
