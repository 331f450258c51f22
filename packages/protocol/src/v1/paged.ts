/**
 * Answers in pages: one page as a JSON object or, for whoever accepts `application/x-ndjson`, all
 * of them as lines, made as they are read.
 *
 * Of an answer in lines each item is a line, and so is the end of each page, with all that the page
 * says beside its items: `{"page":{"position","applied","next",…}}`. A fault on the way is the last
 * line, `{"problem":{…}}`; an answer that ends with neither was cut.
 */
import type { Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Fault } from '../rpc/faults.js'
import type { Scene } from '../rpc/scene.js'
import type { ReceivedCall } from '../signature/call.js'
import { type MemberAbout, member, type RouteAbout } from './about.js'
import {
  openCursor,
  type PagedQuestion,
  type PageKey,
  type PageStart,
  sealCursor,
} from './cursor.js'
import { problemMembers, problemOf, type ReadFault } from './problem.js'
import type { PreparedRead, ReadAnswer } from './route.js'

export const LINES_TYPE = 'application/x-ndjson'

/** How many items an answer in lines holds at a time. Unit: items. */
const LINES_PAGE_ITEMS = 200

/** How much text is handed on at once. Unit: characters. */
const CHUNK_CHARACTERS = 64 * 1024

type Members = Readonly<Record<string, unknown>>

/** A page: its items, the key of its last one where more follow, and what else is told. */
export type Page = {
  readonly items: ReadonlyArray<Members>
  readonly next: PageKey | null
  /** The position that the items are of, where that is an earlier one than the pinned. */
  readonly position?: Position
  readonly more?: Members
}

export type PagedRead = PagedQuestion & {
  /** The member of the answer that has the items; a dot leads into an object. */
  readonly member: string
  /** As the query names it; undefined where it does not. */
  readonly limit: number | undefined
  readonly limitDefault: number
  /** Whether `after` may be a number that a person wrote: then keys are numbers. */
  readonly areNumbers: boolean
  /**
   * How many items an answer in lines holds at a time, where a page costs more than to hold it.
   */
  readonly linesPageItems?: number
  /** Asked for one page after the other. It answers for `pinned`, also when more is known. */
  readonly page: (start: PageStart, limit: number) => TE.TaskEither<Fault | ReadFault, Page>
}

/**
 * The parameters of a page; `number` says what may stand as `after` in place of a cursor, null that
 * nothing may.
 */
export const pageQuery = (
  what: string,
  number: string | null,
  limitMax: number,
  limitDefault: number,
): ReadonlyArray<MemberAbout> => [
  member.optional(
    'after',
    `the \`next\` of the page before, with the same question${number === null ? '' : `, or a ${number}`}`,
    'Where to go on, exclusive: what is left out begins at the first.' +
      (number === null ? '' : ` A ${number} asks for now.`),
  ),
  {
    name: 'limit',
    isNeeded: false,
    rule: `a whole number from 1 to ${limitMax}`,
    meaning: `How many ${what} at most; ${limitDefault} when absent, all of them in lines.`,
    schema: { type: 'integer', minimum: 1, maximum: limitMax },
  },
]

/** What every page says of itself. */
export const PAGE_ANSWER: RouteAbout['answer'] = {
  next: 'What to give as `after` for the next page, of the same answer; null on the last.',
  position: 'The position that all pages of this answer are of.',
  applied: 'The last position of the whole log that this node had applied when it answered.',
}

const wantsLines = ({ headers }: ReceivedCall): boolean =>
  headers['accept']?.includes(LINES_TYPE) === true

/** A page of at most `limit` of what is known: what a route answers that has all of it at hand. */
export const pageOf = <Item extends Members>(
  all: ReadonlyArray<Item>,
  keyOf: (item: Item) => number,
  { after, pinned }: PageStart,
  limit: number,
): Page & { readonly items: ReadonlyArray<Item> } => {
  const from = typeof after === 'number' ? after : -1
  const rest = all.filter((item) => keyOf(item) > from && keyOf(item) <= pinned)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rest.length > limit && last !== undefined ? keyOf(last) : null }
}

/** What a route gives as `run`; a cursor that does not open is refused before. */
export const pagedRun = (
  { engine, caller }: Scene,
  asked: PagedRead,
): E.Either<ReadFault, PreparedRead['run']> =>
  pipe(
    openCursor(engine, caller.accountId, asked, asked.areNumbers),
    E.map(
      (start): PreparedRead['run'] =>
        (scene) =>
          pipe(
            // Another node may have answered the page before, and know more than this one.
            scene.engine.waitFor(start.pinned),
            TE.flatMap(() =>
              wantsLines(asked.call)
                ? runLines(scene, asked, start)
                : runPage(scene, asked, start, asked.limit ?? asked.limitDefault),
            ),
          ),
    ),
  )

/** All that a page says beside its items: what is the answer's own, and where it stands. */
const besidesOf = (
  { engine, caller: { accountId } }: Scene,
  asked: PagedRead,
  start: PageStart,
  { more, next, position = start.pinned }: Page,
) => ({
  ...more,
  next: next === null ? null : sealCursor(engine, accountId, asked, { ...start, after: next }),
  position,
  applied: engine.status().applied,
})

const underPath = (path: string, items: Page['items']): Members =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), items) as Members

const runPage = (
  scene: Scene,
  asked: PagedRead,
  start: PageStart,
  limit: number,
): TE.TaskEither<Fault | ReadFault, ReadAnswer> =>
  pipe(
    asked.page(start, limit),
    TE.map((page): ReadAnswer => {
      const besides = besidesOf(scene, asked, start, page)
      return {
        body: { ...underPath(asked.member, page.items), ...besides },
        position: besides.applied,
      }
    }),
  )

const linesAtATime = ({ linesPageItems = LINES_PAGE_ITEMS }: PagedRead, left: number): number =>
  Math.min(left, linesPageItems)

/** The first page is made before the answer begins, so that its fault has a status. */
const runLines = (
  scene: Scene,
  asked: PagedRead,
  start: PageStart,
): TE.TaskEither<Fault | ReadFault, ReadAnswer> => {
  const left = asked.limit ?? Number.POSITIVE_INFINITY
  return pipe(
    asked.page(start, linesAtATime(asked, left)),
    TE.map(
      (first): ReadAnswer => ({
        body: {},
        position: scene.engine.status().applied,
        lines: chunked(linesFrom(scene, asked, start, first, left)),
      }),
    ),
  )
}

async function* linesFrom(
  scene: Scene,
  asked: PagedRead,
  start: PageStart,
  first: Page,
  limit: number,
): AsyncGenerator<string, void, undefined> {
  let page = first
  let left = limit
  for (;;) {
    for (const item of page.items) yield JSON.stringify(item)
    left -= page.items.length
    yield JSON.stringify({ page: besidesOf(scene, asked, start, page) })
    if (page.next === null || left <= 0) return
    const following = { ...start, after: page.next }
    const next = await asked.page(following, linesAtATime(asked, left))()
    if (E.isLeft(next)) {
      const problem = problemOf(next.left, scene.caller)
      return yield JSON.stringify({ problem: problemMembers(problem) })
    }
    page = next.right
  }
}

/** Lines put together, so that a short one does not cost a packet. */
async function* chunked(
  lines: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length < CHUNK_CHARACTERS) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}
