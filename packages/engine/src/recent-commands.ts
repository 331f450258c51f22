/**
 * Which commands an account's stream holds from the last while: read back where a snapshot spared
 * the mailbox the events.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from './engine.js'
import type { EventLog } from './ports.js'
import { REMEMBER_MS, type RecentIds } from './recent-ids.js'
import { decodeEvent } from './stored-event.js'

const EVENTS_PER_READ = 1_000

/**
 * How many events are read back at most, about a second's work. Unit: events. Where an account saw
 * more within the time that matters, the claims of nonces alone speak for the older ones.
 */
const EVENTS_RECALLED_MAX = 50_000

/** Notes the commands of the events up to a revision, back to what no longer matters at `now`. */
export const recallCommands = async (
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  revision: number,
  now: number,
  recent: RecentIds,
): Promise<E.Either<EngineError, void>> => {
  const oldestWanted = Math.max(0, revision + 1 - EVENTS_RECALLED_MAX)
  for (let from = revision; from >= oldestWanted; ) {
    const page = await log.readStream(stream, { from, limit: EVENTS_PER_READ, backwards: true })()
    if (E.isLeft(page)) return page
    for (const stored of page.right) {
      if (stored.recordedAt < now - REMEMBER_MS) return E.right(undefined)
      const decoded = decodeEvent(stored)
      if (E.isLeft(decoded))
        return E.left({ type: 'AccountQuarantined', accountId: stream.slice('account-'.length) })
      recent.note(decoded.right.metadata.commandId, stored.recordedAt)
    }
    const oldest = page.right.at(-1)
    if (oldest === undefined) break
    from = oldest.revision - 1
  }
  return E.right(undefined)
}
