/**
 * One object for all equal parts of data: versions of a policy mostly say the same, and every
 * document of an account names it. What is shared stays in the caches of the processor, and takes
 * memory once.
 *
 * Invariant: data means the same before and after. Only plain data that nobody changes any more may
 * be handed in.
 */

export type EqualParts = {
  /** Puts known parts in the place of equal ones, down to the texts. */
  share<Data>(data: Data): Data
  /** Forgets all parts; those that are in use stay as they are. */
  clear(): void
}

/** A part and the number that stands for it in the keys of the parts it belongs to. */
type Part = { readonly number: number; readonly value: unknown }

export const equalParts = (): EqualParts => {
  const parts = new Map<string, Part>()

  const partOf = (value: unknown): Part => {
    const key = typeof value === 'object' && value !== null ? keyOfMembers(value) : keyOf(value)
    const known = parts.get(key)
    if (known !== undefined) return known
    const part = { number: parts.size, value }
    parts.set(key, part)
    return part
  }
  /** Shares the members in their places, so that an object keeps its shape for the compiler. */
  const keyOfMembers = (members: object): string => {
    let key = Array.isArray(members) ? '[' : '{'
    for (const [name, member] of Object.entries(members)) {
      const { number, value } = partOf(member)
      Reflect.set(members, name, value)
      key += `${JSON.stringify(name)}${number},`
    }
    return key
  }

  return {
    share: <Data>(data: Data): Data => partOf(data).value as Data,
    clear: () => parts.clear(),
  }
}

const keyOf = (value: unknown): string => `${typeof value} ${String(value)}`
