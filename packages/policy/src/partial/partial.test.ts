/** What is said of requests whose circumstances are not all known, held to what comes of them. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { authorize, type PoliciesInForce, type PolicyInForce } from '../authorize.js'
import type { PolicyDocument, PolicyKind } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import { type AuthorizationRequest, type RequestContext, requestContext } from '../request.js'
import { authorizationRequest, context, policyDocument } from '../testing/arbitraries.js'
import { boundPolicies, type Certainty, certaintyOf } from './bounds.js'
import { cutTo } from './narrow.js'
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
