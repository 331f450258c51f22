/** The shape of an io-ts codec as text: what a stored event looks like, and nothing else. */
import type * as t from 'io-ts'

type Tagged = t.Any & {
  readonly _tag?: string
  readonly type?: Tagged
  readonly types?: ReadonlyArray<Tagged>
  readonly props?: Readonly<Record<string, Tagged>>
  readonly value?: unknown
  readonly keys?: Readonly<Record<string, unknown>>
}

/** The same text for the same shape, whatever the order in which members were written down. */
export const shapeOf = (codec: t.Any): string => {
  const tagged: Tagged = codec
  switch (tagged._tag) {
    case 'ExactType':
      return inner(tagged)
    case 'InterfaceType':
      return members(tagged, '')
    case 'PartialType':
      return members(tagged, '?')
    case 'IntersectionType':
      return (tagged.types ?? []).map(shapeOf).join(' & ')
    case 'UnionType':
      return `(${(tagged.types ?? []).map(shapeOf).sort().join(' | ')})`
    case 'ReadonlyArrayType':
    case 'ArrayType':
      return `${inner(tagged)}[]`
    case 'RefinementType':
      return `${inner(tagged)}<${tagged.name}>`
    case 'LiteralType':
      return JSON.stringify(tagged.value)
    case 'KeyofType':
      return `(${Object.keys(tagged.keys ?? {})
        .sort()
        .join(' | ')})`
    default:
      return tagged.name
  }
}

const inner = ({ type, name }: Tagged): string => (type === undefined ? name : shapeOf(type))

const members = ({ props = {} }: Tagged, mark: '' | '?'): string =>
  `{ ${Object.keys(props)
    .sort()
    .map((name) => `${name}${mark}: ${props[name] === undefined ? '' : shapeOf(props[name])}`)
    .join(', ')} }`
