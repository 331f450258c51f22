/** What patterns have in common, and the sheet of policies, held to what they decide. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { requestedResource } from '../arn.js'
import { authorize, type PolicyInForce } from '../authorize.js'
import type { PolicyKind } from '../document.js'
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

const inForce = (text: string, kind: PolicyKind = 'identity'): PolicyInForce => {
  const document = parsePolicy(kind, text)
  if (E.isLeft(document)) throw new Error(JSON.stringify(document.left))
  const source = { policyType: 'Custom', policyName: 'p', versionId: 'v1' } as const
  return { source, document: document.right }
}
const policy = (...statements: ReadonlyArray<object>): PolicyInForce =>
  inForce(JSON.stringify({ Version: '1', Statement: statements }))

/** Eleven policies that allow so and twenty that deny, of fifty statements each. */
const crowd = (statement: object): ReadonlyArray<PolicyInForce> => {
  const some = (Effect: string) => policy(...Array(50).fill({ Effect, ...statement }))
  return [...Array(11).fill(some('Allow')), ...Array(20).fill(some('Deny'))]
}

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
    const { allows, denies } = sheetOf(crowd({ Action: '*', Resource: '*' }), ACCOUNT, {
      context: nothing,
    })
    expect([allows.length, denies.length]).toEqual([550, 1_000])
    const [first, last] = [allows.at(0), allows.at(-1)]
    expect([first?.certainty, first?.cutBy?.length]).toEqual(['Never', 1_000])
    expect([last?.certainty, last?.cutBy]).toEqual(['Allowed', undefined])
    expect(allows.findIndex(({ cutBy }) => cutBy === undefined)).toBe(500)
  })

  it('given longer patterns, then fewer are compared', () => {
    const long = { Action: ['ots:*', 'oss:*'], Resource: [`acs:ots:*:${ACCOUNT}:abcdefgh`, '*'] }
    const { allows } = sheetOf(crowd(long), ACCOUNT, { context: nothing })
    expect(allows.findIndex(({ cutBy }) => cutBy === undefined)).toBe(27)
  })

  it('given what is of the system, then only what is RAM comes to something', () => {
    const held = ['ram', 'oss'].map((service) =>
      policy({ Effect: 'Allow', Action: 'ram:*', Resource: `acs:${service}:*:system:policy/x` }),
    )
    const { allows } = sheetOf(held, ACCOUNT, { context: nothing })
    expect(allows.map(({ certainty }) => certainty)).toEqual(['Allowed', 'Never'])
  })

  it('given a service or a resource to look for, then only what speaks about it is there', () => {
    const photos = `acs:oss:*:${ACCOUNT}:photos`
    const held = [
      policy(
        { Effect: 'Allow', Action: 'oss:*', Resource: [photos, `acs:oss:*:${ACCOUNT}:films`] },
        { Effect: 'Allow', Action: 'ots:*', Resource: '*' },
        { Effect: 'Allow', Action: '*', Resource: `acs:ecs:*:${ACCOUNT}:*` },
      ),
    ]
    const seen = (filter: { readonly service?: string; readonly resource?: string }) =>
      sheetOf(held, ACCOUNT, { ...filter, context: nothing }).allows.map(
        ({ statementIndex }) => statementIndex,
      )
    expect(seen({})).toEqual([0, 1, 2])
    expect(seen({ service: 'oss' })).toEqual([0, 2])
    expect(seen({ resource: photos })).toEqual([0, 1])
    expect(seen({ service: 'oss', resource: photos })).toEqual([0])
  })

  it('given several resources, then one is enough to be cut, and all are needed to be taken', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => `acs:oss:*:${ACCOUNT}:${id}`)
    const sheet = (denied: unknown) =>
      sheetOf(
        [
          policy(
            { Effect: 'Allow', Action: 'oss:*', Resource: [a, b] },
            { Effect: 'Deny', Action: 'oss:*', Resource: denied },
          ),
        ],
        ACCOUNT,
        { context: nothing },
      ).allows.map(({ certainty, cutBy }) => [certainty, cutBy])
    expect(sheet([b, c])).toEqual([['Allowed', [0]]])
    expect(sheet(c)).toEqual([['Allowed', []]])
    expect(sheet([c, a, b])).toEqual([['Never', [0]]])
  })

  it('given one resource of the account among others, then it comes to something', () => {
    const Resource = [`acs:ots:*:${ACCOUNT}:a`, 'acs:ots:*:6543210987654321:a']
    const held = [policy({ Effect: 'Allow', Action: 'ots:*', Resource })]
    const { allows } = sheetOf(held, ACCOUNT, { context: nothing })
    expect(allows.map(({ certainty }) => certainty)).toEqual(['Allowed'])
  })

  it('given a Deny on a key that is not given, then it takes nothing for sure', () => {
    const Condition = { Bool: { 'acs:SecureTransport': 'false' } }
    const deny = { Effect: 'Deny', Action: '*', Resource: '*', Condition }
    const held = [policy({ Effect: 'Allow', Action: '*', Resource: '*' }, deny)]
    const { allows } = sheetOf(held, ACCOUNT, { context: nothing })
    expect(allows.map(({ certainty, cutBy }) => [certainty, cutBy])).toEqual([['Allowed', [0]]])
  })

  it('given trust policies in the wrong place, then they neither permit nor take anything', () => {
    const Principal = { RAM: `acs:ram::${ACCOUNT}:root` }
    const trusting = ['Allow', 'Deny'].map((Effect) => ({ Effect, Action: 'ram:*', Principal }))
    const text = JSON.stringify({ Version: '1', Statement: trusting })
    const held = [inForce(text, 'trust'), policy({ Effect: 'Allow', Action: '*', Resource: '*' })]
    const sheet = (resource?: string) =>
      sheetOf(held, ACCOUNT, { context: nothing, ...(resource && { resource }) })
    expect(sheet().allows.map(({ certainty, cutBy }) => [certainty, cutBy])).toEqual([
      ['Never', []],
      ['Allowed', []],
    ])
    expect(sheet('*').allows).toHaveLength(1)
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
    for (const unread of ['{', '{}']) expect(writtenStatements('identity', unread)).toEqual([])
  })

  it('given excepted actions and a Deny, then they are read and told like the others', () => {
    const one = { Effect: 'Deny', NotAction: ['ots:GetRow', 'oss:*', 'oss:Get?'], Resource: ['*'] }
    const text = JSON.stringify({ Version: '1', Statement: [one] })
    expect(writtenStatements('identity', text)).toEqual([one])
    expect(namedActions(writtenStatements('identity', text))).toEqual(['ots:GetRow'])
    expect(namedActions([{ Effect: 'Allow', Action: ['a:b'] }])).toEqual(['a:b'])
  })
})
