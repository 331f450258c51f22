/**
 * What open questions have in common as they come in and go out: a context of which only some keys
 * are known, how certain an answer is, what it depends on, and the grants behind it.
 */
import type { Engine, Judged, Moment } from '@grantlog/engine'
import { parseJson, type RequestContext, requestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { READ_API_BODY_BYTES_MAX } from '../http.js'
import { invalid, optional, type Reader, text } from '../rpc/fields.js'
import { BESIDE_AT, type MemberAbout, MOMENT_QUERY, member } from './about.js'
import { decidingMembers } from './deciding.js'
import { type GivenMoment, momentOf } from './moment.js'
import type { ReadFault } from './problem.js'
import { malformedParameter } from './query.js'
import { ABOUT_CONTEXT } from './question.js'
import { Context } from './question-members.js'

type Members = Readonly<Record<string, unknown>>

const contextText: Reader<RequestContext> = (value, name) => {
  const parsed = parseJson(value, READ_API_BODY_BYTES_MAX)
  if (E.isLeft(parsed) || !Context.is(parsed.right)) return invalid(name, 'Value')
  return E.right(requestContext(parsed.right))
}

/** The parameters of every open question. */
export const OPEN_QUERY = {
  context: optional('context', contextText),
  at: optional('at', text(40)),
  position: optional('position', text(1024)),
}

export const OPEN_QUERY_ABOUT: ReadonlyArray<MemberAbout> = [
  member.optional(
    'context',
    `the JSON text of an object with ${ABOUT_CONTEXT}`,
    'The condition keys that are known; an empty list says that a key is known to be absent. ' +
      'What depends on others is answered as `Conditional`.',
  ),
  ...MOMENT_QUERY,
]

type GivenTimes = { readonly at: string | undefined; readonly position: string | undefined }
export type AskedMoment = { readonly given: GivenMoment; readonly moment: Moment }

/** The moment of a question, which is named once at most. */
export const readMoment = (
  engine: Engine,
  accountId: string,
  { at, position }: GivenTimes,
): E.Either<ReadFault, AskedMoment> => {
  if (at !== undefined && position !== undefined)
    return E.left({ type: 'QueryMalformed', parameter: 'position', fault: BESIDE_AT })
  const given = position === undefined ? at : { position }
  const moment = momentOf(engine, accountId, given)
  const name = position === undefined ? 'at' : 'position'
  return moment === null
    ? E.left(malformedParameter(OPEN_QUERY_ABOUT, name))
    : E.right({ given, moment })
}

type Conditions = Judged['open'][number]['conditions']

/** The keys of conditions, each once. */
export const keysOf = (conditions: Conditions): ReadonlyArray<string> =>
  [...new Set(conditions.map(({ key }) => key))].sort()

export const labelsOf = (conditions: Conditions): ReadonlyArray<string> =>
  conditions.map(({ label }) => label)

/** How certain it is; a conditional answer also says what it depends on. */
export const judgedMembers = ({ certainty, decision, open }: Judged): Members => ({
  certainty,
  allowed: decision.outcome === 'Allow',
  outcome: decision.outcome,
  deciding: decision.deciding.map(decidingMembers),
  ...(open.length === 0
    ? {}
    : {
        keys: keysOf(open.flatMap(({ conditions }) => conditions)),
        dependsOn: open.map(({ conditions, ...statement }) => ({
          ...decidingMembers(statement),
          conditions: labelsOf(conditions),
        })),
      }),
})

export const ABOUT_JUDGED =
  '`certainty`: `Allowed` whatever the keys hold that the context does not give, or `Conditional`; ' +
  '`allowed` and `outcome`: what /v1/can says in the same context, where a key that is not given is ' +
  'absent; `deciding`; and for `Conditional` the condition `keys` and the statements that it ' +
  '`dependsOn`'

export const ABOUT_GRANTS =
  'each policy with the events `since` which it is held: `attached`, and where there ' +
  'are such events `joined` and `versionSet`, with position, time, actor, reason and ticket'
