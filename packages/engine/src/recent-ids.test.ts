/** What was done a short while ago is remembered long enough, and not for ever. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REMEMBER_MS, recentIds } from './recent-ids.js'

describe('recent ids', () => {
  it('an id is remembered for its time, whatever is noted in between', () => {
    const steps = fc.array(fc.integer({ min: 0, max: REMEMBER_MS }), { maxLength: 30 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 2e12 }), (gaps, start) => {
        const ids = recentIds()
        const noted: Array<readonly [string, number]> = []
        let now = start
        for (const gap of gaps) {
          now += gap
          ids.note(`id-${noted.length}`, now)
          noted.push([`id-${noted.length}`, now])
          const owed = noted.filter(([, at]) => now - at < REMEMBER_MS)
          if (!owed.every(([id]) => ids.has(id))) return false
        }
        return true
      }),
    )
  })

  it('given twice the time and other ids since, then an id is forgotten', () => {
    const ids = recentIds()
    ids.note('old', 1_000)
    for (let at = 0; at <= 2 * REMEMBER_MS; at += 60_000) ids.note(`at ${at}`, 1_000 + at)
    expect(ids.has('old')).toBe(false)
  })

  it('given an older id noted late, then it is remembered too', () => {
    const ids = recentIds()
    ids.note('new', 2 * REMEMBER_MS)
    ids.note('older', REMEMBER_MS)
    expect([ids.has('new'), ids.has('older')]).toEqual([true, true])
  })
})
