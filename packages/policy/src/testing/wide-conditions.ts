/**
 * Generators of conditions under every operator, and of contexts in which they hold, fail or can't
 * be read.
 */
import fc from 'fast-check'
import { operatorNames } from '../operators.js'
import type { WrittenJson } from './arbitraries.js'

const few = <A>(item: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(item, { minLength: 1, maxLength: 3 })

type Wildness = { readonly at: number; readonly length: number; readonly by: string }

export const wildness: fc.Arbitrary<Wildness> = fc.record({
  at: fc.nat({ max: 60 }),
  length: fc.nat({ max: 5 }),
  by: fc.constantFrom('*', '*', '?', '**', '*?'),
})

/** Puts wildcards in the place of pieces of a text, wherever they fall. */
export const wildly = (text: string, changes: ReadonlyArray<Wildness>): string =>
  changes.reduce((changed, { at, length, by }) => {
    const start = at % (changed.length + 1)
    return changed.slice(0, start) + by + changed.slice(start + length)
  }, text)

const texts = fc.constantFrom('dev', 'Dev', 'prod', '', 'd*', 'K', 'k', 'İ', 'i̇', 'secret/a', 'ß')
const textPatterns = fc.oneof(
  texts,
  fc.tuple(texts, fc.array(wildness, { maxLength: 2 })).map(([text, all]) => wildly(text, all)),
)
const numbers = fc.constantFrom(
  '0',
  '-0',
  '7',
  '10',
  '10.0',
  '+7',
  '0.5',
  '9007199254740991',
  '007',
)
const instants = fc.constantFrom(
  '2024-02-29T00:00:00Z',
  '2024-03-01T00:00:00+08:00',
  '2024-02-29T00:00:00.500Z',
  '2024-12-31T23:59:59Z',
  '1969-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
)
const flags = fc.constantFrom('true', 'false', 'TRUE', 'False')
const addresses = fc.constantFrom(
  '10.0.0.0/8',
  '10.1.2.3',
  '0.0.0.0/0',
  '192.0.2.128/25',
  '::/0',
  '2001:db8::/32',
  '2001:db8::1',
  '::ffff:10.0.0.0/104',
  '::ffff:0:0/90',
)

/** Values that a policy may have under an operator. */
const operandsOf = (name: string): fc.Arbitrary<string> => {
  if (name.startsWith('Numeric')) return numbers
  if (name.startsWith('Date')) return instants
  if (name.includes('IpAddress')) return addresses
  if (name === 'Bool') return flags
  return name.includes('Like') ? textPatterns : texts
}

const keyNames = ['acs:Text', 'acs:Number', 'acs:Date', 'acs:Ip', 'acs:Flag'] as const

/** Mostly the key whose values fit the operator, so that conditions hold often enough. */
const keyOf = (name: string): fc.Arbitrary<string> => {
  const fitting = name.startsWith('Numeric')
    ? 'acs:Number'
    : name.startsWith('Date')
      ? 'acs:Date'
      : name.includes('IpAddress')
        ? 'acs:Ip'
        : name === 'Bool'
          ? 'acs:Flag'
          : 'ACS:text'
  return fc.oneof({ weight: 6, arbitrary: fc.constant(fitting) }, fc.constantFrom(...keyNames))
}

const wideCondition = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(...operatorNames),
  )
  .chain(([quantifier, name]) =>
    fc
      .tuple(keyOf(name), few(operandsOf(name)))
      .map(([key, values]) => [`${quantifier}${name}`, { [key]: values }] as const),
  )

export const wideConditions: fc.Arbitrary<NonNullable<WrittenJson['Condition']>> = fc
  .array(wideCondition, { maxLength: 3 })
  .map((members) => Object.fromEntries(members))

const oddValues = fc.constantFrom(
  'unknown',
  '1e3',
  '12345678901234567',
  '2024-02-30T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-02-29T24:00:00Z',
  '2024-02-29T00:00:60Z',
  '01.2.3.4',
  '10.1.2.256',
  '10.1.2',
  '10.1.2.3.4',
  '::ffff:10.1.2.3',
  '2001:db8::g',
  'x'.repeat(8193),
)

const contextValue = fc.oneof(
  { weight: 3, arbitrary: texts },
  numbers,
  instants,
  flags,
  addresses,
  oddValues,
)

const fittingValue = (values: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 5, arbitrary: values }, contextValue)

const oneOrSome = (values: fc.Arbitrary<string>): fc.Arbitrary<ReadonlyArray<string>> =>
  fc.oneof(
    { weight: 3, arbitrary: values.map((value) => [value]) },
    fc.array(values, { maxLength: 3 }),
  )

/** The members of a context; keys may be missing, empty or have several values. */
export const wideContext: fc.Arbitrary<Readonly<Record<string, ReadonlyArray<string>>>> = fc
  .record(
    {
      'acs:Text': oneOrSome(fittingValue(texts)),
      'acs:Number': oneOrSome(fittingValue(numbers)),
      'ACS:date': oneOrSome(fittingValue(instants)),
      'acs:Ip': oneOrSome(fittingValue(addresses.map((text) => text.split('/')[0] ?? ''))),
      'acs:Flag': oneOrSome(fittingValue(flags)),
    },
    { requiredKeys: [] },
  )
  .map((members) =>
    Object.fromEntries(
      Object.entries(members).flatMap(([key, values]) =>
        values === undefined ? [] : [[key, values] as const],
      ),
    ),
  )
