/** Principal names: what stands before and after the last '@'. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountNameIn, principalNameParts } from './principal-names.js'

const label = fc.stringMatching(/^[a-z0-9.-]{1,20}$/)

describe('principal names', () => {
  it('put together then taken apart is identity', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), label, (name, domain) => {
        expect(principalNameParts(`${name}@${domain}`)).toEqual({ name, domain })
      }),
    )
  })
  it.each(['', '@', 'alice', 'alice@', '@acme'])('given %j, then it has no two parts', (text) => {
    expect(principalNameParts(text)).toBeUndefined()
  })
  it.each([
    ['ACME.onaliyun.com', 'acme'],
    ['acme', 'acme'],
    ['acme.onaliyun.com.example', 'acme.onaliyun.com.example'],
    ['.onaliyun.com', ''],
  ])('given the domain %s, then its own part is %j', (domain, own) => {
    expect(accountNameIn(domain)).toBe(own)
  })
})
