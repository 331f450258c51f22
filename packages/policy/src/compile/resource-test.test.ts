/**
 * Resource patterns taken apart: their numbers and what is left to compare let through exactly what
 * the pattern covers, and the numbers alone refuse what they can.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { matchesResource, parseResourcePattern, requestedResource } from '../arn.js'
import { widePattern, wideResource } from '../testing/wide.js'
import { type Asked, fourBytesFrom, newAsked, readAsked } from './asked.js'
import {
  matchesTest,
  NO_CUT,
  type Outline,
  type ResourceTest,
  resourceTest,
} from './resource-test.js'

const patternOf = (text: string) => {
  const pattern = parseResourcePattern(text)
  if (E.isLeft(pattern)) throw new Error(text)
  return pattern.right
}

const askedFor = (name: string): Asked => {
  const asked = newAsked()
  readAsked(asked, name)
  return asked
}

const fits = (outline: Outline, asked: Asked): boolean =>
  asked.idLength >= outline.lengthMin &&
  asked.idLength <= outline.lengthMax &&
  ((asked.head ^ outline.head) & outline.headMask) === 0 &&
  ((asked.tail ^ outline.tail) & outline.tailMask) === 0 &&
  ((asked.service ^ outline.service) & outline.serviceMask) === 0 &&
  (outline.cutAt === NO_CUT ||
    fourBytesFrom(asked.idText, asked.idStart + outline.cutAt) === outline.cut)

const letsThrough = (test: ResourceTest, asked: Asked): boolean =>
  fits(test.outline, asked) && matchesTest(test, asked)

const expectAgreement = (patterns: ReadonlyArray<string>, names: ReadonlyArray<string>): void => {
  const requested = names.map((name) => [askedFor(name), requestedResource(name)] as const)
  const disputed = patterns.flatMap((text) => {
    const pattern = patternOf(text)
    const test = resourceTest(pattern)
    return requested
      .filter(
        ([asked, resource]) => letsThrough(test, asked) !== matchesResource(pattern, resource),
      )
      .map(([asked]) => [text, asked.text])
  })
  expect(disputed).toEqual([])
}

/** A name that a pattern may cover: something stands for each wildcard. */
const nameLike = (pattern: string, star: string, mark: string): string =>
  pattern.replaceAll('*', star).replaceAll('?', mark)

const services = ['*', 'ecs', 'ram', 'oss', 'ec', 'ecss', 'e?s', 'r*', 'ťcs', 'eťs', 'Ācs', 'RAM']
const regions = ['*', '', 'r', 'R', 'r?', '?']
const accounts = ['*', '1', '12', '', '1*', '?']
const ids = ['*', 'User/A', 'user/a', 'User/*', '*A', 'User/?', 'u*r/*', 'U', '?', '日本*', '*ť']

const every = <A>(...lists: ReadonlyArray<ReadonlyArray<A>>): ReadonlyArray<ReadonlyArray<A>> =>
  lists.reduce<ReadonlyArray<ReadonlyArray<A>>>(
    (all, list) => all.flatMap((some) => list.map((one) => [...some, one])),
    [[]],
  )

const arnOf = (fields: ReadonlyArray<string>): string => ['acs', ...fields].join(':')

/** Fits a pattern whose service, region and account are certain or stars. */
const outlineOf = (pattern: string): Outline => resourceTest(patternOf(pattern)).outline

