/** Numbers, instants and truth values: which spellings are read, and as what. */
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { parseFlag, parseInstant, parseNumber } from './scalars.js'

describe('numbers', () => {
  it('given at most fifteen digits around a point, then they are read', () => {
    expect(parseNumber('0.00000000000001')).toEqual(O.some(1e-14))
    expect(parseNumber('-123456789012.345')).toEqual(O.some(-123456789012.345))
  })

  it.each(['1.000000000000001', '1234567890123.456', '12345678901234567', '1.', '.5', '1,5', '١'])(
    'given %s, then it is not read',
    (text) => {
      expect(parseNumber(text)).toEqual(O.none)
    },
  )
})

describe('instants', () => {
  const isDay = (day: string): boolean => O.isSome(parseInstant(`${day}T00:00:00Z`))

  it('given the last day of each month, then it is a day and the next is none', () => {
    const last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    last.forEach((day, index) => {
      const month = `2023-${String(index + 1).padStart(2, '0')}`
      expect([isDay(`${month}-${day}`), isDay(`${month}-${day + 1}`)]).toEqual([true, false])
    })
  })

  it('given the 29th of February, then it is a day of leap years alone', () => {
    const years = ['2024', '2000', '2023', '1900']
    expect(years.map((year) => isDay(`${year}-02-29`))).toEqual([true, true, false, false])
    expect(isDay('2024-02-30')).toBe(false)
  })

  it.each(['2024-00-01', '2024-13-01', '2024-01-00', '2024-1-01', '12024-01-01'])(
    'given the day %s, then there is none',
    (day) => {
      expect(isDay(day)).toBe(false)
    },
  )
})

describe('truth values', () => {
  it('given other words, then they are not read', () => {
    expect(['true', 'FALSE', 'truely', 'yes', ''].map(parseFlag)).toEqual([
      O.some(true),
      O.some(false),
      O.none,
      O.none,
      O.none,
    ])
  })
})
