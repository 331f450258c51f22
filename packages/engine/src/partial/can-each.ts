/**
 * Many questions about one principal at one moment: it is looked up once, and each is judged for
 * itself.
 */
import { lastChangeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { trustOf } from '../ask-judge.js'
import { findPrincipal } from '../ask-principal.js'
import { type Narrowing, narrowingOf } from '../ask-session.js'
import { sessionUnit } from '../decide.js'
import type { AccessQuestionRefused, Views } from '../engine.js'
import { type Present, positionOf } from '../moment.js'
import { allOf, judged } from './judge.js'
import type { CanEachAnswer, CanEachQuestion } from './questions.js'

/** `narrowedBy`: where it is known already what narrows a session. */
export const canEach = (
  views: Views,
  question: CanEachQuestion,
  present: Present,
  narrowedBy?: Narrowing,
): E.Either<AccessQuestionRefused, CanEachAnswer> => {
  const { principal, moment, context } = question
  const at = positionOf(views, principal.accountId, moment, present)
  if (E.isLeft(at)) return at
  const found = findPrincipal(views, question, at.right)
  if (found === undefined) return E.left({ type: 'PrincipalNotFound' })
  const when = { position: at.right, now: present.now }
  const narrowing =
    narrowedBy === undefined
      ? narrowingOf(views.credentials, question, found.id, when)
      : E.right(narrowedBy)
  if (E.isLeft(narrowing)) return narrowing

  const { narrowings, session, position: sessionsChanged } = narrowing.right
  const identity = found.policies()
  const [first, ...others] = narrowings.map((text) =>
    text === undefined ? { identity } : { identity, session: sessionUnit(text) },
  )
  let changed = Math.max(
    lastChangeAt(views.history, principal.accountId, at.right),
    sessionsChanged,
  )
  const answers = question.asked.map(({ action, resource }) => {
    const request = { principal: found.principal, action, resources: [resource] as const, context }
    const trust = trustOf(views, { action, resources: [resource], moment }, present)
    changed = Math.max(changed, trust.changed)
    return allOf([
      judged(request, first ?? { identity }, trust.role),
      ...others.map((policies) => judged(request, policies, trust.role)),
    ])
  })
  return E.right({
    judged: answers,
    position: changed,
    applied: present.applied,
    principalId: found.id,
    ...(session === undefined ? {} : { session }),
  })
}
