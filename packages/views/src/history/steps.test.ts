/** Steps answer for every position what was said last by then. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addStep, lastStep, type Steps, stepAt } from './steps.js'

const said = fc.record({
  gap: fc.nat({ max: 3 }),
  value: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
})

describe('stepAt', () => {
  it('at any position, the value said last at or before it answers', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (told) => {
        const steps: Steps<string | undefined> = []
        const expected: Array<string | undefined> = [undefined]
        let position = 1
        for (const { gap, value } of told) {
          while (expected.length < position + gap) expected.push(expected.at(-1))
          position += gap
          expected[position] = value
          addStep(steps, position, value)
        }
        expect(expected.map((_, p) => stepAt(steps, p))).toEqual(expected)
        expect(stepAt(steps, position + 100)).toEqual(expected.at(-1))
        expect(lastStep(steps)).toEqual(expected.at(-1))
      }),
    )
  })

  it('given no step, then nothing was so at any position', () => {
    expect(stepAt([], 7)).toBeUndefined()
    expect(lastStep([])).toBeUndefined()
  })
})
