/**
 * Refusals of which whoever likes can cause as many as they like: on record, and never with more
 * than a few events an hour.
 *
 * Invariant: the first refusal in an hour is on record before it is answered, and so is each one
 * with which there are twice as many; where one of them could not be recorded, the next one is told
 * in its place. What is counted between is this node's own, and in memory.
 */
import { createHmac, randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from './engine-error.js'

/** Unit: milliseconds. */
export const REFUSALS_WINDOW_MS = 3_600_000

/**
 * How many keys are counted each by itself; those beyond are counted with their account. Accounts
 * are not limited here, for no stranger makes one. Unit: keys.
 */
const OWN_COUNTS_MAX = 10_000

type Count = {
  readonly since: number
  times: number
  /** How many there were when that was told last. */
  told: number
  readonly texts: Set<string>
}

export type CountedRefusal = {
  /** What is counted by itself, while there is room for that. */
  readonly own: string
  /** What it is counted with otherwise. */
  readonly common: string
  /** Of this it is told how many different ones there were. */
  readonly text?: string
}

/** What is told of a count. */
export type ToldCount = {
  readonly isOwn: boolean
  readonly times: number
  readonly texts: number
  /** Milliseconds since the epoch, UTC. */
  readonly since: number
}

/** Counts a refusal, and records it where it is one of those that are told. */
export type CountRefusal = (
  refusal: CountedRefusal,
  now: number,
  record: (count: ToldCount) => Promise<E.Either<EngineError, unknown>>,
) => Promise<E.Either<EngineError, void>>

/** One count for each key and hour. */
const countsOf = (ownMax: number) => {
  const counts = new Map<string, Count>()
  const isOver = ({ since }: Count, now: number): boolean => now - since >= REFUSALS_WINDOW_MS

  const hasRoom = (now: number): boolean => {
    if (counts.size < ownMax) return true
    for (const [key, count] of counts) if (isOver(count, now)) counts.delete(key)
    return counts.size < ownMax
  }

  return {
    /** Whether there is a count for the key, or may be. */
    takes: (key: string, now: number): boolean => counts.has(key) || hasRoom(now),
    of: (key: string, now: number): Count => {
      const known = counts.get(key)
      if (known !== undefined && !isOver(known, now)) return known
      const count = { since: now, times: 0, told: 0, texts: new Set<string>() }
      counts.set(key, count)
      return count
    },
  }
}

/** `textsMax`: how many texts are told apart in one count; by keyed digests, which are not kept. */
export const countedRefusals = (textsMax: number, ownMax = OWN_COUNTS_MAX): CountRefusal => {
  const counts = countsOf(ownMax)
  const secret = randomBytes(32)
  const digestOf = (text: string): string =>
    createHmac('sha256', secret).update(text).digest('base64')

  return async ({ own, common, text }, now, record) => {
    const isOwn = counts.takes(own, now)
    const count = counts.of(isOwn ? own : common, now)
    count.times += 1
    if (text !== undefined && count.texts.size < textsMax) count.texts.add(digestOf(text))
    const { times, told, texts, since } = count
    if (times < 2 * told) return E.right(undefined)
    count.told = times
    const recorded = await record({ isOwn, times, texts: texts.size, since })
    if (E.isRight(recorded)) return E.right(undefined)
    count.told = told
    return recorded
  }
}
