/**
 * Compiled conditions and principals: they hold exactly where those of the specification do,
 * however the values of a context are given.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Statement } from '../document.js'
import { CONTEXT_VALUE_CHARACTERS_MAX, conditionHolds, operatorNames } from '../operators.js'
import { parsePolicy } from '../parse-policy.js'
import { matchesPrincipal } from '../principals.js'
import type { Principal, RequestContext } from '../request.js'
import { requestContext } from '../request.js'
import { namedPrincipals } from '../testing/arbitraries.js'
import { widePrincipal } from '../testing/wide.js'
import { wideConditions, wideContext } from '../testing/wide-conditions.js'
import { type ContextReader, checkOf } from './condition-test.js'

const alice: Principal = { type: 'User', accountId: '1', userId: '2', userName: 'alice' }

/** Undefined where a policy may not say so. */
const statementOf = (more: object, isNamed = false): Statement | undefined => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', ...more }
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  const parsed = parsePolicy(isNamed ? 'resource' : 'identity', text)
  return E.isLeft(parsed) ? undefined : parsed.right.statements[0]
}

const specified = (
  { principals, conditions, effect }: Statement,
  context: RequestContext,
  caller: Principal,
): boolean =>
  (principals?.some((one) => matchesPrincipal(one, caller)) ?? true) &&
  conditions.every((condition) => conditionHolds(condition, context, effect))

/** The same context, with a value that stands alone bare. */
const bare = (context: RequestContext): ContextReader => ({
  get: (key) => {
    const values = context.get(key)
    return values?.length === 1 ? values[0] : values
  },
})

/** What the check says of each way to give the values. */
const checked = (
  statement: Statement,
  context: RequestContext,
  caller: Principal,
): ReadonlyArray<boolean> => {
  const check = checkOf(statement)
  return [context, bare(context)].map((reader) => check?.(reader, caller) ?? true)
}

const twice = (answer: boolean): ReadonlyArray<boolean> => [answer, answer]

const effects = ['Allow', 'Deny'] as const

/** On which of the values a condition holds: an absent key, no value, each one, and each two. */
const expectAgreement = (
  operator: string,
  wanted: ReadonlyArray<string>,
  given: ReadonlyArray<string>,
): void => {
  const lists = [[], ...given.map((one) => [one]), ...given.map((one) => [one, given[0] ?? one])]
  const contexts = [requestContext({}), ...lists.map((all) => requestContext({ k: all }))]
  for (const Effect of effects)
    for (const quantifier of ['', 'ForAllValues:', 'ForAnyValue:']) {
      const Condition = { [`${quantifier}${operator}`]: { k: wanted } }
      const statement = statementOf({ Effect, Condition })
      if (statement === undefined) throw new Error(`${operator} ${wanted}`)
      expect(contexts.map((context) => checked(statement, context, alice))).toEqual(
        contexts.map((context) => twice(specified(statement, context, alice))),
      )
    }
}

const TOO_LONG = 'x'.repeat(CONTEXT_VALUE_CHARACTERS_MAX + 1)
const letters = (count: number): ReadonlyArray<string> => [...'abcdefghijklmn'].slice(0, count)
const texts = ['a', 'A', 'b', 'i', 'j', 'z', '', 'ab', TOO_LONG, TOO_LONG.slice(1)]
const numbers = ['0', '1', '2', '3', '4', '5', 'x', '']
const instants = [1, 2, 3, 4, 5].map((day) => `2024-01-0${day}T00:00:00Z`)

const blocks = ['10.0.0.0/8', '192.0.2.128/25', '128.0.0.0/1', '::ffff:1.2.3.4', '2001:db8::/32']
const borders = [
  '9.255.255.255',
  '10.0.0.0',
  '10.255.255.255',
  '11.0.0.0',
  '192.0.2.127',
  '192.0.2.128',
  '192.0.2.255',
  '192.0.3.0',
  '127.255.255.255',
  '255.255.255.255',
]
const others = [
  '1.2.3.4',
  '32.1.13.184',
  '::ffff:10.1.2.3',
  '::ffff:9.1.2.3',
  '2001:db8::1',
  '2001:db9::',
  'x',
]
const addresses = [...borders, ...others]

describe('a compiled condition', () => {
  it.each(
    operatorNames
      .filter((name) => name.startsWith('String'))
      .flatMap((name) => [1, 2, 8, 9].map((count) => [name, count] as const)),
  )('given %s with %i values, then it holds where it should', (name, count) => {
    expectAgreement(name, letters(count), texts)
  })

  it.each(operatorNames.filter((name) => name.startsWith('Numeric')))(
    'given %s, then it holds on the same side of each number',
    (name) => {
      for (const wanted of [['2'], ['2', '4'], ['4', '2'], ['3', '2', '4']])
        expectAgreement(name, wanted, numbers)
    },
  )

  it.each(operatorNames.filter((name) => name.startsWith('Date')))(
    'given %s, then it holds on the same side of each instant',
    (name) => {
      for (const wanted of [instants.slice(1, 2), instants.slice(1, 4)])
        expectAgreement(name, wanted, [...instants, 'today'])
    },
  )

  it.each(operatorNames.filter((name) => name.includes('IpAddress')))(
    'given %s, then it holds inside the blocks up to their borders',
    (name) => {
      for (const block of blocks) expectAgreement(name, [block], addresses)
      expectAgreement(name, blocks, addresses)
      expectAgreement(name, ['0.0.0.0/0'], addresses)
    },
  )

  it('given a flag, then it holds where it should', () => {
    for (const wanted of [['true'], ['false'], ['true', 'false']])
      expectAgreement('Bool', wanted, ['true', 'TRUE', 'false', 'yes', ''])
  })

  it('given several conditions, then all of them must hold', () => {
    const operators = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase', 'NumericEquals']
    for (let count = 1; count <= operators.length; count += 1) {
      const names = operators.slice(0, count)
      const Condition = Object.fromEntries(names.map((name) => [name, { [name]: ['1'] }]))
      const statement = statementOf({ Condition })
      if (statement === undefined) throw new Error('not a statement')
      const contexts = [...names, ''].map((bad) =>
        requestContext(Object.fromEntries(names.map((name) => [name, name === bad ? '2' : '1']))),
      )
      expect(contexts.map((context) => checked(statement, context, alice))).toEqual(
        contexts.map((_, index) => twice(index === names.length)),
      )
    }
  })

  it('given neither conditions nor principals, then there is nothing to check', () => {
    const statement = statementOf({})
    expect(statement && checkOf(statement)).toBeUndefined()
  })

  it('given any conditions and principals, then they say what the specification says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...effects),
        namedPrincipals,
        wideConditions,
        wideContext,
        widePrincipal,
        (Effect, Principal, Condition, members, caller) => {
          const context = requestContext(members)
          for (const statement of [
            statementOf({ Effect, Condition }),
            statementOf({ Effect, Condition, Principal }, true),
          ])
            if (statement !== undefined)
              expect(checked(statement, context, caller)).toEqual(
                twice(specified(statement, context, caller)),
              )
        },
      ),
    )
  })
})
