/**
 * Decisions with their statements, on policies that are cut into parts: named by their places in
 * the documents, in their order.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { authorize, type Decision, type PolicyInForce } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import type { AuthorizationRequest } from '../request.js'
import { sourcedHolding } from './justify.js'
import { type CompiledPolicy, LIMITS, type PolicyUniverse, policyUniverse } from './universe.js'

const documentOf = (...statements: ReadonlyArray<unknown>): PolicyDocument => {
  const parsed = parsePolicy('identity', JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return parsed.right
}

const on = (Effect: 'Allow' | 'Deny', Action: string, Resource = '*') => ({
  Effect,
  Action,
  Resource,
})

const asked = (action: string, resource = 'acs:ecs:r:1:instance/i-1'): AuthorizationRequest => ({
  principal: { type: 'User', accountId: '1', userId: '2', userName: 'alice' },
  action,
  resources: [resource],
  context: new Map(),
})

const inForce = (document: PolicyDocument, index: number): PolicyInForce => ({
  source: { policyType: 'Custom', policyName: `policy-${index}`, versionId: 'v1' },
  document,
})

/** What a universe says of the policies of a holder, each question asked twice. */
const justifiedIn = (
  universe: PolicyUniverse,
  policies: ReadonlyArray<PolicyInForce>,
  compiled: ReadonlyArray<CompiledPolicy>,
  requests: ReadonlyArray<AuthorizationRequest>,
): ReadonlyArray<Decision> => {
  const identity = sourcedHolding(
    universe.holding(compiled),
    policies.flatMap((policy, index) => {
      const made = compiled[index]
      return made === undefined ? [] : [{ policy, compiled: made }]
    }),
  )
  return [...requests, ...requests].map((request) => universe.justify(request, { identity }))
}

const authorized = (
  policies: ReadonlyArray<PolicyInForce>,
  requests: ReadonlyArray<AuthorizationRequest>,
): ReadonlyArray<Decision> =>
  [...requests, ...requests].map((request) => authorize(request, { identity: policies }))

const places = ({ deciding }: Decision): ReadonlyArray<number> =>
  deciding.map(({ statementIndex }) => statementIndex)

const seventy = Array.from({ length: 70 }, (_, i) =>
  on(i % 35 === 34 ? 'Deny' : 'Allow', i % 2 === 0 ? 'ecs:*' : `s${i}:*`),
)

describe('decisions with their statements', () => {
  it('given a document of more than 32 statements, then they have their places in all of it', () => {
    const universe = policyUniverse()
    const policies = [documentOf(...seventy)].map(inForce)
    const compiled = policies.map(({ document }) => universe.add(document))
    const requests = [asked('ecs:Stop'), asked('s33:Get'), asked('s65:Get'), asked('s69:Get')]
    const justified = justifiedIn(universe, policies, compiled, requests)
    expect(justified).toEqual(authorized(policies, requests))
    expect(justified.slice(0, 4).map(places)).toEqual([[34], [33], [65], [69]])
  })

  it('given parts in places that came free, then statements keep the order of the document', () => {
    const universe = policyUniverse({ ...LIMITS, deadPartsMax: 0 })
    const allows = Array.from({ length: 70 }, () => on('Allow', 'ecs:*'))
    universe.remove(universe.add(documentOf(...allows)))
    const policies = [documentOf(...allows)].map(inForce)
    const compiled = policies.map(({ document }) => universe.add(document))
    expect(compiled[0]?.bearer).not.toEqual(compiled[0]?.bearer.toSorted((a, b) => a - b))
    const requests = [asked('ecs:Stop')]
    expect(justifiedIn(universe, policies, compiled, requests)).toEqual(
      authorized(policies, requests),
    )
  })

  it('given holdings side by side, then none hears the parts of the next', () => {
    const universe = policyUniverse()
    const policies = Array.from({ length: 41 }, (_, index) => {
      const policy = inForce(documentOf(on('Allow', 'ecs:*')), index)
      return { policy, compiled: universe.add(policy.document) }
    })
    const some = [[3], [2], [0, 40], [40]].map((places) =>
      places.flatMap((place) => policies.slice(place, place + 1)),
    )
    const units = some.map((all) =>
      sourcedHolding(universe.holding(all.map(({ compiled }) => compiled)), all),
    )
    expect(units.map((identity) => universe.justify(asked('ecs:Stop'), { identity }))).toEqual(
      some.map((all) =>
        authorize(asked('ecs:Stop'), { identity: all.map(({ policy }) => policy) }),
      ),
    )
  })

  it('given a name that begins as the one of a statement, then it is another', () => {
    const universe = policyUniverse()
    const policies = [documentOf(on('Allow', 'ecs:*', 'acs:ecs:*:*:aaaa'))].map(inForce)
    const compiled = policies.map(({ document }) => universe.add(document))
    const requests = ['aaa', 'aaaa', 'aaaaa'].map((id) => asked('ecs:Stop', `acs:ecs:r:1:${id}`))
    expect(justifiedIn(universe, policies, compiled, requests)).toEqual(
      authorized(policies, requests),
    )
  })
})
