/**
 * The items of a paged answer one by one, read from lines as they come: nothing is held but the
 * line at hand, and a reader who waits makes the server wait.
 *
 * After each page the server says where it goes on. A connection that breaks is taken up from
 * there, and what was seen of that page already is passed over: no item comes twice, none is left
 * out.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Codec, decodeValue, parseText } from './decode.js'
import type { ClientError } from './errors.js'
import { type Asked, type CallOptions, exchange, type Surroundings } from './exchange.js'
import { isPassing, pause, pauseMs } from './retry.js'
import { linesOf } from './send.js'
import { Next, Position } from './shapes/parts.js'
import { Problem } from './shapes/problem.js'
import type { Names } from './sign.js'

export const LINES_TYPE = 'application/x-ndjson'

/** What stands between the items: the end of a page, or why no more comes. */
const PageLine = t.type({ page: t.type({ position: Position, applied: Position, next: Next }) })
const ProblemLine = t.type({ problem: Problem })

type Line<A> =
  | { readonly type: 'Item'; readonly item: A }
  | { readonly type: 'Page'; readonly next: string | null }

const readLine = <A>(text: string, codec: Codec<A>): E.Either<ClientError, Line<A>> => {
  const parsed = parseText(text)
  if (E.isLeft(parsed)) return parsed
  if (PageLine.is(parsed.right))
    return E.right({ type: 'Page', next: parsed.right.page.next } as const)
  if (ProblemLine.is(parsed.right)) {
    const { problem } = parsed.right
    const type = problem.status >= 500 ? 'Unavailable' : 'Refused'
    return E.left({ type, problem })
  }
  const item = decodeValue(parsed.right, codec)
  return E.isLeft(item) ? item : E.right({ type: 'Item', item: item.right } as const)
}

/** Where a reader stands: the page it is in, and how many items of it it has seen. */
type Place = { after: string | undefined; seen: number; isOver: boolean }

const CUT: ClientError = { type: 'Unreachable', detail: 'the answer ends before its page does' }

/** Reads one answer on; what it ends with is the fault that ended it, or null. */
async function* readOn<A>(
  around: Surroundings,
  asked: Asked,
  codec: Codec<A>,
  options: CallOptions,
  place: Place,
): AsyncGenerator<A, ClientError | null, undefined> {
  const reply = await exchange(around, asked, options)
  if (E.isLeft(reply)) return reply.left
  let passOver = place.seen
  let isWhole = false
  for await (const text of linesOf(reply.right)) {
    const line = E.isLeft(text) ? text : readLine(text.right, codec)
    if (E.isLeft(line)) return line.left
    isWhole = line.right.type === 'Page'
    switch (line.right.type) {
      case 'Page':
        place.isOver = line.right.next === null
        place.after = line.right.next ?? place.after
        place.seen = 0
        break
      case 'Item':
        if (passOver > 0) {
          passOver -= 1
          break
        }
        place.seen += 1
        yield line.right.item
        break
    }
  }
  return isWhole ? null : CUT
}

/** A paged question: in the query of its path, or in a body. */
export type PagedQuestion = { readonly path: string } & (
  | { readonly query: Names }
  | { readonly body: Readonly<Record<string, unknown>> }
)

/** The question from a place on. */
const askedFrom = (question: PagedQuestion, after: string | undefined): Asked => {
  const call = { path: question.path, action: 'Read', version: 'v1' } as const
  const kind = { isChange: false, isRepeatable: true, accept: LINES_TYPE } as const
  const from: Names = after === undefined ? {} : { after }
  return 'query' in question
    ? { ...call, ...kind, method: 'GET', body: '', query: { ...question.query, ...from } }
    : {
        ...call,
        ...kind,
        method: 'POST',
        body: JSON.stringify({ ...question.body, ...from }),
        query: {},
      }
}

/** A left is the last that comes. */
export async function* each<A>(
  around: Surroundings,
  question: PagedQuestion,
  codec: Codec<A>,
  options: CallOptions,
): AsyncGenerator<E.Either<ClientError, A>, void, undefined> {
  const place: Place = { after: undefined, seen: 0, isOver: false }
  let failures = 0
  while (!place.isOver) {
    const reading = readOn(around, askedFrom(question, place.after), codec, options, place)
    let step = await reading.next()
    while (step.done !== true) {
      failures = 0
      yield E.right(step.value)
      step = await reading.next()
    }
    const fault = step.value
    if (fault === null) continue
    failures += 1
    // A call that found no server has been tried often enough already.
    if (!isPassing(fault) || failures >= around.retries.attemptsMax) return yield E.left(fault)
    const ms = pauseMs(around.retries, failures, around.chance())
    if (!(await pause(ms, options.signal))) return yield E.left({ type: 'Aborted' })
  }
}
