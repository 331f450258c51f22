/**
 * The questions that an engine answers, each once the account that it is about may be told of.
 */
import type { AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { answerQuestion, answerQuestions, outcomesOf } from './ask.js'
import { accountsOf } from './ask-together.js'
import { decideFor } from './decide.js'
import type { Engine, EngineError, Views } from './engine.js'
import type { Present } from './moment.js'
import type { Meter } from './observer.js'
import { partialQuestions } from './partial/partial-questions.js'
import type { EventLog } from './ports.js'
import { replaySession } from './questions/session-replay.js'
import { READY, type Readiness } from './readiness.js'

type Asking = Pick<Engine, 'authorize' | 'ask' | 'askAll' | 'outcomes' | 'replaySession'>

export const askingCalls = (
  log: EventLog,
  views: Views,
  { isReadyFor, readyFor, readyForAll }: Readiness,
  present: () => Present,
  meter: Pick<Meter, 'decided'>,
): Asking & ReturnType<typeof partialQuestions> => {
  /** Nothing is waited for, nor a promise made, where the account may be told of at once. */
  const ready = async (accountId: AccountId): Promise<E.Either<EngineError, void>> =>
    isReadyFor(accountId) ? READY : readyFor(accountId)

  return {
    authorize:
      ({ caller, ...question }) =>
      async () => {
        const may = await ready(caller.accountId)
        if (E.isLeft(may)) return may
        const decision = decideFor(views, caller, question)
        meter.decided(decision.outcome)
        return E.right({ decision, position: present().applied })
      },
    ask: (question) => async () => {
      const may = await ready(question.principal.accountId)
      return E.isLeft(may) ? may : answerQuestion(views, question, present())
    },
    askAll: (questions) => async () => {
      const may = await readyForAll(accountsOf(questions))
      return E.isLeft(may) ? may : answerQuestions(views, questions, present())
    },
    outcomes: (questions) => async () => {
      const may = await readyForAll(accountsOf(questions))
      return E.isLeft(may) ? may : outcomesOf(views, questions, present())
    },
    replaySession: (question) => async () => {
      const may = await ready(question.accountId)
      return E.isLeft(may) ? may : replaySession(log, views, question, question.asOf ?? present())
    },
    ...partialQuestions(views, readyFor, present),
  }
}
