/** What patterns have in common, and the sheet of policies, held to what they decide. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { requestedResource } from '../arn.js'
import { authorize, type PolicyInForce } from '../authorize.js'
import { parsePolicy } from '../parse-policy.js'
import type { AuthorizationRequest } from '../request.js'
import { covers, type Question } from '../statement.js'
import {
  ACCOUNT,
  actionName,
  context,
  policyDocument,
  resourceName,
} from '../testing/arbitraries.js'
import { matchesWildcard } from '../wildcard.js'
import { patternCovers, patternsMeet } from './meet.js'
import { sheetOf } from './sheet.js'
import { namedActions, writtenStatements } from './written.js'

const textOf = (letters: ReadonlyArray<string>, maxLength: number) =>
  fc.array(fc.constantFrom(...letters), { maxLength }).map((all) => all.join(''))
const pattern = textOf(['a', 'b', '*', '?'], 4)

/** Every text of a and b up to seven letters: long enough to be what two such patterns share. */
const texts: ReadonlyArray<string> = Array.from({ length: 8 }).reduce<ReadonlyArray<string>>(
  (all) => ['', ...all.flatMap((text) => [`a${text}`, `b${text}`])],
  [''],
)

describe('patterns', () => {
  it('meet exactly when a text matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const isShared = texts.some((text) => matchesWildcard(a, text) && matchesWildcard(b, text))
        expect(patternsMeet(a, b)).toBe(isShared)
      }),
      { numRuns: 2_000 },
    )
  })

  it('cover others only when these match nothing else', () => {
    let covered = 0
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        if (!patternCovers(outer, inner)) return
        covered += 1
        for (const text of texts)
          if (matchesWildcard(inner, text)) expect(matchesWildcard(outer, text)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    expect(covered).toBeGreaterThan(100)
  })

  it('given very long ones, then they are said to meet without a walk', () => {
    const long = 'a*'.repeat(1_000)
    expect(patternsMeet(`${long}b`, `${long}c`)).toBe(true)
    expect(patternsMeet('oss:Get*', 'oss:Put*')).toBe(false)
  })
})

const inForce = (text: string): PolicyInForce => {
  const document = parsePolicy('identity', text)
  if (E.isLeft(document)) throw new Error(JSON.stringify(document.left))
  const source = { policyType: 'Custom', policyName: 'p', versionId: 'v1' } as const
  return { source, document: document.right }
}
const policy = (...statements: ReadonlyArray<object>): PolicyInForce =>
  inForce(JSON.stringify({ Version: '1', Statement: statements }))

const alice = { type: 'User', accountId: ACCOUNT, userId: '1', userName: 'alice' } as const
const nothing = new Map()

