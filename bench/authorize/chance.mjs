/**
 * Chance that is the same in every run: xorshift over 32 bits, from a seed.
 */
export const chance = (seed) => {
  let state = seed | 0 || 1
  /** From 0 to below 1. */
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const below = (n) => Math.floor(next() * n)
  const pick = (list) => list[below(list.length)]
  for (let i = 0; i < 20; i += 1) next()
  return {
    next,
    below,
    pick,
    between: (low, high) => low + below(high - low + 1),
    happens: (share) => next() < share,
    /** A few different ones. */
    some: (list, count) => {
      const chosen = new Set()
      while (chosen.size < Math.min(count, list.length)) chosen.add(pick(list))
      return [...chosen]
    },
    /** One of several ways, each with its weight. */
    way: (ways) => {
      let at = next() * ways.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of ways) {
        at -= weight
        if (at < 0) return value
      }
      return ways[ways.length - 1][1]
    },
    word: (length) => Array.from({ length }, () => below(36).toString(36)).join(''),
  }
}
