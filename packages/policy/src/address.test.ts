/**
 * Addresses and blocks: what is read, what is not, and what lies inside.
 */
import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { isInside, parseAddress, parseAddressBlock } from './address.js'

const inside = (block: string, address: string): boolean => {
  const b = parseAddressBlock(block)
  const a = parseAddress(address)
  return O.isSome(b) && O.isSome(a) && isInside(b.value, a.value)
}

describe('blocks', () => {
  it('given an IPv4 block, then its first and last addresses are inside', () => {
    expect(inside('42.120.88.0/22', '42.120.88.0')).toBe(true)
    expect(inside('42.120.88.0/22', '42.120.91.255')).toBe(true)
    expect(inside('42.120.88.0/22', '42.120.87.255')).toBe(false)
    expect(inside('42.120.88.0/22', '42.120.92.0')).toBe(false)
  })

  it('given a bare address, then only that address is inside', () => {
    expect(inside('10.1.1.1', '10.1.1.1')).toBe(true)
    expect(inside('10.1.1.1', '10.1.1.2')).toBe(false)
    expect(inside('2001:db8::1', '2001:DB8:0:0:0:0:0:1')).toBe(true)
  })

  it('given host bits or no prefix at all, then the leading bits alone count', () => {
    expect(inside('10.9.9.9/8', '10.0.0.1')).toBe(true)
    expect(inside('0.0.0.0/0', '255.255.255.255')).toBe(true)
    expect(inside('0.0.0.0/0', '::1')).toBe(false)
    expect(inside('::/0', '2001:db8::1')).toBe(true)
  })

  it('given an IPv6 block, then its addresses are inside in every spelling', () => {
    expect(inside('2001:db8::/32', '2001:db8:ffff::1')).toBe(true)
    expect(inside('2001:db8::/33', '2001:db8:8000::1')).toBe(false)
    expect(inside('64:ff9b::/96', '64:ff9b::192.0.2.1')).toBe(true)
  })

  it('given IPv4 mapped into IPv6, then it is that IPv4 address', () => {
    expect(inside('10.0.0.0/8', '::ffff:10.1.2.3')).toBe(true)
    expect(inside('::ffff:10.0.0.0/104', '10.1.2.3')).toBe(true)
    expect(inside('::ffff:10.0.0.0/104', '11.1.2.3')).toBe(false)
    expect(inside('::ffff:10.1.2.3', '10.1.2.3')).toBe(true)
    expect(inside('::ffff:0:0/96', '10.1.2.3')).toBe(true)
  })

  it('given a block of IPv6 around the mapped addresses, then no IPv4 address is inside', () => {
    expect(inside('::ffff:0:0/90', '10.1.2.3')).toBe(false)
    expect(inside('::ffff:0:0/90', '::fffe:10.1.2.3')).toBe(true)
  })

  it('given IPv6 that ends like a mapped address, then it is none', () => {
    expect(inside('10.0.0.0/8', '0:1::ffff:10.1.2.3')).toBe(false)
    expect(inside('0:1::ffff:a00:0/104', '0:1::ffff:10.1.2.3')).toBe(true)
  })

  it('given two colons for one group, then it is zero', () => {
    expect(inside('1:2:3:4:5:6::8', '1:2:3:4:5:6:0:8')).toBe(true)
  })

  it('given the longest spelling, then it is read', () => {
    const address = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'
    expect(inside(`${address}/128`, address)).toBe(true)
  })

  it('given any address, then it is inside every block made of its leading bits', () => {
    const octet = fc.nat({ max: 255 })
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), fc.nat({ max: 32 }), (octets, bits) => {
        const address = octets.join('.')
        expect(inside(`${address}/${bits}`, address)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.ipV6(), fc.nat({ max: 128 }), (address, bits) => {
        fc.pre(!address.startsWith('::'))
        expect(inside(`${address}/${bits}`, address)).toBe(true)
      }),
    )
  })
})

describe('what is not an address', () => {
  it.each([
    '',
    '10.1.1',
    '10.1.1.1.1',
    '256.1.1.1',
    '010.1.1.1',
    '0x0a.1.1.1',
    '167837953',
    ' 10.1.1.1',
    '1.2.3.4:80',
    '2001:db8',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'fe80::1%eth0',
    '::1.2.3',
    '1.2.3.4::',
    'g::',
    ':',
    ':::',
  ])('given %j, then it is not read', (text) => {
    expect(O.isNone(parseAddress(text))).toBe(true)
    expect(O.isNone(parseAddressBlock(text))).toBe(true)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '::/129',
    '/8',
  ])('given the block %j, then it is not read', (text) => {
    expect(O.isNone(parseAddressBlock(text))).toBe(true)
  })
})
