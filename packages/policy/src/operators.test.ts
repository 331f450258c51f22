/**
 * The condition operators: each with values that match and values that do not, absent keys, several
 * values, and values that cannot be read.
 */
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import {
  CONTEXT_VALUE_CHARACTERS_MAX,
  type Condition,
  conditionHolds,
  findOperator,
  operatorNames,
} from './operators.js'
import { requestContext } from './request.js'

const condition = (name: string, values: ReadonlyArray<string>): Condition => {
  const operator = findOperator(name)
  if (O.isNone(operator)) throw new Error(name)
  const { negated, quantifier, read } = operator.value
  const operands = read(values)
  if ('fault' in operands) throw new Error(operands.fault)
  return { label: name, key: 'k', quantifier, negated, operands }
}

type Values = string | ReadonlyArray<string>

const holds = (
  name: string,
  policy: Values,
  request: Values | undefined,
  effect: 'Allow' | 'Deny' = 'Allow',
): boolean =>
  conditionHolds(
    condition(name, typeof policy === 'string' ? [policy] : policy),
    requestContext(request === undefined ? {} : { K: request }),
    effect,
  )

const noon = '2019-08-12T12:00:00Z'

/** The operator, the policy's value, request values that satisfy it, and some that do not. */
const rows: ReadonlyArray<readonly [string, Values, ReadonlyArray<string>, ReadonlyArray<string>]> =
  [
    ['StringEquals', ['dev', 'a*'], ['dev', 'a*'], ['Dev', 'ab', 'dev ', '']],
    ['StringNotEquals', ['dev', 'a*'], ['Dev', 'ab'], ['dev', 'a*']],
    ['StringEqualsIgnoreCase', 'Dev', ['dev', 'DEV'], ['dev1', '']],
    ['StringNotEqualsIgnoreCase', 'Dev', ['dev1'], ['dev', 'DEV']],
    ['StringLike', ['d?v', 'x/*'], ['dev', 'x/', 'x/y/z'], ['Dev', 'deev', 'x']],
    ['StringNotLike', 'secret/*', ['open/a'], ['secret/a', 'secret/']],
    ['NumericEquals', '10', ['10', '10.0', '+10', '010'], ['10.1', 'ten', '1e1', '']],
    ['NumericNotEquals', '10', ['9'], ['10', '10.0']],
    ['NumericLessThan', '10', ['9', '-11', '9.99'], ['10', '11', '100', 'nine']],
    ['NumericLessThanEquals', '10', ['10', '9'], ['10.01']],
    ['NumericGreaterThan', '10', ['10.5', '100'], ['10', '9', 'NaN', 'Infinity']],
    ['NumericGreaterThanEquals', '10', ['10', '11'], ['9']],
    [
      'DateEquals',
      noon,
      ['2019-08-12T20:00:00+08:00', '2019-08-12T12:00:00.000Z'],
      ['2019-08-12T12:00:01Z'],
    ],
    ['DateNotEquals', noon, ['2019-08-12T12:00:01Z'], ['2019-08-12T20:00:00+08:00']],
    ['DateLessThan', noon, ['2019-08-12T19:59:59+08:00'], [noon, '2019-08-12', 'yesterday']],
    ['DateLessThanEquals', noon, [noon], ['2019-08-12T12:00:00.001Z']],
    [
      'DateGreaterThan',
      noon,
      ['2019-08-12T12:00:01Z'],
      [noon, '2019-02-30T00:00:00Z', '2020-13-01T00:00:00Z'],
    ],
    ['DateGreaterThanEquals', noon, [noon], ['2019-08-12T11:59:59Z', '2021-01-01T24:00:00Z']],
    ['Bool', 'true', ['true', 'TRUE'], ['false', '1', '']],
    [
      'IpAddress',
      ['10.0.0.0/8', '2001:db8::/32'],
      ['10.9.9.9', '2001:db8::9'],
      ['11.0.0.1', 'unknown', ''],
    ],
    ['NotIpAddress', '10.0.0.0/8', ['11.0.0.1', '2001:db8::9'], ['10.9.9.9']],
    ['IpAddressIncludeBorder', '10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0']],
    ['NotIpAddressIncludeBorder', '10.0.0.0/8', ['11.0.0.0'], ['10.0.0.0', '10.255.255.255']],
  ]

