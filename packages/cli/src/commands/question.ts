/**
 * A command that is one call to the server, or one call for each page, and shows what comes back:
 * whatever differs from command to command stands in its table row.
 */
import * as E from 'fp-ts/lib/Either.js'
import {
  CALLER_IDENTITY,
  type Caller,
  callerOf,
  type Names,
  type Request,
} from '../calling/call.js'
import { EXIT_OK, type ExitCode, type Failure } from '../failure.js'
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'
import { type Show, writerOf } from '../output/format.js'
import { progressOf } from '../output/progress.js'
import { printable, type Terminal } from '../output/terminal.js'
import type { Connection } from '../settings/connection.js'
import { type Command, type Context, type Given, type OptionAbout, wrong } from './command.js'
import { MOMENT_OPTIONS, OWN_ACCOUNT } from './words.js'

export type Question = Omit<Command, 'run' | 'takesParameters'> & {
  /** Takes `--at` and `--position`. */
  readonly hasMoment?: true
  /** Its answer comes in pages, with `next`. */
  readonly isPaged?: true
  /** What `--after` is, where it is more than what an earlier page named. */
  readonly after?: string
  /** Where the server's pages are shorter than most. Unit: rows. */
  readonly pageRowsMax?: number
  /** The server may work on it for minutes. */
  readonly isLong?: true
  readonly ask: (given: Given, now: number) => E.Either<Failure, Request>
  readonly show: (given: Given) => Show
  /** Of the last page. */
  readonly exit?: (answer: Json, given: Given) => ExitCode
}

/** How long the server may work on what is long, where nobody says. Unit: milliseconds. */
const LONG_MS_MAX = 600_000

const PAGE_ROWS_MAX = 1000
const ROWS_DEFAULT = 100
const ROWS_MAX = 1_000_000_000

const pageOptions = (after = 'go on after an earlier page'): ReadonlyArray<OptionAbout> => [
  { flag: '--limit <n>', meaning: `how many rows at most; ${ROWS_DEFAULT} when absent` },
  { flag: '--after <next>', meaning: after },
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

/** The account of a file of credentials, or whatever the server says. */
const accountIdOf = async (
  { accountId }: Connection,
  call: Caller,
): Promise<E.Either<Failure, string>> =>
  accountId === null
    ? E.map((identity: Json) => textAt(identity, 'AccountId'))(await call(CALLER_IDENTITY))
    : E.right(accountId)

/** A text of the request, wherever it stands in it. */
const mapTexts = (value: Json, change: (text: string) => string): Json => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change))
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)])
  return Object.fromEntries(members)
}

/** The request with the caller's account in its place, which is asked for only where it is used. */
export const ofOwnAccount = async (
  request: Request,
  connection: Connection,
  call: Caller,
): Promise<E.Either<Failure, Request>> => {
  if (!JSON.stringify(request).includes(OWN_ACCOUNT)) return E.right(request)
  const accountId = await accountIdOf(connection, call)
  if (E.isLeft(accountId)) return accountId
  // Texts become other texts, and everything else stays: so it is a request still.
  return E.right(
    mapTexts(request, (text) => text.replaceAll(OWN_ACCOUNT, accountId.right)) as Request,
  )
}

/** Where the page stands in the request. */
const pageOf = (request: Request, page: Names): Request => {
  switch (request.type) {
    case 'Get':
      return { ...request, query: { ...request.query, ...page } }
    case 'Ask':
    case 'Order':
      return isRecord(request.body)
        ? { ...request, body: { ...request.body, ...page, limit: Number(page['limit']) } }
        : request
    case 'Operation':
      return request
  }
}

type Asked = { readonly call: Caller; readonly request: Request; readonly context: Context }

const TICK_MS = 1_000

/** Shows on a terminal for how long an answer is waited for, from the first second on. */
const waiting = async <A>(terminal: Terminal, answer: Promise<A>): Promise<A> => {
  const progress = progressOf(terminal, 'waiting, seconds')
  const since = performance.now()
  const timer = setInterval(() => {
    progress.at(Math.round((performance.now() - since) / 1000), null)
  }, TICK_MS)
  try {
    return await answer
  } finally {
    clearInterval(timer)
    progress.end()
  }
}

const askOnce = async (about: Question, { call, request, context }: Asked) => {
  const { given, terminal, format } = context
  const answer = await waiting(terminal, call(request))
  if (E.isLeft(answer)) return answer
  const writer = writerOf(format, terminal, about.show(given))
  await writer.page(answer.right)
  await writer.end()
  return answer
}

/** An empty page after another says nothing of what came before it. */
const showOf = (about: Question, given: Given): Show => {
  const after = given.option('after')
  const show = about.show(given)
  return after === undefined ? show : { ...show, none: `Nothing more after ${printable(after)}.` }
}

/** Reads page after page and writes each before it asks for the next. */
const askPages = async (
  about: Question,
  { call, request, context }: Asked,
  wanted: number,
): Promise<E.Either<Failure, Json>> => {
  const { given, terminal, format } = context
  const show = showOf(about, given)
  const writer = writerOf(format, terminal, show)
  const progress = progressOf(terminal, 'reading')
  let after = given.option('after')
  for (let rows = 0; ; ) {
    const limit = String(Math.min(wanted - rows, about.pageRowsMax ?? PAGE_ROWS_MAX))
    const answer = await call(pageOf(request, { limit, ...(after === undefined ? {} : { after }) }))
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
  const isPatient = about.isLong === true && given.option('timeout') === undefined
  const patience = isPatient ? { timeoutMs: LONG_MS_MAX } : {}
  const call = callerOf({ ...connection.right, ...patience })
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
    ...(about.isPaged ? pageOptions(about.after) : []),
  ],
  run: (context) => run(about, context),
})
