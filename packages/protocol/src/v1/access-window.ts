/**
 * Which recorded access a question is about: from when to when, whose, and of which actions.
 */
import {
  type AccessFilter,
  type Coverage,
  type Engine,
  FLUSH_MS,
  type Grounds,
  type Moment,
  type Present,
} from '@grantlog/engine'
import { type HistoryPrincipal, nameBearers } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type MemberAbout, member } from './about.js'
import { type NamedInHistory, nameOf } from './bearer.js'
import { isoText, momentOf } from './moment.js'
import { type NamedPrincipal, PRINCIPAL_CHARACTERS_MAX, parsePrincipal } from './principal.js'
import type { ReadFault } from './problem.js'

export const ACTION_PREFIX_CHARACTERS_MAX = 128
export const END_CHARACTERS_MAX = 1024

/** What an end may be. */
export const END_RULE = 'an RFC 3339 time such as 2026-01-02T03:04:05Z, or a position of the log'

/** What an end means that is a position. */
export const POSITION_MEANS =
  'A position means the moment at which the event there was recorded, of whatever account it is.'

export const FROM_ABOUT = member.optional(
  'from',
  END_RULE,
  `Where the window begins, inclusive; absent means when the account was opened. ${POSITION_MEANS}`,
)
export const TO_ABOUT = member.optional(
  'to',
  END_RULE,
  `Where the window ends, inclusive; absent means now. ${POSITION_MEANS}`,
)
export const PRINCIPAL_ABOUT: MemberAbout = member.optional(
  'principal',
  'the ARN of a root, a user, a role or a session',
  'Whose calls; absent means those of all. A name means everybody who ever bore it.',
)
export const ACTION_ABOUT: MemberAbout = member.optional(
  'action',
  `a text of at most ${ACTION_PREFIX_CHARACTERS_MAX} characters`,
  'How the names of the actions begin, without case, e.g. `ots:`; absent means all.',
)

/** One end of a window: a time, a position or a consistency token. Null for anything else. */
export const endOf = (engine: Engine, accountId: string, text: string | undefined) => {
  const isTime = text?.includes('-') === true && text.includes('T')
  return momentOf(engine, accountId, text === undefined || isTime ? text : { position: text })
}

/** Null for a text that names nobody who makes calls. */
const callerNamed = (text: string | undefined): NamedPrincipal | null | undefined => {
  if (text === undefined) return undefined
  const principal = text.length > PRINCIPAL_CHARACTERS_MAX ? null : parsePrincipal(text)
  return principal?.type === 'Group' ? null : principal
}

type GivenAccess = {
  readonly from?: string | number | undefined
  readonly to?: string | number | undefined
  readonly principal?: string | undefined
  readonly action?: string | undefined
}

/** A window, and whose calls in it, before anybody is looked up. */
export type ReadAccess = {
  readonly window: { readonly from: Moment; readonly to: Moment }
  readonly principal: NamedPrincipal | undefined
  readonly action: string | undefined
}

const endText = (end: string | number | undefined): string | undefined =>
  end === undefined ? undefined : String(end)

/** As far as two moments can be told apart without looking them up. */
const isBefore = (one: Moment, other: Moment): boolean =>
  (one.type === 'AtPosition' && other.type === 'AtPosition' && one.position < other.position) ||
  (one.type === 'AtTime' && other.type === 'AtTime' && one.time < other.time)

/** Reads what a query or a body gives; `malformed` says what is wrong with a member of it. */
export const readAccess = (
  engine: Engine,
  accountId: string,
  given: GivenAccess,
  malformed: (name: string, fault?: string) => ReadFault,
): E.Either<ReadFault, ReadAccess> => {
  const from = endOf(engine, accountId, endText(given.from))
  const to = endOf(engine, accountId, endText(given.to))
  const principal = callerNamed(given.principal)
  if (from === null) return E.left(malformed('from'))
  if (to === null) return E.left(malformed('to'))
  if (isBefore(to, from)) return E.left(malformed('to', 'it must not be before `from`'))
  if (principal === null) return E.left(malformed('principal'))
  if (principal !== undefined && principal.accountId !== accountId)
    return E.left({ type: 'ForeignAccount' })
  return E.right({ window: { from, to }, principal, action: given.action })
}

/** Everybody who ever bore the name, so that the past of none of them is hidden. */
const bearersOf = (
  { views }: Engine,
  named: NamedInHistory,
  present: Present | undefined,
): E.Either<ReadFault, ReadonlyArray<HistoryPrincipal>> => {
  const bearers = nameBearers(views.history, { ...named, name: nameOf(named) }, present?.applied)
  return bearers.length === 0 ? E.left({ type: 'PrincipalNotFound' }) : E.right(bearers)
}

/** The filter by immutable ids. Now is `present`, where an answer has pages. */
export const filterOf = (
  engine: Engine,
  { principal, action }: Pick<ReadAccess, 'principal' | 'action'>,
  present?: Present,
): E.Either<ReadFault, AccessFilter> => {
  const prefix = action === undefined ? {} : { actionPrefix: action }
  switch (principal?.type) {
    case undefined:
    case 'Group':
      return E.right(prefix)
    case 'Root':
      return E.right({ ...prefix, principals: [{ type: 'Root' }] })
    case 'User':
      return pipe(
        bearersOf(engine, principal, present),
        E.map((users) => ({
          ...prefix,
          principals: users.map(({ id }) => ({ type: 'User' as const, id })),
        })),
      )
    case 'Role':
    case 'Session': {
      const { accountId, roleName } = principal
      const session = principal.type === 'Session' ? { sessionName: principal.sessionName } : {}
      return pipe(
        bearersOf(engine, { type: 'Role', accountId, roleName }, present),
        E.map((roles) => ({
          ...prefix,
          principals: roles.map(({ id }) => ({ type: 'Role' as const, id, ...session })),
        })),
      )
    }
  }
}

export const windowMembers = ({ window: { from, to } }: Pick<Grounds, 'window'>) => ({
  from: isoText(from),
  to: isoText(to),
})

export const coverageMembers = ({
  stretches,
  lost,
  doubts,
}: Coverage): Readonly<Record<string, unknown>> => ({
  isWhole: doubts.length === 0,
  doubts,
  lost,
  recording: stretches.map(({ recording, from, to }) => ({
    ...recording,
    from: isoText(from),
    to: isoText(to),
  })),
})

/** What no answer about recorded access can know. */
const LOST_IN_SILENCE = `What a killed process had not stored is not known to be missing: the last ${FLUSH_MS} ms, and what was on its way to the log.`

export const COVERAGE_ABOUT =
  'How much of what happened is on record: `isWhole`, nothing is known to be missing, or why not: `doubts` (`RecordingOff`, `DenialsOnly`, ' +
  '`Sampled`, `RecordsLost`, `RecordsUnreadable`, `RecordsNotJudgeable`, `DecidedElsewhere`: somebody followed the ' +
  'grants by `GET /v1/feed`, and what an embedded decision point decides is not recorded), how many are known to be ' +
  '`lost`, and the `recording` that was chosen from when to when. ' +
  LOST_IN_SILENCE
