/** Parameters decoded: every limit from both sides. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  displayNameText,
  emailText,
  identityPolicyText,
  mobilePhoneText,
  pageFields,
  policyNameText,
  roleArnText,
  sessionPolicyText,
  userName,
  userNameText,
} from './codecs.js'
import { errorOf } from './errors.js'
import type { ParameterFault } from './faults.js'
import { fields, flag, integer, needed, optional, type Reader } from './fields.js'
import { tagFilter, tags } from './tags.js'

const codeOf = (result: E.Either<ParameterFault, unknown>): string =>
  E.isLeft(result) ? errorOf(result.left).code : 'OK'

const read = <A>(reader: Reader<A>, text: string): string => codeOf(reader(text, 'X'))
const given = (members: Readonly<Record<string, string>>) => new Map(Object.entries(members))

describe('names', () => {
  it('given a name of the longest kind, then it is taken, and one more is too long', () => {
    expect(read(userNameText, 'a'.repeat(64))).toBe('OK')
    expect(read(userNameText, 'a'.repeat(65))).toBe('InvalidParameter.X.Length')
    expect(read(userNameText, '')).toBe('InvalidParameter.X.Length')
    expect(read(userNameText, 'a b')).toBe('InvalidParameter.X.InvalidChars')
    expect(read(policyNameText, 'a'.repeat(128))).toBe('OK')
    expect(read(policyNameText, 'a_b')).toBe('InvalidParameter.X.InvalidChars')
  })

  it('given no parameter of that name, then it is missing', () => {
    expect(codeOf(userName(new Map()))).toBe('MissingParameter.UserName')
  })

  it('given personal data, then each follows its own rule', () => {
    expect(read(displayNameText, '王 小明-1@x.y_z')).toBe('OK')
    expect(read(displayNameText, 'a*b')).toBe('InvalidParameter.X.InvalidChars')
    expect(read(displayNameText, 'x'.repeat(129))).toBe('InvalidParameter.X.Length')
    expect(read(mobilePhoneText, '86-18600008888')).toBe('OK')
    expect(read(mobilePhoneText, '18600008888')).toBe('InvalidParameter.X.Format')
    expect(read(emailText, 'a@b.c')).toBe('OK')
    for (const text of ['a@b', '@b.c', 'a@b.', 'a b@c.d', 'a@b@c.d'])
      expect(read(emailText, text)).toBe('InvalidParameter.X.Format')
  })
})

describe('numbers, flags and pages', () => {
  it('given digits within the bounds, then they are a number, and nothing else is', () => {
    const reader = integer(900, 43_200)
    expect(reader('900', 'X')).toEqual(E.right(900))
    for (const text of [
      '899',
      '43201',
      '0900',
      '900.0',
      '9e2',
      '+900',
      '-1',
      ' 900',
      '99999999999',
    ])
      expect(read(reader, text)).toBe('InvalidParameter.X')
  })

  it('given a flag in any case of letters, then it is read', () => {
    expect(['true', 'TRUE', 'False'].map((text) => flag(text, 'X'))).toEqual(
      [true, true, false].map(E.right),
    )
    expect(read(flag, 'yes')).toBe('InvalidParameter.X')
  })

  it('given an empty marker, then it counts as absent', () => {
    const page = fields(pageFields(100))
    expect(page(given({ Marker: '', MaxItems: '100' }))).toEqual(E.right({ maxItems: 100 }))
    expect(codeOf(page(given({ MaxItems: '101' })))).toBe('InvalidParameter.MaxItems')
  })

  it('given several faults, then the first field in order is answered', () => {
    const record = fields({ a: needed('A', flag), b: optional('B', flag) })
    expect(codeOf(record(given({ B: 'x' })))).toBe('MissingParameter.A')
  })
})

describe('documents and ARNs', () => {
  it('given the ARN of a role, then account and name are read', () => {
    expect(roleArnText('acs:ram::1234567890123456:role/iot', 'RoleArn')).toEqual(
      E.right({ accountId: '1234567890123456', roleName: 'iot' }),
    )
    for (const text of [
      '',
      'acs:ram::1234567890123456:user/iot',
      'acs:ram::1234567890123456:role/iot/app',
      'acs:oss::1234567890123456:role/iot',
      'acs:ram::x:role/iot',
      `acs:ram::1234567890123456:role/${'a'.repeat(65)}`,
    ])
      expect(codeOf(roleArnText(text, 'RoleArn'))).toBe('InvalidParameter.RoleArn')
  })

  it('given a document that is none, then RAM and STS each say so in their way', () => {
    expect(read(identityPolicyText, '{}')).toBe('MalformedPolicyDocument')
    expect(read(identityPolicyText, '')).toBe('InvalidParameter.X.Length')
    expect(read(sessionPolicyText, '{}')).toBe('InvalidParameter.PolicyGrammar')
    expect(read(sessionPolicyText, ' '.repeat(2049))).toBe('InvalidParameter.PolicySize')
  })
})

describe('tags', () => {
  const pair = [{ key: 'k', value: 'v' }]

  it('given either spelling, then the tags are the same', () => {
    expect(tags(given({ Tag: '[{"Key":"k","Value":"v"}]' }))).toEqual(E.right(pair))
    expect(tags(given({ 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' }))).toEqual(E.right(pair))
    expect(tags(new Map())).toEqual(E.right(undefined))
    expect(tagFilter(given({ 'Tag.1.Key': 'k' }))).toEqual(E.right([{ key: 'k' }]))
  })

  it('given both spellings, a broken one, a doubled key or too many, then they are refused', () => {
    const numbered = Array.from({ length: 21 }, (_, n) => [`Tag.${n + 1}.Key`, `k${n}`] as const)
    for (const parameters of [
      given({ Tag: '[{"Key":"k"}]', 'Tag.1.Key': 'k' }),
      given({ Tag: '[{"Key":"k","Key":"l"}]' }),
      given({ Tag: '[{"Key":"k","Other":"l"}]' }),
      given({ Tag: '{' }),
      given({ Tag: '[{"Key":"k"},{"Key":"k"}]' }),
      given({ 'Tag.1.Value': 'v' }),
      new Map(numbered),
    ])
      expect(codeOf(tags(parameters))).toBe('InvalidParameter.Tag')
    expect(codeOf(tags(new Map(numbered.slice(0, 20))))).toBe('OK')
  })
})
