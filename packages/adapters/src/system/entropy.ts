/**
 * Random bytes, taken from a pool that is refilled in one call, and uniform picks made of them.
 *
 * Invariant: no byte is handed out twice, and a byte that was handed out is wiped from the pool.
 */
import { createHash, randomFillSync } from 'node:crypto'

/** How much is drawn at once: one system call serves some 250 salts. Unit: bytes. */
const POOL_BYTES = 8192

export type Entropy = {
  readonly byte: () => number
  /** Writes so many fresh bytes into the target; at most the size of the pool. */
  readonly fill: (target: Uint8Array, offset: number, length: number) => void
}

/** A pool over any source that can fill a block. */
const pooled = (refill: (pool: Buffer) => void, size: number): Entropy => {
  // Not from Buffer's shared slab: what is wiped here must be ours alone.
  const pool = Buffer.alloc(size)
  let next = size
  const take = (length: number): number => {
    if (length > size) throw new RangeError('more random bytes than the pool holds')
    if (next + length > size) {
      refill(pool)
      next = 0
    }
    const start = next
    next += length
    return start
  }
  return {
    byte: () => {
      const at = take(1)
      const value = pool[at] as number
      pool[at] = 0
      return value
    },
    fill: (target, offset, length) => {
      const at = take(length)
      pool.copy(target, offset, at, at + length)
      pool.fill(0, at, at + length)
    },
  }
}

/** The operating system's randomness. */
export const systemEntropy = (): Entropy =>
  pooled((pool) => {
    randomFillSync(pool)
  }, POOL_BYTES)

/** The same bytes for the same seed, for tests: SHA-256 of the seed and a block number. */
export const seededEntropy = (seed: string): Entropy => {
  let block = 0
  return pooled((pool) => {
    for (let at = 0; at < pool.length; at += 32) {
      createHash('sha256').update(`${block}:${seed}`).digest().copy(pool, at)
      block += 1
    }
  }, 1024)
}

/**
 * So many characters of an alphabet, each equally likely: bytes that would favour some are skipped.
 */
export const pickText = (entropy: Entropy, alphabet: string, length: number): string => {
  const usable = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    const byte = entropy.byte()
    if (byte < usable) text += alphabet[byte % alphabet.length]
  }
  return text
}
