/**
 * Where the next page of an answer begins: a cursor, sealed for the account that asked, bound to
 * the question, and pinned to the position at which its first page was answered.
 *
 * Invariant: the pages that cursors lead through are those of one answer at one position, whatever
 * is written meanwhile and whichever node answers. A cursor that is altered, another account's or
 * of another question opens nothing.
 */
import { hash } from 'node:crypto'
import type { Engine, Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ReceivedCall } from '../signature/call.js'
import type { ReadFault } from './problem.js'
import { isOfSignature } from './question.js'

/** What tells the items of an answer apart, in their order. */
export type PageKey = string | number

/** Where a page begins: after a key, or at the beginning, in the answer of a position. */
export type PageStart = { readonly after: PageKey | undefined; readonly pinned: Position }

/** The longest cursor that is opened. Unit: characters. */
export const CURSOR_CHARACTERS_MAX = 2048

/** As people write one: the number of the item to go on after, in an answer of now. */
const PLAIN = /^(?:0|[1-9][0-9]{0,14})$/

const SealedCursor = t.tuple([t.literal('v1'), t.string, t.number, t.union([t.string, t.number])])

/** The question without what changes from page to page. */
const digestOf = ({ path, query }: ReceivedCall): string => {
  const asked = [...query].filter(
    ([name]) => name !== 'after' && name !== 'limit' && !isOfSignature(name),
  )
  asked.sort(([one], [other]) => (one < other ? -1 : 1))
  return hash('sha256', JSON.stringify([path, asked]), 'base64').slice(0, 22)
}

const malformed: ReadFault = {
  type: 'QueryMalformed',
  parameter: 'after',
  fault: 'it must be the next of the page before, asked with the same question and account',
}

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
  call: ReceivedCall,
  areNumbers: boolean,
): E.Either<ReadFault, PageStart> => {
  const text = call.query.get('after') ?? ''
  const pinned = engine.status().applied
  if (text === '') return E.right({ after: undefined, pinned })
  if (areNumbers && PLAIN.test(text)) return E.right({ after: Number(text), pinned })
  if (text.length > CURSOR_CHARACTERS_MAX) return E.left(malformed)
  const opened = engine.vault.openText('page-marker', accountId, text)
  const cursor = SealedCursor.decode(opened === null ? null : parsed(opened))
  if (E.isLeft(cursor) || cursor.right[1] !== digestOf(call)) return E.left(malformed)
  const [, , position, after] = cursor.right
  return E.right({ after, pinned: position })
}

export const sealCursor = (
  engine: Engine,
  accountId: string,
  call: ReceivedCall,
  { after, pinned }: PageStart & { readonly after: PageKey },
): string => {
  const cursor: t.TypeOf<typeof SealedCursor> = ['v1', digestOf(call), pinned, after]
  return engine.vault.sealText('page-marker', accountId, JSON.stringify(cursor))
}
