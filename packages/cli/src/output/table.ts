/**
 * Rows as a table for people. The last column is as wide as it needs to be, so that nothing is cut:
 * what is asked for here is evidence.
 */
import type { Cell } from './columns.js'
import { type Paint, printable, widthOf } from './terminal.js'

const GAP = '  '

const textOf = (cell: Cell): string => {
  if (cell === null) return ''
  if (cell === true) return 'yes'
  return cell === false ? 'no' : printable(String(cell))
}

const isNumeric = (rows: ReadonlyArray<ReadonlyArray<Cell>>, index: number): boolean =>
  rows.length > 0 &&
  rows.every((row) => typeof row[index] === 'number' || (row[index] ?? null) === null)

type Layout = { readonly widths: ReadonlyArray<number>; readonly numeric: ReadonlyArray<boolean> }

const layoutOf = (
  titles: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
): Layout => ({
  widths: titles.map((title, index) =>
    rows.reduce(
      (widest, row) => Math.max(widest, widthOf(textOf(row[index] ?? null))),
      widthOf(title),
    ),
  ),
  numeric: titles.map((_, index) => isNumeric(rows, index)),
})

const lineOf = (cells: ReadonlyArray<string>, { widths, numeric }: Layout): string =>
  cells
    .map((text, index) => {
      const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)))
      return numeric[index] ? padding + text : text + padding
    })
    .join(GAP)
    .trimEnd()

export type TableWriter = {
  /** The lines of these rows; the first call fixes the widths, and is headed by the titles. */
  readonly lines: (rows: ReadonlyArray<ReadonlyArray<Cell>>) => string
}

/** `createDate` is written `create date`. */
export const wordsOf = (name: string): string =>
  name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()

/** A table that may grow page by page. */
export const tableOf = (
  titles: ReadonlyArray<string>,
  paint: Paint,
  isHeaded = true,
): TableWriter => {
  const heads = titles.map((title) => wordsOf(title).toUpperCase())
  let layout: Layout | null = null
  return {
    lines: (rows) => {
      const isFirst = layout === null
      layout ??= layoutOf(heads, rows)
      const known = layout
      const head = isFirst && isHeaded ? [paint('dim', lineOf(heads, known))] : []
      const body = rows.map((row) =>
        lineOf(
          titles.map((_, index) => textOf(row[index] ?? null)),
          known,
        ),
      )
      return [...head, ...body].map((line) => `${line}\n`).join('')
    },
  }
}
