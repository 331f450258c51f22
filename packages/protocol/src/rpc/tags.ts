/**
 * Parameters that are lists, in their two spellings: `Tag` as one JSON text, or as `Tag.1.Key`,
 * `Tag.1.Value` and so on; lists of texts likewise, as JSON or as `TagKeys.1`, `TagKeys.2`.
 */
import { TAGS_MAX, Tags } from '@grantlog/domain'
import { parseJson } from '@grantlog/policy'
import type { TagFilter } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { ParameterFault } from './faults.js'
import { type Field, type Given, invalid } from './fields.js'

type Pair = { readonly key: string; readonly value: string | undefined }

/** Twenty tags of the longest keys and values, escaped. Unit: characters. */
const TAG_JSON_CHARACTERS_MAX = 64 * 1024

const wrong = invalid('Tag', 'Value')

const pairOf = (item: unknown): Pair | null => {
  if (typeof item !== 'object' || item === null) return null
  const members = new Map<string, unknown>(Object.entries(item))
  const [key, value] = [members.get('Key'), members.get('Value')]
  for (const name of members.keys()) if (name !== 'Key' && name !== 'Value') return null
  if (typeof key !== 'string' || key === '') return null
  return value === undefined || typeof value === 'string' ? { key, value } : null
}

const fromJson = (text: string): E.Either<ParameterFault, ReadonlyArray<Pair>> => {
  const parsed = parseJson(text, TAG_JSON_CHARACTERS_MAX)
  const items = E.isRight(parsed) ? parsed.right : null
  if (!Array.isArray(items) || items.length > TAGS_MAX) return wrong
  const pairs = items.map(pairOf)
  return pairs.every((pair) => pair !== null) ? E.right(pairs) : wrong
}

const fromNumbered = (parameters: Given): E.Either<ParameterFault, ReadonlyArray<Pair>> => {
  const pairs: Array<Pair> = []
  for (let n = 1; n <= TAGS_MAX + 1; n += 1) {
    const key = parameters.get(`Tag.${n}.Key`)
    const value = parameters.get(`Tag.${n}.Value`)
    if (key === undefined && value === undefined) break
    if (!key || n > TAGS_MAX) return wrong
    pairs.push({ key, value })
  }
  return E.right(pairs)
}

const readPairs: Field<ReadonlyArray<Pair>> = (parameters) => {
  const json = parameters.get('Tag')
  const numbered = fromNumbered(parameters)
  if (json === undefined || json === '' || E.isLeft(numbered)) return numbered
  return numbered.right.length > 0 ? wrong : fromJson(json)
}

/**
 * The tags of something new; undefined when there are none. A pair without a value has the value
 * ''.
 */
export const tags: Field<Tags | undefined> = (parameters) => {
  const pairs = readPairs(parameters)
  if (E.isLeft(pairs)) return pairs
  if (pairs.right.length === 0) return E.right(undefined)
  const given = pairs.right.map(({ key, value }) => ({ key, value: value ?? '' }))
  return Tags.is(given) ? E.right(given) : wrong
}

/** The tags that a list is narrowed to; a pair without a value matches any value of its key. */
export const tagFilter: Field<TagFilter | undefined> = (parameters) => {
  const pairs = readPairs(parameters)
  if (E.isLeft(pairs)) return pairs
  if (pairs.right.length === 0) return E.right(undefined)
  return E.right(
    pairs.right.map(({ key, value }) => (value === undefined ? { key } : { key, value })),
  )
}

const textsFromJson = (
  text: string,
  name: string,
  max: number,
): E.Either<ParameterFault, ReadonlyArray<string>> => {
  const parsed = parseJson(text, TAG_JSON_CHARACTERS_MAX)
  const items = E.isRight(parsed) ? parsed.right : null
  return Array.isArray(items) &&
    items.length <= max &&
    items.every((item): item is string => typeof item === 'string')
    ? E.right(items)
    : invalid(name, 'Value')
}

const textsNumbered = (
  parameters: Given,
  name: string,
  max: number,
): E.Either<ParameterFault, ReadonlyArray<string>> => {
  const texts: Array<string> = []
  for (let n = 1; n <= max + 1; n += 1) {
    const text = parameters.get(`${name}.${n}`)
    if (text === undefined) break
    if (n > max) return invalid(name, 'Value')
    texts.push(text)
  }
  return E.right(texts)
}

/** At most so many texts, none twice; undefined when there are none. */
export const textList =
  (name: string, max: number): Field<ReadonlyArray<string> | undefined> =>
  (parameters) => {
    const json = parameters.get(name)
    const numbered = textsNumbered(parameters, name, max)
    if (E.isLeft(numbered)) return numbered
    const isJson = json !== undefined && json !== ''
    if (isJson && numbered.right.length > 0) return invalid(name, 'Value')
    const texts = isJson ? textsFromJson(json, name, max) : numbered
    if (E.isLeft(texts)) return texts
    if (texts.right.length === 0) return E.right(undefined)
    return new Set(texts.right).size === texts.right.length ? texts : invalid(name, 'Value')
  }

/** A list that must not be empty. */
export const neededList =
  <A>(name: string, field: Field<A | undefined>): Field<A> =>
  (parameters) => {
    const read = field(parameters)
    if (E.isLeft(read)) return read
    return read.right === undefined
      ? E.left({ type: 'ParameterMissing', name })
      : E.right(read.right)
  }
