/** Principals: which texts name somebody. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type PrincipalType, parsePrincipal } from './principals.js'

const U = '1234567890123456'

const isRead = (type: PrincipalType, value: string): boolean =>
  E.isRight(parsePrincipal(type, value))

describe('principals', () => {
  it.each([
    ['an account', 'acs:ram::1:root'],
    ['the star for a region', `acs:ram:*:${U}:role/app`],
    ['a user with every sort of character', `acs:ram::${U}:user/a.B_c-d@e`],
  ])('given %s, then it is read', (_, value) => {
    expect(isRead('RAM', value)).toBe(true)
  })

  it.each([
    ['an account that is no number', 'acs:ram::x1:root'],
    ['an account with a wildcard', 'acs:ram::1*:root'],
    ['an account that begins with zero', 'acs:ram::01:root'],
    ['a region', `acs:ram:cn-hangzhou:${U}:root`],
    ['another service', `acs:oss::${U}:root`],
    ['something that only ends like a user', `acs:ram::${U}:superuser/alice`],
    ['a user with a path', `acs:ram::${U}:user/alice/x`],
    ['a root of something', `acs:ram::${U}:root/x`],
  ])('given %s, then it is not read', (_, value) => {
    expect(isRead('RAM', value)).toBe(false)
  })

  it.each([
    'ecs.aliyuncs.com',
    'a.aliyuncs.com',
    'cloud-monitor2.aliyuncs.com',
    'actiontrail.cn-hangzhou.aliyuncs.com',
    `${U}@ecs.aliyuncs.com`,
  ])('given the service %s, then it is read', (value) => {
    expect(parsePrincipal('Service', value)).toEqual(
      E.right({ type: 'Service', value, service: value }),
    )
  })

  it.each([
    'https://ecs.aliyuncs.com',
    'ecs.aliyuncs.com.example.com',
    '-ecs.aliyuncs.com',
    'ecs-.aliyuncs.com',
    'ECS.aliyuncs.com',
    'ecs..aliyuncs.com',
    '0@ecs.aliyuncs.com',
    'aliyuncs.com',
    'ecs.aliyuncsXcom',
  ])('given the service %s, then it is not read', (value) => {
    expect(isRead('Service', value)).toBe(false)
  })

  it('given a provider, then its name is one word behind its kind', () => {
    const provider = (relativeId: string) => isRead('Federated', `acs:ram::${U}:${relativeId}`)
    expect(['saml-provider/Corp', 'oidc-provider/g.h_1'].map(provider)).toEqual([true, true])
    for (const relativeId of ['my-saml-provider/Corp', 'saml-provider/Corp*', 'oidc-provider/a/b'])
      expect(provider(relativeId)).toBe(false)
    expect(isRead('Federated', 'saml-provider/Corp')).toBe(false)
  })

  it('given more than 256 characters, then they are too many', () => {
    const service = (length: number) => `${'a'.repeat(length - 13)}.aliyuncs.com`
    expect(isRead('Service', service(256))).toBe(true)
    expect(parsePrincipal('Service', service(257))).toEqual(E.left('principal too long'))
  })
})
