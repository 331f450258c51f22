/**
 * A batch of judged calls while it grows: what repeats is kept once.
 *
 * Cost: one text key for who does what, per call, and one for the circumstances, per request.
 */
import type {
  AccessColumns,
  AccessContext,
  AccessOutcome,
  AccessPrincipal,
  AccessQuestionAsked,
  AccessRecorded,
  AccountId,
} from '@grantlog/domain'
import type { Position } from '../ports.js'
import { type ContextParts, contextParts } from './context.js'
import type { JudgedAccess, JudgedPrincipal } from './judged-access.js'

/** A context that is still to be sealed. */
export type UnsealedContext = Omit<ContextParts, 'time'> & { readonly subject: string }

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

/** A list without repetitions: what is new is made, and its place answered. */
const distinct = <Value>() => {
  const values: Value[] = []
  const places = new Map<string, number>()
  return {
    values,
    place: (key: string, make: () => Value): number => {
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, values.length)
      return values.push(make()) - 1
    },
  }
}

const UNRECORDED: AccessPrincipal = { type: 'Unrecorded' }

/** Names and texts are callers' own, so that only JSON keeps them apart; ids have no '/'. */
const principalText = (principal: JudgedPrincipal | undefined): string => {
  if (principal === undefined) return '?'
  const { accessKeyId = '', entityId = '' } = principal
  const through = `${accessKeyId}/${entityId}`
  switch (principal.type) {
    case 'Root':
      return `root/${through}`
    case 'User':
      return `${principal.userId}/${through}`
    case 'Role': {
      const { roleId, sessionName, sessionId = '', sessionPolicies } = principal
      return JSON.stringify([roleId, sessionName, sessionId, through, sessionPolicies])
    }
  }
}

/** The same text for the same question alone: each part says how long it is. */
const questionText = (
  context: number,
  who: string,
  action: string,
  resources: ReadonlyArray<string>,
): string => {
  let text = `${context} ${who.length} ${who}${action.length} ${action}`
  for (const resource of resources) text += `${resource.length} ${resource}`
  return text
}

/** Where a context is in the batch, and the time of its calls. */
type PlacedContext = {
  readonly context: JudgedAccess['context']
  readonly subject: string
  readonly now: number
  readonly place: number
  readonly time: number
}

/** Five numbers and what JSON needs around them. Unit: bytes. */
const RECORD_BYTES = 40

/** What JSON needs around an entry of a list. Unit: bytes, about. */
const ENTRY_BYTES = 64

/** Sealing makes texts longer. */
const SEALED_FACTOR = 2

/** JSON may need six bytes for a character that is not plain. */
const bytesOf = (text: string): number => (/^[ -~]*$/.test(text) ? 1 : 6) * text.length

type Columns = { readonly [Name in keyof AccessColumns]: number[] }

export const newBatch = (accountId: AccountId): Batch => {
  const policies = distinct<string>()
  const principals = distinct<AccessPrincipal>()
  const contexts = distinct<UnsealedContext>()
  const questions = distinct<AccessQuestionAsked>()
  const answers = distinct<AccessOutcome>()
  const requests = distinct<string>()
  const records: Columns = { request: [], question: [], answer: [], position: [], time: [] }
  let bytes = 0
  let span: Span | undefined

  const principalOf = (principal: JudgedPrincipal | undefined): AccessPrincipal => {
    if (principal === undefined) return UNRECORDED
    if (principal.type !== 'Role') return principal
    const { sessionPolicies, ...role } = principal
    const narrowedBy = sessionPolicies.map((text) => policies.place(text, () => text))
    return { ...role, narrowedBy }
  }
  const placeContext = ({ values, personal, hasTime }: ContextParts, subject: string): number => {
    const key = JSON.stringify([hasTime, subject, personal, values])
    return contexts.place(key, () => {
      bytes += SEALED_FACTOR * bytesOf(key) + ENTRY_BYTES
      return { values, personal, hasTime, subject }
    })
  }
  /** Decisions of one request share their context, which is then taken apart once. */
  let last: PlacedContext | undefined
  const contextOf = ({ context, subject = accountId }: JudgedAccess, now: number) => {
    if (last?.context === context && last?.subject === subject && last.now === now) return last
    const parts = contextParts(context, now)
    last = { context, subject, now, place: placeContext(parts, subject), time: parts.time }
    return last
  }
  const questionOf = (access: JudgedAccess, context: number): number => {
    const { principal, action, resources } = access
    const who = principalText(principal)
    const key = questionText(context, who, action, resources)
    return questions.place(key, () => {
      bytes += bytesOf(key) + ENTRY_BYTES
      const place = principals.place(who, () => principalOf(principal))
      return { principal: place, action, resources: [...resources], context }
    })
  }
  const requestOf = (requestId: string): number =>
    requests.place(requestId, () => {
      bytes += bytesOf(requestId)
      return requestId
    })

  return {
    add: (access, now) => {
      const before = bytes
      const { place, time } = contextOf(access, now)
      const { requestId, outcome, code, position } = access
      records.question.push(questionOf(access, place))
      records.answer.push(answers.place(`${outcome}${code}`, () => ({ outcome, code })))
      records.request.push(requestOf(requestId))
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
      sessionPolicies: policies.values,
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
