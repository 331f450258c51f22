/**
 * The conditions and principals of a statement, compiled to functions over a request's context.
 *
 * Invariant: says what `conditionHolds` and `matchesPrincipal` say. A key may have its only value
 * bare here.
 */
import * as O from 'fp-ts/lib/Option.js'
import { type Address, isInside, parseAddress } from '../address.js'
import type { Effect, Statement } from '../document.js'
import { CONTEXT_VALUE_CHARACTERS_MAX, type Condition, type Operands } from '../operators.js'
import { matchesPrincipal } from '../principals.js'
import type { Principal } from '../request.js'
import { type Order, parseFlag } from '../scalars.js'
import { matchesWildcard } from '../wildcard.js'
import { instantOf, ipv4Of, numberOf } from './quick-scalars.js'

/**
 * What is known of a request's circumstances. Asked with keys in lower case; a value that stands
 * alone may be bare. Must not ask for a decision itself.
 */
export type ContextReader = {
  readonly get: (key: string) => string | ReadonlyArray<string> | undefined
}

export type Check = (context: ContextReader, principal: Principal) => boolean

/** Whether one value of the request matches. */
type ValueTest = (value: string) => boolean

/** Whoever must be named, and every condition. Undefined when there is nothing to check. */
export const checkOf = ({ principals, conditions, effect }: Statement): Check | undefined => {
  const checks = [
    ...(principals === undefined
      ? []
      : [
          (_: ContextReader, caller: Principal) =>
            principals.some((p) => matchesPrincipal(p, caller)),
        ]),
    ...conditions.map((condition) => conditionCheck(condition, effect)),
  ]
  const [first, second, ...more] = checks
  if (first === undefined || second === undefined) return first
  if (more.length === 0)
    return (context, caller) => first(context, caller) && second(context, caller)
  return (context, caller) => checks.every((check) => check(context, caller))
}

const conditionCheck = (condition: Condition, effect: Effect): Check => {
  const { key, negated, operands, quantifier } = condition
  const matches = bounded(operands, negated && effect === 'Allow')
  switch (quantifier) {
    case 'Plain':
      return (context) => {
        const value = context.get(key)
        if (value === undefined) return negated
        return (typeof value === 'string' ? matches(value) : anyOf(value, matches)) !== negated
      }
    case 'ForAllValues':
      return (context) => valuesOf(context.get(key)).every((value) => matches(value) !== negated)
    case 'ForAnyValue':
      return (context) => valuesOf(context.get(key)).some((value) => matches(value) !== negated)
  }
}

const valuesOf = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  typeof value === 'string' ? [value] : (value ?? [])

const anyOf = (values: ReadonlyArray<string>, matches: ValueTest): boolean => {
  for (const value of values) if (matches(value)) return true
  return false
}

const bounded = (operands: Operands, unreadable: boolean): ValueTest => {
  const matches = valueTest(operands, unreadable)
  return (value) => (value.length > CONTEXT_VALUE_CHARACTERS_MAX ? unreadable : matches(value))
}

const valueTest = (operands: Operands, unreadable: boolean): ValueTest => {
  switch (operands.type) {
    case 'Exact':
      return oneOf(operands.values)
    case 'Folded': {
      const isOne = oneOf(operands.values)
      return (value) => isOne(value.toLowerCase())
    }
    case 'Like':
      return (value) => operands.values.some((pattern) => matchesWildcard(pattern, value))
    case 'Number':
      return ordered(numberOf, operands, unreadable)
    case 'Instant':
      return ordered(instantOf, operands, unreadable)
    case 'Flag':
      return (value) => {
        const flag = parseFlag(value)
        return O.isNone(flag) ? unreadable : operands.values.includes(flag.value)
      }
    case 'Address':
      return addressTest(operands.values, unreadable)
  }
}

/** From this many values on a set is quicker than comparing one by one. */
const SET_VALUES_MIN = 9

const oneOf = (values: ReadonlyArray<string>): ValueTest => {
  const [only = ''] = values
  if (values.length === 1) return (value) => value === only
  if (values.length < SET_VALUES_MIN) return (value) => values.includes(value)
  const set = new Set(values)
  return (value) => set.has(value)
}

type OrderedOperands = { readonly order: Order; readonly values: ReadonlyArray<number> }

/** One of several values will do, so that the farthest one decides. */
const ordered = (
  read: (value: string) => number,
  { order, values }: OrderedOperands,
  unreadable: boolean,
): ValueTest => {
  const compare = orderTest(order, values)
  return (value) => {
    const have = read(value)
    return Number.isNaN(have) ? unreadable : compare(have)
  }
}

const orderTest = (order: Order, values: ReadonlyArray<number>): ((have: number) => boolean) => {
  const least = Math.min(...values)
  const greatest = Math.max(...values)
  switch (order) {
    case 'Equal':
      return (have) => values.includes(have)
    case 'Less':
      return (have) => have < greatest
    case 'LessOrEqual':
      return (have) => have <= greatest
    case 'Greater':
      return (have) => have > least
    case 'GreaterOrEqual':
      return (have) => have >= least
  }
}

const ipv4Number = ([high = 0, low = 0]: Address): number => high * 65_536 + low

const addressTest = (
  blocks: Extract<Operands, { type: 'Address' }>['values'],
  unreadable: boolean,
): ValueTest => {
  const ranges = blocks
    .filter(({ groups }) => groups.length === 2)
    .map(({ groups, prefixBits }) => {
      const size = 2 ** (32 - prefixBits)
      const first = Math.floor(ipv4Number(groups) / size) * size
      return { first, end: first + size }
    })
  const isInRange = (address: number): boolean => {
    for (const { first, end } of ranges) if (address >= first && address < end) return true
    return false
  }
  return (value) => {
    const plain = ipv4Of(value)
    if (plain >= 0) return isInRange(plain)
    const address = parseAddress(value)
    if (O.isNone(address)) return unreadable
    return blocks.some((block) => isInside(block, address.value))
  }
}