describe('operators', () => {
  it('given the list of operators, then each has its row here', () => {
    expect(rows.map(([name]) => name).toSorted()).toEqual([...operatorNames].toSorted())
  })

  for (const [name, policy, yes, no] of rows)
    it(`given ${name}, then it holds for what it says and nothing else`, () => {
      expect(yes.filter((value) => !holds(name, policy, value))).toEqual([])
      expect(no.filter((value) => holds(name, policy, value))).toEqual([])
    })

  for (const [name, policy] of rows) {
    const isNegated = /Not/.test(name)
    it(`given ${name} and no value, then it ${isNegated ? 'holds' : 'does not hold'}`, () => {
      expect(holds(name, policy, undefined)).toBe(isNegated)
      expect(holds(name, policy, [])).toBe(isNegated)
      expect(holds(`ForAllValues:${name}`, policy, undefined)).toBe(true)
      expect(holds(`ForAnyValue:${name}`, policy, undefined)).toBe(false)
    })
  }

  it.each([
    'StringEqualsIfExists',
    'Null',
    'ArnLike',
    'BinaryEquals',
    'stringequals',
    '',
    'toString',
    'ForAllValues:',
    'ForAllValues:ForAnyValue:Bool',
    'ForAllValues:Bool:x',
  ])('given %j, then there is no such operator', (name) => {
    expect(findOperator(name)).toEqual(O.none)
  })
})

describe('several values in the request', () => {
  it('given a positive operator, then one match is enough', () => {
    expect(holds('StringEquals', ['a', 'b'], ['x', 'b'])).toBe(true)
    expect(holds('StringEquals', ['a', 'b'], ['x', 'y'])).toBe(false)
  })

  it('given several values in the policy, then they are alternatives', () => {
    expect(holds('NumericEquals', ['1', '2'], '2')).toBe(true)
    expect(holds('DateEquals', [noon, '2020-01-01T00:00:00Z'], noon)).toBe(true)
    expect(holds('IpAddress', ['10.0.0.0/8', '192.0.2.0/24'], '192.0.2.1')).toBe(true)
  })

  it('given a negated operator, then none may match', () => {
    expect(holds('StringNotEquals', ['a', 'b'], ['x', 'b'])).toBe(false)
    expect(holds('StringNotEquals', ['a', 'b'], ['x', 'y'])).toBe(true)
  })

  it('given ForAllValues, then each value must satisfy the operator', () => {
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'])).toBe(true)
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'x'])).toBe(false)
    expect(holds('ForAllValues:StringNotEquals', ['a', 'b'], ['x', 'a'])).toBe(false)
  })

  it('given ForAnyValue, then one value must satisfy the operator', () => {
    expect(holds('ForAnyValue:StringEquals', ['a', 'b'], ['x', 'a'])).toBe(true)
    expect(holds('ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y'])).toBe(false)
    expect(holds('ForAnyValue:StringNotEquals', ['a', 'b'], ['x', 'a'])).toBe(true)
    expect(holds('ForAnyValue:StringNotEquals', ['a', 'b'], ['b', 'a'])).toBe(false)
  })
})

describe('values that cannot be read', () => {
  it.each([
    ['NumericNotEquals', '10', 'ten'],
    ['DateNotEquals', noon, 'noon'],
    ['NotIpAddress', '10.0.0.0/8', 'unknown'],
    ['StringNotLike', 'a*', 'x'.repeat(CONTEXT_VALUE_CHARACTERS_MAX + 1)],
  ])('given a negated %s, then the doubt goes against the caller', (name, policy, value) => {
    expect(holds(name, policy, value, 'Allow')).toBe(false)
    expect(holds(name, policy, value, 'Deny')).toBe(true)
  })

  it('given the longest value that is looked at, then it is read', () => {
    expect(holds('StringLike', 'x*', 'x'.repeat(CONTEXT_VALUE_CHARACTERS_MAX))).toBe(true)
  })

  it('given numbers that a double would confuse, then they are not read', () => {
    expect(holds('NumericEquals', '9007199254740991', '9007199254740991')).toBe(true)
    expect(holds('NumericLessThanEquals', '9007199254740991', '9007199254740993')).toBe(false)
    expect(holds('NumericEquals', '0.1', '0.1000000000000000000001')).toBe(false)
  })
})
