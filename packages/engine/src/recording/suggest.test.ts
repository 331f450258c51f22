/** Smaller policies, made of the statements that were needed. */
import { describe, expect, it } from 'vitest'
import { type RawStatement, suggestedDocuments, type UsedStatement } from './suggest.js'

const table = (name: string): string => `acs:ots:*:*:instance/${name}`
const used = (raw: RawStatement, uses: Readonly<Record<string, string[]>>): UsedStatement => ({
  raw: { Effect: 'Allow', ...raw },
  uses: new Map(Object.entries(uses).map(([action, all]) => [action, new Set(all)])),
  isCut: false,
})
const statementsOf = (...all: ReadonlyArray<UsedStatement>): ReadonlyArray<RawStatement> =>
  suggestedDocuments(all, []).flatMap((text) => JSON.parse(text).Statement)

const all = { Action: 'ots:*', Resource: '*' }
const getA = used(all, { 'ots:GetRow': [table('a')] })
const getBoth = used(all, { 'ots:GetRow': [table('a'), table('b')] })

describe('suggestedDocuments', () => {
  it('given grants that were needed for the same, then it is suggested once', () => {
    const once = [{ Effect: 'Allow', Action: ['ots:GetRow'], Resource: [table('a')] }]
    expect(
      statementsOf(getA, used({ ...all, Action: '*' }, { 'ots:GetRow': [table('a')] })),
    ).toEqual(once)
  })

  it('given one that allows what another does and more, then that one alone, in either order', () => {
    const both = [{ Effect: 'Allow', Action: ['ots:GetRow'], Resource: [table('a'), table('b')] }]
    expect(statementsOf(getA, getBoth)).toEqual(both)
    expect(statementsOf(getBoth, getA)).toEqual(both)
    const whole = used(all, { 'ots:*': ['*'] })
    expect(statementsOf(getA, whole, getBoth)).toEqual([{ Effect: 'Allow', ...all }])
  })

  it('given other conditions, actions or resources, then none stands for another', () => {
    const Condition = { Bool: { 'acs:MFAPresent': 'true' } }
    const withMFA = used({ ...all, Condition }, { 'ots:GetRow': [table('a')] })
    const put = used(all, { 'ots:PutRow': [table('a')] })
    const getB = used(all, { 'ots:GetRow': [table('b')] })
    expect(statementsOf(getA, withMFA, put, getB)).toHaveLength(4)
    const oneLetter = used({ Action: 'ots:?etRow', Resource: '*' }, { 'ots:?etRow': ['*'] })
    expect(statementsOf(getA, oneLetter)).toHaveLength(2)
  })
})
