/** Prints io-ts codecs: the members of a record, and the type of each in a few words. */

const PLAIN = {
  StringType: 'text',
  NumberType: 'number',
  BooleanType: 'true or false',
  NullType: 'null',
  UndefinedType: 'absent',
  UnknownType: 'anything',
  AnyDictionaryType: 'record',
}

/** A name that somebody gave, as opposed to one that io-ts derived from the shape. */
const isNamed = (codec) => /^[A-Z][A-Za-z]+$/.test(codec.name)

/** Named codecs met on the way, so that a page can explain each once. */
export const newGlossary = () => new Map()

/** The type of a member in a few words; named codecs are noted in `met`. */
export const typeText = (codec, met) => {
  if (codec._tag in PLAIN) return PLAIN[codec._tag]
  if (isNamed(codec)) {
    met.set(codec.name, codec)
    return `\`${codec.name}\``
  }
  switch (codec._tag) {
    case 'LiteralType':
      return `\`${JSON.stringify(codec.value)}\``
    case 'KeyofType':
      return Object.keys(codec.keys)
        .map((key) => `\`"${key}"\``)
        .join(' or ')
    case 'UnionType':
      return codec.types.map((type) => typeText(type, met)).join(' or ')
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return `list of ${typeText(codec.type, met)}`
    case 'ReadonlyType':
    case 'ExactType':
    case 'RefinementType':
      return typeText(codec.type, met)
    case 'InterfaceType':
    case 'PartialType':
    case 'IntersectionType':
    case 'ClosedType':
      return `{ ${membersOf(codec)
        .map(({ name, type, isOptional }) => {
          return `${name}${isOptional ? '?' : ''}: ${typeText(type, met)}`
        })
        .join(', ')} }`
  }
  return `\`${codec.name}\``
}

/** The members of a record, in the order in which they are written. */
export const membersOf = (codec) => {
  const props = (record, isOptional) =>
    Object.entries(record).map(([name, type]) => ({ name, type, isOptional }))
  switch (codec._tag) {
    case 'InterfaceType':
      return props(codec.props, false)
    case 'PartialType':
      return props(codec.props, true)
    case 'ClosedType':
      return [...props(codec.required, false), ...props(codec.optional, true)]
    case 'IntersectionType':
      return codec.types.flatMap(membersOf)
    case 'ExactType':
    case 'ReadonlyType':
    case 'RefinementType':
      return membersOf(codec.type)
  }
  throw new Error(`${codec.name} is not a record`)
}

/**
 * What stands behind a name: its alternatives or members; undefined where the sentence says it all.
 */
export const shapeText = (codec, met) => {
  if (codec._tag === 'RefinementType') return undefined
  const anonymous = Object.create(codec, { name: { value: '{}' } })
  return typeText(anonymous, met)
}
