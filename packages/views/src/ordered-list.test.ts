/** The ordered list against the plainest list that could do the same. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstAtLeast, orderedList } from './ordered-list.js'

const idOf = (position: number): string => `id-${position}`

/** All pages, one after the other. */
const walk = (list: ReturnType<typeof orderedList>, limit: number): ReadonlyArray<string> => {
  const seen: Array<string> = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const page: ReturnType<typeof list.page> = list.page(after, limit)
    seen.push(...page.ids)
    after = page.next
  }
  return seen
}

describe('orderedList', () => {
  it('given positions in any order, some removed, then the pages are the rest in order', () => {
    const positions = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 200 })
    fc.assert(
      fc.property(positions, fc.integer({ min: 1, max: 40 }), (added, limit) => {
        const list = orderedList()
        for (const position of added) list.add(position, idOf(position))
        const removed = added.filter((_, index) => index % 3 === 0)
        for (const position of removed) list.remove(position)

        const rest = added.filter((position) => !removed.includes(position))
        const expected = rest.toSorted((a, b) => a - b).map(idOf)
        expect(walk(list, limit)).toEqual(expected)
        expect(list.size()).toBe(expected.length)
      }),
    )
  })

  it('given more than one chunk in reverse order, then order and size still hold', () => {
    const list = orderedList()
    for (let position = 3000; position >= 1; position -= 1) list.add(position, idOf(position))
    expect(list.size()).toBe(3000)
    expect(walk(list, 700)).toEqual(Array.from({ length: 3000 }, (_, index) => idOf(index + 1)))
  })

  it('given a filter, then pages are filled with what it keeps and then end', () => {
    const list = orderedList()
    for (let position = 1; position <= 10; position += 1) list.add(position, idOf(position))
    const even = (id: string) => Number(id.slice(3)) % 2 === 0

    expect(list.page(0, 2, even)).toEqual({ ids: ['id-2', 'id-4'], next: 4 })
    expect(list.page(4, 3, even)).toEqual({ ids: ['id-6', 'id-8', 'id-10'] })
  })

  it('given a position that is not there, then removing it changes nothing', () => {
    const list = orderedList()
    list.add(5, 'id-5')
    list.remove(4)
    list.remove(6)
    expect(list.page(0, 10)).toEqual({ ids: ['id-5'] })
  })

  it('given a page that starts at a removed element, then nothing is skipped or repeated', () => {
    const list = orderedList()
    for (const position of [1, 2, 3, 4]) list.add(position, idOf(position))
    const first = list.page(0, 2)
    list.remove(2)
    expect(list.page(first.next ?? 0, 2)).toEqual({ ids: ['id-3', 'id-4'] })
  })
})

describe('firstAtLeast', () => {
  it('given ascending numbers, then it finds what a scan finds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (numbers, wanted) => {
        const ascending = numbers.toSorted((a, b) => a - b)
        const scanned = ascending.findIndex((number) => number >= wanted)
        expect(firstAtLeast(ascending, wanted)).toBe(scanned === -1 ? ascending.length : scanned)
      }),
    )
  })
})
