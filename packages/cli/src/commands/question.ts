/**
 * A command that is one call to the server, or one call for each page, and shows what comes back:
 * whatever differs from command to command stands in its table row.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, callerOf, type Request } from '../calling/call.js'
import { EXIT_OK, type ExitCode, type Failure } from '../failure.js'
import { type Json, listAt, textAt, valueAt } from '../json.js'
import { type Show, writerOf } from '../output/format.js'
import { progressOf } from '../output/progress.js'
import type { Connection } from '../settings/connection.js'
import { type Command, type Context, type Given, type OptionAbout, wrong } from './command.js'
import { MOMENT_OPTIONS, OWN_ACCOUNT } from './words.js'

export type Question = Omit<Command, 'run' | 'takesParameters'> & {
  /** Takes `--at` and `--position`. */
  readonly hasMoment?: true
  /** Its answer comes in pages, with `next`. */
  readonly isPaged?: true
  readonly ask: (given: Given, now: number) => E.Either<Failure, Request>
  readonly show: (given: Given) => Show
  /** Of the last page. */
  readonly exit?: (answer: Json, given: Given) => ExitCode
}

const PAGE_ROWS_MAX = 1000
const ROWS_DEFAULT = 100
const ROWS_MAX = 1_000_000_000

const PAGE_OPTIONS: ReadonlyArray<OptionAbout> = [
  { flag: '--limit <n>', meaning: `how many rows at most; ${ROWS_DEFAULT} when absent` },
  { flag: '--after <next>', meaning: 'go on after an earlier page' },
  { flag: '--all', meaning: 'all rows there are' },
]

/** How many rows are wanted. */
const rowsWanted = (given: Given): E.Either<Failure, number> => {
  const text = given.option('limit')
  if (given.has('all'))
    return text === undefined ? E.right(ROWS_MAX) : wrong('Say --all or --limit, not both.')
  const limit = text === undefined ? ROWS_DEFAULT : Number(text)
  return Number.isInteger(limit) && limit >= 1 && limit <= ROWS_MAX
    ? E.right(limit)
    : wrong(`--limit must be a whole number from 1 on, not "${text}".`)
}

/** Who calls: the account of a file of credentials, or whatever the server says. */
export const accountIdOf = async (
  connection: Connection,
  call: Caller,
): Promise<E.Either<Failure, string>> => {
  if (connection.accountId !== null) return E.right(connection.accountId)
  const answer = await call({
    method: 'POST',
    path: '/',
    operation: { action: 'GetCallerIdentity', version: '2015-04-01' },
  })
  return E.map((identity: Json) => textAt(identity, 'AccountId'))(answer)
}

/** The request with the caller's account in its place, which is asked for only where it is used. */
export const ofOwnAccount = async (
  request: Request,
  connection: Connection,
  call: Caller,
): Promise<E.Either<Failure, Request>> => {
  const fixed = JSON.stringify([request.path, request.query ?? {}])
  if (!fixed.includes(OWN_ACCOUNT)) return E.right(request)
  const accountId = await accountIdOf(connection, call)
  if (E.isLeft(accountId)) return accountId
  const own = (text: string): string => text.replaceAll(OWN_ACCOUNT, accountId.right)
  const query = Object.entries(request.query ?? {}).map(
    ([name, text]) => [name, own(text)] as const,
  )
  return E.right({ ...request, path: own(request.path), query: Object.fromEntries(query) })
}

type Asked = { readonly call: Caller; readonly request: Request; readonly context: Context }

const askOnce = async (about: Question, { call, request, context }: Asked) => {
  const { given, terminal, format } = context
  const answer = await call(request)
  if (E.isLeft(answer)) return answer
  const writer = writerOf(format, terminal, about.show(given))
  await writer.page(answer.right)
  await writer.end()
  return answer
}

/** Reads page after page and writes each before it asks for the next. */
const askPages = async (
  about: Question,
  { call, request, context }: Asked,
  wanted: number,
): Promise<E.Either<Failure, Json>> => {
  const { given, terminal, format } = context
  const show = about.show(given)
  const writer = writerOf(format, terminal, show)
  const progress = progressOf(terminal, 'reading')
  let after = given.option('after')
  for (let rows = 0; ; ) {
    const limit = String(Math.min(wanted - rows, PAGE_ROWS_MAX))
    const query = { ...request.query, limit, ...(after === undefined ? {} : { after }) }
    const answer = await call({ ...request, query })
    if (E.isLeft(answer)) return answer
    rows += listAt(answer.right, show.list ?? '').length
    progress.at(rows, null)
    await writer.page(answer.right)
    const next = valueAt(answer.right, 'next') ?? null
    if (next !== null && rows < wanted) {
      after = String(next)
      continue
    }
    progress.end()
    await writer.end()
    if (next !== null) terminal.tell(`There is more: say --after ${next}, or --all.`)
    return answer
  }
}

const run = async (about: Question, context: Context): Promise<E.Either<Failure, ExitCode>> => {
  const { given, now } = context
  const wanted = about.isPaged ? rowsWanted(given) : E.right(0)
  if (E.isLeft(wanted)) return wanted
  const asked = about.ask(given, now)
  if (E.isLeft(asked)) return asked
  const connection = context.connect()
  if (E.isLeft(connection)) return connection
  const call = callerOf(connection.right)
  const request = await ofOwnAccount(asked.right, connection.right, call)
  if (E.isLeft(request)) return request
  const what = { call, request: request.right, context }
  const answer = await (about.isPaged ? askPages(about, what, wanted.right) : askOnce(about, what))
  return E.map((last: Json) => about.exit?.(last, given) ?? EXIT_OK)(answer)
}

export const question = (about: Question): Command => ({
  ...about,
  options: [
    ...about.options,
    ...(about.hasMoment ? MOMENT_OPTIONS : []),
    ...(about.isPaged ? PAGE_OPTIONS : []),
  ],
  run: (context) => run(about, context),
})
