/**
 * Attributes: the properties of an entity, or a context, as condition keys can hold them.
 *
 * Members of objects inside are named by their path, `address/city`. Texts, numbers and truth
 * values are taken as their text, lists as several values, what else stands in a list as its JSON.
 * What is null says nothing. Names are compared without case, as condition keys are.
 */
import * as E from 'fp-ts/lib/Either.js'

/** By lower-case name. */
export type Attributes = ReadonlyMap<string, ReadonlyArray<string>>

export const NO_ATTRIBUTES: Attributes = new Map()

/** How many attributes one object may have. Unit: attributes. Ours. */
export const ATTRIBUTES_MAX = 128
/** Unit: characters, of a name with its path. */
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 128
/** How many values one attribute may have. */
export const ATTRIBUTE_VALUES_MAX = 256
/** Unit: characters. */
export const ATTRIBUTE_VALUE_CHARACTERS_MAX = 2048

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** The attributes of a JSON object, or why they can't be had: a sentence without its subject. */
export const attributesOf = (object: JsonObject): E.Either<string, Attributes> => {
  const attributes = new Map<string, ReadonlyArray<string>>()
  const fault = collect(object, '', attributes)
  return fault === null ? E.right(attributes) : E.left(fault)
}

const collect = (
  object: JsonObject,
  path: string,
  attributes: Map<string, ReadonlyArray<string>>,
): string | null => {
  for (const [member, value] of Object.entries(object)) {
    const name = `${path}${member}`.toLowerCase()
    if (value === null) continue
    const fault = isObject(value)
      ? collect(value, `${name}/`, attributes)
      : add(attributes, name, Array.isArray(value) ? value.map(textOf) : [textOf(value)])
    if (fault !== null) return fault
  }
  return null
}

const add = (
  attributes: Map<string, ReadonlyArray<string>>,
  name: string,
  values: ReadonlyArray<string>,
): string | null => {
  if (attributes.has(name)) return 'two of its names are alike but for case'
  if (attributes.size >= ATTRIBUTES_MAX) return `it has more than ${ATTRIBUTES_MAX} values`
  if (name === '' || name.length > ATTRIBUTE_NAME_CHARACTERS_MAX)
    return `a name has 1 to ${ATTRIBUTE_NAME_CHARACTERS_MAX} characters`
  if (values.length > ATTRIBUTE_VALUES_MAX)
    return `a list has at most ${ATTRIBUTE_VALUES_MAX} elements`
  if (values.some(({ length }) => length > ATTRIBUTE_VALUE_CHARACTERS_MAX))
    return `a value has at most ${ATTRIBUTE_VALUE_CHARACTERS_MAX} characters`
  attributes.set(name, values)
  return null
}

/** What is given goes before what is known. */
export const over = (given: Attributes, known: Attributes): Attributes =>
  known.size === 0 ? given : given.size === 0 ? known : new Map([...known, ...given])
