/**
 * What a session did, in order: what it changed in its account, the roles it assumed, the calls of
 * it that were put on record, and uses of its credential that were refused.
 *
 * Changes come from history; the rest is read from the streams of the hours and days that it lived
 * through, and from what was refused since, never more than one question may read. Invariant:
 * pages in a row tell each deed once, in the order of the log.
 */
import type { AccountId } from '@grantlog/domain'
import { doneWith, type HistoryState, type Mark, type ToldChange } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'
import { type DeedsPage, type Found, pageOfDeeds } from './deeds-page.js'
import { refusedDeeds, type StreamDeed, streamDeeds } from './stream-deeds.js'
import { tellChanges } from './tell-changes.js'

export type SessionDeed =
  /** Something in the account was changed. */
  ({ readonly type: 'Changed'; readonly event: Mark } & ToldChange) | StreamDeed

export type Deeds = DeedsPage<SessionDeed>

/** Whose deeds, and in which part of its life. */
export type DeedsQuestion = {
  readonly accountId: AccountId
  readonly sessionId: string
  /** Milliseconds since the epoch, UTC: its beginning, and when no more came of it. */
  readonly began: number
  readonly ended: number
  /** The position at which it began. */
  readonly beganPosition: Position
  readonly after: Position
  readonly hasHappened: (event: StoredEvent) => boolean
  readonly limit: number
}

const changesOf = (
  history: HistoryState,
  { accountId, sessionId, after }: DeedsQuestion,
  upTo: Position,
): ReadonlyArray<Found<SessionDeed>> =>
  doneWith(history, accountId, sessionId)
    .filter(({ position }) => position > after && position <= upTo)
    .map(({ change: _, ...event }) => ({
      position: event.position,
      deeds: [{ type: 'Changed', event }],
    }))

/** One page. */
export const sessionDeeds = async (
  log: EventLog,
  history: HistoryState,
  question: DeedsQuestion,
  upTo: Position,
): Promise<E.Either<LogError, Deeds>> => {
  const { sessionId, began, ended, beganPosition, ...asked } = question
  const { limit } = asked
  const credential = { type: 'Session', id: sessionId } as const
  const life = { from: began, to: ended }
  const read = await streamDeeds(log, { ...asked, history, credential }, life)
  if (E.isLeft(read)) return read
  const refused = await refusedDeeds(log, { ...asked, history, credential }, beganPosition)
  if (E.isLeft(refused)) return refused
  const seen = Math.min(read.right.seen, refused.right.seen)
  const found = [...read.right.found, ...refused.right.found]
  const page = pageOfDeeds([...changesOf(history, question, upTo), ...found], seen, limit)
  const changes = page.deeds.filter(({ type }) => type === 'Changed')
  const positions = changes.map(({ event }) => event.position)
  const told = await tellChanges(log, history, positions)
  if (E.isLeft(told)) return told
  const deeds = page.deeds.map((deed) =>
    deed.type === 'Changed' ? { ...deed, ...told.right.get(deed.event.position) } : deed,
  )
  return E.right({ ...page, deeds })
}
