/**
 * The laws of the decision, over generated policies and requests, for the specification and for
 * compiled policies. Cases are written as plain JSON, rewritten by the law, and parsed again, so
 * the parser is under the same laws.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  authorize,
  type Decision,
  type Outcome,
  type PoliciesInForce,
  type PolicyInForce,
} from './authorize.js'
import { policyUniverse } from './compile/universe.js'
import type { PolicyKind } from './document.js'
import { explain } from './explain.js'
import { parsePolicy } from './parse-policy.js'
import type { AuthorizationRequest } from './request.js'
import {
  ACCOUNT,
  authorizationRequest,
  policyText,
  statement,
  type WrittenJson,
} from './testing/arbitraries.js'

/** About one generated request in ten is allowed by statements, so a law meets dozens of allows. */
fc.configureGlobal({ numRuns: 250, ...fc.readConfigureGlobal() })

type Statements = ReadonlyArray<WrittenJson>

type Written = {
  readonly identity: Statements
  readonly resourceGroup: Statements | undefined
  readonly session: Statements | undefined
  readonly control: Statements | undefined
  readonly resource: Statements
  readonly resourceKind: 'trust' | 'resource'
}

type UnitName = 'identity' | 'resourceGroup' | 'session' | 'control' | 'resource'

const unitNames: ReadonlyArray<UnitName> = [
  'identity',
  'resourceGroup',
  'session',
  'control',
  'resource',
]

const some = (kind: PolicyKind) => fc.array(statement(kind), { maxLength: 3 })
const perhaps = (kind: PolicyKind) => fc.oneof(fc.constant(undefined), some(kind))

const allowAll: WrittenJson = { Effect: 'Allow', Action: ['*'], Resource: ['*'] }
const oftenAll = (kind: PolicyKind) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    some(kind).map((statements) => [allowAll, ...statements]),
    perhaps(kind),
  )

const written: fc.Arbitrary<Written> = fc
  .record({
    identity: some('identity'),
    resourceGroup: perhaps('identity'),
    session: oftenAll('session'),
    control: oftenAll('identity'),
    trust: some('trust'),
    byResource: some('resource'),
    resourceKind: fc.constantFrom('trust' as const, 'resource' as const),
  })
  .map(({ trust, byResource, ...rest }) => ({
    ...rest,
    resource: rest.resourceKind === 'trust' ? trust : byResource,
  }))

const kindOf = (unit: UnitName, policies: Written): PolicyKind => {
  if (unit === 'resource') return policies.resourceKind
  return unit === 'session' ? 'session' : 'identity'
}

const policyOf = (kind: PolicyKind, statements: Statements, policyName: string): PolicyInForce => {
  const document = parsePolicy(kind, policyText(statements))
  if (E.isLeft(document)) throw new Error(JSON.stringify(document.left))
  return { source: { policyType: 'Custom', policyName, versionId: 'v1' }, document: document.right }
}

/** One policy per statement, so that a law on statements is one on policies too. */
const unitInForce = (policies: Written, unit: UnitName): ReadonlyArray<PolicyInForce> =>
  (policies[unit] ?? []).map((one, i) => policyOf(kindOf(unit, policies), [one], `${unit}-${i}`))

const inForce = (policies: Written): PoliciesInForce => ({
  identity: unitInForce(policies, 'identity'),
  resource: unitInForce(policies, 'resource'),
  ...(policies.resourceGroup && { resourceGroup: unitInForce(policies, 'resourceGroup') }),
  ...(policies.session && { session: unitInForce(policies, 'session') }),
  ...(policies.control && { control: unitInForce(policies, 'control') }),
})

/** Rewrites the statements of one unit; a unit that is absent stays absent. */
const rewrite = (
  policies: Written,
  unit: UnitName,
  change: (statements: Statements) => Statements,
): Written => {
  const statements = policies[unit]
  return statements === undefined ? policies : { ...policies, [unit]: change(statements) }
}

const everywhere = (policies: Written, change: (statements: Statements) => Statements): Written =>
  unitNames.reduce((rewritten, unit) => rewrite(rewritten, unit, change), policies)

const unitName = fc.constantFrom(...unitNames)

/** Any statement, cut to what the kind of the unit may say. */
const addition = (effect: 'Allow' | 'Deny') =>
  statement('resource').map((one): WrittenJson => ({ ...one, Effect: effect }))

const fit = (unit: UnitName, policies: Written, one: WrittenJson): WrittenJson => {
  const { Resource, Principal, ...rest } = one
  const kind = kindOf(unit, policies)
  return {
    ...rest,
    ...(kind !== 'trust' && Resource ? { Resource } : {}),
    ...((kind === 'trust' || kind === 'resource') && Principal ? { Principal } : {}),
  }
}

const add = (policies: Written, unit: UnitName, one: WrittenJson): Written =>
  rewrite(policies, unit, (statements) => [...statements, fit(unit, policies, one)])

type Decide = (
  request: AuthorizationRequest,
  policies: PoliciesInForce,
) => Pick<Decision, 'outcome' | 'unit'>

