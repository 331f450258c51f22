/** What is said of requests whose circumstances are not all known, held to what comes of them. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { authorize, type PoliciesInForce, type PolicyInForce } from '../authorize.js'
import type { PolicyDocument, PolicyKind } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import { type AuthorizationRequest, type RequestContext, requestContext } from '../request.js'
import { authorizationRequest, context, policyDocument } from '../testing/arbitraries.js'
import { boundDocument, boundPolicies, type Certainty, certaintyOf } from './bounds.js'
import { cutTo, mayAllow, narrowed } from './narrow.js'
import { openStatements } from './open-statements.js'

const asInForce = (documents: ReadonlyArray<PolicyDocument>): ReadonlyArray<PolicyInForce> =>
  documents.map((document, index) => ({
    source: { policyType: 'Custom', policyName: `policy-${index}`, versionId: 'v1' },
    document,
  }))

const documents = (kind: PolicyKind) =>
  fc.array(policyDocument(kind), { maxLength: 3 }).map(asInForce)
const perhaps = (kind: PolicyKind) => fc.oneof(fc.constant(undefined), documents(kind))

const policies: fc.Arbitrary<PoliciesInForce> = fc
  .record({
    identity: documents('identity'),
    resourceGroup: perhaps('identity'),
    session: perhaps('session'),
    resource: perhaps('trust'),
  })
  .map(({ identity, resourceGroup, session, resource }) => ({
    identity,
    ...(resourceGroup && { resourceGroup }),
    ...(session && { session }),
    ...(resource && { resource }),
  }))

const certainty = (request: AuthorizationRequest, inForce: PoliciesInForce): Certainty =>
  certaintyOf(
    (bound) =>
      authorize(request, boundPolicies(bound, inForce, request.context)).outcome === 'Allow',
  )

const extended = (given: RequestContext, more: RequestContext): RequestContext =>
  new Map([...more, ...given])

const identity = (statement: Readonly<Record<string, unknown>>): PolicyInForce => {
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  const parsed = parsePolicy('identity', text)
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return asInForce([parsed.right])[0] as PolicyInForce
}

const ACCOUNT = '1234567890123456'
const asked = (members: Readonly<Record<string, ReadonlyArray<string>>>): AuthorizationRequest => ({
  principal: { type: 'User', accountId: ACCOUNT, userId: '1', userName: 'alice' },
  action: 'ots:GetRow',
  resources: [`acs:ots:*:${ACCOUNT}:instance/orders`],
  context: requestContext(members),
})
const inside = { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } }
const allow = identity({ Effect: 'Allow', Action: 'ots:*', Resource: '*' })
const allowInside = identity({ Effect: 'Allow', Action: 'ots:*', Resource: '*', Condition: inside })
const denyInside = identity({ Effect: 'Deny', Action: 'ots:*', Resource: '*', Condition: inside })

describe('how certain an answer is', () => {
  it.each<
    readonly [string, ReadonlyArray<PolicyInForce>, Readonly<Record<string, string[]>>, Certainty]
  >([
    ['an allow without conditions', [allow], {}, 'Allowed'],
    ['an allow on a key that is not given', [allowInside], {}, 'Conditional'],
    [
      'an allow on a key whose value holds',
      [allowInside],
      { 'acs:SourceIp': ['10.1.1.1'] },
      'Allowed',
    ],
    [
      'an allow on a key whose value fails',
      [allowInside],
      { 'acs:SourceIp': ['8.8.8.8'] },
      'Never',
    ],
    ['an allow on a key known to be absent', [allowInside], { 'acs:SourceIp': [] }, 'Never'],
    ['a deny on a key that is not given', [allow, denyInside], {}, 'Conditional'],
    ['a deny that no allow stands against', [denyInside], {}, 'Never'],
    [
      'a deny on a key whose value fails',
      [allow, denyInside],
      { 'acs:SourceIp': ['8.8.8.8'] },
      'Allowed',
    ],
    ['nothing', [], {}, 'Never'],
  ])('given %s, then it is what follows from that', (_, identityPolicies, members, expected) => {
    expect(certainty(asked(members), { identity: identityPolicies })).toBe(expected)
  })

  it('what is allowed stays allowed, and what never is stays so, whatever keys are added', () => {
    const seen = { Allowed: 0, Conditional: 0, Never: 0 }
    fc.assert(
      fc.property(authorizationRequest, policies, fc.array(context), (request, inForce, more) => {
        const said = certainty(request, inForce)
        seen[said] += 1
        if (said === 'Conditional') return
        for (const added of [new Map(), ...more]) {
          const known = { ...request, context: extended(request.context, added) }
          expect(authorize(known, inForce).outcome === 'Allow').toBe(said === 'Allowed')
        }
      }),
      { numRuns: 1_500 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('an answer that names no open statement does not depend on keys', () => {
    fc.assert(
      fc.property(authorizationRequest, policies, (request, inForce) => {
        if (openStatements(request, inForce).length === 0)
          expect(certainty(request, inForce)).not.toBe('Conditional')
      }),
      { numRuns: 1_000 },
    )
  })

  it('what policies say of a request is what is left of them when they are cut to it', () => {
    fc.assert(
      fc.property(authorizationRequest, documents('identity'), (request, identityPolicies) => {
        const cut = cutTo(request)
        const left = identityPolicies.map(({ source, document }) => ({
          source,
          document: cut(document),
        }))
        const { outcome, unit } = authorize(request, { identity: identityPolicies })
        expect(authorize(request, { identity: left })).toMatchObject({ outcome, unit })
      }),
      { numRuns: 1_000 },
    )
  })

  it('given both kinds of statements, then the open ones are named with their conditions', () => {
    const open = openStatements(asked({}), { identity: [allow, allowInside, denyInside] })
    expect(
      open.map(({ effect, conditions }) => [effect, conditions.map(({ key }) => key)]),
    ).toEqual([
      ['Allow', ['acs:sourceip']],
      ['Deny', ['acs:sourceip']],
    ])
  })
})

describe('policies at a bound', () => {
  const [open, held] = [{ Condition: inside }, {}]
  const both = (...conditions: ReadonlyArray<object>): PolicyDocument => {
    const statements = conditions.flatMap((one) =>
      ['Allow', 'Deny'].map((Effect) => ({ Effect, Action: 'ots:*', Resource: '*', ...one })),
    )
    const parsed = parsePolicy('identity', JSON.stringify({ Version: '1', Statement: statements }))
    if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
    return parsed.right
  }
  const effects = ({ statements }: PolicyDocument) => statements.map(({ effect }) => effect)
  const nothing: RequestContext = new Map()

  it('given open statements, then each bound keeps those that suit it', () => {
    const at = (bound: 'Best' | 'Worst' | 'Firm') =>
      effects(boundDocument(bound, both(open), nothing))
    expect([at('Best'), at('Worst'), at('Firm')]).toEqual([['Allow'], ['Deny'], []])
  })

  it('given a statement without conditions, then it is kept as it is', () => {
    const document = both(held)
    const { statements } = boundDocument('Worst', document, nothing)
    statements.forEach((one, index) => {
      expect(one).toBe(document.statements[index])
    })
  })

  it('given units, then those that are present stay and no other comes', () => {
    const units = { resourceGroup: [allow], session: [allow], control: [allow], resource: [allow] }
    const all = { identity: [allow], ...units }
    expect(boundPolicies('Best', all, nothing)).toEqual(all)
    const identityAlone = boundPolicies('Best', { identity: [allowInside] }, nothing)
    expect(Object.keys(identityAlone)).toEqual(['identity'])
  })

  it('given what is allowed at which bound, then that is how certain it is', () => {
    const seen: Array<string> = []
    const said = (...allowed: ReadonlyArray<string>) =>
      certaintyOf((bound) => {
        seen.push(bound)
        return allowed.includes(bound)
      })
    expect([said('Best', 'Worst'), said('Best'), said()]).toEqual([
      'Allowed',
      'Conditional',
      'Never',
    ])
    expect(seen).toEqual(['Best', 'Worst', 'Best', 'Worst', 'Best'])
  })

  it('given a request, then what is left speaks about one of its resources, and is made once', () => {
    const [first, second] = [`acs:ots:*:${ACCOUNT}:a`, `acs:ots:*:${ACCOUNT}:b`] as const
    const about = { action: 'ots:GetRow', resources: [first, second] as const, context: nothing }
    const document = both({ Resource: first, ...open }, { Resource: second }, { Action: 'oss:*' })
    const [cut, worst] = [cutTo(about), narrowed('Worst', about)]
    expect(cut(document)).toEqual({ ...document, statements: document.statements.slice(0, 4) })
    expect(cut(document)).toBe(cut(document))
    expect(effects(worst(document))).toEqual(['Deny', 'Allow', 'Deny'])
    expect(worst(document)).toBe(worst(document))
    expect(worst(both(open))).not.toBe(worst(document))
  })

  it('given a policy, then it may allow something when one of its statements allows', () => {
    const [all] = [both(held)]
    const denying = { ...all, statements: all.statements.slice(1) }
    expect([mayAllow(all), mayAllow(denying)]).toEqual([true, false])
  })
})

describe('open statements', () => {
  const tests = { ...inside, Bool: { 'acs:MFAPresent': 'true' } }
  const openOne = identity({ Effect: 'Allow', Action: 'ots:*', Resource: '*', Condition: tests })
  const named = (request: AuthorizationRequest, inForce: PoliciesInForce) =>
    openStatements(request, inForce).map(({ conditions }) => conditions.map(({ key }) => key))

  it.each(['control', 'session', 'identity', 'resourceGroup'] as const)(
    'given one in the %s unit, then it is named with the keys that are not given',
    (unit) => {
      const request = asked({ 'acs:SourceIp': ['10.1.1.1'] })
      expect(named(request, { identity: [], [unit]: [openOne] })).toEqual([['acs:mfapresent']])
    },
  )

  it('given one in the policy of the target, then it is named where it names the caller', () => {
    const ofTarget = (account: string): PolicyInForce => {
      const one = { Effect: 'Allow', Action: 'ots:*', Resource: '*', Condition: inside }
      const Principal = { RAM: `acs:ram::${account}:root` }
      const text = JSON.stringify({ Version: '1', Statement: [{ ...one, Principal }] })
      const parsed = parsePolicy('resource', text)
      if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
      return asInForce([parsed.right])[0] as PolicyInForce
    }
    const held = (account: string) => ({ identity: [], resource: [ofTarget(account)] })
    expect(named(asked({}), held(ACCOUNT))).toEqual([['acs:sourceip']])
    expect(named(asked({}), held('6543210987654321'))).toEqual([])
  })

  it('given several resources, then one that is spoken about is enough, and none is not', () => {
    const request = asked({})
    const [orders] = request.resources
    const two = { ...request, resources: [orders, `acs:ots:*:${ACCOUNT}:other`] as const }
    const about = (Resource: string) =>
      identity({ Effect: 'Allow', Action: 'ots:*', Resource, Condition: inside })
    expect(named(two, { identity: [about(orders)] })).toEqual([['acs:sourceip']])
    expect(named(two, { identity: [about(`${orders}/x`)] })).toEqual([])
  })
})
