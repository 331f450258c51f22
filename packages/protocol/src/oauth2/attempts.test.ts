/** Wrong secrets: counted for each source and key, and forgotten after a while. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countedAttempts,
  networkOf,
  WRONG_SECRETS_MAX,
  WRONG_SECRETS_WINDOW_MS,
} from './attempts.js'

describe('countedAttempts', () => {
  it('given the last wrong secret that may be tried, then it waits for the window to end', () => {
    const attempts = countedAttempts()
    for (let tried = 0; tried < WRONG_SECRETS_MAX; tried += 1) {
      expect(attempts.waitFor('a', 100 + tried)).toBe(0)
      attempts.failed('a', 100 + tried)
    }
    expect(attempts.waitFor('a', 110)).toBe(WRONG_SECRETS_WINDOW_MS - 10)
    expect(attempts.waitFor('b', 110)).toBe(0)
    expect(attempts.waitFor('a', 100 + WRONG_SECRETS_WINDOW_MS)).toBe(0)
    attempts.failed('a', 100 + WRONG_SECRETS_WINDOW_MS)
    expect(attempts.waitFor('a', 101 + WRONG_SECRETS_WINDOW_MS)).toBe(0)
  })
  it('given one that is taken back, then it counts no more, in its own window alone', () => {
    const attempts = countedAttempts(1)
    const takeBack = attempts.failed('a', 0)
    expect(attempts.waitFor('a', 0)).toBe(WRONG_SECRETS_WINDOW_MS)
    takeBack()
    takeBack()
    attempts.failed('a', 1)
    expect(attempts.waitFor('a', 1)).toBe(WRONG_SECRETS_WINDOW_MS - 1)
    const late = attempts.failed('b', 0)
    attempts.failed('b', WRONG_SECRETS_WINDOW_MS)
    late()
    expect(attempts.waitFor('b', WRONG_SECRETS_WINDOW_MS)).toBe(WRONG_SECRETS_WINDOW_MS)
  })
})

describe('where an attempt is counted to come from', () => {
  const isOne = (one: string, other: string): boolean => networkOf(one) === networkOf(other)
  const group = fc.integer({ min: 0, max: 0xffff })
  const half = fc.tuple(group, group, group, group)
  const networks = fc.tuple(fc.integer({ min: 0x2000, max: 0x3fff }), group, group, group)
  const spelt = (groups: ReadonlyArray<number>) => groups.map((n) => n.toString(16)).join(':')

  it('given addresses of IPv6, then those of one /64 are one, and no others', () => {
    fc.assert(
      fc.property(networks, networks, half, half, (network, other, host, guest) => {
        const address = spelt([...network, ...host])
        expect(isOne(address, spelt([...network, ...guest]))).toBe(true)
        expect(isOne(address, spelt([...other, ...host]))).toBe(spelt(network) === spelt(other))
      }),
    )
  })

  it('given addresses of IPv4, also mapped ones, then each is one by itself', () => {
    const octets = fc.tuple(...[0, 1, 2, 3].map(() => fc.nat({ max: 255 })))
    fc.assert(
      fc.property(octets, octets, (some, others) => {
        const [one, other] = [some.join('.'), others.join('.')]
        expect(isOne(one, other)).toBe(one === other)
        expect(isOne(one, `::ffff:${one}`)).toBe(true)
        expect(isOne(one, `64:ff9b::${one}`)).toBe(false)
      }),
    )
  })

  it('given other spellings, a zone, or no address, then it is what it means', () => {
    expect(isOne('2001:DB8::1', '2001:db8:0:0:ffff::')).toBe(true)
    expect(isOne('fe80::1%eth0', 'fe80::2')).toBe(true)
    expect(isOne('a', 'b')).toBe(false)
    expect(isOne('', '')).toBe(true)
  })
})
