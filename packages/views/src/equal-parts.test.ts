/** Sharing equal parts changes what is kept, never what is said. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalParts } from './equal-parts.js'

/** Values that look alike as text or as JSON, among others. */
const plainData = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1', 'null', 'true', 'undefined', '', '[0,', '"0"1,'),
    fc.constantFrom(1, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.constantFrom(true, false, null, undefined),
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('0', '1', 'length', 'a', '"'), tie('data'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).data

describe('share', () => {
  it('shared data equals what was handed in, whatever was shared before', () => {
    fc.assert(
      fc.property(fc.array(plainData, { maxLength: 12 }), (all) => {
        const parts = equalParts()
        const expected = structuredClone(all)
        expect(all.map((data) => parts.share(data))).toStrictEqual(expected)
      }),
    )
  })

  it('given equal parts in unequal data, then they are one object', () => {
    const parts = equalParts()
    const first = parts.share({ name: 'a', list: [{ deep: ['x'] }, { other: 1 }] })
    const second = parts.share({ name: 'b', list: [{ deep: ['x'] }, { other: 2 }] })
    expect(second).not.toBe(first)
    expect(second.list[0]).toBe(first.list[0])
    expect(second.list[1]).not.toBe(first.list[1])
  })

  it('given that parts were cleared, then what was shared stays and nothing joins it', () => {
    const parts = equalParts()
    const before = parts.share({ deep: ['x'] })
    parts.clear()
    const after = parts.share({ deep: ['x'] })
    expect(after).toEqual(before)
    expect(after.deep).not.toBe(before.deep)
  })
})