/** Which of these ids the numbers alone let through. */
const fitting = (pattern: string, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.filter((name) => fits(outlineOf(pattern), askedFor(name)))

describe('a resource pattern, taken apart', () => {
  it('given any pattern and names like it, then it lets through what the pattern covers', () => {
    const star = fc.constantFrom('', 'x', '*', 'a/b', 'İ')
    fc.assert(
      fc.property(widePattern, wideResource, star, star, (text, other, one, mark) => {
        if (E.isLeft(parseResourcePattern(text))) return
        expectAgreement([text], [other, nameLike(text, one, mark), text, text.toUpperCase(), '*'])
      }),
      { numRuns: 300 },
    )
  })

  it('given each way to write the fields, then it lets through what the pattern covers', () => {
    const names = every(
      ['ecs', 'ram', 'oss', 'ec', 'ecss', 'ťcs', 'eťs', 'Ācs'],
      ['', '*', 'r'],
      ['1', '', '12'],
      ['User/A', 'user/a', 'U'],
    ).map(arnOf)
    const patterns = every(services, regions, accounts, ['User/A', 'User/*']).map(arnOf)
    expectAgreement(patterns, names)
  })

  it('given ends that are longer than their numbers, then all of them is compared', () => {
    const right = 'abcdefghij-klmnopqrst'
    const changed = Array.from(right, (_, at) => `${right.slice(0, at)}X${right.slice(at + 1)}`)
    const names = every(['ecs', 'ram'], ['r'], ['1'], [right, 'abcdefghijklmnopqrst', ...changed])
    const patterns = every(
      ['*', 'ecs', 'ram'],
      ['*', 'r'],
      ['*', '1'],
      ['abcdefghij*klmnopqrst', 'abcdefghij*n*qrst', 'abcdefghij?klmnopqrst', right, 'ab*ij*'],
    )
    expectAgreement(patterns.map(arnOf), names.map(arnOf))
  })

  it('given a short service, then what follows it may be any letter', () => {
    const names = every(['c', 'cs', 'ram'], ['ť', 'rť', '日本', 'r'], ['1'], ['i', 'ť']).map(arnOf)
    expectAgreement(every(['c', 'cs', 'ram'], ['*', 'ť'], ['*', '1'], ['*', 'i']).map(arnOf), names)
  })

  it('given each way to write the id, then it lets through what the pattern covers', () => {
    const names = every(
      ['ecs', 'ram'],
      ['r'],
      ['1'],
      ['User/A', 'user/a', 'User/', 'User/AB', 'U', '日本x', 'Ať', '日本', 'usr/xr/'],
    ).map(arnOf)
    const patterns = every(['*', 'ecs', 'ram'], ['*', 'r'], ['*', '1'], ids).map(arnOf)
    expectAgreement(['*', ...patterns], [...names, '*', 'unreadable', ''])
  })

  it('given an id without wildcards, then its numbers refuse another length, begin and end', () => {
    const name = (id: string): string => `acs:ecs:r:1:${id}`
    const others = ['abcd_ABCD', 'abcd-ABC', 'abcd--ABCD', 'abcd_ABCDE', 'bcd-ABCD']
    const ends = ['Xbcd-ABCD', 'aXcd-ABCD', 'abXd-ABCD', 'abcX-ABCD', 'abcd-XBCD', 'abcd-AXCD']
    const last = ['abcd-ABXD', 'abcd-ABCX']
    const all = ['abcd-ABCD', ...others, ...ends, ...last].map(name)
    const found = ['abcd-ABCD', 'abcd_ABCD'].map(name)
    expect(fitting('acs:ecs:*:*:abcd-ABCD', all)).toEqual(found)
  })

  it('given wildcards in an id, then its numbers refuse what differs in what is certain', () => {
    const name = (id: string): string => `acs:ecs:r:1:${id}`
    const all = ['abxd-wxyz', 'abcd', 'aXcd--wxyz', 'abcX--wxyz', 'abcd--Xxyz', 'abcd--wXyz'].map(
      name,
    )
    expect(fitting('acs:ecs:*:*:ab?d*wx?z', [...all, name('abcdwxyz'), name('abcdxyz')])).toEqual(
      ['abxd-wxyz', 'abcdwxyz'].map(name),
    )
    expect(fitting('acs:ecs:*:*:a*', [name('b'), name('ab'), name('a')])).toEqual(
      ['ab', 'a'].map(name),
    )
    expect(fitting('acs:ecs:*:*:a?', [name('a'), name('ab'), name('abc')])).toEqual(
      ['ab'].map(name),
    )
  })

  it('given a long beginning, then its numbers refuse what differs just before the wildcard', () => {
    const name = (id: string): string => `acs:ecs:r:1:${id}`
    const ids = ['instance/i', 'instanXe/i', 'instance_i', 'instance/', 'instXnce/i'].map(name)
    expect(fitting('acs:ecs:*:*:instance/*', ids)).toEqual(
      ['instance/i', 'instance/'].map(name).concat(name('instXnce/i')),
    )
    const five = ['abcde', 'abcdX'].map(name)
    expect(fitting('acs:ecs:*:*:abcde*', five)).toEqual(['abcde'].map(name))
    expect(outlineOf('acs:ecs:*:*:abcd*').cutAt).toBe(NO_CUT)
    expect(outlineOf('acs:ecs:*:*:abcde*')).toMatchObject({
      cutAt: 1,
      cut: outlineOf('acs:ecs:*:*:bcde').head,
    })
  })

  it('given a service, then its numbers refuse another', () => {
    const names = ['ecs', 'oss', 'ec', 'ecss', 'eXs', 'ecX'].map((one) => `acs:${one}:r:1:i`)
    expect(fitting('acs:ecs:*:*:*', names)).toEqual(['acs:ecs:r:1:i'])
    expect(fitting('acs:ec:*:*:*', names)).toEqual(['acs:ec:r:1:i'])
    expect(fitting('acs:ecss:*:*:*', names)).toEqual(['acs:ecss:r:1:i'])
    expect(fitting('acs:*:*:*:*', names)).toEqual(names)
  })

  it.each([
    ['acs:ecs:r:1:i', { only: 'acs:ecs:r:1:i' }],
    ['acs:ecs:r:1:i*', { lead: 'acs:ecs:r:1:i' }],
    ['acs:ecs:r:1:i*j', { lead: 'acs:ecs:r:1:i', suffix: 'j' }],
    ['acs:ecs:r:1:i*j*k', { lead: 'acs:ecs:r:1:i', suffix: 'k', wild: 'i*j*k' }],
    ['acs:ecs:r:1:i?', { lead: 'acs:ecs:r:1:i', wild: 'i?' }],
    ['acs:ecs:r:*:i*', { lead: 'acs:ecs:r:', prefix: 'i' }],
    ['acs:ecs:*:1:i*', { account: '1', prefix: 'i' }],
    ['acs:ecs:*:*:i', { prefix: 'i' }],
    ['acs:ecs:*:*:*', {}],
    ['acs:*:*:*:I*', { prefix: 'I', pattern: patternOf('acs:*:*:*:I*') }],
    ['acs:*:*:*:i*', { prefix: 'i' }],
    ['acs:long:*:*:i', { lead: 'acs:long:', prefix: 'i' }],
    ['acs:ram::1:User/A', { account: '1', prefix: 'user/a' }],
    ['acs:ram:r:1:User/A', { lead: 'acs:ram:r:1:', prefix: 'user/a' }],
    ['*', {}],
  ])('given %s, then no more is left to compare than it takes', (text, left) => {
    const { outline: _, ...texts } = resourceTest(patternOf(text))
    const nothing = { lead: '', prefix: '', suffix: '', wild: '' }
    const whole = 'pattern' in left ? { pattern: left.pattern } : left
    expect(texts).toEqual({
      only: undefined,
      account: undefined,
      pattern: undefined,
      ...nothing,
      ...whole,
    })
  })
})
