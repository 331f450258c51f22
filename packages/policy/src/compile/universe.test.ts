/**
 * Policies that come and go in a universe, whatever it has learnt by then.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument, PolicyKind } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import type { Principal } from '../request.js'
import { type CompiledPolicy, LIMITS, policyUniverse, type UniverseLimits } from './universe.js'

const documentOf = (kind: PolicyKind, ...statements: ReadonlyArray<unknown>): PolicyDocument => {
  const parsed = parsePolicy(kind, JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return parsed.right
}

const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource })
const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource })

const alice: Principal = { type: 'User', accountId: '1', userId: '2', userName: 'alice' }

const asked = (action: string, resource = 'acs:ecs:cn-hangzhou:1:instance/i-1') => ({
  principal: alice,
  action,
  resources: [resource] as const,
  context: new Map<string, string>(),
})

const ALLOW = { outcome: 'Allow', unit: 'AccountLevelIdentityBasedPolicy' }
const IMPLICIT = { outcome: 'ImplicitDeny', unit: 'AccountLevelIdentityBasedPolicy' }
const EXPLICIT = { outcome: 'ExplicitDeny', unit: 'AccountLevelIdentityBasedPolicy' }

describe('a universe of policies', () => {
  it('given a policy that comes after its action was learnt, then it is followed', () => {
    const universe = policyUniverse()
    const first = universe.add(documentOf('identity', allow('ecs:Stop*')))
    const stop = asked('ecs:StopInstance')
    expect(universe.decide(stop, { identity: universe.holding([first]) })).toEqual(ALLOW)

    const second = universe.add(documentOf('identity', deny('ecs:*')))
    expect(universe.decide(stop, { identity: universe.holding([first]) })).toEqual(ALLOW)
    expect(universe.decide(stop, { identity: universe.holding([second, first]) })).toEqual(EXPLICIT)
    expect(universe.decide(stop, { identity: universe.holding([]) })).toEqual(IMPLICIT)
  })

  it('given the place of a removed policy, then who takes it says what it says itself', () => {
    const limits: UniverseLimits = {
      actionsMax: 100,
      columnNumbersMax: 10_000,
      packedNumbersMax: 10_000,
      packedNumbersPerPartMax: 0,
      deadPartsMax: 0,
      newcomersToFollowMax: 10,
      newcomersMax: 100,
      knownActionsBits: 1,
      crowdPartsMin: 1,
      crowdAsksMin: 0,
      crowdNumbersMax: 1_000,
      crowdPlacesBits: 3,
    }
    const universe = policyUniverse(limits)
    const stop = asked('ecs:StopInstance')
    const gone = universe.add(documentOf('identity', allow('ecs:*')))
    expect(universe.decide(stop, { identity: universe.holding([gone]) })).toEqual(ALLOW)
    universe.remove(gone)

    const next = universe.add(documentOf('identity', allow('oss:*')))
    expect(next).toEqual(gone)
    expect(universe.decide(stop, { identity: universe.holding([next]) })).toEqual(IMPLICIT)
    expect(universe.decide(asked('oss:GetObject'), { identity: universe.holding([next]) })).toEqual(
      ALLOW,
    )
  })

  it('given the place of a released holding, then who takes it holds nothing of the other', () => {
    const limits: UniverseLimits = { ...LIMITS, crowdPartsMin: 1, crowdAsksMin: 0 }
    const universe = policyUniverse(limits)
    const stop = asked('ecs:StopInstance')
    const generous = universe.add(documentOf('identity', allow('ecs:*')))
    const narrow = universe.add(documentOf('identity', allow('ecs:*', 'acs:ecs:*:*:disk/*')))
    const first = universe.holding([generous])
    for (let i = 0; i < 3; i += 1) expect(universe.decide(stop, { identity: first })).toEqual(ALLOW)
    universe.release(first)

    const second = universe.holding([narrow])
    expect(second).toBe(first)
    for (let i = 0; i < 3; i += 1)
      expect(universe.decide(stop, { identity: second })).toEqual(IMPLICIT)
  })

  it('given hundreds of policies, then each holder has its own', () => {
    const universe = policyUniverse()
    const policies: Array<CompiledPolicy> = []
    for (let i = 0; i < 300; i += 1) {
      const one = documentOf('identity', allow('ecs:*', `acs:ecs:*:*:instance/i-${i}`))
      policies.push(universe.add(one))
      const own = { identity: universe.holding(policies.slice(-1)) }
      const mine = asked('ecs:StopInstance', `acs:ecs:cn-hangzhou:1:instance/i-${i}`)
      expect(universe.decide(mine, own)).toEqual(ALLOW)
      expect(universe.decide(asked('ecs:StopInstance', `${mine.resources[0]}0`), own)).toEqual(
        IMPLICIT,
      )
    }
    const all = { identity: universe.holding(policies) }
    expect(universe.decide(asked('ecs:StopInstance', 'acs:ecs:x:1:instance/i-299'), all)).toEqual(
      ALLOW,
    )
    expect(universe.decide(asked('ecs:StopInstance', 'acs:ecs:x:1:instance/i-300'), all)).toEqual(
      IMPLICIT,
    )
  })

  it('given a name that begins and ends as a pattern and is longer, then it is another', () => {
    const universe = policyUniverse()
    const policy = universe.add(documentOf('identity', allow('ecs:*', 'acs:ecs:*:*:aaaa')))
    const identity = universe.holding([policy])
    const outcomes = ['aaa', 'aaaa', 'aaaaa'].map(
      (id) => universe.decide(asked('ecs:Stop', `acs:ecs:r:1:${id}`), { identity }).outcome,
    )
    expect(outcomes).toEqual(['ImplicitDeny', 'Allow', 'ImplicitDeny'])
  })

  it('given a trust policy, then it lets in to its role and to nothing else', () => {
    const universe = policyUniverse()
    const trust = universe.add(
      documentOf('trust', { Effect: 'Allow', Action: '*', Principal: { RAM: 'acs:ram::1:root' } }),
    )
    const identity = universe.holding([universe.add(documentOf('identity', allow('*')))])
    const resource = universe.namedHolding([trust])
    const role = 'acs:ram::2:role/app'
    const outcomes = ['sts:AssumeRole', 'STS:assumerole', 'ram:GetRole'].map(
      (action) => universe.decide(asked(action, role), { identity, resource }).outcome,
    )
    expect(outcomes).toEqual(['Allow', 'Allow', 'ImplicitDeny'])
  })

  it('given a deny on a short service, then no letter in the region leads past it', () => {
    const universe = policyUniverse()
    const everything = documentOf('identity', allow('*'), deny('*', 'acs:cs:*:*:*'))
    const identity = universe.holding([universe.add(everything)])
    for (const region of ['r', 'ť', 'rť', '日本'])
      expect(universe.decide(asked('cs:Get', `acs:cs:${region}:1:c`), { identity })).toEqual(
        EXPLICIT,
      )
  })

  it.each([
    ['few questions', LIMITS],
    ['gathering at once', { ...LIMITS, crowdPartsMin: 1, crowdAsksMin: 0 }],
  ])('given holdings side by side and %s, then none hears the parts of the next', (_, limits) => {
    const universe = policyUniverse(limits)
    const policies = Array.from({ length: 41 }, (_, i) =>
      universe.add(documentOf('identity', allow('ecs:*', `acs:ecs:*:*:instance/i-${i}`))),
    )
    const [own, next] = [[3], [0, 40]].map((places) =>
      universe.holding(places.flatMap((place) => policies.slice(place, place + 1))),
    )
    const allowedTo = (identity = 0): ReadonlyArray<number> =>
      [...policies.keys()].filter((i) => {
        const question = asked('ecs:Stop', `acs:ecs:r:1:instance/i-${i}`)
        return universe.decide(question, { identity }).outcome === 'Allow'
      })
    for (let round = 0; round < 2; round += 1)
      expect([allowedTo(own), allowedTo(next)]).toEqual([[3], [0, 40]])
  })

  it('given a document of more than 32 statements, then all of them count', () => {
    const universe = policyUniverse()
    const statements = Array.from({ length: 70 }, (_, i) => allow(`s${i}:*`))
    const identity = universe.holding([
      universe.add(documentOf('identity', ...statements, deny('s3:Drop'))),
    ])
    for (const i of [0, 31, 32, 63, 64, 69])
      expect(universe.decide(asked(`s${i}:Get`), { identity })).toEqual(ALLOW)
    expect(universe.decide(asked('s70:Get'), { identity })).toEqual(IMPLICIT)
    expect(universe.decide(asked('s3:Drop'), { identity })).toEqual(EXPLICIT)
  })

  it('given a policy that names people among those of a holder, then it grants nothing', () => {
    const universe = policyUniverse()
    const named = { ...allow('oss:*'), Principal: { RAM: 'acs:ram::1:root' } }
    const policy = universe.add(documentOf('resource', named))
    const get = asked('oss:GetObject', 'acs:oss:*:1:b/o')
    expect(universe.decide(get, { identity: universe.holding([policy]) })).toEqual(IMPLICIT)
    expect(
      universe.decide(get, {
        identity: universe.holding([]),
        resource: universe.namedHolding([policy]),
      }),
    ).toEqual({ outcome: 'Allow', unit: 'ResourcePolicy' })
  })

  it('given more actions than are kept, then each is still answered rightly', () => {
    const universe = policyUniverse()
    const identity = universe.holding([universe.add(documentOf('identity', allow('a:Get*7')))])
    for (let round = 0; round < 2; round += 1)
      for (let i = 0; i < 9_000; i += 1)
        expect(universe.decide(asked(`a:Get${i}`), { identity }).outcome).toBe(
          i % 10 === 7 ? 'Allow' : 'ImplicitDeny',
        )
  })
})
