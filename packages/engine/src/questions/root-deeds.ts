/**
 * What happened to the root of an account and what was changed in the account by it, a page at a
 * time. Invariant: pages in a row tell each event once, in the order of the log.
 */
import type { AccountId } from '@grantlog/domain'
import { type HistoryState, rootTimeline } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Present } from '../engine-error.js'
import type { EventLog, LogError, Position } from '../ports.js'
import { type DeedsPage, pageOfDeeds } from './deeds-page.js'
import { type KeyDeed, tellDone, toldBy } from './key-deeds.js'

/** The root from the opening of its account on; `limit` events after a position. */
export type RootQuestion = {
  readonly accountId: AccountId
  readonly after: Position
  readonly limit: number
  /** The present that is meant, where an earlier page was answered in it. */
  readonly asOf?: Present
}

export const rootStory = async (
  log: EventLog,
  history: HistoryState,
  { accountId, after, limit }: RootQuestion,
  { applied }: Present,
): Promise<E.Either<LogError, DeedsPage<KeyDeed>>> => {
  const entries = rootTimeline(history, accountId).filter(
    ({ position }) => position > after && position <= applied,
  )
  const page = pageOfDeeds(entries.map(toldBy), Number.POSITIVE_INFINITY, limit)
  const deeds = await tellDone(log, history, page.deeds)
  return E.isLeft(deeds) ? deeds : E.right({ ...page, deeds: deeds.right })
}
