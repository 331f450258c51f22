/**
 * Questions about any principal at any moment, answered with what led to the answer.
 *
 * Deny on doubt: who is not there never may, and of several sessions that share a name all must be
 * allowed. Questions that are asked together are answered for one moment, all of them or none.
 */
import type { Outcome } from '@grantlog/policy'
import { lastChangeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { decisionJudge, type Judged, judgeNarrowed, outcomeJudge, trustOf } from './ask-judge.js'
import { type Found, findPrincipal } from './ask-principal.js'
import { type Narrowing, narrowingOf } from './ask-session.js'
import type { AccessOutcomes, OneQuestionRefused } from './ask-together.js'
import type { AnswerBasis } from './asked-principal.js'
import type { AccessAnswer, AccessQuestion, AccessQuestionRefused, Views } from './engine.js'
import { type Present, positionOf } from './moment.js'
import type { Position } from './ports.js'

/** Whom a question is about, and what its answer rests on: alike for all its actions. */
type Subject = {
  readonly found: Found
  readonly narrowing: Narrowing
  readonly basis: AnswerBasis
  /** The last change of the account, or of the sessions that were looked for. */
  readonly changed: Position
}

const basisOf = (principalId: string, { narrowings, session }: Narrowing): AnswerBasis => ({
  principalId,
  sessionPolicies: narrowings.filter((text) => text !== undefined),
  ...(session === undefined ? {} : { session }),
})

const subjectOf = (
  views: Views,
  question: AccessQuestion,
  present: Present,
  narrowedBy?: Narrowing,
): E.Either<AccessQuestionRefused, Subject> => {
  const { principal, moment } = question
  const asked = positionOf(views, principal.accountId, moment, present)
  if (E.isLeft(asked)) return asked
  const position = asked.right
  const found = findPrincipal(views, question, position)
  if (found === undefined) return E.left({ type: 'PrincipalNotFound' })
  const when = { position, now: present.now }
  const narrowing =
    narrowedBy === undefined
      ? narrowingOf(views.credentials, question, found.id, when)
      : E.right(narrowedBy)
  if (E.isLeft(narrowing)) return narrowing
  const changed = Math.max(
    lastChangeAt(views.history, principal.accountId, position),
    narrowing.right.position,
  )
  const basis = basisOf(found.id, narrowing.right)
  return E.right({ found, narrowing: narrowing.right, basis, changed })
}

/** Whom a question is about, and how it is judged. */
type Prepared<Judge> = { readonly subject: Subject; readonly judge: Judge }

/** Looks up each principal once for all questions that name it by the same object. */
const preparing = <Judge>(
  views: Views,
  present: Present,
  judgeOf: (subject: Subject, question: AccessQuestion) => Judge,
) => {
  type Found = E.Either<AccessQuestionRefused, Prepared<Judge>>
  const known = new Map<AccessQuestion['principal'], Map<AccessQuestion['moment'], Found>>()
  return (question: AccessQuestion): Found => {
    const { principal, moment } = question
    const before = known.get(principal)?.get(moment)
    if (before !== undefined) return before
    const subject = subjectOf(views, question, present)
    const found: Found = E.isLeft(subject)
      ? subject
      : E.right({ subject: subject.right, judge: judgeOf(subject.right, question) })
    known.set(principal, (known.get(principal) ?? new Map()).set(moment, found))
    return found
  }
}

const requestOf = ({ found }: Subject, { action, resources, context }: AccessQuestion) => ({
  principal: found.principal,
  action,
  resources,
  context,
})

/** An answer whose list of statements, where one is wanted, is still to be made. */
export type Judgement = Omit<AccessAnswer, 'explanation'> & { readonly explanation: Judged }

const answerFor = (
  views: Views,
  subject: Subject,
  question: AccessQuestion,
  present: Present,
): Judgement => {
  const { found, narrowing, basis, changed } = subject
  const { moment, withStatements = false } = question
  const trust = trustOf(views, question, present)
  const judge = decisionJudge(views, found, moment, withStatements)
  const { narrowings } = narrowing
  return {
    explanation: judgeNarrowed(judge, requestOf(subject, question), narrowings, trust),
    position: Math.max(changed, trust.changed),
    applied: present.applied,
    ...basis,
  }
}

/** Answers a question about a principal, now or in the past. */
export const answerQuestion = (
  views: Views,
  question: AccessQuestion,
  present: Present,
): E.Either<AccessQuestionRefused, Judgement> => {
  const subject = subjectOf(views, question, present)
  return E.isLeft(subject) ? subject : E.right(answerFor(views, subject.right, question, present))
}

/** The same of a session, where it is known already what narrows it. */
export const answerNarrowedBy = (
  views: Views,
  question: AccessQuestion,
  present: Present,
  narrowing: Narrowing,
): E.Either<AccessQuestionRefused, Judgement> => {
  const subject = subjectOf(views, question, present, narrowing)
  return E.isLeft(subject) ? subject : E.right(answerFor(views, subject.right, question, present))
}

/** What each question comes to, or which of them has no answer, and why. */
const each = <Judge, Answer>(
  questions: ReadonlyArray<AccessQuestion>,
  prepare: (question: AccessQuestion) => E.Either<AccessQuestionRefused, Prepared<Judge>>,
  answer: (prepared: Prepared<Judge>, question: AccessQuestion) => Answer,
): E.Either<OneQuestionRefused<AccessQuestionRefused>, ReadonlyArray<Answer>> => {
  const answers: Array<Answer> = []
  for (const [index, question] of questions.entries()) {
    const prepared = prepare(question)
    if (E.isLeft(prepared))
      return E.left({ type: 'OneQuestionRefused', index, refusal: prepared.left })
    answers.push(answer(prepared.right, question))
  }
  return E.right(answers)
}

/** Answers several questions. */
export const answerQuestions = (
  views: Views,
  questions: ReadonlyArray<AccessQuestion>,
  present: Present,
): E.Either<OneQuestionRefused<AccessQuestionRefused>, ReadonlyArray<AccessAnswer>> =>
  each(
    questions,
    preparing(views, present, () => undefined),
    ({ subject }, question) => answerFor(views, subject, question, present),
  )

/** Says what the outcome of each question is, and nothing of how it came about. */
export const outcomesOf = (
  views: Views,
  questions: ReadonlyArray<AccessQuestion>,
  present: Present,
): E.Either<OneQuestionRefused<AccessQuestionRefused>, AccessOutcomes> => {
  let position = 0
  const bases: Array<AnswerBasis> = []
  const prepare = preparing(views, present, ({ found }, { moment }) =>
    outcomeJudge(views, found, moment),
  )
  const outcomes = each(questions, prepare, ({ subject, judge }, question): Outcome => {
    const { narrowing, basis, changed } = subject
    bases.push(basis)
    const trust = trustOf(views, question, present)
    position = Math.max(position, changed, trust.changed)
    const request = requestOf(subject, question)
    return judgeNarrowed(judge, request, narrowing.narrowings, trust).outcome
  })
  return E.isLeft(outcomes)
    ? outcomes
    : E.right({ outcomes: outcomes.right, bases, position, applied: present.applied })
}
