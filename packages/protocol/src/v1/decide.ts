/**
 * `POST /v1/decide`, `GET /v1/can` and `GET /v1/why`: could this principal do this, then or now,
 * and why.
 */
import type { AccessAnswer, AccessQuestion } from '@grantlog/engine'
import type { ForeignResource, StatementVerdict } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { RouteAbout } from './about.js'
import { decidingMembers } from './deciding.js'
import { type GivenMoment, momentOf } from './moment.js'
import { noteDecision } from './note-decision.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import {
  malformed,
  QUESTION_BODY,
  QUESTION_QUERY,
  type Question,
  questionOfBody,
  questionOfQuery,
} from './question.js'
import type { PreparedRead, ReadAnswer, Route } from './route.js'

type Members = Readonly<Record<string, unknown>>

const verdictMembers = (verdict: StatementVerdict): Members => ({
  ...decidingMembers(verdict),
  unit: verdict.unit,
  resource: verdict.resource,
  matched: verdict.matched,
  ...(verdict.failed === undefined ? {} : { failed: verdict.failed }),
  ...(verdict.detail === undefined ? {} : { detail: verdict.detail }),
})

const REASONS: Readonly<Record<ForeignResource, string>> = {
  ResourceOfNoAccount:
    'The resource names no account, so the own policies of the principal open nothing there; ' +
    'write the id of the account that has it: acs:<service>:<region>:<account>:<id>.',
  ResourceOfOtherAccount:
    "The resource is another account's, where the own policies of the principal open nothing.",
}

const reasonMembers = (type: ForeignResource | undefined): Members =>
  type === undefined ? {} : { reason: { type, detail: REASONS[type] } }

type Asked = AccessQuestion['principal']

/** Whom the engine is asked about; null for a group, and for a session policy where none fits. */
const askedPrincipal = (
  principal: NamedPrincipal,
  sessionPolicy: string | undefined,
): Asked | null => {
  switch (principal.type) {
    case 'Root':
    case 'User':
      return sessionPolicy === undefined ? principal : null
    case 'Role':
    case 'Session':
      return sessionPolicy === undefined ? principal : { ...principal, sessionPolicy }
    case 'Group':
      return null
  }
}

/** The moment as it was asked for, whatever position it led to. */
const askedMembers = (at: GivenMoment): Members =>
  at === undefined ? { now: true } : typeof at === 'string' ? { at } : at

/** How many ids of sessions an answer lists, the newest ones. Unit: ids. */
const SESSION_IDS_MAX = 100

const sessionMembers = (session: AccessAnswer['session']): Members => {
  if (session === undefined) return {}
  switch (session.type) {
    case 'Supposed':
      return { session: { basis: session.type } }
    case 'Known':
      return {
        session: {
          basis: session.type,
          count: session.sessionIds.length,
          sessionIds: session.sessionIds.slice(-SESSION_IDS_MAX),
        },
      }
  }
}

const answerMembers = (
  { at, explain }: Question,
  { explanation, position, applied, principalId, session }: AccessAnswer,
): Members => ({
  allowed: explanation.outcome === 'Allow',
  outcome: explanation.outcome,
  unit: explanation.unit,
  ...reasonMembers(explanation.reason),
  asked: askedMembers(at),
  position,
  applied,
  principalId,
  ...sessionMembers(session),
  deciding: explanation.deciding.map(decidingMembers),
  ...(explain ? { statements: explanation.statements.map(verdictMembers) } : {}),
})

/** `GET /v1/why` is asked to understand, and not before something is done. */
const isStudy = ({ source, explain }: Question): boolean => source === 'Query' && explain

