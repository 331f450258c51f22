/**
 * The condition operators, one row each, and whether a condition holds in a context.
 *
 * Policy values are read once, when the document is parsed. A request value that cannot be read
 * never satisfies a positive operator; for a negated one the doubt goes against the caller: an
 * Allow fails, a Deny holds.
 */
import * as O from 'fp-ts/lib/Option.js'
import { type AddressBlock, isInside, parseAddress, parseAddressBlock } from './address.js'
import type { RequestContext } from './request.js'
import { isOrdered, type Order, parseFlag, parseInstant, parseNumber } from './scalars.js'
import { matchesWildcard } from './wildcard.js'

/** How long a request value may be before it counts as unreadable. Unit: characters. Ours. */
export const CONTEXT_VALUE_CHARACTERS_MAX = 8192

/** A condition's values, read. Texts compared without case are in lower case. */
export type Operands =
  | { readonly type: 'Exact'; readonly values: ReadonlyArray<string> }
  | { readonly type: 'Folded'; readonly values: ReadonlyArray<string> }
  | { readonly type: 'Like'; readonly values: ReadonlyArray<string> }
  | { readonly type: 'Number'; readonly order: Order; readonly values: ReadonlyArray<number> }
  | { readonly type: 'Instant'; readonly order: Order; readonly values: ReadonlyArray<number> }
  | { readonly type: 'Flag'; readonly values: ReadonlyArray<boolean> }
  | { readonly type: 'Address'; readonly values: ReadonlyArray<AddressBlock> }

export type Quantifier = 'Plain' | 'ForAllValues' | 'ForAnyValue'

/** One operator on one key. All conditions of a statement must hold. */
export type Condition = {
  /** As written, for people: operator and key. */
  readonly label: string
  /** In lower case, like the keys of a context. */
  readonly key: string
  readonly quantifier: Quantifier
  readonly negated: boolean
  readonly operands: Operands
}

/** Fails with the index of the value that cannot be read, and what it should have been. */
export type ValueFault = { readonly index: number; readonly fault: string }

export type Operator = {
  readonly quantifier: Quantifier
  readonly negated: boolean
  readonly read: (values: ReadonlyArray<string>) => Operands | ValueFault
}

type Row = Omit<Operator, 'quantifier'>

const exact: Row['read'] = (values) => ({ type: 'Exact', values })
const like: Row['read'] = (values) => ({ type: 'Like', values })
const folded: Row['read'] = (values) => ({
  type: 'Folded',
  values: values.map((value) => value.toLowerCase()),
})

const readEach = <A>(
  values: ReadonlyArray<string>,
  parse: (text: string) => O.Option<A>,
  fault: string,
  made: (values: ReadonlyArray<A>) => Operands,
): Operands | ValueFault => {
  const read = values.map(parse)
  const index = read.findIndex(O.isNone)
  return index >= 0 ? { index, fault } : made(read.flatMap((a) => (O.isSome(a) ? [a.value] : [])))
}

const number =
  (order: Order): Row['read'] =>
  (values) =>
    readEach(values, parseNumber, 'not a number', (read) => ({
      type: 'Number',
      order,
      values: read,
    }))

const instant =
  (order: Order): Row['read'] =>
  (values) =>
    readEach(values, parseInstant, 'not a date such as 2019-08-12T17:00:00+08:00', (read) => ({
      type: 'Instant',
      order,
      values: read,
    }))

const flag: Row['read'] = (values) =>
  readEach(values, parseFlag, 'neither true nor false', (read) => ({ type: 'Flag', values: read }))

const address: Row['read'] = (values) =>
  readEach(values, parseAddressBlock, 'not an address or CIDR block', (read) => ({
    type: 'Address',
    values: read,
  }))

const is = (read: Row['read']): Row => ({ negated: false, read })
const isNot = (read: Row['read']): Row => ({ negated: true, read })

