/**
 * Every method of the official clients has an operation here, and every code that the reference
 * lists for an operation has a test, which names both in its title.
 *
 * The tests of IMS's twins are in files of their own: what they show is shown of IMS alone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import * as ram from '@alicloud/ram20150501'
import * as sts from '@alicloud/sts20150401'
import { OPERATIONS } from '@grantlog/protocol'
import { describe, expect, it } from 'vitest'
import { OPERATION_REFUSALS } from '../../scripts/reference/operation-refusals.mjs'
import { IMS_REFUSALS } from './ims-cases.js'
import { SIGN_IN_REFUSALS } from './ims-sign-in-cases.js'
import { REFUSALS } from './refusal-cases.js'

type Shown = { readonly operation: string; readonly outcome: string }

/** What the titles of the tests beside this one say, as far as they are written out. */
const titlesIn = (text: string): ReadonlyArray<Shown> =>
  [...text.matchAll(/when ([A-Z]\w+), then ([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)/g)].map(
    ([, operation = '', outcome = '']) => ({ operation, outcome }),
  )

const CODE = /'((?:InvalidParameter|Entity\w+|LimitExceeded|DeleteConflict)\.[\w.]+)'/g

/** The codes in the tables of `it.each`, whose title names the operation alone. */
const tablesIn = (text: string): ReadonlyArray<Shown> =>
  [...text.matchAll(/it\.each\(\[(.*?)\]\)\(\s*'[^']*when ([A-Z]\w+), then/gs)].flatMap(
    ([, rows = '', operation = '']) =>
      [...rows.matchAll(CODE)].map(([, outcome = '']) => ({ operation, outcome })),
  )

/** In a file that is named after its operation: every code with its status. */
const statusesIn = (file: string, text: string): ReadonlyArray<Shown> =>
  OPERATIONS.filter(
    ({ name }) => `${name.toLowerCase()}.test.ts` === file.replaceAll('-', ''),
  ).flatMap(({ name: operation }) =>
    [...text.matchAll(/'\d{3} ([A-Z][\w.]+)'/g)].map(([, outcome = '']) => ({
      operation,
      outcome,
    })),
  )

/** What a token fails with, said once for all tests of tokens. */
const failuresIn = (text: string): ReadonlyArray<Shown> =>
  [...text.matchAll(/failed\('([\w.]+)'\)/g)].map(([, code]) => ({
    operation: 'AssumeRoleWithOIDC',
    outcome: `AuthenticationFail.${code}`,
  }))

/** Rows of tables, whose titles are put together: `['Operation', 'what then is so', …`. */
const rowsIn = (text: string): ReadonlyArray<Shown> =>
  [...text.matchAll(/^\s*\[?\s*(?:add: |remove: )?'([A-Z]\w+)',(?=\s*(?:'([a-z][^']*)',)?)/gm)]
    .filter(([row, , outcome]) => outcome !== undefined || /add:|remove:/.test(row))
    .map(([, operation = '', outcome = 'it is done']) => ({ operation, outcome }))

const shownIn = (isRead: (file: string) => boolean): ReadonlyArray<Shown> =>
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts') && name !== 'coverage.test.ts')
    .filter(isRead)
    .flatMap((name) => {
      const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
      return [
        ...titlesIn(text),
        ...tablesIn(text),
        ...rowsIn(text),
        ...failuresIn(text),
        ...statusesIn(name, text),
      ]
    })

const outcomes = (cases: ReadonlyArray<{ operation: string; code: string }>) =>
  cases.map(({ operation, code }) => ({ operation, outcome: code }))

const isOfIms = (file: string): boolean => file.startsWith('ims-')

const shown: ReadonlyArray<Shown> = [...shownIn((file) => !isOfIms(file)), ...outcomes(REFUSALS)]

const shownOfIms: ReadonlyArray<Shown> = [
  ...shownIn(isOfIms),
  ...outcomes([...IMS_REFUSALS, ...SIGN_IN_REFUSALS]),
]

const RAM_NAMES = new Set(OPERATIONS.flatMap((row) => (row.product === 'Ram' ? [row.name] : [])))

type Row = { readonly product: string; readonly name: string }

const isTwin = ({ product, name }: Row): boolean => product === 'Ims' && RAM_NAMES.has(name)

/** What is shown of a row; of a name that RAM has too, IMS's own tests. */
const shownOf = (row: Row): ReadonlyArray<Shown> => {
  if (isTwin(row)) return shownOfIms
  return row.product === 'Ims' ? [...shown, ...shownOfIms] : shown
}

const isCode = ({ outcome }: Shown): boolean => /^[A-Z]/.test(outcome)

/** What any call may be refused with stands once in the reference, not with each operation. */
const isOfEveryCall = (code: string): boolean =>
  code === 'NoPermission' || code.startsWith('MissingParameter')

const sorted = (names: Iterable<string>): ReadonlyArray<string> => [...new Set(names)].sort()

/** The methods of a typed client that call an operation. */
const methodsOf = (module: object): ReadonlyArray<string> => {
  const { default: outer } = module as { readonly default: { readonly default?: unknown } }
  const client = (outer.default ?? outer) as { readonly prototype: object }
  return Object.getOwnPropertyNames(client.prototype)
    .filter((name) => !['constructor', 'getEndpoint'].includes(name))
    .filter((name) => !name.endsWith('WithOptions'))
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
}

describe('the table of operations', () => {
  it.each([
    ['Ram', ram, 66],
    ['Sts', sts, 4],
  ] as const)(
    'given the typed client of %s, then each of its methods is there',
    (product, module, count) => {
      const names = OPERATIONS.filter((row) => row.product === product).map(({ name }) => name)
      expect(sorted(methodsOf(module))).toHaveLength(count)
      expect(sorted(names)).toEqual(sorted(methodsOf(module)))
    },
  )
  it('given an operation, then a test shows it succeed', () => {
    const missing = OPERATIONS.filter(
      (row) => !shownOf(row).some((each) => each.operation === row.name && !isCode(each)),
    )
    expect(missing.map(({ name }) => name)).toEqual([])
  })
  it('given an operation of IMS that RAM has too, then tests show it refused where RAM is', () => {
    const unrefused = OPERATIONS.filter(isTwin)
      .map(({ name }) => name)
      .filter((name) => (OPERATION_REFUSALS[name] ?? []).length > 0)
      .filter((name) => !shownOfIms.some((each) => each.operation === name && isCode(each)))
    expect(unrefused).toEqual([])
  })
  it('given an operation, then the page of operations tells its refusals', () => {
    const url = new URL('../../docs/reference/operations.md', import.meta.url)
    const lines = readFileSync(url, 'utf8').split('\n')
    const untold = OPERATIONS.filter(({ product }) => product === 'Ram').flatMap(({ name }) => {
      const line = lines.find((each) => each.startsWith(`| \`${name}\` `)) ?? ''
      return (OPERATION_REFUSALS[name] ?? []).filter((code) => !line.includes(`\`${code}\``))
    })
    expect(untold).toEqual([])
  })
  it('given a code that the reference lists for an operation, then a test shows it', () => {
    const gaps = OPERATIONS.flatMap((row) => {
      const { name, product } = row
      // What RAM's operation is refused with is shown of RAM's.
      const codes = (isTwin(row) ? shown : shownOf(row))
        .filter((each) => each.operation === name && isCode(each) && !isOfEveryCall(each.outcome))
        .map(({ outcome }) => outcome)
      const listed = OPERATION_REFUSALS[name] ?? []
      const unshown = listed.filter((code) => !codes.includes(code))
      const unlisted = product === 'Ram' ? codes.filter((code) => !listed.includes(code)) : []
      return [...unshown, ...sorted(unlisted)].map((code) => `${name} ${code}`)
    })
    expect(gaps).toEqual([])
  })
})