describe('the sheet of what policies permit', () => {
  it('names an allow for whatever is allowed, and a deny for whatever is taken from it', () => {
    const seen = { allowed: 0, denied: 0 }
    const policies = fc
      .array(policyDocument('identity'), { minLength: 1, maxLength: 4 })
      .map((all) =>
        all.map((document, index) => ({
          source: { policyType: 'Custom', policyName: `p${index}`, versionId: 'v1' } as const,
          document,
        })),
      )
    fc.assert(
      fc.property(policies, actionName, resourceName, context, context, (held, ...asked) => {
        const [action, resource, given, more] = asked
        const service = action.slice(0, action.indexOf(':'))
        for (const filter of [{}, { service }, { resource }, { service, resource }]) {
          const sheet = sheetOf(held, ACCOUNT, { ...filter, context: given })
          const full = new Map([...more, ...given])
          const request: AuthorizationRequest = {
            principal: alice,
            action,
            resources: [resource],
            context: full,
          }
          const question: Question = {
            principal: alice,
            action: action.toLowerCase(),
            resource: requestedResource(resource),
            name: resource,
            context: full,
          }
          const { outcome, deciding } = authorize(request, { identity: held })
          const covering = sheet.allows.filter(({ source, statementIndex }) => {
            const statement = held.find((one) => one.source === source)?.document.statements[
              statementIndex
            ]
            return statement !== undefined && covers(statement, question)
          })
          if (outcome === 'Allow') {
            seen.allowed += 1
            expect(covering.some(({ certainty }) => certainty !== 'Never')).toBe(true)
          }
          if (outcome !== 'ExplicitDeny') continue
          for (const allow of covering) {
            seen.denied += 1
            const cutting = (allow.cutBy ?? []).map((index) => sheet.denies[index])
            for (const { source, statementIndex } of deciding)
              expect(cutting).toContainEqual(expect.objectContaining({ source, statementIndex }))
          }
        }
      }),
      { numRuns: 1_000 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  })

  it('given denies of part, of all and of something else, then each cuts what it cuts', () => {
    const held = [
      policy(
        { Effect: 'Allow', Action: 'ots:Get*', Resource: '*' },
        { Effect: 'Allow', Action: 'oss:*', Resource: `acs:oss:*:${ACCOUNT}:pictures/*` },
        { Effect: 'Deny', Action: 'ots:GetRange', Resource: '*' },
        { Effect: 'Deny', Action: 'oss:*', Resource: `acs:oss:*:*:pictures/*` },
      ),
    ]
    const { allows, denies } = sheetOf(held, ACCOUNT, { context: nothing })
    expect(allows.map(({ certainty, cutBy }) => [certainty, cutBy])).toEqual([
      ['Allowed', [0]],
      ['Never', [1]],
    ])
    expect(denies.map(({ statementIndex }) => statementIndex)).toEqual([2, 3])
  })

  it('given more than can be compared, then the last are told without what cuts them', () => {
    const some = (Effect: string) => Array(50).fill({ Effect, Action: 'ots:*', Resource: '*' })
    const allowing = Array(10).fill(policy(...some('Allow')))
    const denying = Array(20).fill(policy(...some('Deny')))
    const { allows, denies } = sheetOf([...allowing, ...denying], ACCOUNT, { context: nothing })
    expect([allows.length, denies.length]).toEqual([500, 1_000])
    const [first, last] = [allows.at(0), allows.at(-1)]
    expect([first?.certainty, first?.cutBy?.length]).toEqual(['Never', 1_000])
    expect([last?.certainty, last?.cutBy]).toEqual(['Allowed', undefined])
  })

  it('given a condition, then the allow depends on it until its key is given', () => {
    const Condition = { Bool: { 'acs:SecureTransport': 'true' } }
    const held = [policy({ Effect: 'Allow', Action: '*', Resource: '*', Condition })]
    const sheet = (context: ReadonlyMap<string, ReadonlyArray<string>>) =>
      sheetOf(held, ACCOUNT, { context }).allows.map(({ certainty, open }) => [
        certainty,
        open.map(({ key }) => key),
      ])
    expect(sheet(nothing)).toEqual([['Conditional', ['acs:securetransport']]])
    expect(sheet(new Map([['acs:securetransport', ['true']]]))).toEqual([['Allowed', []]])
    expect(sheet(new Map([['acs:securetransport', ['false']]]))).toEqual([])
  })

  it('given what is of another account, then it comes to nothing but for its roles', () => {
    const elsewhere = 'acs:ram:*:6543210987654321:role/app'
    const held = [
      policy(
        { Effect: 'Allow', Action: 'ram:GetRole', Resource: elsewhere },
        { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: elsewhere },
      ),
    ]
    const { allows } = sheetOf(held, ACCOUNT, { context: nothing })
    expect(allows.map(({ certainty }) => certainty)).toEqual(['Never', 'Allowed'])
  })

  it('given a text, then its statements come as written and its full names are told', () => {
    const text =
      '{"Version":"1","Statement":[{"Effect":"Allow","Action":["ots:GetRow","ots:Get*"],"Resource":"*"}]}'
    const written = writtenStatements('identity', text)
    expect(written).toEqual([
      { Effect: 'Allow', Action: ['ots:GetRow', 'ots:Get*'], Resource: ['*'] },
    ])
    expect(namedActions(written)).toEqual(['ots:GetRow'])
    expect(writtenStatements('identity', '{')).toEqual([])
  })
})
