/**
 * What the commands about one decision share: its arguments, its query, its verdict.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Names } from '../calling/call.js'
import { EXIT_DENIED, EXIT_OK, type ExitCode, type Failure } from '../failure.js'
import { type Json, textAt, valueAt } from '../json.js'
import { type Paint, printable } from '../output/terminal.js'
import type { ArgumentAbout, Given, OptionAbout } from './command.js'
import { trustLines } from './granted.js'
import { contextOf, documentTextOf, momentQuery, principalOf, resourceOf } from './words.js'

export const PRINCIPAL: ArgumentAbout = {
  name: 'principal',
  meaning: 'a user by its name, role/<name>, role/<name>/<session>, root, or an ARN',
}
export const ACTION: ArgumentAbout = { name: 'action', meaning: 'e.g. ots:GetRow' }
export const RESOURCE: ArgumentAbout = {
  name: 'resource',
  meaning: 'an ARN, <service>:<id> for one of your account, or *',
}

export const CONTEXT_OPTION: OptionAbout = {
  flag: '--context <key=value>',
  meaning: 'a condition key of the call, e.g. acs:SourceIp=10.1.2.3; again for more',
  isRepeated: true,
}

export const DECISION_OPTIONS: ReadonlyArray<OptionAbout> = [
  CONTEXT_OPTION,
  {
    flag: '--session-policy <json or file>',
    meaning: 'suppose a session of the role that has this policy',
  },
]

/** Condition keys as the text that a query has. */
export const contextQuery = (given: Given): E.Either<Failure, Names> =>
  E.map((context: Json): Names => (context === null ? {} : { context: JSON.stringify(context) }))(
    contextOf(given.options('context')),
  )

export const decisionQuery = (given: Given, now: number): E.Either<Failure, Names> => {
  const resource = resourceOf(given.argument('resource'))
  if (E.isLeft(resource)) return resource
  const context = contextQuery(given)
  if (E.isLeft(context)) return context
  const moment = momentQuery(given, now)
  if (E.isLeft(moment)) return moment
  const policy = given.option('sessionPolicy')
  const sessionPolicy = policy === undefined ? E.right(undefined) : documentTextOf(policy)
  if (E.isLeft(sessionPolicy)) return sessionPolicy
  return E.right({
    principal: principalOf(given.argument('principal')),
    action: given.argument('action'),
    resource: resource.right,
    ...context.right,
    ...moment.right,
    ...(sessionPolicy.right === undefined ? {} : { sessionPolicy: sessionPolicy.right }),
  })
}

const momentWords = (answer: Json): string => {
  const at = textAt(answer, 'asked.at')
  const position = textAt(answer, 'position')
  return `${at === '' ? '' : `at ${at}, `}as of position ${position}`
}

const OUTCOMES: Readonly<Record<string, string>> = {
  Allow: 'allowed',
  ImplicitDeny: 'denied: nothing allows it',
  ExplicitDeny: 'denied by a statement',
  Absent: 'not there',
}

export const outcomeWords = (outcome: string): string => OUTCOMES[outcome] ?? outcome

/**
 * Sessions that share a name are allowed together or not at all: a deny may be that of one of them
 * alone, so it never says that none may.
 */
const sessionsLines = (answer: Json): ReadonlyArray<string> => {
  const count = Number(textAt(answer, 'session.count'))
  if (count < 2) return []
  return [
    valueAt(answer, 'allowed') === true
      ? `Each of the ${count} sessions of that name may.`
      : `At least one of the ${count} sessions of that name may not; others may be allowed.`,
  ]
}

/** e.g. `allowed  alice ots:GetRow ots:instance/orders  (as of position 12)`. */
export const verdict = (answer: Json, paint: Paint, given: Given): ReadonlyArray<string> => {
  const outcome = textAt(answer, 'outcome')
  const words = paint(outcome === 'Allow' ? 'good' : 'bad', outcomeWords(outcome))
  const asked = ['principal', 'action', 'resource'].map(given.argument).join(' ')
  const reason = textAt(answer, 'reason.detail')
  return [
    `${words}  ${printable(asked)}  ${paint('dim', `(${momentWords(answer)})`)}`,
    ...(reason === '' ? [] : [printable(reason)]),
    ...trustLines(answer),
    ...sessionsLines(answer),
  ]
}

export const exitOfDecision = (answer: Json): ExitCode =>
  valueAt(answer, 'allowed') === true ? EXIT_OK : EXIT_DENIED
