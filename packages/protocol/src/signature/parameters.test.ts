/** Parameters and their encoding: what was sent is what is read. */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { mergeParameters, PARAMETERS_MAX, parseParameters } from './parameters.js'
import { decodePercent, encodePercent } from './percent.js'
import { parseTimestamp } from './timestamp.js'

const anyText = fc.string({ unit: 'binary' })

describe('percent-encoding', () => {
  it('encode then decode is identity', () => {
    fc.assert(fc.property(anyText, (text) => decodePercent(encodePercent(text)) === text))
  })

  it('encodes everything but the unreserved characters, in upper case', () => {
    expect(encodePercent("AZaz09-_.~!*'() +&é")).toBe('AZaz09-_.~%21%2A%27%28%29%20%2B%26%C3%A9')
    fc.assert(
      fc.property(anyText, (text) =>
        /^(?:[A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/.test(encodePercent(text)),
      ),
    )
  })

  it('given a broken escape or bytes that are not UTF-8, then nothing is read', () => {
    for (const raw of ['%', '%4', '%zz', '%C3', '%C0%80', '%ED%A0%80'])
      expect(decodePercent(raw)).toBeNull()
  })
})

describe('parseParameters', () => {
  it('reads what was written', () => {
    const pairs = fc.uniqueArray(fc.tuple(anyText, anyText), {
      selector: ([name]) => name,
      maxLength: 20,
    })
    fc.assert(
      fc.property(pairs, (all) => {
        const raw = all.map(([n, v]) => `${encodePercent(n)}=${encodePercent(v)}`).join('&')
        expect(parseParameters(raw)).toEqual(E.right(new Map(all)))
      }),
    )
  })

  it('given a name without a value or an empty piece, then each has its meaning', () => {
    expect(parseParameters('&a&&b=&c=1=2&d=x+y&')).toEqual(
      E.right(new Map(Object.entries({ a: '', b: '', c: '1=2', d: 'x y' }))),
    )
  })

  it('given a name twice, also in another encoding, then it is refused', () => {
    expect(parseParameters('a=1&%61=1')).toEqual(E.left({ type: 'ParameterRepeated', name: 'a' }))
  })

  it('given too many parameters, then they are refused', () => {
    const raw = Array.from({ length: PARAMETERS_MAX + 1 }, (_, n) => `p${n}=`).join('&')
    expect(parseParameters(raw)).toMatchObject(E.left({ type: 'TooManyParameters' }))
  })

  it('given a name in both sources, then the query wins', () => {
    const merged = mergeParameters(
      new Map([['a', 'query']]),
      new Map([
        ['a', 'form'],
        ['b', ''],
      ]),
    )
    expect([...merged].sort()).toEqual([
      ['a', 'query'],
      ['b', ''],
    ])
  })
})

describe('parseTimestamp', () => {
  it('given seconds or milliseconds in UTC, then it is read', () => {
    expect(parseTimestamp('2024-01-02T03:04:05Z')).toBe(Date.UTC(2024, 0, 2, 3, 4, 5))
    expect(parseTimestamp('2024-01-02T03:04:05.678Z')).toBe(Date.UTC(2024, 0, 2, 3, 4, 5, 678))
  })

  it('given anything else, then it is refused', () => {
    for (const text of [
      '',
      '2024-01-02',
      '2024-01-02T03:04:05',
      '2024-01-02T03:04:05+00:00',
      '2024-02-30T03:04:05Z',
      '2024-01-02T24:00:00Z',
      '2024-01-02t03:04:05z',
      ' 024-01-02T03:04:05Z',
    ])
      expect(parseTimestamp(text)).toBeNull()
  })
})
