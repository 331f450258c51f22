/**
 * What a session did: the changes it made in its account, the calls of it that are on record, and
 * the roles that it asked for there.
 *
 * Read from the account's streams of access and of sessions, in the part that the session lived
 * through, and never more of them than one question may read. Invariant: pages in a row tell each
 * deed once, in the order of the log.
 */
import {
  type AccessOutcome,
  type AccessRecorded,
  type AccountId,
  type Actor,
  accessStream,
  type Recorded,
  sessionsStream,
} from '@grantlog/domain'
import { doneWith, type HistoryState, type Mark, markOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import { type Budget, readPart } from './read-span.js'

/** How many events one page may read. Unit: events. Ours. */
const EVENTS_MAX = 50_000

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A call that was judged and put on record. */
export type SessionCall = {
  readonly requestId: string
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly outcome: AccessOutcome['outcome']
  /** The error code that was answered; empty when allowed. */
  readonly code: string
  /** The position that it was judged at. */
  readonly position: Position
}

export type SessionDeed =
  /** Something in the account was changed. */
  | { readonly type: 'Changed'; readonly event: Mark }
  /** A call was judged and put on record. */
  | {
      readonly type: 'Called'
      readonly event: Mark
      readonly call: SessionCall
    }
  | {
      readonly type: 'RoleAssumed'
      readonly event: Mark
      readonly sessionId: string
      readonly roleName: string
      readonly sessionName: string
    }
  | { readonly type: 'RoleRefused'; readonly event: Mark; readonly refusal: string }

export type Deeds = {
  readonly deeds: ReadonlyArray<SessionDeed>
  /** Where to go on after; absent when everything is told. */
  readonly next?: Position
}

/** Whose deeds, and in which part of its life. */
export type DeedsQuestion = {
  readonly accountId: AccountId
  readonly sessionId: string
  /** Milliseconds since the epoch, UTC: its beginning, and when no more came of it. */
  readonly began: number
  readonly ended: number
  readonly after: Position
  readonly hasHappened: (event: StoredEvent) => boolean
  readonly limit: number
}

const isBy = ({ sessionId }: Actor, wanted: string): boolean => sessionId === wanted

/**
 * The calls of a batch that the session itself was judged for. The first records did not say who it
 * was; theirs was whoever they were recorded for.
 */
const callsOf = (
  { records, questions, answers, principals, requestIds }: AccessRecorded,
  isActor: boolean,
  sessionId: string,
): ReadonlyArray<SessionCall> =>
  records.position.flatMap((position, index) => {
    const question = questions[records.question[index] ?? -1]
    const answer = answers[records.answer[index] ?? -1]
    const requestId = requestIds[records.request[index] ?? -1]
    const principal = question && principals[question.principal]
    if (question === undefined || answer === undefined || requestId === undefined) return []
    const isOwn =
      principal?.type === 'Unrecorded'
        ? isActor
        : principal?.type === 'Role' && principal.sessionId === sessionId
    const { action, resources } = question
    return isOwn ? [{ requestId, action, resources, ...answer, position }] : []
  })

/** What one event of the streams tells of a session; a batch may tell of several calls. */
const deedsOf = (recorded: Recorded, sessionId: string): ReadonlyArray<SessionDeed> => {
  const { event } = recorded
  const isActor = isBy(recorded.metadata.actor, sessionId)
  const mark = markOf(recorded)
  if (event.type === 'AccessRecorded')
    return callsOf(event, isActor, sessionId).map((call) => ({ type: 'Called', event: mark, call }))
  if (!isActor) return []
  if (event.type === 'RoleAssumed') {
    const { roleName, sessionName } = event
    return [{ type: 'RoleAssumed', event: mark, sessionId: event.sessionId, roleName, sessionName }]
  }
  return event.type === 'RoleAssumptionRefused'
    ? [{ type: 'RoleRefused', event: mark, refusal: event.refusal }]
    : []
}

/** The streams of each hour and day that a session lived through. */
const streamsOf = ({ accountId, began, ended }: DeedsQuestion): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (let at = began; at < ended + HOUR_MS; at += HOUR_MS)
    names.add(sessionsStream(accountId, Math.min(at, ended)))
  for (let at = began; at < ended + DAY_MS; at += DAY_MS)
    names.add(accessStream(accountId, Math.min(at, ended)))
  return [...names]
}

type Found = { readonly position: Position; readonly deeds: ReadonlyArray<SessionDeed> }

/** One stream's deeds after a position, and how far it was read where that is not to its end. */
const readStream = async (
  log: EventLog,
  stream: string,
  question: DeedsQuestion,
  budget: Budget,
): Promise<
  E.Either<LogError, { readonly found: ReadonlyArray<Found>; readonly seen?: Position }>
> => {
  const { sessionId, after, limit, hasHappened } = question
  const found: Array<Found> = []
  const part = {
    stream,
    isReached: ({ position }: StoredEvent) => position > after,
    isPassed: (event: StoredEvent) => !hasHappened(event),
  }
  const read = await readPart(log, part, budget, (stored) => {
    if (!stored.metadata.includes(sessionId) && !stored.data.includes(sessionId)) return false
    const decoded = decodeEvent(stored)
    const deeds = E.isLeft(decoded) ? [] : deedsOf(decoded.right, sessionId)
    if (deeds.length > 0) found.push({ position: stored.position, deeds })
    return found.length > limit
  })
  if (E.isLeft(read)) return read
  const { right: seen } = read
  return E.right(seen === undefined ? { found } : { found, seen })
}

const changesOf = (
  history: HistoryState,
  { accountId, sessionId, after }: DeedsQuestion,
  upTo: Position,
): ReadonlyArray<Found> =>
  doneWith(history, accountId, sessionId)
    .filter(({ position }) => position > after && position <= upTo)
    .map(({ change: _, ...event }) => ({
      position: event.position,
      deeds: [{ type: 'Changed', event }],
    }))

/** One page: whole events, `limit` of them at most, so that a batch of calls is never cut. */
export const sessionDeeds = async (
  log: EventLog,
  history: HistoryState,
  question: DeedsQuestion,
  upTo: Position,
): Promise<E.Either<LogError, Deeds>> => {
  const streams = streamsOf(question)
  const found = [...changesOf(history, question, upTo)]
  let seen = Number.POSITIVE_INFINITY
  for (const stream of streams) {
    // Each has a share of its own, so that every page gets further in all of them.
    const budget = { left: Math.ceil(EVENTS_MAX / streams.length) }
    const read = await readStream(log, stream, question, budget)
    if (E.isLeft(read)) return read
    found.push(...read.right.found)
    seen = Math.min(seen, read.right.seen ?? seen)
  }
  const known = found
    .filter(({ position }) => position <= seen)
    .sort((a, b) => a.position - b.position)
  const page = known.slice(0, question.limit)
  const last = known.length > question.limit ? page.at(-1)?.position : undefined
  const next = last ?? (Number.isFinite(seen) ? seen : undefined)
  const deeds = page.flatMap((each) => each.deeds)
  return E.right(next === undefined ? { deeds } : { deeds, next })
}
