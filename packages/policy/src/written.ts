/**
 * The structure of a document as most are, read in one pass: a tenth of the work of the codecs.
 *
 * Invariant: what is answered is what the codec of the kind decodes. Undefined says nothing: it is
 * for the codec to take the document or to name its fault.
 */
import type { PolicyKind, WrittenDocument, WrittenStatement } from './document.js'

type Texts = ReadonlyArray<string>
type Members<A> = ReadonlyArray<readonly [string, A]>

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** A list that is not empty, without holes, all of whose items can be read. */
const listOf = <A>(u: unknown, read: (item: unknown) => A | undefined) => {
  if (!Array.isArray(u) || u.length === 0) return undefined
  const list: Array<A> = []
  for (let i = 0; i < u.length; i += 1) {
    const item = read(u[i])
    if (item === undefined) return undefined
    list.push(item)
  }
  return list
}

const textOf = (u: unknown): string | undefined =>
  typeof u === 'string' && u !== '' ? u : undefined

const textOfValue = (u: unknown): string | undefined =>
  typeof u === 'string' || typeof u === 'number' || typeof u === 'boolean' ? String(u) : undefined

const oneOrMany = <A>(u: unknown, read: (item: unknown) => A | undefined) => {
  const one = read(u)
  return one === undefined ? listOf(u, read) : [one]
}

const textsOf = (u: unknown): Texts | undefined => oneOrMany(u, textOf)
const valuesOf = (u: unknown): Texts | undefined => oneOrMany(u, textOfValue)

const membersOf = <A>(u: unknown, read: (member: unknown) => A | undefined) => {
  if (!isObject(u)) return undefined
  const members: Array<readonly [string, A]> = []
  for (const key of Object.keys(u)) {
    const member = read(u[key])
    if (member === undefined) return undefined
    members.push([key, member])
  }
  return members
}

const keysOf = (u: unknown): Members<Texts> | undefined => membersOf(u, valuesOf)

/** What stands under a member of a statement; undefined also for a member that is not known. */
const memberOf = (key: string, u: unknown) => {
  switch (key) {
    case 'Action':
    case 'NotAction':
    case 'Resource':
      return textsOf(u)
    case 'Principal':
      return membersOf(u, textsOf)
    case 'Condition':
      return membersOf(u, keysOf)
    case 'Effect':
      return u === 'Allow' || u === 'Deny' ? u : undefined
  }
  return undefined
}

const NAMES_RESOURCES: ReadonlySet<PolicyKind> = new Set(['identity', 'session', 'resource'])
const NAMES_PRINCIPALS: ReadonlySet<PolicyKind> = new Set(['trust', 'resource'])

const statementOf = (kind: PolicyKind, u: unknown): WrittenStatement | undefined => {
  if (!isObject(u)) return undefined
  const statement: Record<string, unknown> = {}
  for (const key of Object.getOwnPropertyNames(u)) {
    const member = memberOf(key, u[key])
    if (member === undefined) return undefined
    statement[key] = member
  }
  const isWhole =
    statement['Effect'] !== undefined &&
    (statement['Resource'] !== undefined) === NAMES_RESOURCES.has(kind) &&
    (statement['Principal'] !== undefined) === NAMES_PRINCIPALS.has(kind)
  return isWhole ? (statement as WrittenStatement) : undefined
}

const MEMBERS: ReadonlySet<string> = new Set(['Version', 'Statement'])

export const writtenDocument = (kind: PolicyKind, json: unknown): WrittenDocument | undefined => {
  if (!isObject(json) || !Object.getOwnPropertyNames(json).every((name) => MEMBERS.has(name)))
    return undefined
  const statements = listOf(json['Statement'], (one) => statementOf(kind, one))
  return json['Version'] === '1' && statements !== undefined ? { Statement: statements } : undefined
}
