/**
 * Resource names: how they are split, and which patterns cover them.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  ARN_CHARACTERS_MAX,
  isArn,
  matchesResource,
  parseArn,
  parseResourcePattern,
  requestedResource,
} from './arn.js'

const covers = (pattern: string, resource: string): boolean => {
  const parsed = parseResourcePattern(pattern)
  return E.isRight(parsed) && matchesResource(parsed.right, requestedResource(resource))
}

describe('parseArn', () => {
  it('given five fields, then they come apart at the first four colons', () => {
    expect(parseArn('acs:oss:oss-cn-hangzhou:1234567890123456:bucket/a:b')).toEqual(
      E.right({
        service: 'oss',
        region: 'oss-cn-hangzhou',
        account: '1234567890123456',
        relativeId: 'bucket/a:b',
      }),
    )
  })

  it('given no region and no account, then both are empty', () => {
    expect(parseArn('acs:oss:::bucket')).toEqual(
      E.right({ service: 'oss', region: '', account: '', relativeId: 'bucket' }),
    )
  })

  it.each([
    '',
    'acs',
    'acs:',
    'acs:ecs',
    'acs:ecs:r:a',
    'acs:ecs:r:a:',
    'acs::r:a:x',
    'arn:ecs:r:a:x',
    '*',
  ])('given %j, then it is malformed', (text) => {
    expect(parseArn(text)).toEqual(E.left({ type: 'ArnMalformed' }))
    expect(isArn(text)).toBe(false)
  })

  it('given one character too many, then it is too long', () => {
    const arn = `acs:oss:::${'x'.repeat(ARN_CHARACTERS_MAX - 9)}`
    expect(parseArn(arn)).toEqual(
      E.left({ type: 'ArnTooLong', length: ARN_CHARACTERS_MAX + 1, limit: ARN_CHARACTERS_MAX }),
    )
    expect(E.isRight(parseArn(arn.slice(0, ARN_CHARACTERS_MAX)))).toBe(true)
    expect([isArn(arn), isArn(arn.slice(0, ARN_CHARACTERS_MAX))]).toEqual([false, true])
  })
})

describe('matching a resource', () => {
  it('given a star in one field, then it does not reach into the next', () => {
    expect(covers('acs:oss:*:*:b/o', 'acs:oss:*:1:b/o')).toBe(true)
    expect(covers('acs:oss:*:*:b/o', 'acs:oss:*:1:evil/x:b/o')).toBe(false)
  })

  it('given RAM names, then they are compared without case', () => {
    expect(covers('acs:ram:*:1:user/Alice', 'acs:ram:*:1:user/aLICE')).toBe(true)
    expect(covers('acs:*:*:1:user/AL*', 'acs:ram:*:1:user/alice')).toBe(true)
  })

  it('given names of another service, then they are compared with case', () => {
    expect(covers('acs:oss:*:1:Photos', 'acs:oss:*:1:photos')).toBe(false)
  })

  it.each(['ram', 'sts', 'ims', 'oss'])(
    'given an empty region of %s, which has none, then it is a star',
    (service) => {
      expect(covers(`acs:${service}::1:x`, `acs:${service}:*:1:x`)).toBe(true)
      expect(covers(`acs:${service}:*:1:x`, `acs:${service}::1:x`)).toBe(true)
      expect(covers(`acs:${service}:?:1:x`, `acs:${service}::1:x`)).toBe(true)
    },
  )

  it('given a region all the same, then it is matched, and an empty one is no star elsewhere', () => {
    expect(covers('acs:oss:oss-cn-*:1:b', 'acs:oss:oss-cn-hangzhou:1:b')).toBe(true)
    expect(covers('acs:ram:cn-hangzhou:1:role/x', 'acs:ram:*:1:role/x')).toBe(false)
    expect(covers('acs:ecs::1:instance/i', 'acs:ecs:cn-hangzhou:1:instance/i')).toBe(false)
  })

  it('given a request for everything, then only a star covers it', () => {
    expect(covers('*', '*')).toBe(true)
    expect(covers('acs:*:*:*:*', '*')).toBe(false)
  })

  it('given a name that cannot be read, then not even a star covers it', () => {
    expect(covers('*', 'acs:ecs')).toBe(false)
    expect(covers('*', '')).toBe(false)
  })

  it('given a request for a collection, then its star is a plain character', () => {
    expect(covers('acs:ram:*:1:user/*', 'acs:ram:*:1:user/*')).toBe(true)
    expect(covers('acs:ram:*:1:user/dev-*', 'acs:ram:*:1:user/*')).toBe(false)
  })
})
