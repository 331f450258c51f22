/**
 * The quick reading of a document's structure against the codecs.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { documentCodecs, type PolicyKind, type WrittenDocument } from './document.js'
import { policyText } from './testing/arbitraries.js'
import { wideStatement } from './testing/wide.js'
import { writtenDocument } from './written.js'

const KINDS: ReadonlyArray<PolicyKind> = ['identity', 'session', 'trust', 'resource']

const written = (kind: PolicyKind): fc.Arbitrary<unknown> =>
  fc
    .array(wideStatement(kind), { minLength: 1, maxLength: 3 })
    .map((statements) => JSON.parse(policyText(statements)) as unknown)

/** What the codec makes of it, as far as anything reads it. */
const decoded = (kind: PolicyKind, json: unknown) =>
  E.map(({ Statement: statements }: WrittenDocument) => ({ Statement: statements }))(
    documentCodecs[kind].decode(json),
  )

const kindAndDocument = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.tuple(fc.constant(kind), written(kind)))

/** What may stand where something else should. */
const stray: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    'Allow',
    '1',
    1,
    true,
    null,
    undefined,
    [],
    {},
    [[]],
    [''],
    ['x', 1],
  ),
  fc.constantFrom<unknown>(
    { k: [] },
    { k: { j: 1 } },
    { k: { j: [] } },
    { RAM: '' },
    { RAM: ['x'] },
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

const MEMBERS = ['Version', 'Statement', 'Effect', 'Action', 'NotAction', 'Resource'].concat(
  'Principal',
  'Condition',
  'Conditon',
)

type Change = { readonly member: string; readonly at: number; readonly value: unknown }

const change: fc.Arbitrary<Change> = fc.record({
  member: fc.constantFrom(...MEMBERS),
  at: fc.nat({ max: 3 }),
  value: stray,
})

/** One member set anew, in the document itself or in one of its statements. */
const changed = (document: unknown, { member, at, value }: Change): unknown => {
  const { Statement: statements } = document as { readonly Statement: unknown }
  if (at === 3 || !Array.isArray(statements)) return { ...(document as object), [member]: value }
  const put = statements.map((one: object, index) =>
    index === at ? { ...one, [member]: value } : one,
  )
  return { ...(document as object), Statement: put }
}

describe('the structure of a document', () => {
  it('given a document of any kind as people write them, then it is read at once', () => {
    fc.assert(
      fc.property(kindAndDocument, ([kind, json]) => {
        expect(E.right(writtenDocument(kind, json))).toEqual(decoded(kind, json))
      }),
    )
  })

  it('given anything else, then it is read as the codec reads it, or left to it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        kindAndDocument,
        fc.array(change, { maxLength: 2 }),
        (kind, [, document], changes) => {
          const json = changes.reduce(changed, document)
          const quick = writtenDocument(kind, json)
          if (quick === undefined) return
          expect(decoded(kind, json)).toEqual(E.right(quick))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('given numbers and truth values in a condition, then they are read as their texts', () => {
    const Condition = { NumericEquals: { k: [1, '2'] }, Bool: { k: true } }
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition }
    const json = { Version: '1', Statement: [statement] }
    expect(E.right(writtenDocument('identity', json))).toEqual(decoded('identity', json))
  })

  it.each([
    ['another version', { Version: '2' }],
    ['a member that no document has', { Id: 'x' }],
    ['nothing for a statement', { Statement: [null] }],
    ['no effect', { Statement: [{ Action: '*', Resource: '*' }] }],
  ])('given a document with %s, then it is left to the codec', (_, members) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*' }
    const json = { Version: '1', Statement: [statement], ...members }
    expect(writtenDocument('identity', json)).toBeUndefined()
  })

  it.each([
    ['a hole in a list', { Action: new Array<string>(1) }],
    ['a member that is misspelt', { Conditon: {} }],
    ['an empty text', { Resource: [''] }],
    ['an empty list', { Action: [] }],
  ])('given %s, then it is left to the codec', (_, members) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', ...members }
    expect(writtenDocument('identity', { Version: '1', Statement: [statement] })).toBeUndefined()
  })

  it('given a member that is there but not listed, then it is not overlooked', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*' }
    const hidden = { value: { Bool: { 'acs:MFAPresent': 'true' } }, enumerable: false }
    Object.defineProperty(statement, 'Condition', hidden)
    const json = { Version: '1', Statement: [statement] }
    expect(E.right(writtenDocument('identity', json))).toEqual(decoded('identity', json))
  })
})
