/**
 * Nonces that were used: each key may use a nonce once.
 *
 * Invariant: a nonce that was answered 'fresh' is 'used' for at least half an hour, which is longer
 * than any timestamp stays acceptable. When the store is full it says so; it never forgets early.
 */
import { hash, randomBytes } from 'node:crypto'

export type NonceStore = {
  /** Remembers the nonce of a key. Call it only after the signature was verified. */
  readonly use: (
    accessKeyId: string,
    nonce: string,
    timestampMs: number,
    nowMs: number,
  ) => 'fresh' | 'used' | 'full'
}

export type NonceStoreOptions = {
  /** When this process began to remember. Milliseconds since the epoch. */
  readonly startedAt: number
  /** How many nonces are held at most; each takes 11 to 22 bytes. */
  readonly noncesMax?: number
}

/** Unit: nonces. Half an hour of 5,000 calls a second. */
export const NONCES_MAX = 12_000_000

/** How long one generation is filled. Four are held, so a nonce lives for 30 to 40 minutes. */
const GENERATION_MS = 10 * 60 * 1000
const GENERATIONS = 4

/** What a client's clock may be behind the server's when the server starts. Unit: milliseconds. */
export const START_TOLERANCE_MS = 5000

/**
 * A store in memory. What came before the start is not remembered, so a call that was signed
 * earlier than 5 s before it counts as used: what an earlier process answered cannot be sent again,
 * apart from calls of its last 5 s and of clients whose clock runs ahead. Normal clients sign at
 * the time they call, and are not held up.
 */
export const inMemoryNonces = (options: NonceStoreOptions): NonceStore => {
  const noncesMax = options.noncesMax ?? NONCES_MAX
  const oldest = options.startedAt - START_TOLERANCE_MS
  const salt = randomBytes(16).toString('hex')
  let generations: ReadonlyArray<FingerprintSet> = [fingerprintSet()]
  let turn = Math.floor(options.startedAt / GENERATION_MS)

  const advance = (nowMs: number): void => {
    const now = Math.floor(nowMs / GENERATION_MS)
    // A clock that steps back keeps the newest generation: nothing is dropped for it.
    if (now <= turn) return
    const fresh = Array.from({ length: Math.min(now - turn, GENERATIONS) }, fingerprintSet)
    generations = [...fresh, ...generations].slice(0, GENERATIONS)
    turn = now
  }

  return {
    use: (accessKeyId, nonce, timestampMs, nowMs) => {
      advance(nowMs)
      if (timestampMs < oldest) return 'used'
      const digest = hash('sha256', `${salt}${accessKeyId.length}:${accessKeyId}${nonce}`, 'hex')
      const high = Number.parseInt(digest.slice(0, 8), 16)
      // 0 marks an empty slot.
      const low = Number.parseInt(digest.slice(8, 16), 16) || 1
      let held = 0
      for (const generation of generations) {
        if (generation.has(high, low)) return 'used'
        held += generation.size()
      }
      if (held >= noncesMax) return 'full'
      generations[0]?.add(high, low)
      return 'fresh'
    },
  }
}

type FingerprintSet = {
  readonly has: (high: number, low: number) => boolean
  readonly add: (high: number, low: number) => void
  readonly size: () => number
}

/**
 * A set of 64-bit fingerprints in one array of pairs, open addressing, at most three quarters full.
 */
const fingerprintSet = (): FingerprintSet => {
  let slots = new Uint32Array(2 * 1024)
  let count = 0

  const slotOf = (high: number, low: number): number => {
    const mask = slots.length - 1
    let at = (high * 2) & mask
    while (slots[at + 1] !== 0 && (slots[at] !== high || slots[at + 1] !== low))
      at = (at + 2) & mask
    return at
  }
  const put = (high: number, low: number): void => {
    const at = slotOf(high, low)
    slots[at] = high
    slots[at + 1] = low
  }
  const grow = (): void => {
    const before = slots
    slots = new Uint32Array(before.length * 2)
    for (let at = 0; at < before.length; at += 2) {
      const low = before[at + 1] ?? 0
      if (low !== 0) put(before[at] ?? 0, low)
    }
  }

  return {
    has: (high, low) => slots[slotOf(high, low) + 1] !== 0,
    add: (high, low) => {
      if ((count + 1) * 8 > slots.length * 3) grow()
      put(high, low)
      count += 1
    },
    size: () => count,
  }
}
