/**
 * The operations that there are, for whoever mistypes one or wants it completed. They are loaded
 * from the protocol's own table only then.
 */

/** The names of the operations of a product, or of all of them. */
export const operationsOf = async (product?: string): Promise<ReadonlyArray<string>> => {
  const { OPERATIONS } = await import('@grantlog/protocol')
  return OPERATIONS.filter(
    (operation) => product === undefined || operation.product.toLowerCase() === product,
  ).map(({ name }) => name)
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

/** The operation that was probably meant; null when none is near. */
export const nearestOperation = async (name: string): Promise<string | null> => {
  if (name.length > NAME_CHARACTERS_MAX) return null
  const [best] = (await operationsOf())
    .map((operation) => ({ operation, away: distance(name, operation) }))
    .sort((one, other) => one.away - other.away)
  return best !== undefined && best.away <= Math.max(2, name.length / 4) ? best.operation : null
}
