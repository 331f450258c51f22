/**
 * `POST /v1/decide`, `GET /v1/can` and `GET /v1/why`: could this principal do this, then or now,
 * and why.
 */
import {
  CanAnswer,
  DecideAnswer,
  OutcomeAnswer,
  OutcomesAnswer,
  SeveralAnswer,
  WhyAnswer,
} from '@grantlog/client/shapes'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { RouteAbout } from './about.js'
import { prepareAll, prepareOne } from './ask.js'
import { jsonOfBody } from './json-body.js'
import { SILENT_TRUST } from './marks.js'
import { ABOUT_GRANTS } from './partial-members.js'
import { QUESTION_QUERY, questionOfJson, questionOfQuery } from './question.js'
import { DecideBody } from './question-members.js'
import { DECIDE_BODY, isSeveral, SeveralBody, severalOfJson } from './questions.js'
import type { Route } from './route.js'

const DECIDE = {
  action: 'grantlog:Decide',
  resource: 'acs:grantlog:*:<uid>:principal/<user, role or root>',
} as const

const ANSWER: RouteAbout['answer'] = {
  allowed: 'Whether it may: true only for the outcome Allow.',
  outcome: '`Allow`, `ImplicitDeny` or `ExplicitDeny`.',
  unit: 'The set of policies that ended the evaluation.',
  reason:
    'For some implicit denies: why no allow could have changed it. `type` is `ResourceOfNoAccount`, ' +
    '`ResourceOfOtherAccount` or `SessionEnded`, `detail` a sentence.',
  asked: 'The moment asked about as it was given: `{"now":true}`, `{"at":…}` or `{"position":…}`.',
  position:
    'The last change up to that moment of what the answer rests on: the same number ' +
    'however the moment was named. Given as `position` it leads to the same answer again.',
  applied: 'The last position of the whole log that this node had applied when it answered.',
  principalId: 'The immutable id of who bore the name then.',
  session:
    'For a session, or with `sessionPolicy`, alone: what the answer rests on beside the role. ' +
    '`session.basis`, for `Known` `session.count` and `session.sessionIds`, and for `Ended`, of a ' +
    'session that was over, `session.sessionId` and `session.end`, when and why. Where `count` is ' +
    'more than 1, an allow says that each of those sessions may, and a deny that at least one of ' +
    'them may not, never that none may.',
  deciding:
    'The statements that made the answer, each with its policy, version and holder; by GET and with ' +
    '`explain` also with the events behind it, each with who did it and why: of its `grant` those ' +
    '`since`, `attached`, `joined` and `versionSet`, or for a trust policy `trustSet`.',
  trustSet: SILENT_TRUST,
}

const EXAMPLE: RouteAbout['example'] = {
  principal: 'acs:ram::<uid>:user/alice',
  action: 'ots:GetRow',
  resource: 'acs:ots:*:<uid>:instance/orders',
}
const EXAMPLE_AT = { ...EXAMPLE, at: '2026-01-02T03:04:05Z' }

const STATEMENTS =
  'Every statement that was looked at: whether it `matched`, else the element that `failed`.'
const GRANTS = `The grants that the \`statements\` stand in: ${ABOUT_GRANTS}.`

export const DECIDE_ROUTES: ReadonlyArray<Route> = [
  {
    method: 'POST',
    about: {
      path: '/v1/decide',
      does: 'Says whether a principal may do something, now or then; the question is a JSON body.',
      permission: DECIDE,
      query: [],
      body: DECIDE_BODY,
      shapes: {
        answer: t.union([DecideAnswer, OutcomeAnswer, SeveralAnswer, OutcomesAnswer]),
        body: t.union([DecideBody, SeveralBody]),
      },
      answer: {
        ...ANSWER,
        statements: `With \`explain\` alone. ${STATEMENTS}`,
        grants: `With \`explain\` alone. ${GRANTS}`,
        answers: 'To `questions`: the answer to each, in their order, with the members above.',
        outcomes: 'To `questions` with `answer` `outcome`: the outcome of each, in their order.',
      },
      example: EXAMPLE,
    },
    prepare: (call, _, scene) => {
      const input = jsonOfBody(call)
      if (E.isLeft(input)) return input
      if (isSeveral(input.right)) {
        const several = severalOfJson(input.right)
        return E.isLeft(several) ? several : prepareAll(several.right, scene)
      }
      const question = questionOfJson(input.right)
      return E.isLeft(question) ? question : prepareOne(question.right, scene)
    },
  },
  {
    method: 'GET',
    about: {
      path: '/v1/can',
      does: 'Says whether a principal may do something, now or then.',
      permission: DECIDE,
      query: QUESTION_QUERY,
      body: null,
      shapes: { answer: CanAnswer },
      answer: ANSWER,
      example: EXAMPLE_AT,
    },
    prepare: (call, _, scene) =>
      pipe(
        questionOfQuery(call.query, false),
        E.flatMap((question) => prepareOne(question, scene)),
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
      shapes: { answer: WhyAnswer },
      answer: { ...ANSWER, statements: STATEMENTS, grants: GRANTS },
      example: EXAMPLE,
    },
    prepare: (call, _, scene) =>
      pipe(
        questionOfQuery(call.query, true),
        E.flatMap((question) => prepareOne(question, scene)),
      ),
  },
]
