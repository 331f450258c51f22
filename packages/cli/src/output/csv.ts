/**
 * Rows as CSV (RFC 4180), safe to open in a spreadsheet.
 */
import type { Cell } from './columns.js'

/**
 * A text that a spreadsheet would compute, in any of the letters it takes for its signs: with such
 * a beginning, a name chosen by an attacker runs on the desk of whoever reads the report.
 */
const FORMULA = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/

export const csvCell = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: ReadonlyArray<Cell>): string => `${cells.map(csvCell).join(',')}\r\n`
