/**
 * Inputs at their limits, chosen to be slow: the work grows no faster than the input. Work is
 * counted, not timed, by how often a context is asked and by how many numbers are packed.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { authorize } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import type { Principal } from '../request.js'
import { stepsToMatch } from '../wildcard.js'
import { newAsked, readAsked } from './asked.js'
import { CANDIDATE_NUMBERS } from './candidates.js'
import { type Entry, newColumn } from './column.js'
import { newHoldings } from './holdings.js'
import { partsOf } from './parts.js'
import { newRuns, SAYS_NOTHING } from './runs.js'
import { policyUniverse } from './universe.js'

const documentOf = (...statements: ReadonlyArray<unknown>): PolicyDocument => {
  const parsed = parsePolicy('identity', JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return parsed.right
}

const alice: Principal = { type: 'User', accountId: '1', userId: '2', userName: 'alice' }
const INSTANCE = 'acs:ecs:cn-hangzhou:1:instance/i-1'

const allow = (resource: string, condition: object = {}) => ({
  Effect: 'Allow',
  Action: 'ecs:*',
  Resource: `acs:ecs:*:*:${resource}`,
  Condition: condition,
})

/** Counts how often it is asked. */
const counting = (members: Readonly<Record<string, ReadonlyArray<string>>>) => {
  const counted = { asked: 0 }
  const get = (key: string): ReadonlyArray<string> | undefined => {
    counted.asked += 1
    return members[key]
  }
  return { counted, context: { get } }
}

const STATEMENTS_A_POLICY = 20

/** Statements that all come close, and then fail at their condition. */
const nearMisses = (count: number): ReadonlyArray<PolicyDocument> =>
  Array.from({ length: count / STATEMENTS_A_POLICY }, (_, i) =>
    documentOf(
      ...Array.from({ length: STATEMENTS_A_POLICY }, (_, j) =>
        allow('*', { StringEquals: { 'acs:k': [`v-${i}-${j}`] } }),
      ),
    ),
  )

const readsOfNearMisses = (count: number): ReadonlyArray<number> => {
  const universe = policyUniverse()
  const identity = universe.holding(nearMisses(count).map(universe.add))
  return Array.from({ length: 10 }, () => {
    const { counted, context } = counting({ 'acs:k': ['w'] })
    const request = {
      principal: alice,
      action: 'ecs:Stop',
      resources: [INSTANCE] as const,
      context,
    }
    expect(universe.decide(request, { identity }).outcome).toBe('ImplicitDeny')
    return counted.asked
  })
}

const LIMITS = { crowdPartsMin: 1, crowdAsksMin: 0, crowdNumbersMax: 2 ** 24, crowdPlacesBits: 4 }

/** How much is packed for one holder of so many statements. */
const packedFor = (count: number): number => {
  const holdings = newHoldings()
  const runs = newRuns(holdings.packed, LIMITS)
  const parts = nearMisses(count).flatMap((document) => partsOf(document).bearer)
  const entries = parts.map((part, index): Entry => {
    const mask = (1 << part.statements.length) - 1
    return { part: index, start: runs.startOf(part, mask) }
  })
  const column = newColumn(entries, parts.length, 0, { action: 1, assumes: false })
  const asked = newAsked()
  readAsked(asked, INSTANCE)
  const { context } = counting({ 'acs:k': ['w'] })
  const holding = holdings.hold(parts.map((_, index) => index))
  expect(runs.ask(holding, column, asked, { context, principal: alice })).toBe(SAYS_NOTHING)
  return runs.size()
}

const manyActions = Array.from({ length: 250 }, (_, i) => `ecs:*${'x'.repeat(10)}${i}*`)

describe('the slowest inputs', () => {
  it('given 10,000 statements that all come close, then each condition is read once', () => {
    expect(readsOfNearMisses(5_000)).toEqual(new Array(10).fill(5_000))
    expect(readsOfNearMisses(10_000)).toEqual(new Array(10).fill(10_000))
  })

  it('given a deny that comes close, then its condition is read once', () => {
    const Condition = { StringEquals: { 'acs:k': ['v'] } }
    const universe = policyUniverse()
    const policy = universe.add(documentOf({ ...allow('*', Condition), Effect: 'Deny' }))
    const { counted, context } = counting({ 'acs:k': ['w'] })
    const resources = [INSTANCE] as const
    const request = { principal: alice, action: 'ecs:Stop', resources, context }
    universe.decide(request, { identity: universe.holding([policy]) })
    expect(counted.asked).toBe(1)
  })

  it('given a set of statements that is packed, then it is not packed again', () => {
    const runs = newRuns(newHoldings().packed, LIMITS)
    const [part] = partsOf(documentOf(allow('a'), allow('b'), allow('c'))).bearer
    if (part === undefined) throw new Error('no part')
    const starts = [0b111, 0b101, 0b111, 0b101].map((mask) => runs.startOf(part, mask))
    expect(starts.slice(2)).toEqual(starts.slice(0, 2))
    expect(runs.size()).toBe(2 * 2 + 5 * CANDIDATE_NUMBERS)
  })

  it('given twice as many statements, then twice as much is packed', () => {
    const half = packedFor(5_000)
    expect(packedFor(10_000)).toBe(2 * half)
  })

  it('given a thousand stars in a pattern, then steps stay under the product of the lengths', () => {
    const steps = [500, 1_000].map((stars) => {
      const pattern = `${'*a'.repeat(stars)}b`
      return -stepsToMatch(pattern, 'a'.repeat(1_900)) / pattern.length
    })
    for (const perCharacter of steps) expect(perCharacter).toBeLessThan(2 * 1_900)
    expect(steps[1]).toBeLessThanOrEqual(1.5 * (steps[0] ?? 0))
  })

  it.each([
    ['a thousand stars', allow(`${'*a'.repeat(990)}b`), {}],
    ['a policy of 6,144 characters', { ...allow('*'), Action: manyActions }, {}],
    [
      'a context of 64 KiB',
      allow('*', { StringLike: { 'acs:k': ['*x*y*z'] } }),
      { 'acs:k': new Array<string>(8).fill('x'.repeat(8_000)) },
    ],
  ])('given %s, then both ways of deciding agree', (_, statement, members) => {
    const document = documentOf(statement)
    const resources = [`acs:ecs:cn-hangzhou:1:${'a'.repeat(1_900)}`] as const
    const context = new Map(Object.entries(members))
    const request = { principal: alice, action: 'ecs:Stop', resources, context }
    const source = { policyType: 'Custom', policyName: 'p', versionId: 'v1' } as const
    const universe = policyUniverse()
    const identity = universe.holding([universe.add(document)])
    const { outcome, unit } = authorize(request, { identity: [{ source, document }] })
    expect(universe.decide(request, { identity })).toEqual({ outcome, unit })
  })
})
