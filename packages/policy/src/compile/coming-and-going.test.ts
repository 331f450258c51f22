/**
 * Policies and holdings that come and go in any order, under bounds that are reached at once: every
 * question in between is answered as the specification answers it.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { authorize, type PolicyInForce } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import type { AuthorizationRequest } from '../request.js'
import type { Holding } from './holdings.js'
import { type SourcedHolding, sourcedHolding } from './justify.js'
import {
  type CompiledPolicy,
  LIMITS,
  type PolicyUniverse,
  policyUniverse,
  type UniverseLimits,
} from './universe.js'

const statement = (Effect: string, Action: string, id: string, more: object = {}) => ({
  Effect,
  Action,
  Resource: `acs:ecs:*:*:${id}`,
  ...more,
})
const when = (...values: ReadonlyArray<string>) => ({
  Condition: { StringEquals: { 'acs:k': values } },
})

/** So many statements, of which the first and the last say something of their own. */
const long = (count: number): ReadonlyArray<object> => [
  statement('Deny', 'ecs:Stop', 'instance/i-1', when('v')),
  ...Array.from({ length: count }, (_, i) => statement('Allow', 'ecs:St*', `disk/d-${i}`)),
  statement('Allow', 'ecs:Start', '*/i-1'),
]

const written: ReadonlyArray<ReadonlyArray<object>> = [
  [statement('Allow', 'ecs:*', '*')],
  [statement('Allow', 'ecs:Stop', 'instance/*'), statement('Deny', '*', '*/i-2')],
  [statement('Allow', 'ecs:St*', '*/i-1', when('v', 'w')), statement('Deny', 'ecs:Start', 'd*')],
  [statement('Deny', 'ecs:Start', 'instance/i-2', when('w'))],
  [statement('Allow', '*', 'instance/i-?')],
  [{ Effect: 'Allow', NotAction: 'ecs:Start', Resource: '*' }],
  [statement('Allow', 'oss:*', '*')],
  long(20),
  long(60),
]

const documents: ReadonlyArray<PolicyDocument> = written.map((statements) => {
  const parsed = parsePolicy('identity', JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return parsed.right
})

const requests: ReadonlyArray<AuthorizationRequest> = [
  'ecs:Stop',
  'ecs:Start',
  'ECS:start',
  'oss:Get',
  'ecs:Go',
].flatMap((action) =>
  ['instance/i-1', 'instance/i-2', 'disk/d-7', 'disk/d-59'].flatMap((id) =>
    ['v', 'w'].map((value) => ({
      principal: { type: 'User', accountId: '1', userId: '2', userName: 'alice' } as const,
      action,
      resources: [`acs:ecs:r:1:${id}`] as const,
      context: new Map([['acs:k', [value]]]),
    })),
  ),
)

type Step = { readonly type: 'Add' | 'Remove' | 'Hold' | 'Release' | 'Ask'; readonly of: number }
const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('Add', 'Add', 'Remove', 'Hold', 'Release', 'Ask', 'Ask'),
  of: fc.nat({ max: 2 ** 20 }),
})

const few = (max: number) => fc.integer({ min: 1, max })
const limits: fc.Arbitrary<UniverseLimits> = fc.oneof(
  fc.constant({ ...LIMITS, crowdPartsMin: 2, crowdAsksMin: 1 }),
  fc.record({
    actionsMax: few(4),
    columnNumbersMax: few(100),
    knownActionsBits: few(2),
    packedNumbersMax: few(2_000),
    packedNumbersPerPartMax: few(50),
    deadPartsMax: few(3),
    newcomersToFollowMax: few(4),
    newcomersMax: few(8),
    crowdPartsMin: few(3),
    crowdAsksMin: few(2),
    crowdNumbersMax: few(600),
    crowdPlacesBits: few(3),
  }),
)

type Held = {
  readonly holding: Holding
  readonly sourced: SourcedHolding
  readonly policies: ReadonlyArray<PolicyInForce>
  readonly compiled: ReadonlyArray<CompiledPolicy>
}

const taken = <A>(all: ReadonlyArray<A>, of: number): A | undefined => all[of % all.length]

const inForce = (document: PolicyDocument): PolicyInForce => ({
  source: { policyType: 'Custom', policyName: `${documents.indexOf(document)}`, versionId: 'v1' },
  document,
})

/** A world in which steps are taken, and where each of them leads. */
const newWorld = (universe: PolicyUniverse) => {
  let added: ReadonlyArray<readonly [PolicyDocument, CompiledPolicy]> = []
  let held: ReadonlyArray<Held> = []

  const hold = (of: number): void => {
    const chosen = added.filter((_, index) => (of >>> index) & 1)
    const compiled = chosen.map(([, one]) => one)
    const policies = chosen.map(([document]) => inForce(document))
    const holding = universe.holding(compiled)
    const sourced = sourcedHolding(
      holding,
      chosen.map(([document, one]) => ({ policy: inForce(document), compiled: one })),
    )
    held = [...held, { holding, sourced, policies, compiled }]
  }
  const remove = (of: number): void => {
    const gone = taken(added, of)
    if (gone === undefined || held.some(({ compiled }) => compiled.includes(gone[1]))) return
    universe.remove(gone[1])
    added = added.filter((one) => one !== gone)
  }
  const disputed = (of: number): ReadonlyArray<object> =>
    held.flatMap(({ holding, sourced, policies }, index) => {
      const request = taken(requests, of + index) as AuthorizationRequest
      const { outcome, deciding } = authorize(request, { identity: policies })
      const decided = universe.decide(request, { identity: holding })
      const justified = universe.justify(request, { identity: sourced })
      const places = (all: typeof deciding) =>
        all.map(({ source, statementIndex }) => `${source.policyName}.${statementIndex}`)
      const is =
        decided.outcome === outcome && `${places(justified.deciding)}` === `${places(deciding)}`
      return is ? [] : [{ request, outcome, decided, deciding, justified }]
    })

  return ({ type, of }: Step): ReadonlyArray<object> => {
    switch (type) {
      case 'Add': {
        const document = taken(documents, of) as PolicyDocument
        added = [...added, [document, universe.add(document)]]
        return []
      }
      case 'Remove':
        remove(of)
        return []
      case 'Hold':
        hold(of)
        return []
      case 'Release': {
        const gone = taken(held, of)
        if (gone !== undefined) universe.release(gone.holding)
        held = held.filter((one) => one !== gone)
        return []
      }
      case 'Ask':
        return disputed(of)
    }
  }
}

describe('policies and holdings', () => {
  it('given any that come and go, then every question is answered as by the specification', () => {
    fc.assert(
      fc.property(
        limits,
        fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
        (limits, steps) => {
          const take = newWorld(policyUniverse(limits))
          expect(steps.flatMap(take)).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })
})
