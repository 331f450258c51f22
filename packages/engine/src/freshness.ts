/**
 * Whether this node may still answer for the present: it samples the head of the log, and knows
 * since when it has everything that the log held at a sample.
 *
 * Invariant: where nothing is owed, everything that was in the log LAG_MS_MAX ago is applied,
 * however rarely the samples came: also on a busy machine, and in a process that was paused.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, Position } from './ports.js'

/** How often the head is sampled. Unit: milliseconds. */
const SAMPLE_EVERY_MS = 100

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

/** What the log held at a time, or later: it was asked then. */
type Sample = { readonly position: Position; readonly askedAt: number }

export const watchFreshness = (
  log: Pick<EventLog, 'head'>,
  applied: () => Position,
  now: () => number = () => performance.now(),
): Freshness => {
  let head = 0
  /** Everything that the log held then is applied. */
  let freshAt = Number.NEGATIVE_INFINITY
  /** In the order of asking. */
  let unapplied: Sample[] = []
  let asking: { readonly askedAt: number; readonly answered: Promise<boolean> } | null = null

  const isRecent = ({ askedAt }: { readonly askedAt: number }): boolean =>
    now() - askedAt <= LAG_MS_MAX

  const settle = (): void => {
    if (unapplied.length === 0) return
    const position = applied()
    for (const sample of unapplied)
      if (sample.position <= position) freshAt = Math.max(freshAt, sample.askedAt)
    unapplied = unapplied.filter((sample) => sample.position > position && isRecent(sample))
  }
  const askAt = async (askedAt: number): Promise<boolean> => {
    const answer = await log.head()()
    if (E.isLeft(answer)) return false
    head = Math.max(head, answer.right)
    unapplied.push({ position: answer.right, askedAt })
    settle()
    return true
  }
  /** A question that is on its way serves everybody, while its answer would still be recent. */
  const ask = (): Promise<boolean> => {
    if (asking !== null && isRecent(asking)) return asking.answered
    const askedAt = now()
    const answered = askAt(askedAt)
    const mine = { askedAt, answered }
    asking = mine
    void answered.finally(() => {
      if (asking === mine) asking = null
    })
    return answered
  }
  const timer = setInterval(() => void ask(), SAMPLE_EVERY_MS)
  timer.unref()
  void ask()

  return {
    owed: () => {
      settle()
      if (isRecent({ askedAt: freshAt })) return 0
      // A log that does not answer may hold a revocation that this node has not heard of, and a
      // process that was paused does not know how long.
      return unapplied.find(isRecent)?.position ?? null
    },
    ask,
    head: () => Math.max(head, applied()),
    stop: () => clearInterval(timer),
  }
}
