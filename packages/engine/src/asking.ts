/**
 * The questions that an engine answers, each once the account that it is about may be told of.
 */
import type { AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { answerQuestion, answerQuestions, type Judgement, outcomesOf } from './ask.js'
import { withEvents } from './ask-events.js'
import { type AccessOutcomes, accountsOf, type OneQuestionRefused } from './ask-together.js'
import { decideFor } from './decide.js'
import type {
  AccessAnswer,
  AccessQuestion,
  AccessQuestionRefused,
  Engine,
  EngineError,
  Views,
} from './engine.js'
import { listStatements } from './list-statements.js'
import type { Present } from './moment.js'
import type { Meter } from './observer.js'
import { partialQuestions } from './partial/partial-questions.js'
import type { EventLog } from './ports.js'
import { diagnose } from './questions/diagnose.js'
import { keyStory } from './questions/key-deeds.js'
import { askPastSession, isAboutPastSession } from './questions/past-session.js'
import { rootStory } from './questions/root-deeds.js'
import { replaySession } from './questions/session-replay.js'
import { READY, type Readiness } from './readiness.js'

type Asking = Pick<
  Engine,
  | 'authorize'
  | 'ask'
  | 'askAll'
  | 'diagnose'
  | 'outcomes'
  | 'replaySession'
  | 'keyStory'
  | 'rootStory'
>

const REFUSALS: Readonly<Record<AccessQuestionRefused['type'], true>> = {
  PrincipalNotFound: true,
  NoSuchSession: true,
  TooManySessionPolicies: true,
  MomentNotReached: true,
  TimeNotReached: true,
  TooManyStatements: true,
}

const isRefusal = (fault: AccessQuestionRefused | EngineError): fault is AccessQuestionRefused =>
  Object.hasOwn(REFUSALS, fault.type)

const outcomesIn =
  ({ applied }: Present) =>
  (answers: ReadonlyArray<AccessAnswer>): AccessOutcomes => ({
    outcomes: answers.map(({ explanation }) => explanation.outcome),
    bases: answers,
    position: Math.max(...answers.map(({ position }) => position)),
    applied,
  })

export const askingCalls = (
  log: EventLog,
  views: Views,
  { isReadyFor, readyFor, readyForAll }: Readiness,
  present: () => Present,
  meter: Pick<Meter, 'decided'>,
): Asking & ReturnType<typeof partialQuestions> => {
  /** Nothing is waited for, nor a promise made, where the account may be told of at once. */
  const ready = (accountId: AccountId) => (isReadyFor(accountId) ? READY : readyFor(accountId))

  type One = E.Either<AccessQuestionRefused | EngineError, AccessAnswer>

  /** Sessions that are not remembered are looked for in the log. */
  const judgeOne = async (
    question: AccessQuestion,
    now: Present,
  ): Promise<E.Either<AccessQuestionRefused | EngineError, Judgement>> => {
    const answer = answerQuestion(views, question, now)
    return E.isLeft(answer) && isAboutPastSession(question, answer.left)
      ? askPastSession(log, views, question, now, answer.left)
      : answer
  }
  const answerOne = async (question: AccessQuestion, now: Present): Promise<One> => {
    const judged = await judgeOne(question, now)
    if (E.isLeft(judged)) return judged
    const { listing, ...explanation } = judged.right.explanation
    const answer: AccessAnswer = { ...judged.right, explanation }
    if (listing === undefined) return E.right(withEvents(views.history, question, answer))
    const statements = await listStatements(listing())
    if (E.isLeft(statements)) return statements
    const listed = { ...explanation, statements: statements.right }
    return E.right(withEvents(views.history, question, { ...answer, explanation: listed }))
  }
  const isForLog = (
    questions: ReadonlyArray<AccessQuestion>,
    { index, refusal }: OneQuestionRefused<AccessQuestionRefused>,
  ): boolean => {
    const question = questions[index]
    return question !== undefined && isAboutPastSession(question, refusal)
  }
  const answerEach = async (
    questions: ReadonlyArray<AccessQuestion>,
    now: Present,
  ): Promise<
    E.Either<OneQuestionRefused<AccessQuestionRefused> | EngineError, ReadonlyArray<AccessAnswer>>
  > => {
    const answers: Array<AccessAnswer> = []
    for (const [index, question] of questions.entries()) {
      const answer = await answerOne(question, now)
      if (E.isLeft(answer))
        return isRefusal(answer.left)
          ? E.left({ type: 'OneQuestionRefused', index, refusal: answer.left })
          : E.left(answer.left)
      answers.push(answer.right)
    }
    return E.right(answers)
  }

  return {
    authorize: (question) => async () => {
      const may = await ready(question.caller.accountId)
      if (E.isLeft(may)) return may
      const decision = decideFor(views, question)
      meter.decided(decision.outcome)
      return E.right({ decision, position: present().applied })
    },
    ask: (question) => async () => {
      const may = await ready(question.principal.accountId)
      return E.isLeft(may) ? may : answerOne(question, present())
    },
    askAll: (questions) => async () => {
      const may = await readyForAll(accountsOf(questions))
      if (E.isLeft(may)) return may
      const now = present()
      const answers = answerQuestions(views, questions, now)
      return E.isLeft(answers) && isForLog(questions, answers.left)
        ? answerEach(questions, now)
        : answers
    },
    outcomes: (questions) => async () => {
      const may = await readyForAll(accountsOf(questions))
      if (E.isLeft(may)) return may
      const now = present()
      const outcomes = outcomesOf(views, questions, now)
      if (E.isRight(outcomes) || !isForLog(questions, outcomes.left)) return outcomes
      return E.map(outcomesIn(now))(await answerEach(questions, now))
    },
    diagnose: (call) => async () => {
      const may = await ready(call.accountId)
      return E.isLeft(may) ? may : diagnose(log, views, call)
    },
    replaySession: (question) => async () => {
      const may = await ready(question.accountId)
      return E.isLeft(may) ? may : replaySession(log, views, question, question.asOf ?? present())
    },
    keyStory: (question) => async () => {
      const may = await ready(question.accountId)
      return E.isLeft(may)
        ? may
        : keyStory(log, views.history, question, question.asOf ?? present())
    },
    rootStory: (question) => async () => {
      const may = await ready(question.accountId)
      return E.isLeft(may)
        ? may
        : rootStory(log, views.history, question, question.asOf ?? present())
    },
    ...partialQuestions(log, views, readyFor, present),
  }
}
