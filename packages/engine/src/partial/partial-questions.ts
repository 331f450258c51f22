/** Questions that leave something open, as the engine answers them once it may answer at all. */
import type { AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Engine, EngineError, Views } from '../engine.js'
import type { Present } from '../moment.js'
import type { EventLog } from '../ports.js'
import { findPastSessions, isAboutPastSession } from '../questions/past-session.js'
import { canEach } from './can-each.js'
import type { WhoCanAnswer } from './questions.js'
import { withAssumers } from './through-roles.js'
import { whatCan, whatCanEnded } from './what-can.js'
import { whoCan } from './who-can.js'

type ReadyFor = (accountId: AccountId) => Promise<E.Either<EngineError, void>>

export const partialQuestions = (
  log: EventLog,
  views: Views,
  readyFor: ReadyFor,
  present: () => Present,
): Pick<Engine, 'whoCan' | 'canEach' | 'whatCan'> => ({
  whoCan: (question) => async () => {
    const ready = await readyFor(question.accountId)
    if (E.isLeft(ready)) return ready
    const now = question.asOf ?? present()
    return E.map((answer: WhoCanAnswer) =>
      question.throughRoles === true ? withAssumers(views, question, answer, now) : answer,
    )(whoCan(views, question, now))
  },
  canEach: (question) => async () => {
    const ready = await readyFor(question.principal.accountId)
    return E.isLeft(ready) ? ready : canEach(views, question, present())
  },
  whatCan: (question) => async () => {
    const ready = await readyFor(question.principal.accountId)
    if (E.isLeft(ready)) return ready
    const now = present()
    const answer = whatCan(views, question, now)
    if (E.isRight(answer) || !isAboutPastSession(question, answer.left)) return answer
    const found = await findPastSessions(log, views, question, now, answer.left)
    if (E.isLeft(found)) return found
    return found.right.type === 'Ended'
      ? E.right(whatCanEnded(found.right.ended))
      : whatCan(views, question, now, found.right.narrowing)
  },
})
