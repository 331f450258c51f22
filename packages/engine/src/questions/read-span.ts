/**
 * Reading a part of a stream: from where it reaches a position or a time, found by halving, up to
 * where it leaves it. What is read is bounded, and whoever reads is told how far it came.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'

/** How many events are read at a time. Unit: events. */
const BATCH = 500

/** What one question may read yet. Unit: events. */
export type Budget = { left: number }

/**
 * The revision of the first event for which `isReached` holds, as it then does for all later ones;
 * one past the last where there is none.
 */
const seek = async (
  { readStream }: EventLog,
  stream: string,
  isReached: (event: StoredEvent) => boolean,
): Promise<E.Either<LogError, number>> => {
  const end = await readStream(stream, { backwards: true, limit: 1 })()
  if (E.isLeft(end)) return end
  const [last] = end.right
  if (last === undefined) return E.right(0)
  if (!isReached(last)) return E.right(last.revision + 1)
  let low = 0
  let high = last.revision
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const read = await readStream(stream, { from: middle, limit: 1 })()
    if (E.isLeft(read)) return read
    const [event] = read.right
    if (event === undefined || isReached(event)) high = middle
    else low = middle + 1
  }
  return E.right(low)
}

export type Part = {
  readonly stream: string
  readonly isReached: (event: StoredEvent) => boolean
  readonly isPassed: (event: StoredEvent) => boolean
}

/**
 * Shows each event of a part in order until `visit` has enough, which it says by true. Answers the
 * position of the last event shown where the budget ended before the part did.
 */
export const readPart = async (
  log: EventLog,
  { stream, isReached, isPassed }: Part,
  budget: Budget,
  visit: (event: StoredEvent) => boolean,
): Promise<E.Either<LogError, Position | undefined>> => {
  const start = await seek(log, stream, isReached)
  if (E.isLeft(start)) return start
  let from = start.right
  let shown: Position | undefined
  for (;;) {
    const batch = await log.readStream(stream, { from, limit: BATCH })()
    if (E.isLeft(batch)) return batch
    for (const event of batch.right) {
      if (isPassed(event)) return E.right(undefined)
      if (budget.left === 0) return E.right(shown ?? event.position - 1)
      budget.left -= 1
      shown = event.position
      if (visit(event)) return E.right(undefined)
    }
    if (batch.right.length < BATCH) return E.right(undefined)
    from += batch.right.length
  }
}
