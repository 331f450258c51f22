/**
 * Whom a question about the past means and up to which position it is asked.
 */
import { type Engine, type Moment, type Present, positionOf } from '@grantlog/engine'
import { type HistoryPrincipal, type HistoryState, lastChangeAt, positionAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { member } from './about.js'
import { bearerOf, type NamedInHistory } from './bearer.js'
import { momentOf, parseTime } from './moment.js'
import type { ReadFault } from './problem.js'

type InAccount = HistoryPrincipal['accountId']

/**
 * The position up to which everything was on record at a moment, of whatever account: a trust
 * policy may be another's. Now is `present`, where an answer has pages.
 */
export const positionOfMoment = (
  { views, status, clock }: Engine,
  accountId: NamedInHistory['accountId'],
  moment: Moment,
  present: Present = { applied: status().applied, now: clock.now() },
): E.Either<ReadFault, number> => {
  const position = positionOf(views, accountId, moment, present)
  return moment.type === 'AtTime' && E.isRight(position)
    ? E.right(Math.min(positionAt(views.history, undefined, moment.time), present.applied))
    : position
}

export type FoundInPast = { readonly bearer: HistoryPrincipal; readonly position: number }

export const findInPast = (
  engine: Engine,
  principal: NamedInHistory,
  moment: Moment,
  present?: Present,
): E.Either<ReadFault, FoundInPast> => {
  const position = positionOfMoment(engine, principal.accountId, moment, present)
  if (E.isLeft(position)) return position
  const bearer = bearerOf(engine, principal, moment, present)
  return E.isLeft(bearer) ? bearer : E.right({ bearer: bearer.right, position: position.right })
}

/** What every answer about the past says of itself. */
export const restsOn = (
  engine: Engine,
  accounts: ReadonlyArray<InAccount>,
  position: number,
): { readonly position: number; readonly applied: number } => ({
  position: lastChangeOf(engine.views.history, accounts, position),
  applied: engine.status().applied,
})

const lastChangeOf = (
  history: HistoryState,
  accounts: ReadonlyArray<InAccount>,
  position: number,
): number =>
  accounts.reduce((last, account) => Math.max(last, lastChangeAt(history, account, position)), 0)

/** One of two moments, in one parameter: a time, or a position in any of its forms. */
export const eitherMoment = (
  engine: Engine,
  accountId: string,
  given: string | undefined,
): Moment | null =>
  given === undefined || parseTime(given) !== null
    ? momentOf(engine, accountId, given)
    : momentOf(engine, accountId, { position: given })

const RULE =
  'an RFC 3339 time such as 2026-01-02T03:04:05Z, a position of the log as answers show it, or a ' +
  'consistency token'

export const FROM_ABOUT = member.needed('from', RULE, 'The earlier moment.')
export const TO_ABOUT = member.optional(
  'to',
  `${RULE}, not before from`,
  'The later moment; now when absent.',
)
