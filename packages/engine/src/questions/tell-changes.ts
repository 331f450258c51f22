/** What events at known positions changed: history knows that they were, the log what they said. */
import { type HistoryState, type ToldChange, toldChange } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position } from '../ports.js'
import { decodeEvent } from '../stored-event.js'

export type ToldChanges = ReadonlyMap<Position, ToldChange>

/** Cost: one reading of one event for each position. What cannot be read is not told. */
export const tellChanges = async (
  log: EventLog,
  history: HistoryState,
  positions: ReadonlyArray<Position>,
): Promise<E.Either<LogError, ToldChanges>> => {
  const told = new Map<Position, ToldChange>()
  for (const position of positions) {
    const read = await log.readAll({ after: position - 1, limit: 1 })()
    if (E.isLeft(read)) return read
    const [stored] = read.right
    const recorded = stored?.position === position ? decodeEvent(stored) : undefined
    if (recorded !== undefined && E.isRight(recorded))
      told.set(position, toldChange(history, recorded.right))
  }
  return E.right(told)
}
