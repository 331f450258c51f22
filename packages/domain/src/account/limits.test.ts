/** What callers may write freely: each bound from both sides. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { Comments, Description, MaxSessionDuration, Tags } from './limits.js'
import { IdentityPolicyText, SessionPolicyText, TrustPolicyText } from './policy-text.js'
import { DEFAULT_QUOTAS, QUOTA_MAX, Quotas, quotasWith } from './quotas.js'

const tags = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ key: `key-${n}`, value: '' }))
const statement = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' }
const policy = JSON.stringify({ Version: '1', Statement: [statement] })
const trust = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: ['acs:ram::1234567890123456:root'] },
    },
  ],
})

describe('Comments and Description', () => {
  it('given characters up to the limit, then they are accepted', () => {
    expect(Comments.is('')).toBe(true)
    expect(Comments.is('x'.repeat(128))).toBe(true)
    expect(Comments.is('\u{1f511}'.repeat(128))).toBe(true)
    expect(Description.is('密'.repeat(1024))).toBe(true)
  })
  it('given a character too many or too few, then they are refused', () => {
    expect(Comments.is('x'.repeat(129))).toBe(false)
    expect(Comments.is('\u{1f511}'.repeat(129))).toBe(false)
    expect(Description.is('')).toBe(false)
    expect(Description.is('x'.repeat(1025))).toBe(false)
  })
  it('given half a character, then it is refused', () => {
    expect(Comments.is('\ud83d')).toBe(false)
    expect(Description.is('a\udd11b')).toBe(false)
  })
})

describe('MaxSessionDuration', () => {
  it.each([3600, 43_200])('given %d seconds, then they are accepted', (seconds) => {
    expect(MaxSessionDuration.is(seconds)).toBe(true)
  })
  it.each([3599, 43_201, 3600.5, Number.NaN, '3600'])('given %s, then it is refused', (seconds) => {
    expect(MaxSessionDuration.is(seconds)).toBe(false)
  })
})

describe('Tags', () => {
  it('given twenty tags with keys and values up to the limit, then they are accepted', () => {
    expect(Tags.is([])).toBe(true)
    expect(Tags.is(tags(20))).toBe(true)
    expect(Tags.is([{ key: 'k'.repeat(128), value: 'v'.repeat(256) }])).toBe(true)
    expect(Tags.is([...tags(1), { key: 'KEY-0', value: '' }])).toBe(true)
  })
  it.each([
    ['too many', tags(21)],
    ['a key twice', [...tags(1), ...tags(1)]],
    ['an empty key', [{ key: '', value: 'v' }]],
    ['a long key', [{ key: 'k'.repeat(129), value: '' }]],
    ['a long value', [{ key: 'k', value: 'v'.repeat(257) }]],
    ['a reserved beginning', [{ key: 'Aliyun-x', value: '' }]],
    ['another reserved beginning', [{ key: 'acs:team', value: '' }]],
    ['a link', [{ key: 'k', value: 'see https://example.com' }]],
  ])('given %s, then they are refused', (_, value) => {
    expect(Tags.is(value)).toBe(false)
  })
})

describe('policy texts', () => {
  it('given a text of its kind, then it is accepted unchanged', () => {
    expect(IdentityPolicyText.decode(policy)).toEqual(E.right(policy))
    expect(SessionPolicyText.decode(policy)).toEqual(E.right(policy))
    expect(TrustPolicyText.decode(trust)).toEqual(E.right(trust))
  })
  it('given a text of another kind, or none, then it is refused', () => {
    expect(IdentityPolicyText.is(trust)).toBe(false)
    expect(TrustPolicyText.is(policy)).toBe(false)
    expect(SessionPolicyText.is(policy.padEnd(2049))).toBe(false)
    expect(IdentityPolicyText.is('{')).toBe(false)
    expect(IdentityPolicyText.is(undefined)).toBe(false)
  })
})

describe('Quotas', () => {
  it('given the defaults, then they are quotas', () => {
    expect(Quotas.decode(DEFAULT_QUOTAS)).toEqual(E.right(DEFAULT_QUOTAS))
  })
  it('given a change, then the other defaults stay', () => {
    expect(quotasWith({ usersPerAccount: 1_000_000 })).toEqual(
      E.right({ ...DEFAULT_QUOTAS, usersPerAccount: 1_000_000 }),
    )
  })
  it.each([-1, 1.5, QUOTA_MAX + 1, Number.NaN])('given %d of something, then it fails', (n) => {
    expect(E.isLeft(quotasWith({ rolesPerAccount: n }))).toBe(true)
  })
})
