/**
 * The statements of policy documents as people wrote them, and what two sets of them differ in.
 *
 * Invariant: two statements are the same when they say the same: the order of members and of the
 * values in a list does not count, nor whether one value stands in a list.
 */
import type { PolicySource } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'

/** JSON as it was written. */
export type WrittenStatement = Readonly<Record<string, unknown>>

type Keyed = { readonly key: string; readonly statement: WrittenStatement }

/** A statement and the policies through which it binds. */
export type BoundStatement = {
  readonly statement: WrittenStatement
  readonly through: ReadonlyArray<PolicySource>
}

/** Statements by what they say. */
export type StatementSet = ReadonlyMap<string, BoundStatement>

const isMembers = (value: unknown): value is WrittenStatement =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const keyOf = (value: unknown): string => {
  if (Array.isArray(value)) {
    const keys = [...new Set(value.map(keyOf))].sort()
    return keys.length === 1 ? (keys[0] ?? '') : `[${keys.join(',')}]`
  }
  if (!isMembers(value)) return JSON.stringify(String(value))
  const members = Object.entries(value).map(([name, member]) => `${name}:${keyOf(member)}`)
  return `{${members.sort().join(',')}}`
}

/** None for a text that does not parse: nothing of it binds. Texts were read strictly before. */
const statementsIn = (text: string): ReadonlyArray<Keyed> => {
  const parsed = E.tryCatch(
    () => JSON.parse(text) as unknown,
    () => undefined,
  )
  const all = E.isRight(parsed) && isMembers(parsed.right) ? parsed.right['Statement'] : []
  return (Array.isArray(all) ? all : [all])
    .filter(isMembers)
    .map((statement) => ({ key: keyOf(statement), statement }))
}

/** Each statement once, with all the policies that hold it. */
export const statementSet = (
  documents: ReadonlyArray<{ readonly source: PolicySource; readonly text: string }>,
): StatementSet => {
  const set = new Map<string, BoundStatement>()
  for (const { source, text } of documents)
    for (const { key, statement } of statementsIn(text)) {
      const known = set.get(key)
      if (known === undefined) set.set(key, { statement, through: [source] })
      else if (!known.through.includes(source))
        set.set(key, { ...known, through: [...known.through, source] })
    }
  return set
}

/** What is in one set and not in another, in the order of the first. */
export const without = (one: StatementSet, other: StatementSet): ReadonlyArray<BoundStatement> =>
  [...one].flatMap(([key, bound]) => (other.has(key) ? [] : [bound]))

/** What a document says that another does not. */
export type DocumentDiff = {
  readonly added: ReadonlyArray<WrittenStatement>
  readonly removed: ReadonlyArray<WrittenStatement>
}

/** An absent document says nothing. */
export const documentDiff = (
  before: string | undefined,
  after: string | undefined,
): DocumentDiff => {
  const [was, is] = [before, after].map((text) => (text === undefined ? [] : statementsIn(text)))
  const missing = (from: ReadonlyArray<Keyed> = [], other: ReadonlyArray<Keyed> = []) =>
    from.flatMap(({ key, statement }) =>
      other.some((each) => each.key === key) ? [] : [statement],
    )
  return { added: missing(is, was), removed: missing(was, is) }
}
