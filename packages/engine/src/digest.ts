/**
 * A digest of a view's rows: two states that hold the same rows have the same digest, however
 * they came about.
 */
import { createHash } from 'node:crypto'
import { type ViewState, viewRows } from '@grantlog/views'

/** JSON with the members of objects in order, so that equal values have equal texts. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/** SHA-256 in hex over the rows, each with its parts' lengths before them. */
export const viewDigest = (state: ViewState): string => {
  const hash = createHash('sha256')
  for (const { table, key, value } of viewRows(state)) {
    const text = canonical(value)
    hash.update(`${table.length}:${table}${key.length}:${key}${text.length}:${text}`)
  }
  return hash.digest('hex')
}
