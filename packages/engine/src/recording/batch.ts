/**
 * A batch of judged calls while it grows: what repeats is kept once.
 *
 * Cost: a look-up of the action and of the resource per call, and one of who calls and in which
 * circumstances per request, whose decisions come in a row. Texts are not put together.
 */
import type { AccessColumns, AccessContext, AccessRecorded, AccountId } from '@grantlog/domain'
import type { Position } from '../ports.js'
import {
  answerList,
  contextList,
  principalList,
  questionList,
  requestList,
  type UnsealedContext,
} from './batch-lists.js'
import type { JudgedAccess } from './judged-access.js'

/** All of the event but its contexts, which are sealed on the way to the log. */
export type BatchDraft = Omit<AccessRecorded, 'contexts'> & {
  readonly contexts: ReadonlyArray<UnsealedContext>
}

/** The first and the last of some calls, by position and by time. */
export type Span = {
  readonly fromPosition: Position
  readonly toPosition: Position
  readonly from: number
  readonly to: number
}

export const widened = (span: Span | undefined, position: Position, time: number): Span =>
  span === undefined
    ? { fromPosition: position, toPosition: position, from: time, to: time }
    : {
        fromPosition: Math.min(span.fromPosition, position),
        toPosition: Math.max(span.toPosition, position),
        from: Math.min(span.from, time),
        to: Math.max(span.to, time),
      }

export type Batch = {
  /** Takes a call in; answers by how much the batch has grown. Unit: bytes, about. */
  readonly add: (access: JudgedAccess, now: number) => number
  readonly records: () => number
  readonly bytes: () => number
  readonly span: () => Span | undefined
  readonly draft: () => BatchDraft
}

/** Five numbers and what JSON needs around them. Unit: bytes. */
const RECORD_BYTES = 40

type Columns = { readonly [Name in keyof AccessColumns]: number[] }

export const newBatch = (accountId: AccountId): Batch => {
  let bytes = 0
  let span: Span | undefined
  const weigh = (more: number): void => {
    bytes += more
  }
  const principals = principalList(weigh)
  const contexts = contextList(accountId, weigh)
  const questions = questionList(weigh)
  const answers = answerList(weigh)
  const requests = requestList(weigh)
  const records: Columns = { request: [], question: [], answer: [], position: [], time: [] }

  return {
    add: (access, now) => {
      const before = bytes
      const { place: context, time = now } = contexts.placeOf(access, now)
      const { requestId, action, resources, position } = access
      const principal = principals.placeOf(access.principal)
      records.question.push(questions.placeOf({ principal, action, resources, context }))
      records.answer.push(answers.placeOf(access))
      records.request.push(requests.placeOf(requestId))
      records.position.push(position)
      records.time.push(time)
      bytes += RECORD_BYTES
      span = widened(span, position, time)
      return bytes - before
    },
    records: () => records.position.length,
    bytes: () => bytes,
    span: () => span,
    draft: () => ({
      type: 'AccessRecorded',
      accountId,
      sessionPolicies: principals.sessionPolicies,
      principals: principals.values,
      contexts: contexts.values,
      questions: questions.values,
      answers: answers.values,
      requestIds: requests.values,
      records,
    }),
  }
}

/** The event, once the contexts are sealed. */
export const sealedBatch = (
  draft: BatchDraft,
  contexts: ReadonlyArray<AccessContext>,
): AccessRecorded => ({ ...draft, contexts })
