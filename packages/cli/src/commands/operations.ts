/** The operations and parameters that there are, for whoever mistypes one or wants it completed. */
import type { Product } from '@grantlog/client'
import { OPERATION_PARAMETERS } from './operation-parameters.js'

/** The products as they are written here. */
export const PRODUCTS: Readonly<Record<string, Product>> = { ram: 'Ram', sts: 'Sts', ims: 'Ims' }

/** The names of the operations of a product. */
export const operationsOf = (product: Product): ReadonlyArray<string> =>
  Object.keys(OPERATION_PARAMETERS[product])

/** The names of an operation's parameters; undefined where none is known by that name. */
export const parametersOf = (
  product: Product,
  operation: string,
): ReadonlyArray<string> | undefined =>
  Object.hasOwn(OPERATION_PARAMETERS[product], operation)
    ? OPERATION_PARAMETERS[product][operation]?.split(' ').filter((name) => name !== '')
    : undefined

/** The same, as a command line says it: the product is one in any case of letters. */
export const parametersOfWords = (
  productWord: string,
  operation: string,
): ReadonlyArray<string> | undefined => {
  const product = PRODUCTS[productWord.toLowerCase()]
  return product && parametersOf(product, operation)
}

/** Parameters as they are written in a command line. */
export const flagsText = (names: ReadonlyArray<string>): string =>
  names.map((name) => `--${name}`).join(', ') || 'none'

/** `Tag.12.Key` is one of the parameters that are written `Tag.1.Key`. */
const asListed = (name: string): string => name.replace(/\.[1-9][0-9]*(?=\.|$)/, '.1')

/** The first of these names that is no parameter of an operation that is known. */
export const unknownParameter = (
  product: Product,
  operation: string,
  names: ReadonlyArray<string>,
): string | undefined => {
  const known = parametersOf(product, operation)
  return known && names.find((name) => !known.includes(asListed(name)))
}

/** How many letters must be added, taken away or changed; letter case is no difference. */
export const distance = (one: string, other: string): number => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The longest name that is compared. Unit: characters. */
const NAME_CHARACTERS_MAX = 64

/** The name that was probably meant; null when none is near. */
export const nearestOf = (names: ReadonlyArray<string>, name: string): string | null => {
  if (name.length > NAME_CHARACTERS_MAX) return null
  const [best] = names
    .map((known) => ({ known, away: distance(name, known) }))
    .sort((one, other) => one.away - other.away)
  return best !== undefined && best.away <= Math.max(2, name.length / 4) ? best.known : null
}

/** The operation that was probably meant, of whichever product. */
export const nearestOperation = (name: string): string | null =>
  nearestOf(Object.values(PRODUCTS).flatMap(operationsOf), name)
