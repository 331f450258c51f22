/** The sealing scheme: one spelling, one key, one purpose, one place. */
import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindingOf,
  decodeSealed,
  encodeSealed,
  freshKeyBytes,
  open,
  SEALING_OVERHEAD_BYTES,
  seal,
  sealedKeyId,
} from './sealing.js'

const key = createSecretKey(freshKeyBytes())
const parts = fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 })
const plain = fc.uint8Array({ maxLength: 200 })

describe('seal and open', () => {
  it('open after seal is identity', () => {
    fc.assert(
      fc.property(plain, parts, fc.integer({ min: 0, max: 0xffff_ffff }), (bytes, to, keyId) => {
        const binding = bindingOf('p', keyId, to)
        const sealed = seal(key, binding, bytes)
        expect(sealed.length).toBe(bytes.length + SEALING_OVERHEAD_BYTES)
        expect(sealedKeyId(sealed)).toBe(keyId)
        expect(open(key, binding, sealed)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('every single bit that is flipped makes it refuse', () => {
    const binding = bindingOf('p', 3, ['a'])
    const sealed = seal(key, binding, Buffer.from('forty-two'))
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(open(key, binding, altered)).toBeNull()
    }
  })

  it('every truncation and every added byte makes it refuse', () => {
    const binding = bindingOf('p', 3, ['a'])
    const sealed = seal(key, binding, Buffer.from('forty-two'))
    for (let length = 0; length < sealed.length; length += 1) {
      expect(open(key, binding, sealed.subarray(0, length))).toBeNull()
      if (length > 0) expect(open(key, binding, sealed.subarray(length))).toBeNull()
    }
    expect(open(key, binding, Buffer.concat([sealed, Buffer.alloc(1)]))).toBeNull()
  })

  it('another key, key id, purpose or part makes it refuse', () => {
    const sealed = seal(key, bindingOf('p', 3, ['a', 'b']), Buffer.from('forty-two'))
    expect(open(key, bindingOf('p', 3, ['a', 'b']), sealed)?.toString()).toBe('forty-two')
    const other = createSecretKey(freshKeyBytes())
    expect(open(other, bindingOf('p', 3, ['a', 'b']), sealed)).toBeNull()
    expect(open(key, bindingOf('p', 4, ['a', 'b']), sealed)).toBeNull()
    expect(open(key, bindingOf('q', 3, ['a', 'b']), sealed)).toBeNull()
    expect(open(key, bindingOf('p', 3, ['a', 'c']), sealed)).toBeNull()
  })

  it('parts that read alike when joined are still different', () => {
    fc.assert(
      fc.property(plain, parts, parts, (bytes, mine, theirs) => {
        const sealed = seal(key, bindingOf('p', 1, mine), bytes)
        const opened = open(key, bindingOf('p', 1, theirs), sealed)
        expect(opened !== null).toBe(JSON.stringify(mine) === JSON.stringify(theirs))
      }),
    )
    const sealed = seal(key, bindingOf('p', 1, ['ab', 'c']), Buffer.from('x'))
    expect(open(key, bindingOf('p', 1, ['a', 'bc']), sealed)).toBeNull()
    expect(open(key, bindingOf('p', 1, ['abc']), sealed)).toBeNull()
  })

  it('the same text sealed twice has nothing in common', () => {
    const binding = bindingOf('p', 1, [])
    const a = seal(key, binding, Buffer.from('same'))
    const b = seal(key, binding, Buffer.from('same'))
    expect(a.subarray(5).equals(b.subarray(5))).toBe(false)
  })
})

describe('decodeSealed', () => {
  it('decode after encode is identity', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(decodeSealed(encodeSealed(Buffer.from(bytes)), 1_000)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('a value has exactly one spelling', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n'
    const text = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(text, (spelling) => {
        const decoded = decodeSealed(spelling, 100)
        if (decoded !== null) expect(encodeSealed(decoded)).toBe(spelling)
      }),
      { numRuns: 2_000 },
    )
    for (const other of ['QUI=', 'QUI\n', ' QUI', 'QUJ', 'QU I', 'QU+/', 'Q'])
      expect(decodeSealed(other, 100)).toBeNull()
    expect(decodeSealed('QUI', 100)?.toString()).toBe('AB')
  })

  it('given a text over the limit, then it is refused undecoded', () => {
    expect(decodeSealed('A'.repeat(104), 103)).toBeNull()
  })
})
