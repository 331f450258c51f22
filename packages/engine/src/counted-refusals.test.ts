/** Which refusals are told of, also when the log fails or many come at once. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { countedRefusals, type ToldCount } from './counted-refusals.js'

const REFUSAL = { own: 'key', common: 'account' }
const FAILED = E.left({ type: 'LogUnavailable', detail: 'told to fail' } as const)

/** A count whose records are kept, but for those that are told to fail. */
const counting = (textsMax = 10) => {
  const count = countedRefusals(textsMax)
  const told: Array<ToldCount> = []
  const refuse = (isFailing = false, text?: string) =>
    count({ ...REFUSAL, ...(text === undefined ? {} : { text }) }, 0, async (each) => {
      await Promise.resolve()
      if (isFailing) return FAILED
      told.push(each)
      return E.right(undefined)
    })
  return { refuse, told }
}

describe('a refusal that is counted', () => {
  it('given a record that fails, then the refusal fails, and the next one is told in its place', async () => {
    const { refuse, told } = counting()
    expect(await refuse(true)).toEqual(FAILED)
    expect(await refuse(true)).toEqual(FAILED)
    for (let n = 3; n <= 12; n += 1) expect(await refuse()).toEqual(E.right(undefined))
    expect(told.map(({ times }) => times)).toEqual([3, 6, 12])
  })

  it('given any records that fail, then what is told never lags behind by more than half', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (failing) => {
        const { refuse, told } = counting()
        let times = 0
        for (const isFailing of failing) {
          times += 1
          const answer = await refuse(isFailing)
          if (E.isRight(answer)) expect(2 * (told.at(-1)?.times ?? 0)).toBeGreaterThan(times)
        }
      }),
    )
  })

  it('given many at once, then no more are told than of as many in a row', async () => {
    const { refuse, told } = counting()
    await Promise.all(Array.from({ length: 100 }, () => refuse()))
    expect(told.map(({ times }) => times)).toEqual([1, 2, 4, 8, 16, 32, 64])
  })

  it('given more texts than are told apart, then so many are told, and no more', async () => {
    const { refuse, told } = counting(3)
    for (let n = 0; n < 8; n += 1) await refuse(false, `10.0.0.${n}`)
    expect(told.map(({ texts }) => texts)).toEqual([1, 2, 3, 3])
    expect(told.every(({ isOwn }) => isOwn)).toBe(true)
  })
})
