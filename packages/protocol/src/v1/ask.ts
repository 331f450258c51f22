/**
 * From questions as they came in to the engine's answers: one, or several that are answered all or
 * none.
 */
import type { AccessAnswer, AccessOutcomes, AccessQuestion, Moment } from '@grantlog/engine'
import { type RequestContext, TIME_KEY, timedContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import { answerMembers } from './answer.js'
import { momentOf } from './moment.js'
import { noteAnswer, noteOutcomes } from './note-decision.js'
import { type NamedPrincipal, parsePrincipal, principalResource } from './principal.js'
import type { ReadFault } from './problem.js'
import { malformed, type Question } from './question.js'
import { placed, type Several } from './questions.js'
import type { PreparedRead, ReadAnswer } from './route.js'

type Asked = AccessQuestion['principal']

/** Whom the engine is asked about; null for a group, and for a session policy where none fits. */
export const askedPrincipal = (
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

type Resolved = { readonly question: AccessQuestion; readonly resource: string }
type Refusable<A> = E.Either<Fault | ReadFault, A>
type Subject = { readonly principal: Asked; readonly resource: string }

const subjectOf = ({ source, principal, sessionPolicy }: Question, { caller }: Scene) => {
  const named = parsePrincipal(principal)
  if (named === null || named.type === 'Group') return malformed(source, 'principal')
  const asked = askedPrincipal(named, sessionPolicy)
  if (asked === null)
    return malformed(source, 'sessionPolicy', 'it must stand beside the ARN of a role or a session')
  if (named.accountId !== caller.accountId) return E.left({ type: 'ForeignAccount' } as const)
  return E.right({ principal: asked, resource: principalResource(named) })
}

const NOW: Moment = { type: 'Now' }

/**
 * Contexts that lack the time have that of the moment, so that a Deny by time holds also where the
 * caller does not think of it. At a position no time is known.
 */
const timedContexts = ({ engine }: Scene) => {
  const known = new Map<RequestContext, RequestContext>()
  return (context: RequestContext, moment: Moment): RequestContext => {
    if (moment.type === 'AtPosition' || context.has(TIME_KEY)) return context
    const before = known.get(context)
    if (before !== undefined && moment.type === 'Now') return before
    const time = moment.type === 'Now' ? engine.clock.now() : moment.time
    const made = timedContext(context, time)
    if (moment.type === 'Now') known.set(context, made)
    return made
  }
}

/** A person who asks by GET wants to know; a program that is about to do something asks by POST. */
const isStudy = ({ source }: Question): boolean => source === 'Query'

/**
 * From questions as they came in to those that the engine answers; a principal that is named twice
 * becomes one object, which the engine looks up once.
 */
const resolving = (scene: Scene): ((question: Question) => Refusable<Resolved>) => {
  const subjects = new Map<string, Refusable<Subject>>()
  let last: { readonly question: Question; readonly subject: Refusable<Subject> } | undefined
  const subjectFor = (question: Question): Refusable<Subject> => {
    const { principal, sessionPolicy } = question
    if (last?.question.principal === principal && last.question.sessionPolicy === sessionPolicy)
      return last.subject
    const key = `${principal}\n${sessionPolicy ?? ''}`
    const subject = subjects.get(key) ?? subjectOf(question, scene)
    subjects.set(key, subject)
    last = { question, subject }
    return subject
  }
  const moments = new Map<string, Moment | null>()
  const timed = timedContexts(scene)
  const momentFor = ({ at }: Question): Moment | null => {
    if (at === undefined) return NOW
    const key = JSON.stringify(at)
    const moment = moments.get(key)
    if (moment !== undefined) return moment
    const made = momentOf(scene.engine, scene.caller.accountId, at)
    moments.set(key, made)
    return made
  }
  return (question) => {
    const { source, action, resources, context } = question
    const subject = subjectFor(question)
    if (E.isLeft(subject)) return subject
    const moment = momentFor(question)
    if (moment === null) return malformed(source, question.momentMember)
    const { principal, resource } = subject.right
    const withStatements = question.explain
    const withGrants = isStudy(question) || question.explain
    return E.right({
      question: {
        principal,
        action,
        resources,
        context: timed(context, moment),
        moment,
        withStatements,
        withGrants,
      },
      resource,
    })
  }
}

type Run = ReturnType<PreparedRead['run']>

/** What was so in the past is part of the audit trail, and who reads that is on record. */
const onRecordOf = (questions: ReadonlyArray<Question>): PreparedRead['onRecord'] =>
  questions.some(({ at }) => at !== undefined) ? 'Always' : 'Denials'

const askFull =
  (scene: Scene, asked: Question, { question }: Resolved): Run =>
  async () => {
    const answer = await scene.engine.ask(question)()
    if (E.isLeft(answer)) return answer
    if (!isStudy(asked)) noteAnswer(scene, question, answer.right)
    return E.right({
      position: answer.right.applied,
      body: answerMembers(asked, answer.right, scene.caller.accountId),
    })
  }

const askLean =
  (scene: Scene, _: Question, { question }: Resolved): Run =>
  async () => {
    const answer = await scene.engine.outcomes([question])()
    if (E.isLeft(answer))
      return E.left(answer.left.type === 'OneQuestionRefused' ? answer.left.refusal : answer.left)
    noteOutcomes(scene, [question], answer.right)
    const { outcomes, position, applied } = answer.right
    const [outcome] = outcomes
    const body = { allowed: outcome === 'Allow', outcome, position, applied }
    return E.right({ position: applied, body })
  }

/** One question. */
export const prepareOne = (
  question: Question,
  scene: Scene,
): E.Either<Fault | ReadFault, PreparedRead> => {
  const resolved = resolving(scene)(question)
  if (E.isLeft(resolved)) return resolved
  return E.right({
    action: 'grantlog:Decide',
    resource: resolved.right.resource,
    onRecord: onRecordOf([question]),
    run: (asking) => (question.isLean ? askLean : askFull)(asking, question, resolved.right),
  })
}

/** Each question is told by its place, unless a pointer tells it already. */
const ofQuestion = (index: number, refusal: Fault | ReadFault): Fault | ReadFault =>
  refusal.type === 'ForeignAccount' ? { type: 'OneQuestionRefused', index, refusal } : refusal

const fullAnswers = (
  asked: ReadonlyArray<Question>,
  answers: ReadonlyArray<AccessAnswer>,
  reader: string,
): ReadAnswer => ({
  position: Math.max(...answers.map(({ applied }) => applied)),
  body: {
    answers: answers.map((answer, index) =>
      answerMembers(asked[index] as Question, answer, reader),
    ),
  },
})

const leanAnswers = ({ outcomes, position, applied }: AccessOutcomes): ReadAnswer => ({
  position: applied,
  body: { outcomes, position, applied },
})

/** Several questions. The permission is needed for every principal that is asked about. */
export const prepareAll = (
  { parts, questions: asked, isLean }: Several,
  scene: Scene,
): E.Either<Fault | ReadFault, PreparedRead> => {
  const resolve = resolving(scene)
  const questions: Array<AccessQuestion> = []
  const named = new Set<string>()
  for (const [index, one] of asked.entries()) {
    const resolved = resolve(one)
    if (E.isLeft(resolved))
      return E.left(ofQuestion(index, placed(resolved.left, index, parts[index] ?? {})))
    questions.push(resolved.right.question)
    named.add(resolved.right.resource)
  }
  const [resource = '', ...moreResources] = named
  return E.right({
    action: 'grantlog:Decide',
    resource,
    moreResources,
    onRecord: onRecordOf(asked),
    run: (asking) => async () => {
      if (isLean) {
        const outcomes = await asking.engine.outcomes(questions)()
        if (E.isLeft(outcomes)) return outcomes
        noteOutcomes(asking, questions, outcomes.right)
        return E.right(leanAnswers(outcomes.right))
      }
      const answers = await asking.engine.askAll(questions)()
      if (E.isLeft(answers)) return answers
      for (const [index, question] of questions.entries())
        noteAnswer(asking, question, answers.right[index] as AccessAnswer)
      return E.right(fullAnswers(asked, answers.right, asking.caller.accountId))
    },
  })
}