const prepare = (
  question: Question,
  { caller, engine }: Scene,
): E.Either<Fault | ReadFault, PreparedRead> => {
  const { source, at, action, resources, context, sessionPolicy } = question
  const named = parsePrincipal(question.principal)
  if (named === null || named.type === 'Group') return malformed(source, 'principal')
  const principal = askedPrincipal(named, sessionPolicy)
  if (principal === null)
    return malformed(source, 'sessionPolicy', 'it must stand beside the ARN of a role or a session')
  if (named.accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' })
  const moment = momentOf(engine, caller.accountId, at)
  if (moment === null) return malformed(source, question.momentMember)
  return E.right({
    action: 'grantlog:Decide',
    resource: principalResource(named),
    onRecord: 'Denials',
    run: (scene) => {
      const asked = { principal, action, resources, context, moment }
      return pipe(
        engine.ask(asked),
        TE.map((answer): ReadAnswer => {
          if (!isStudy(question)) noteDecision(scene, asked, answer)
          return { position: answer.applied, body: answerMembers(question, answer) }
        }),
      )
    },
  })
}

const DECIDE = {
  action: 'grantlog:Decide',
  resource: 'acs:grantlog:*:<uid>:principal/<user, role or root>',
} as const

const ANSWER: RouteAbout['answer'] = {
  allowed: 'Whether it may: true only for the outcome Allow.',
  outcome: '`Allow`, `ImplicitDeny` or `ExplicitDeny`.',
  unit: 'The set of policies that ended the evaluation.',
  reason:
    'For some implicit denies: why no allow could have changed it. `type` is `ResourceOfNoAccount` ' +
    'or `ResourceOfOtherAccount`, `detail` a sentence.',
  asked: 'The moment asked about as it was given: `{"now":true}`, `{"at":…}` or `{"position":…}`.',
  position:
    'The last change up to that moment of what the answer rests on: the same number ' +
    'however the moment was named. Given as `position` it leads to the same answer again.',
  applied: 'The last position of the whole log that this node had applied when it answered.',
  principalId: 'The immutable id of who bore the name then.',
  session:
    'For a session, or with `sessionPolicy`, alone: what the answer rests on beside the role. ' +
    '`session.basis`, and for `Known` `session.count` and `session.sessionIds`.',
  deciding: 'The statements that made the answer, each with its policy, version and holder.',
}

const EXAMPLE: RouteAbout['example'] = {
  principal: 'acs:ram::<uid>:user/alice',
  action: 'ots:GetRow',
  resource: 'acs:ots:*:<uid>:instance/orders',
}
const EXAMPLE_AT = { ...EXAMPLE, at: '2026-01-02T03:04:05Z' }

const STATEMENTS =
  'Every statement that was looked at: whether it `matched`, else the element that `failed`.'

export const DECIDE_ROUTES: ReadonlyArray<Route> = [
  {
    method: 'POST',
    about: {
      path: '/v1/decide',
      does: 'Says whether a principal may do something, now or then; the question is a JSON body.',
      permission: DECIDE,
      query: [],
      body: QUESTION_BODY,
      answer: { ...ANSWER, statements: `With \`explain\` alone. ${STATEMENTS}` },
      example: EXAMPLE,
    },
    prepare: (call, _, scene) =>
      pipe(
        questionOfBody(call),
        E.flatMap((question) => prepare(question, scene)),
      ),
  },
  {
    method: 'GET',
    about: {
      path: '/v1/can',
      does: 'Says whether a principal may do something, now or then.',
      permission: DECIDE,
      query: QUESTION_QUERY,
      body: null,
      answer: ANSWER,
      example: EXAMPLE_AT,
    },
    prepare: (call, _, scene) =>
      pipe(
        questionOfQuery(call.query, false),
        E.flatMap((question) => prepare(question, scene)),
      ),
  },
  {
    method: 'GET',
    about: {
      path: '/v1/why',
      does: 'Says the same as /v1/can, and what each statement had to say about it.',
      permission: DECIDE,
      query: QUESTION_QUERY,
      body: null,
      answer: { ...ANSWER, statements: STATEMENTS },
      example: EXAMPLE,
    },
    prepare: (call, _, scene) =>
      pipe(
        questionOfQuery(call.query, true),
        E.flatMap((question) => prepare(question, scene)),
      ),
  },
]
