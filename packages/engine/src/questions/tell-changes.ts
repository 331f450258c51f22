/**
 * What events at known positions changed: history knows that they were, the log what they said.
 *
 * Positions tell the order and not how many events lie between two of them, so how much to read at
 * a time is learned on the way: more as long as a reading finds several that are wanted, less once
 * it finds one alone.
 */
import { type HistoryState, type ToldChange, toldChange } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'
import { decodeEvent } from '../stored-event.js'

export type ToldChanges = ReadonlyMap<Position, ToldChange>

/**
 * How much is read at a time: at first, and at least and at most. A few events that nobody wants
 * cost less than one more round trip. Unit: events. Ours.
 */
const READ_FIRST = 16
const READ_MIN = 4
const READ_MAX = 128

const nextLimit = (limit: number, found: number): number =>
  found > 1 ? Math.min(limit * 2, READ_MAX) : Math.max(limit / 2, READ_MIN)

/** Shows each event that stands at one of the positions; those where none stands are left out. */
const readAt = async (
  { readAll }: Pick<EventLog, 'readAll'>,
  positions: ReadonlyArray<Position>,
  show: (event: StoredEvent) => void,
): Promise<E.Either<LogError, void>> => {
  const wanted = new Set(positions)
  let rest = [...wanted].sort((a, b) => a - b)
  let limit = READ_FIRST
  for (;;) {
    const [first, last] = [rest[0], rest.at(-1)]
    if (first === undefined || last === undefined) return E.right(undefined)
    const read = await readAll({ after: first - 1, limit: Math.min(limit, last - first + 1) })()
    if (E.isLeft(read)) return read
    for (const event of read.right) if (wanted.has(event.position)) show(event)
    const reached = Math.max(first, read.right.at(-1)?.position ?? first)
    const left = rest.filter((position) => position > reached)
    limit = nextLimit(limit, rest.length - left.length)
    rest = left
  }
}

/** Cost: one reading for many positions that lie side by side. What cannot be read is not told. */
export const tellChanges = async (
  log: Pick<EventLog, 'readAll'>,
  history: HistoryState,
  positions: ReadonlyArray<Position>,
): Promise<E.Either<LogError, ToldChanges>> => {
  const told = new Map<Position, ToldChange>()
  const read = await readAt(log, positions, (stored) => {
    const recorded = decodeEvent(stored)
    if (E.isRight(recorded)) told.set(stored.position, toldChange(history, recorded.right))
  })
  return E.isLeft(read) ? read : E.right(told)
}
