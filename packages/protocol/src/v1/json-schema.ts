/**
 * From a codec to a JSON Schema (2020-12): what the codec accepts, the schema accepts too.
 *
 * A refinement is a function, which no schema can hold; `withSchema` says beside it what of it can
 * be said. Named objects are defined once, and referred to.
 */
import { Position } from '@grantlog/client/shapes'
import type { ClosedType } from '@grantlog/policy'
import type * as t from 'io-ts'

export type JsonSchema = { readonly [keyword: string]: unknown }

const refined = new WeakMap<t.Mixed, JsonSchema>()

/** The same codec, and what a schema can say of its refinement, or of all of it. */
export const withSchema = <Codec extends t.Mixed>(codec: Codec, schema: JsonSchema): Codec => {
  refined.set(codec, schema)
  return codec
}

export const POSITION_SCHEMA: JsonSchema = {
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
}
withSchema(Position, POSITION_SCHEMA)

/** Where named codecs are defined, by name. */
export type Definitions = Map<string, JsonSchema>

type Known =
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.NullType
  | t.UnknownType
  | t.LiteralType<string | number | boolean>
  | t.UnionType<t.Mixed[]>
  | t.IntersectionType<t.Mixed[]>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.ExactType<t.Any & t.HasProps>
  | t.ReadonlyType<t.Mixed>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.DictionaryType<t.Mixed, t.Mixed>
  | t.RefinementType<t.Mixed>
  | ClosedType<t.Props, t.Props>

/** What `closed` is called where nobody named it. */
const UNNAMED = 'Closed'

/** A name that somebody gave, as opposed to one that io-ts made of the shape. */
const isNamed = ({ name }: t.Mixed): boolean => name !== UNNAMED && /^[A-Z][A-Za-z]+$/.test(name)

const NAMED: ReadonlyArray<string> = ['IntersectionType', 'InterfaceType', 'ClosedType']

export const schemaOf = (codec: t.Mixed, definitions: Definitions): JsonSchema => {
  // What was made by hand says itself what it accepts.
  if (!('_tag' in codec)) return refined.get(codec) ?? {}
  const known = codec as Known
  if (!NAMED.includes(known._tag) || !isNamed(codec)) return shapeOf(known, definitions)
  if (!definitions.has(codec.name)) {
    // The name is taken before its shape is looked at.
    definitions.set(codec.name, {})
    definitions.set(codec.name, shapeOf(known, definitions))
  }
  return { $ref: `#/components/schemas/${codec.name}` }
}

const objectOf = (
  required: t.Props,
  optional: t.Props,
  definitions: Definitions,
  isClosed = false,
): JsonSchema => {
  const properties = Object.entries({ ...required, ...optional }).map(
    ([name, codec]) => [name, schemaOf(codec, definitions)] as const,
  )
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
    ...(isClosed ? { additionalProperties: false } : {}),
  }
}

/** An interface beside a partial one, as records with optional members are written. */
const propsOf = ({ types }: t.IntersectionType<t.Mixed[]>): readonly [t.Props, t.Props] | null => {
  const [first, second, ...others] = types as unknown as ReadonlyArray<Known>
  return first?._tag === 'InterfaceType' && second?._tag === 'PartialType' && others.length === 0
    ? [first.props, second.props]
    : null
}

const unionOf = ({ types }: t.UnionType<t.Mixed[]>, definitions: Definitions): JsonSchema => {
  const members = types as unknown as ReadonlyArray<Known>
  const literals = members.flatMap((one) => (one._tag === 'LiteralType' ? [one.value] : []))
  return literals.length === members.length
    ? { enum: literals }
    : { anyOf: types.map((one) => schemaOf(one, definitions)) }
}

const shapeOf = (codec: Known, definitions: Definitions): JsonSchema => {
  switch (codec._tag) {
    case 'StringType':
      return { type: 'string' }
    case 'NumberType':
      return { type: 'number' }
    case 'BooleanType':
      return { type: 'boolean' }
    case 'NullType':
      return { type: 'null' }
    case 'UnknownType':
      return {}
    case 'LiteralType':
      return { const: codec.value }
    case 'UnionType':
      return unionOf(codec, definitions)
    case 'IntersectionType': {
      const props = propsOf(codec)
      return props === null
        ? { allOf: codec.types.map((one) => schemaOf(one, definitions)) }
        : objectOf(...props, definitions)
    }
    case 'InterfaceType':
      return objectOf(codec.props, {}, definitions)
    case 'PartialType':
      return objectOf({}, codec.props, definitions)
    case 'ClosedType':
      return objectOf(codec.required, codec.optional, definitions, true)
    case 'ExactType':
    case 'ReadonlyType':
      return schemaOf(codec.type, definitions)
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return { type: 'array', items: schemaOf(codec.type, definitions) }
    case 'DictionaryType':
      return { type: 'object', additionalProperties: schemaOf(codec.codomain, definitions) }
    case 'RefinementType':
      return { ...schemaOf(codec.type, definitions), ...refined.get(codec) }
  }
}
