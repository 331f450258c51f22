/** What actions and resources have in common, case by case; the patterns are in `sheet.test.ts`. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { parseResourcePattern, type ResourcePattern } from '../arn.js'
import type { ActionPatterns } from '../document.js'
import {
  actionsCover,
  actionsMeet,
  patternCovers,
  patternsMeet,
  resourceCovers,
  resourcesMeet,
} from './meet.js'

const only = (...patterns: ReadonlyArray<string>): ActionPatterns => ({ type: 'Action', patterns })
const except = (...patterns: ReadonlyArray<string>): ActionPatterns => ({
  type: 'NotAction',
  patterns,
})

describe('patterns', () => {
  it.each([
    ['*', '*'],
    ['*', '?'],
    ['a*', 'ab?*'],
    ['*a', '*b?a'],
    ['a?c', 'abc'],
    ['a?c', 'a?c'],
    ['a*c*', 'a*bc'],
    ['*?', 'a\u0001'],
    ['a**', 'a'],
    ['a*b', 'ab'],
  ])('given %s, then it covers %s', (outer, inner) => {
    expect(patternCovers(outer, inner)).toBe(true)
  })

  it.each([
    ['?', '*'],
    ['a', 'ab'],
    ['ab', 'a'],
    ['a?', 'a*'],
    ['a*b', 'a*'],
    ['b', '?'],
    ['a', 'a\u0001'],
    ['', '*'],
  ])('given %s, then it does not cover %s', (outer, inner) => {
    expect(patternCovers(outer, inner)).toBe(false)
  })

  it.each([
    ['?', 'a', true],
    ['a*', '?b', true],
    ['a*c', 'ab', false],
    ['*', 'a', true],
  ])('given %s and %s, then whether a text matches both is %s', (a, b, expected) => {
    expect([patternsMeet(a, b), patternsMeet(b, a)]).toEqual([expected, expected])
  })

  it('given as many steps as are walked, then the answer is exact, and one more is not walked', () => {
    const text = (length: number, end: string) => `${'a'.repeat(length - 1)}${end}`
    expect(patternsMeet(text(256, 'b'), text(256, 'c'))).toBe(false)
    expect(patternsMeet(text(257, 'b'), text(256, 'c'))).toBe(true)
  })
})

describe('actions', () => {
  it.each([
    [only('a:x', 'ecs:get*'), only('b:y', 'ecs:*row'), true],
    [only('a:x', 'ecs:get*'), only('b:y', 'ecs:put*'), false],
    [only('ecs:*'), except('ecs:get*'), true],
    [only('ecs:getrow', 'ecs:stop'), except('ecs:get*'), true],
    [only('ecs:getrow'), except('ecs:get*'), false],
    [only('ecs:getrow', 'oss:get'), except('ecs:get*', 'oss:*'), false],
    [except('ecs:*'), except('oss:*'), true],
    [except('ecs:*'), except('*'), false],
  ])('given %j and %j, then whether both speak about some action is %s', (a, b, expected) => {
    expect(actionsMeet(a, b)).toBe(expected)
    expect(actionsMeet(b, a)).toBe(expected)
  })

  it.each([
    [only('ecs:*', 'oss:*'), only('ecs:get*', 'oss:put*'), true],
    [only('ecs:*'), only('ecs:get*', 'oss:put*'), false],
    [only('*'), except('ecs:*'), true],
    [only('ecs:*'), except('oss:*'), false],
    [only('ecs:*'), except('ecs:get*'), false],
    [except('oss:*'), only('ecs:*', 'ram:*'), true],
    [except('oss:*'), only('ecs:*', 'oss:get'), false],
    [except('oss:get'), except('oss:*'), true],
    [except('oss:*'), except('oss:get'), false],
  ])(
    'given %j and %j, then whether the first covers the second is %s',
    (outer, inner, expected) => {
      expect(actionsCover(outer, inner)).toBe(expected)
    },
  )
})

const resource = (text: string): ResourcePattern => {
  const read = parseResourcePattern(text)
  if (E.isLeft(read)) throw new Error(text)
  return read.right
}

describe('resources', () => {
  it.each([
    ['*', 'acs:oss:*:1:b', true],
    ['*', '*', true],
    ['acs:oss:*:*:b/*', 'acs:*:cn:1:*/o', true],
    ['acs:ram::1:user/a', 'acs:ram:cn:1:user/*', true],
    ['acs:ram:*:1:user/Alice', 'acs:ram:*:1:user/aLICE', true],
    ['acs:ecs:*:1:b', 'acs:oss:*:1:b', false],
    ['acs:oss:*:1:b', 'acs:oss:*:2:b', false],
    ['acs:oss:cn:1:b', 'acs:oss:us:1:b', false],
    ['acs:oss:*:1:b', 'acs:oss:*:1:c', false],
  ])('given %s and %s, then whether some resource is of both is %s', (a, b, expected) => {
    expect(resourcesMeet(resource(a), resource(b))).toBe(expected)
    expect(resourcesMeet(resource(b), resource(a))).toBe(expected)
  })

  it.each([
    ['*', '*', true],
    ['*', 'acs:oss:*:1:b', true],
    ['acs:*:*:*:*', 'acs:oss:cn:1:b/?', true],
    ['acs:*:*:*:*', '*', false],
    ['acs:oss:*:*:*', 'acs:ecs:*:*:*', false],
    ['acs:*:cn:*:*', 'acs:*:us:*:*', false],
    ['acs:*:*:1:*', 'acs:*:*:2:*', false],
    ['acs:*:*:*:b', 'acs:*:*:*:c', false],
  ])('given %s and %s, then whether the first covers the second is %s', (a, b, expected) => {
    expect(resourceCovers(resource(a), resource(b))).toBe(expected)
  })
})
