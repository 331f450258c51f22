/**
 * Where the next page of an answer begins: a cursor, sealed for the account that asked, bound to
 * the question, and pinned to the present in which its first page was answered: a position, and a
 * time.
 *
 * Invariant: the pages that cursors lead through are those of one answer in one present, whatever
 * is written meanwhile and whichever node answers. A cursor that is altered, another account's or
 * of another question opens nothing.
 */
import { hash } from 'node:crypto'
import type { Engine, Position, Present } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReceivedCall } from '../signature/call.js'
import type { ReadFault } from './problem.js'
import { isOfSignature } from './question.js'

/** What tells the items of an answer apart, in their order. */
export type PageKey = string | number

/**
 * Where a page begins: after a key, or at the beginning, in the answer of a position. `now` is the
 * time of the first page: milliseconds UTC.
 */
export type PageStart = {
  readonly after: PageKey | undefined
  readonly pinned: Position
  readonly now: number
}

/** The present that all pages of an answer are of. */
export const presentOf = ({ pinned, now }: PageStart): Present => ({ applied: pinned, now })

/** The longest cursor that is opened. Unit: characters. */
export const CURSOR_CHARACTERS_MAX = 2048

/** As people write one: the number of the item to go on after, in an answer of now. */
const PLAIN = /^(?:0|[1-9][0-9]{0,14})$/

const SealedCursor = t.tuple([
  t.literal('v2'),
  t.string,
  t.tuple([t.number, t.number]),
  t.union([t.string, t.number]),
])

/**
 * A question that has pages: in the query of a call, or in its body as a codec gave it, which has
 * one order of members for all spellings.
 */
export type PagedQuestion = {
  readonly call: ReceivedCall
  readonly body?: Readonly<Record<string, unknown>>
}

/** The question without what changes from page to page. */
const digestOf = ({ call: { path, query }, body }: PagedQuestion): string => {
  const asked = Object.entries(body ?? Object.fromEntries(query)).filter(
    ([name]) => name !== 'after' && name !== 'limit' && !isOfSignature(name),
  )
  asked.sort(([one], [other]) => (one < other ? -1 : 1))
  return hash('sha256', JSON.stringify([path, asked]), 'base64').slice(0, 22)
}

const FAULT = 'it must be the next of the page before, asked with the same question and account'

const malformed = ({ body }: PagedQuestion): ReadFault =>
  body === undefined
    ? { type: 'QueryMalformed', parameter: 'after', fault: FAULT }
    : { type: 'BodyMalformed', pointer: '/after', fault: FAULT }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads `after`. `areNumbers` where a person may write the number of an item in its place. */
export const openCursor = (
  engine: Engine,
  accountId: string,
  question: PagedQuestion,
  areNumbers: boolean,
): E.Either<ReadFault, PageStart> => {
  const { call, body } = question
  const text = body === undefined ? (call.query.get('after') ?? '') : String(body['after'] ?? '')
  const present = { pinned: engine.status().applied, now: engine.clock.now() }
  if (text === '') return E.right({ after: undefined, ...present })
  if (areNumbers && PLAIN.test(text)) return E.right({ after: Number(text), ...present })
  if (text.length > CURSOR_CHARACTERS_MAX) return E.left(malformed(question))
  const opened = engine.vault.openText('page-marker', accountId, text)
  const cursor = SealedCursor.decode(opened === null ? null : parsed(opened))
  if (E.isLeft(cursor) || cursor.right[1] !== digestOf(question)) return E.left(malformed(question))
  const [, , [pinned, now], after] = cursor.right
  return E.right({ after, pinned, now })
}

export const sealCursor = (
  engine: Engine,
  accountId: string,
  question: PagedQuestion,
  { after, pinned, now }: PageStart & { readonly after: PageKey },
): string => {
  const cursor: t.TypeOf<typeof SealedCursor> = ['v2', digestOf(question), [pinned, now], after]
  return engine.vault.sealText('page-marker', accountId, JSON.stringify(cursor))
}
