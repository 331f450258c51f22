/**
 * Condition values read quickly: what is read is what the specification reads, and nothing else is.
 */
import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../address.js'
import { parseInstant, parseNumber } from '../scalars.js'
import { instantOf, ipv4Of, numberOf } from './quick-scalars.js'

const orNaN = (number: O.Option<number>): number => O.getOrElse(() => Number.NaN)(number)

const spelled = (value: number, digits: number): string => String(value).padStart(digits, '0')

/** Neighbours of the digits, and what else a spelling might hold. */
const oddCharacter = fc.constantFrom('/', ':', ';', '.', '-', '+', 'e', 'x', ' ', '０', '0', '9')

/** A spelling, often with a character replaced, added or left out. */
const bent = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat({ max: 20 }), fc.nat({ max: 2 }), oddCharacter, fc.boolean())
    .map(([right, at, length, by, isRight]) =>
      isRight ? right : right.slice(0, at) + by + right.slice(at + length),
    )

const digits = fc
  .array(fc.constantFrom('0', '1', '4', '9'), { maxLength: 18 })
  .map((all) => all.join(''))

const twoOf = (values: ReadonlyArray<number>) =>
  fc.constantFrom(...values).map((value) => spelled(value, 2))

const instant = fc
  .tuple(
    fc.oneof(fc.nat({ max: 9_999 }), fc.constantFrom(0, 1, 399, 400, 1900, 1970, 2000, 2024, 2100)),
    twoOf([0, 1, 2, 2, 3, 4, 6, 9, 10, 11, 12, 13]),
    twoOf([0, 1, 15, 28, 29, 30, 31, 32]),
    twoOf([0, 1, 12, 23, 24]),
    twoOf([0, 1, 59, 60]),
    twoOf([0, 1, 59, 60]),
  )
  .map(([year, month, day, hour, minute, second]) => {
    return `${spelled(year, 4)}-${month}-${day}T${hour}:${minute}:${second}Z`
  })

const address = fc
  .array(fc.constantFrom('0', '1', '9', '10', '99', '255', '256', '00', '01', '1000', ''), {
    minLength: 3,
    maxLength: 5,
  })
  .map((parts) => parts.join('.'))

/** What is a plain spelling is what the specification reads as two groups, and has no colon. */
const plainAddress = (text: string): number => {
  const groups = text.includes(':') ? O.none : parseAddress(text)
  if (O.isNone(groups)) return -1
  const [high = 0, low = 0] = groups.value
  return high * 65_536 + low
}

const STOP = '2024-02-28T23:59:58Z'

describe('values read quickly', () => {
  it('given any digits or nearly digits, then the number is that of the specification', () => {
    fc.assert(
      fc.property(bent(digits), (text) => {
        expect(numberOf(text)).toBe(orNaN(parseNumber(text)))
      }),
    )
  })

  it.each(['', '/', ':', '1/', '1:', '9', '0', '007', '9'.repeat(15), `1${'0'.repeat(16)}1`])(
    'given "%s", then the number is that of the specification',
    (text) => {
      expect(numberOf(text)).toBe(orNaN(parseNumber(text)))
    },
  )

  it('given any instant, also one that never was, then it is that of the specification', () => {
    fc.assert(
      fc.property(bent(instant), (text) => {
        expect(instantOf(text)).toBe(orNaN(parseInstant(text)))
      }),
      { numRuns: 400 },
    )
  })

  it('given each day of two centuries, then its instant is that of the specification', () => {
    for (let days = -25_600; days < 47_500; days += 1) {
      const text = `${new Date(days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`
      if (instantOf(text) !== days * 86_400_000) expect(text).toBeUndefined()
    }
  })

  it('given any character of an instant replaced, then it is that of the specification', () => {
    for (let at = 0; at <= STOP.length; at += 1)
      for (const by of ['/', ':', 'x', '0', '9', '-', '1']) {
        const text = STOP.slice(0, at) + by + STOP.slice(at + 1)
        expect([text, instantOf(text)]).toEqual([text, orNaN(parseInstant(text))])
      }
  })

  it('given any address or nearly one, then its number is that of the specification', () => {
    fc.assert(
      fc.property(bent(address), (text) => {
        expect(ipv4Of(text)).toBe(plainAddress(text))
      }),
      { numRuns: 400 },
    )
  })

  it.each([
    '0.0.0.0',
    '255.255.255.255',
    '1.2.3.4',
    '1.2.3.256',
    '1.2.3',
    '1.2.3.',
    '1.2.3.4.',
    '1.2.3.4.5',
    '.1.2.3',
    '1..2.3',
    '1.2.3.04',
    '1.2.3.00',
    '1.2.3./',
    '1.2.3.:',
    '1:2.3.4',
    '1.2.3.4/8',
    '1.2.3.4'.padStart(16, '0'),
    '',
    '::ffff:1.2.3.4',
  ])('given the address "%s", then its number is that of the specification', (text) => {
    expect(ipv4Of(text)).toBe(plainAddress(text))
  })
})
