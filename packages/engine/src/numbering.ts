/** Numbers things in the order in which they are met: the same thing has the same number. */
export const numbering = <Thing>(): ((thing: Thing) => number) => {
  const numbers = new Map<Thing, number>()
  return (thing) => {
    const known = numbers.get(thing)
    if (known !== undefined) return known
    numbers.set(thing, numbers.size)
    return numbers.size - 1
  }
}