const byCompiled: Decide = (request, { identity, resourceGroup, session, control, resource }) => {
  const universe = policyUniverse()
  const compiled = (all: ReadonlyArray<PolicyInForce>) =>
    all.map(({ document }) => universe.add(document))
  return universe.decide(request, {
    identity: universe.holding(compiled(identity)),
    ...(resourceGroup && { resourceGroup: universe.holding(compiled(resourceGroup)) }),
    ...(session && { session: universe.holding(compiled(session)) }),
    ...(control && { control: universe.holding(compiled(control)) }),
    ...(resource && { resource: universe.namedHolding(compiled(resource)) }),
  })
}

const DECIDERS: ReadonlyArray<readonly [string, Decide]> = [
  ['the specification', authorize],
  ['compiled policies', byCompiled],
]

describe.each(DECIDERS)('laws of the decision, %s', { timeout: 60_000 }, (_, decide) => {
  const outcome = (request: AuthorizationRequest, policies: Written): Outcome =>
    decide(request, inForce(policies)).outcome

  const isAllowed = (request: AuthorizationRequest, policies: Written): boolean =>
    outcome(request, policies) === 'Allow'

  it('nothing is allowed unasked', () => {
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const { deciding, statements } = explain(request, inForce(policies))
        const { outcome: result, unit } = decide(request, inForce(policies))
        if (result !== 'Allow' || unit === 'Root') return
        const allows = statements.filter(({ matched, effect }) => matched && effect === 'Allow')
        expect(allows.length).toBeGreaterThan(0)
        expect(deciding.length).toBeGreaterThan(0)
      }),
    )
  })

  it('without policies only a root is allowed, on what it owns', () => {
    fc.assert(
      fc.property(authorizationRequest, (request) => {
        const { outcome: result, unit } = decide(request, { identity: [] })
        expect(result === 'Allow').toBe(unit === 'Root')
        if (unit === 'Root') expect(request.principal.type).toBe('Root')
      }),
    )
  })

  it('a satisfied deny always wins, but for one in a resource group that is not consulted', () => {
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const { statements } = explain(request, inForce(policies))
        const { outcome: result, unit } = decide(request, inForce(policies))
        const denies = statements.filter(
          (one) =>
            one.matched &&
            one.effect === 'Deny' &&
            one.unit !== 'ResourceGroupLevelIdentityBasedPolicy',
        )
        if (denies.length > 0 && unit !== 'Root') expect(result).not.toBe('Allow')
      }),
    )
  })

  it('adding a Deny never allows more', () => {
    fc.assert(
      fc.property(
        authorizationRequest,
        written,
        unitName,
        addition('Deny'),
        (request, policies, unit, deny) => {
          if (!isAllowed(request, policies))
            expect(isAllowed(request, add(policies, unit, deny))).toBe(false)
        },
      ),
    )
  })

  it('adding an Allow never denies more', () => {
    fc.assert(
      fc.property(
        authorizationRequest,
        written,
        unitName,
        addition('Allow'),
        (request, policies, unit, allow) => {
          if (isAllowed(request, policies))
            expect(isAllowed(request, add(policies, unit, allow))).toBe(true)
        },
      ),
    )
  })

  it('order and duplicates do not matter, nor how statements are grouped into policies', () => {
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const expected = outcome(request, policies)
        expect(
          outcome(
            request,
            everywhere(policies, (all) => all.toReversed()),
          ),
        ).toBe(expected)
        expect(
          outcome(
            request,
            everywhere(policies, (all) => [...all, ...all]),
          ),
        ).toBe(expected)
        const [first, ...others] = policies.identity
        fc.pre(first !== undefined)
        const together = policyOf('identity', policies.identity, 'together')
        expect(decide(request, { ...inForce(policies), identity: [together] }).outcome).toBe(
          expected,
        )
        const apart = [first, ...others].map((one) => policyOf('identity', [one], 'same'))
        expect(decide(request, { ...inForce(policies), identity: apart }).outcome).toBe(expected)
      }),
    )
  })

  it('splitting a statement per action and resource changes nothing', () => {
    const split = (statements: Statements): Statements =>
      statements.flatMap((one) => {
        const { Action, Resource, NotAction } = one
        if (NotAction !== undefined) return [one]
        return (Action ?? []).flatMap(
          (action): Statements =>
            Resource === undefined
              ? [{ ...one, Action: [action] }]
              : Resource.map((resource) => ({ ...one, Action: [action], Resource: [resource] })),
        )
      })
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        expect(outcome(request, everywhere(policies, split))).toBe(outcome(request, policies))
      }),
    )
  })

  it('widening the patterns of an Allow never loses an allow, of a Deny never gains one', () => {
    fc.assert(
      fc.property(
        authorizationRequest,
        written,
        fc.nat(),
        fc.nat(4),
        (request, policies, at, run) => {
          const isRight = (effect: 'Allow' | 'Deny') => (one: WrittenJson) =>
            one.Effect === effect && one.NotAction === undefined
          const widened = (effect: 'Allow' | 'Deny') =>
            everywhere(policies, (all) =>
              all.map((one) => (isRight(effect)(one) ? widenStatement(one, at, run) : one)),
            )
          if (isAllowed(request, policies)) expect(isAllowed(request, widened('Allow'))).toBe(true)
          if (!isAllowed(request, policies)) expect(isAllowed(request, widened('Deny'))).toBe(false)
        },
      ),
    )
  })

  it('a session is allowed what its role and its session policy both allow', () => {
    const session = some('session')
    fc.assert(
      fc.property(authorizationRequest, written, session, (request, policies, statements) => {
        fc.pre(request.principal.type === 'User' || request.principal.type === 'Session')
        const [resource] = request.resources
        const single = { ...request, resources: [resource] as const }
        const role = { ...policies, session: undefined }
        const ownAccount = { ...role, resourceGroup: undefined, control: undefined, resource: [] }
        const within = explain(
          single,
          inForce({ ...ownAccount, identity: [], session: statements }),
        )
        const matched = within.statements.filter(
          (one) => one.matched && one.unit === 'SessionPolicy',
        )
        const permits = matched.length > 0 && matched.every(({ effect }) => effect === 'Allow')
        expect(isAllowed(single, { ...role, session: statements })).toBe(
          isAllowed(single, role) && permits,
        )
      }),
    )
  })

  it('a condition added to an Allow never allows more, to a Deny never denies more', () => {
    const extra = fc.constantFrom<Array<NonNullable<WrittenJson['Condition']>>>(
      { StringEqualsIgnoreCase: { 'acs:ResourceTag/team': ['DEV'] } },
      { NumericNotEquals: { 'kms:Days': ['7'] } },
      { NotIpAddressIncludeBorder: { 'acs:SourceIp': ['192.0.2.0/24'] } },
      { 'ForAnyValue:StringLike': { 'acs:ResourceTag/team': ['*'] } },
    )
    fc.assert(
      fc.property(authorizationRequest, written, extra, (request, policies, condition) => {
        const narrowed = (effect: 'Allow' | 'Deny') =>
          everywhere(policies, (all) =>
            all.map((one) =>
              one.Effect === effect
                ? { ...one, Condition: { ...one.Condition, ...condition } }
                : one,
            ),
          )
        if (!isAllowed(request, policies)) expect(isAllowed(request, narrowed('Allow'))).toBe(false)
        if (isAllowed(request, policies)) expect(isAllowed(request, narrowed('Deny'))).toBe(true)
      }),
    )
  })

  it('a request about several resources is allowed when it is for each alone', () => {
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const alone = request.resources.map((resource) =>
          isAllowed({ ...request, resources: [resource] }, policies),
        )
        expect(isAllowed(request, policies)).toBe(alone.every(Boolean))
      }),
    )
  })

  it('renaming accounts, users and roles consistently changes nothing', () => {
    const names: ReadonlyArray<readonly [string, string]> = [
      [ACCOUNT, '1111222233334444'],
      ['lice', 'lma'],
      ['pp', 'rchive'],
    ]
    const renamed = <A>(value: A): A =>
      JSON.parse(
        names.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)),
      )
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const { context, ...rest } = request
        const other = { ...renamed(rest), context }
        expect(outcome(other, renamed(policies))).toBe(outcome(request, policies))
      }),
    )
  })

  it('explaining decides like authorizing, and its verdicts account for the answer', () => {
    fc.assert(
      fc.property(authorizationRequest, written, (request, policies) => {
        const asked = inForce(policies)
        const { statements, ...decision } = explain(request, asked)
        expect(decision).toMatchObject(decide(request, asked))
        const matched = statements.filter((one) => one.matched)
        for (const { source, statementIndex, effect } of decision.deciding)
          expect(matched).toContainEqual(
            expect.objectContaining({ source, statementIndex, effect }),
          )
        for (const verdict of statements) expect(verdict.matched).toBe(verdict.failed === undefined)
      }),
    )
  })

  it('any text in a request gives an answer, and what cannot be read is not allowed', () => {
    const anything = fc.string({ unit: 'binary-ascii', maxLength: 40 })
    const policies: PoliciesInForce = { identity: [policyOf('identity', [allowAll], 'all')] }
    fc.assert(
      fc.property(authorizationRequest, anything, anything, (request, action, resource) => {
        fc.pre(request.principal.type === 'User' && resource !== '*')
        const asked = { ...request, action, resources: [resource] as const }
        expect(decide(asked, policies).outcome).toBe('ImplicitDeny')
      }),
    )
  })
})

/** A character of each pattern made `?`, or a run inside one field made `*`. */
const widenStatement = (one: WrittenJson, at: number, run: number): WrittenJson => ({
  ...one,
  ...(one.Action && { Action: one.Action.map((text) => widen(text, 0, at, run)) }),
  ...(one.Resource && { Resource: one.Resource.map((text) => widen(text, 4, at, run)) }),
})

const widen = (text: string, from: number, at: number, run: number): string => {
  if (text.length <= from) return text
  const start = from + (at % (text.length - from))
  const piece = text.slice(start, run === 0 ? start + 1 : start + run)
  if (/[:*]/.test(piece)) return text
  return text.slice(0, start) + (run === 0 ? '?' : '*') + text.slice(start + piece.length)
}
