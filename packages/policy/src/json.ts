/**
 * Strict JSON for text that people write: size and depth are capped before anything is parsed, and
 * a member given twice is refused, since parsers disagree on which of the two counts.
 */
import { type AnyNode, parse } from '@humanwhocodes/momoa'
import * as E from 'fp-ts/lib/Either.js'

/** How deep arrays and objects may nest. A policy needs 7 levels. Ours. */
export const JSON_DEPTH_MAX = 16

export type JsonFault =
  | { readonly type: 'JsonTooLong'; readonly length: number; readonly limit: number }
  | { readonly type: 'JsonMalformed'; readonly path: string; readonly fault: string }

/** The JSON pointer (RFC 6901) of a place; empty for the whole. */
export const jsonPointer = (keys: ReadonlyArray<string>): string =>
  keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Parses at most `charactersMax` characters. Fails with the first fault, in reading order. */
export const parseJson = (text: string, charactersMax: number): E.Either<JsonFault, unknown> => {
  if (text.length > charactersMax)
    return E.left({ type: 'JsonTooLong', length: text.length, limit: charactersMax })
  const shape = shapeOf(text)
  if (shape.depth > JSON_DEPTH_MAX) return malformed('', `nests deeper than ${JSON_DEPTH_MAX}`)

  const value = E.tryCatch(() => JSON.parse(text) as unknown, notJson)
  if (E.isLeft(value)) return value
  // As many members as were written: none was given twice, and nobody has to look for it.
  if (membersIn(value.right) === shape.colons) return value
  const tree = E.tryCatch(() => parse(text), notJson)
  if (E.isLeft(tree)) return tree

  const fault = firstFaultyMember(tree.right.body, [])
  return fault === undefined ? value : E.left(fault)
}

const notJson = (): JsonFault => ({ type: 'JsonMalformed', path: '', fault: 'not JSON' })

const malformed = (path: string, fault: string): E.Either<JsonFault, never> =>
  E.left({ type: 'JsonMalformed', path, fault })

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** A bracket and a brace differ by the bit that makes letters small. */
const SMALL = 0x20
const OPENING = 0x7b
const CLOSING = 0x7d

/** Where a string ends that began before the place: at its closing quote, or with the text. */
const endOfString = (text: string, from: number): number => {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}

type Shape = {
  /** The deepest nesting of brackets. */
  readonly depth: number
  /** Each member of an object has one. */
  readonly colons: number
}

/** What there is outside strings. */
const shapeOf = (text: string): Shape => {
  let depth = 0
  let deepest = 0
  let colons = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i + 1)
    else if (code === COLON) colons += 1
    else if ((code | SMALL) === OPENING) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if ((code | SMALL) === CLOSING) depth -= 1
  }
  return { depth: deepest, colons }
}

/** How many members the objects have in all; none counts where a name is not allowed. */
const membersIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const element of value) count += membersIn(element)
    return count
  }
  const members = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(members))
    count += name === '__proto__' ? Number.NaN : 1 + membersIn(members[name])
  return count
}

const firstFaultyMember = (node: AnyNode, path: ReadonlyArray<string>): JsonFault | undefined => {
  if (node.type === 'Array') {
    for (const [index, element] of node.elements.entries()) {
      const fault = firstFaultyMember(element.value, [...path, String(index)])
      if (fault !== undefined) return fault
    }
    return undefined
  }
  if (node.type !== 'Object') return undefined

  const seen = new Set<string>()
  for (const member of node.members) {
    const name = member.name.type === 'String' ? member.name.value : member.name.name
    const here = [...path, name]
    const said = seen.has(name) ? 'member given twice' : 'member name not allowed'
    if (seen.has(name) || name === '__proto__')
      return { type: 'JsonMalformed', path: jsonPointer(here), fault: said }
    seen.add(name)
    const fault = firstFaultyMember(member.value, here)
    if (fault !== undefined) return fault
  }
  return undefined
}
