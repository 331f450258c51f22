/**
 * Whether this node may still answer for the present: it samples the head of the log and looks
 * how long ago the oldest sample was taken that it has not applied yet.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, Position } from './ports.js'

/** How often the head is sampled. Unit: milliseconds. */
const SAMPLE_EVERY_MS = 50

/**
 * How far a node may lag and still allow. Unit: milliseconds. Source:
 * docs/decisions/0009-freshness.md.
 */
export const LAG_MS_MAX = 250

export type Freshness = {
  /**
   * The position that must be applied before this node may allow anything; 0 while it is fresh
   * enough. Null when the log has not said for so long where its head is that it must be asked.
   */
  readonly owed: () => Position | null
  /** Asks the log where its head is; false when it does not say. */
  readonly ask: () => Promise<boolean>
  readonly head: () => Position
  readonly stop: () => void
}

type Sample = { readonly position: Position; readonly takenAt: number }

export const watchFreshness = (log: Pick<EventLog, 'head'>, applied: () => Position): Freshness => {
  let head = 0
  let samples: Sample[] = []
  let answeredAt = performance.now()

  const settle = (): void => {
    const position = applied()
    if (samples.length > 0) samples = samples.filter((sample) => sample.position > position)
  }
  const askLog = async (askedAt: number): Promise<boolean> => {
    const answer = await log.head()()
    if (E.isLeft(answer)) return false
    answeredAt = Math.max(answeredAt, askedAt)
    head = Math.max(head, answer.right)
    settle()
    if (head > applied()) samples.push({ position: head, takenAt: askedAt })
    return true
  }
  let asking: { readonly askedAt: number; readonly answer: Promise<boolean> } | null = null
  /** Many wait for one answer, but nobody for one that was asked for too long ago. */
  const ask = (): Promise<boolean> => {
    const now = performance.now()
    if (asking !== null && now - asking.askedAt <= LAG_MS_MAX) return asking.answer
    const answer = askLog(now).finally(() => {
      if (asking?.askedAt === now) asking = null
    })
    asking = { askedAt: now, answer }
    return answer
  }
  const timer = setInterval(() => void ask(), SAMPLE_EVERY_MS)
  timer.unref()
  void ask()

  return {
    owed: () => {
      settle()
      const now = performance.now()
      const [oldest] = samples
      if (oldest !== undefined && now - oldest.takenAt > LAG_MS_MAX) return oldest.position
      // A log that does not answer may hold a revocation that this node has not heard of, and a
      // process that was paused does not know how long.
      return now - answeredAt > LAG_MS_MAX ? null : 0
    },
    ask,
    head: () => Math.max(head, applied()),
    stop: () => clearInterval(timer),
  }
}
