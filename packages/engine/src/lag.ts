/**
 * How far readers are behind the end of the log, in time and in events.
 *
 * The time is counted from when this process first saw that the log goes further than the reader:
 * clocks of other machines have no part in it. Positions may have gaps, so events are counted in
 * the log, up to a bound, and extrapolated beyond it.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, Position } from './ports.js'

/** How often the end of the log is looked at. Unit: milliseconds. */
const LOOK_EVERY_MS = 500

/** How many ends are remembered while a reader is behind: five hundred seconds of growth. */
const ENDS_MAX = 1_000

/** Up to how many events of a lag are counted one by one. Unit: events. */
const EVENTS_COUNTED_MAX = 500

export type LagWatch = {
  /** For how long the log is known to go further than this position; 0 when it does not. */
  readonly msBehind: (position: Position) => number
  /** Null when the log does not say. */
  readonly eventsBehind: (position: Position) => Promise<number | null>
  /** How long ago the log was asked that answered last. */
  readonly msSilent: () => number
  /** The last end of the log that was seen. */
  readonly end: () => Position
  /** Looks where the log ends. It is looked by itself too, twice a second. */
  readonly look: () => Promise<void>
  readonly stop: () => void
}

/** How far one view has got. */
export type ViewProgress = {
  readonly view: string
  readonly applied: Position
  /** Where a new process would go on. */
  readonly stored: Position
  readonly msBehind: number
  readonly eventsBehind: () => Promise<number | null>
}

/** Counts the events after a position, up to an end. */
const countAfter = async (
  log: Pick<EventLog, 'readAll'>,
  after: Position,
  end: Position,
): Promise<number | null> => {
  if (after >= end) return 0
  const page = await log.readAll({ after, limit: EVENTS_COUNTED_MAX })()
  if (E.isLeft(page)) return null
  const last = page.right.at(-1)
  if (last === undefined) return 0
  if (page.right.length < EVENTS_COUNTED_MAX || last.position >= end)
    return page.right.filter(({ position }) => position <= end).length
  return Math.round((page.right.length * (end - after)) / (last.position - after))
}

/** `slowest`: the position that every reader has passed. */
export const watchLag = (
  log: Pick<EventLog, 'readAll' | 'head'>,
  slowest: () => Position,
  now: () => number = () => performance.now(),
): LagWatch => {
  let end = 0
  let ends: Array<{ readonly position: Position; readonly seenAt: number }> = []

  let answeredAt = now()
  const look = async (): Promise<void> => {
    const askedAt = now()
    const answer = await log.head()()
    if (E.isLeft(answer)) return
    answeredAt = Math.max(answeredAt, askedAt)
    const passed = slowest()
    ends = ends.filter(({ position }) => position > passed)
    if (answer.right <= end) return
    end = answer.right
    if (end > passed && ends.length < ENDS_MAX) ends.push({ position: end, seenAt: now() })
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  timer.unref()
  void look()

  return {
    msBehind: (position) => {
      const first = ends.find((seen) => seen.position > position)
      return first === undefined ? 0 : now() - first.seenAt
    },
    eventsBehind: (position) => countAfter(log, position, end),
    msSilent: () => now() - answeredAt,
    end: () => end,
    look,
    stop: () => clearInterval(timer),
  }
}
