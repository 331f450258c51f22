/**
 * `POST /v1/decide`, `GET /v1/can` and `GET /v1/why`: could this principal do this, then or now,
 * and why.
 */
import type { AccessQuestion, Caller } from '@grantlog/engine'
import type { DecidingStatement, PolicySource, StatementVerdict } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import { momentOf } from './moment.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { type Question, questionOfBody, questionOfQuery } from './question.js'
import type { PreparedRead, ReadAnswer, Route } from './route.js'

type Members = Readonly<Record<string, unknown>>

const sourceMembers = (source: PolicySource): Members => ({
  policyType: source.policyType,
  policyName: source.policyName,
  versionId: source.versionId,
  ...(source.policyId === undefined ? {} : { policyId: source.policyId }),
  ...(source.via === undefined ? {} : { via: source.via }),
})

const decidingMembers = ({ source, statementIndex, effect }: DecidingStatement): Members => ({
  policy: sourceMembers(source),
  statementIndex,
  effect,
})

const verdictMembers = (verdict: StatementVerdict): Members => ({
  ...decidingMembers(verdict),
  unit: verdict.unit,
  resource: verdict.resource,
  matched: verdict.matched,
  ...(verdict.failed === undefined ? {} : { failed: verdict.failed }),
  ...(verdict.detail === undefined ? {} : { detail: verdict.detail }),
})

type Asked = AccessQuestion['principal']

const askedPrincipal = (principal: NamedPrincipal): Asked | null => {
  switch (principal.type) {
    case 'Root':
    case 'User':
    case 'Role':
      return principal
    case 'Group':
      return null
  }
}

const malformed = (pointer: string, fault: string): E.Either<ReadFault, never> =>
  E.left({ type: 'BodyMalformed', pointer, fault })

const prepare = (question: Question, caller: Caller): E.Either<Fault | ReadFault, PreparedRead> => {
  const named = parsePrincipal(question.principal)
  const principal = named === null ? null : askedPrincipal(named)
  if (named === null || principal === null)
    return malformed('/principal', 'it is not the ARN of a root, a user or a role')
  if (principal.accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
  return E.right({
    action: 'grantlog:Decide',
    resource: principalResource(named),
    isRecorded: false,
    run: ({ engine }) => {
      const moment = momentOf(engine, caller.accountId, question.at)
      if (moment === null) return TE.left(NO_MOMENT)
      const { action, resources, context, explain } = question
      return pipe(
        engine.ask({ principal, action, resources, context, moment }),
        TE.map(
          ({ explanation, position, principalId }): ReadAnswer => ({
            position,
            body: {
              allowed: explanation.outcome === 'Allow',
              outcome: explanation.outcome,
              unit: explanation.unit,
              position,
              principalId,
              deciding: explanation.deciding.map(decidingMembers),
              ...(explain ? { statements: explanation.statements.map(verdictMembers) } : {}),
            },
          }),
        ),
      )
    },
  })
}

const NO_MOMENT: ReadFault = {
  type: 'BodyMalformed',
  pointer: '/at',
  fault: 'it is neither an RFC 3339 time nor a position token of this account',
}

const exactly = (wanted: string) => (path: string) => (path === wanted ? {} : null)

export const DECIDE_ROUTES: ReadonlyArray<Route> = [
  {
    method: 'POST',
    match: exactly('/v1/decide'),
    prepare: (call, _, caller) =>
      pipe(
        questionOfBody(call),
        E.flatMap((question) => prepare(question, caller)),
      ),
  },
  {
    method: 'GET',
    match: exactly('/v1/can'),
    prepare: (call, _, caller) =>
      pipe(
        questionOfQuery(call.query, false),
        E.flatMap((question) => prepare(question, caller)),
      ),
  },
  {
    method: 'GET',
    match: exactly('/v1/why'),
    prepare: (call, _, caller) =>
      pipe(
        questionOfQuery(call.query, true),
        E.flatMap((question) => prepare(question, caller)),
      ),
  },
]
