/**
 * The formats of answers. `table` is for people; `json` and `yaml` are the whole answer; `jsonl`
 * and `csv` are its rows, one a line, and come as they are read.
 */
import { isRecord, type Json, listAt, valueAt } from '../json.js'
import { type Column, cellsOf, columnsOfRows, titlesOf } from './columns.js'
import { csvLine } from './csv.js'
import { type TableWriter, tableOf, wordsOf } from './table.js'
import type { Paint, Terminal } from './terminal.js'

export const FORMATS = ['table', 'json', 'jsonl', 'csv', 'yaml'] as const

export type Format = (typeof FORMATS)[number]

export const isFormat = (text: string): text is Format =>
  (FORMATS as ReadonlyArray<string>).includes(text)

/** How an answer looks. */
export type Show = {
  /** The path of the list in the answer; null when the answer itself is the one row. */
  readonly list: string | null
  /** Where the rows are made of more than the list. */
  readonly rows?: (answer: Json) => ReadonlyArray<Json>
  /** Absent: whatever single values the rows have. */
  readonly columns?: ReadonlyArray<Column>
  /** Lines for people above the table, of the first page. */
  readonly heading?: (answer: Json, paint: Paint) => ReadonlyArray<string>
  /** The heading tells what rows alone do not, and is told beside them on standard error. */
  readonly isHeadingNeeded?: true
  /** What stands where the whole list, to its last page, is empty. */
  readonly none?: string
}

export type Writer = {
  readonly page: (answer: Json) => Promise<void>
  readonly end: () => Promise<void>
}

const rowsOf = ({ list, rows }: Show, answer: Json): ReadonlyArray<Json> =>
  rows === undefined ? (list === null ? [answer] : listAt(answer, list)) : rows(answer)

const withList = (value: Json, path: string, rows: ReadonlyArray<Json>): Json => {
  if (!isRecord(value)) return value
  const [member = '', ...rest] = path.split('.')
  const inner = rest.length === 0 ? rows : withList(value[member] ?? null, rest.join('.'), rows)
  return { ...value, [member]: inner }
}

/** Pages as one answer: the last one, with the rows of all. */
const joined = ({ list }: Show, pages: ReadonlyArray<Json>): Json => {
  const last = pages.at(-1) ?? null
  if (list === null || pages.length < 2) return last
  return withList(
    last,
    list,
    pages.flatMap((page) => listAt(page, list)),
  )
}

const wholeWriter = (
  terminal: Terminal,
  show: Show,
  write: (answer: Json) => string | Promise<string>,
): Writer => {
  const pages: Json[] = []
  return {
    page: async (answer) => void pages.push(answer),
    end: async () => terminal.write(await write(joined(show, pages))),
  }
}

/** Tells the heading of the first page beside its rows. */
const withHeading = (terminal: Terminal, show: Show, writer: Writer): Writer => {
  let isTold = show.isHeadingNeeded !== true
  return {
    ...writer,
    page: async (answer) => {
      await writer.page(answer)
      if (isTold) return
      isTold = true
      for (const line of show.heading?.(answer, (_, text) => text) ?? []) terminal.tell(line)
    },
  }
}

const jsonlWriter = (terminal: Terminal, show: Show): Writer => ({
  page: (answer) =>
    terminal.write(
      rowsOf(show, answer)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    ),
  end: async () => undefined,
})

const csvWriter = (terminal: Terminal, show: Show): Writer => {
  let columns: ReadonlyArray<Column> | undefined
  return {
    page: (answer) => {
      const rows = rowsOf(show, answer)
      const isFirst = columns === undefined
      const known = columns ?? show.columns ?? columnsOfRows(rows)
      columns = known
      const head = isFirst ? csvLine(titlesOf(known)) : ''
      return terminal.write(head + rows.map((row) => csvLine(cellsOf(known, row))).join(''))
    },
    end: async () => undefined,
  }
}

/** One thing, a line for each of its members. */
const oneThing = (columns: ReadonlyArray<Column>, row: Json, paint: Paint): string => {
  const cells = cellsOf(columns, row)
  const shown = titlesOf(columns).flatMap((title, index) => {
    const cell = cells[index] ?? null
    return cell === null || cell === '' ? [] : [[`${wordsOf(title)}:`, cell]]
  })
  return tableOf(['', ''], paint, false).lines(shown)
}

const isLast = (page: Json): boolean => (valueAt(page, 'next') ?? null) === null

/** Without the columns that no row has anything in; a later page might, so only of a single one. */
const withoutEmpty = (
  columns: ReadonlyArray<Column>,
  answer: Json,
  rows: ReadonlyArray<Json>,
): ReadonlyArray<Column> => {
  if (!isLast(answer)) return columns
  const cells = rows.map((row) => cellsOf(columns, row))
  return columns.filter((_, index) => cells.some((row) => (row[index] ?? '') !== ''))
}

const tableWriter = (terminal: Terminal, show: Show): Writer => {
  const { paint } = terminal
  let columns: ReadonlyArray<Column> | undefined
  let table: TableWriter | undefined
  let isBegun = false
  let gap = ''
  const linesOf = (
    answer: Json,
    rows: ReadonlyArray<Json>,
    known: ReadonlyArray<Column>,
  ): string => {
    if (show.list === null) return rows.map((row) => oneThing(known, row, paint)).join('')
    if (rows.length === 0) return table === undefined && isLast(answer) ? none(show) : ''
    table ??= tableOf(titlesOf(known), paint)
    return table.lines(rows.map((row) => cellsOf(known, row)))
  }
  return {
    page: (answer) => {
      const rows = rowsOf(show, answer)
      const heading = isBegun ? [] : (show.heading?.(answer, paint) ?? [])
      isBegun = true
      if (rows.length > 0)
        columns ??= withoutEmpty(show.columns ?? columnsOfRows(rows), answer, rows)
      const above = heading.map((line) => `${line}\n`).join('')
      if (above !== '') gap = '\n'
      const body = linesOf(answer, rows, columns ?? [])
      if (body === '') return terminal.write(above)
      const text = above + gap + body
      gap = ''
      return terminal.write(text)
    },
    end: async () => undefined,
  }
}

const none = (show: Show): string =>
  show.none === undefined || show.none === '' ? '' : `${show.none}\n`

/** Loaded where it is wanted only: most runs are over before it would be read. */
const yamlOf = async (answer: Json): Promise<string> => (await import('yaml')).stringify(answer)

export const writerOf = (format: Format, terminal: Terminal, show: Show): Writer => {
  switch (format) {
    case 'table':
      return tableWriter(terminal, show)
    case 'csv':
      return withHeading(terminal, show, csvWriter(terminal, show))
    case 'jsonl':
      return withHeading(terminal, show, jsonlWriter(terminal, show))
    case 'json':
      return wholeWriter(terminal, show, (answer) => `${JSON.stringify(answer, null, 2)}\n`)
    case 'yaml':
      return wholeWriter(terminal, show, yamlOf)
  }
}
