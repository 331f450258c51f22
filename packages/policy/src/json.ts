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
  if (depthOf(text) > JSON_DEPTH_MAX) return malformed('', `nests deeper than ${JSON_DEPTH_MAX}`)

  const value = E.tryCatch(() => JSON.parse(text) as unknown, notJson)
  if (E.isLeft(value)) return value
  const tree = E.tryCatch(() => parse(text, { mode: 'json' }), notJson)
  if (E.isLeft(tree)) return tree

  const fault = firstFaultyMember(tree.right.body, [])
  return fault === undefined ? value : E.left(fault)
}

const notJson = (): JsonFault => ({ type: 'JsonMalformed', path: '', fault: 'not JSON' })

const malformed = (path: string, fault: string): E.Either<JsonFault, never> =>
  E.left({ type: 'JsonMalformed', path, fault })

/** The deepest nesting of brackets outside strings. */
const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]
    if (inString && character === '\\') i += 1
    else if (character === '"') inString = !inString
    else if (!inString && (character === '[' || character === '{')) {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (!inString && (character === ']' || character === '}')) depth -= 1
  }
  return deepest
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