const OPERATORS = {
  StringEquals: is(exact),
  StringNotEquals: isNot(exact),
  StringEqualsIgnoreCase: is(folded),
  StringNotEqualsIgnoreCase: isNot(folded),
  StringLike: is(like),
  StringNotLike: isNot(like),
  NumericEquals: is(number('Equal')),
  NumericNotEquals: isNot(number('Equal')),
  NumericLessThan: is(number('Less')),
  NumericLessThanEquals: is(number('LessOrEqual')),
  NumericGreaterThan: is(number('Greater')),
  NumericGreaterThanEquals: is(number('GreaterOrEqual')),
  DateEquals: is(instant('Equal')),
  DateNotEquals: isNot(instant('Equal')),
  DateLessThan: is(instant('Less')),
  DateLessThanEquals: is(instant('LessOrEqual')),
  DateGreaterThan: is(instant('Greater')),
  DateGreaterThanEquals: is(instant('GreaterOrEqual')),
  Bool: is(flag),
  IpAddress: is(address),
  NotIpAddress: isNot(address),
  IpAddressIncludeBorder: is(address),
  NotIpAddressIncludeBorder: isNot(address),
} as const satisfies Readonly<Record<string, Row>>

export type OperatorName = keyof typeof OPERATORS

export const operatorNames: ReadonlyArray<OperatorName> = Object.keys(
  OPERATORS,
) as ReadonlyArray<OperatorName>

const isOperatorName = (text: string): text is OperatorName => Object.hasOwn(OPERATORS, text)

/**
 * None when there is no such operator. Names see case; `ForAllValues:` and `ForAnyValue:` may lead.
 */
export const findOperator = (text: string): O.Option<Operator> => {
  const [first = '', second] = text.split(':', 2)
  const name = second ?? first
  if (!isOperatorName(name) || (second !== undefined && text !== `${first}:${second}`))
    return O.none
  if (second === undefined) return O.some({ quantifier: 'Plain', ...OPERATORS[name] })
  if (first !== 'ForAllValues' && first !== 'ForAnyValue') return O.none
  return O.some({ quantifier: first, ...OPERATORS[name] })
}

/** Whether the condition holds, for a statement of the given effect. */
export const conditionHolds = (
  condition: Condition,
  context: RequestContext,
  effect: 'Allow' | 'Deny',
): boolean => {
  const { negated, operands, quantifier } = condition
  const values = context.get(condition.key) ?? []
  const matches = (value: string): boolean => {
    const answer = compare(operands, value)
    return answer === 'Unreadable' ? negated && effect === 'Allow' : answer === 'Matches'
  }
  switch (quantifier) {
    case 'Plain':
      return values.some(matches) !== negated
    case 'ForAllValues':
      return values.every((value) => matches(value) !== negated)
    case 'ForAnyValue':
      return values.some((value) => matches(value) !== negated)
  }
}

type Comparison = 'Matches' | 'Differs' | 'Unreadable'

/** Compares one request value with each of the policy's values, which are alternatives. */
const compare = (operands: Operands, text: string): Comparison => {
  if (text.length > CONTEXT_VALUE_CHARACTERS_MAX) return 'Unreadable'
  switch (operands.type) {
    case 'Exact':
      return answer(operands.values.includes(text))
    case 'Folded':
      return answer(operands.values.includes(text.toLowerCase()))
    case 'Like':
      return answer(operands.values.some((pattern) => matchesWildcard(pattern, text)))
    case 'Number':
      return compareRead(parseNumber(text), (have) =>
        operands.values.some((want) => isOrdered(operands.order, have, want)),
      )
    case 'Instant':
      return compareRead(parseInstant(text), (have) =>
        operands.values.some((want) => isOrdered(operands.order, have, want)),
      )
    case 'Flag':
      return compareRead(parseFlag(text), (have) => operands.values.includes(have))
    case 'Address':
      return compareRead(parseAddress(text), (have) =>
        operands.values.some((block) => isInside(block, have)),
      )
  }
}

const answer = (matched: boolean): Comparison => (matched ? 'Matches' : 'Differs')

const compareRead = <A>(value: O.Option<A>, matches: (value: A) => boolean): Comparison =>
  O.isNone(value) ? 'Unreadable' : answer(matches(value.value))
