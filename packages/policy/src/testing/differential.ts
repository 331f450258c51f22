/**
 * A small world of policies and questions, and the question on which the compiled policies and the
 * specification disagree, if there is one.
 *
 * One world gives hundreds of questions: every combination of its callers, actions, resources and
 * contexts, before and after policies came and went.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  authorize,
  type Decision,
  type PoliciesInForce,
  type PolicyInForce,
  type Units,
} from '../authorize.js'
import type { HeldPolicies, Verdict } from '../compile/decide.js'
import { type SourcedUnit, sourcedHolding } from '../compile/justify.js'
import { type CompiledPolicy, type PolicyUniverse, policyUniverse } from '../compile/universe.js'
import type { PolicyDocument, PolicyKind } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import { type AuthorizationRequest, type Principal, requestContext } from '../request.js'
import { policyText, type WrittenJson } from './arbitraries.js'
import { wideAction, widePrincipal, wideResource, wideStatement } from './wide.js'
import { wideContext } from './wide-conditions.js'

type Document = ReadonlyArray<WrittenJson>
type Documents = ReadonlyArray<Document>
type Members = Readonly<Record<string, ReadonlyArray<string>>>

export type World = {
  readonly identity: Documents
  readonly resourceGroup: Documents | undefined
  readonly session: Documents | undefined
  readonly control: Documents | undefined
  readonly trust: Documents | undefined
  readonly resource: Documents | undefined
  /** Policies that nobody holds. */
  readonly strangers: Documents
  readonly principals: ReadonlyArray<Principal>
  readonly actions: ReadonlyArray<string>
  readonly resources: readonly [string, ...string[]]
  readonly contexts: ReadonlyArray<Members>
}

const allowAll: WrittenJson = { Effect: 'Allow', Action: ['*'], Resource: ['*'] }

const documents = (kind: PolicyKind): fc.Arbitrary<Documents> =>
  fc.array(fc.array(wideStatement(kind), { minLength: 1, maxLength: 3 }), { maxLength: 3 })

/** A unit that is mostly absent, and when present mostly lets something through. */
const narrowing = (kind: PolicyKind): fc.Arbitrary<Documents | undefined> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: documents(kind).map((all) => [[allowAll], ...all]) },
    documents(kind),
  )

const perhaps = (kind: PolicyKind): fc.Arbitrary<Documents | undefined> =>
  fc.oneof(fc.constant(undefined), documents(kind))

export const world: fc.Arbitrary<World> = fc.record({
  identity: fc.oneof(
    documents('identity'),
    documents('identity').map((all) => [...all, [allowAll]]),
  ),
  resourceGroup: perhaps('identity'),
  session: narrowing('session'),
  control: narrowing('identity'),
  trust: perhaps('trust'),
  resource: perhaps('resource'),
  strangers: documents('identity'),
  principals: fc.array(widePrincipal, { minLength: 1, maxLength: 3 }),
  actions: fc.array(wideAction, { minLength: 1, maxLength: 4 }),
  resources: fc
    .tuple(wideResource, fc.array(wideResource, { maxLength: 7 }))
    .map(([first, others]) => [first, ...others] as const),
  contexts: fc.array(wideContext, { minLength: 1, maxLength: 3 }),
})

/** Bounds that are reached at once, so that learning, following and forgetting take turns. */
const TIGHT = {
  actionsMax: 2,
  columnNumbersMax: 64,
  packedNumbersMax: 100,
  packedNumbersPerPartMax: 8,
  deadPartsMax: 1,
  newcomersToFollowMax: 2,
  newcomersMax: 5,
  knownActionsBits: 1,
  crowdPartsMin: 2,
  crowdAsksMin: 1,
  crowdNumbersMax: 300,
  crowdPlacesBits: 2,
}

/** Documents that a policy may not be, such as one whose value is not a number, are left out. */
const parsed = (kind: PolicyKind, all: Documents): ReadonlyArray<PolicyDocument> =>
  all.flatMap((statements) => {
    const document = parsePolicy(kind, policyText(statements))
    return E.isRight(document) ? [document.right] : []
  })

/** The first policy is held twice, as by a user and its group. */
const asInForce = (all: ReadonlyArray<PolicyDocument>): ReadonlyArray<PolicyInForce> =>
  [...all, ...all.slice(0, 1)].map((document, index) => ({
    source: { policyType: 'Custom', policyName: `policy-${index}`, versionId: 'v1' },
    document,
  }))

type UnitName = keyof PoliciesInForce
type Parsed = Readonly<Partial<Record<UnitName, ReadonlyArray<PolicyDocument>>>>

const parsedUnits = (asked: World): Parsed => {
  const { identity, resourceGroup, session, control, trust, resource } = asked
  const isNamed = trust !== undefined || resource !== undefined
  return {
    identity: parsed('identity', identity),
    ...(resourceGroup && { resourceGroup: parsed('identity', resourceGroup) }),
    ...(session && { session: parsed('session', session) }),
    ...(control && { control: parsed('identity', control) }),
    ...(isNamed && {
      resource: [...parsed('trust', trust ?? []), ...parsed('resource', resource ?? [])],
    }),
  }
}

/** One way of holding the policies for each way of asking. */
type Held = {
  readonly inForce: PoliciesInForce
  readonly compiled: HeldPolicies
  readonly sourced: Units<SourcedUnit>
  readonly policies: ReadonlyArray<CompiledPolicy>
}

const unitsOf = <Unit>(
  units: Parsed,
  hold: (unit: UnitName, documents: ReadonlyArray<PolicyDocument>) => Unit,
): Units<Unit> => {
  const { identity = [], ...others } = units
  const held = Object.entries(others).map(
    ([unit, documents]) => [unit, hold(unit as UnitName, documents)] as const,
  )
  return { ...Object.fromEntries(held), identity: hold('identity', identity) }
}

const heldIn = (universe: PolicyUniverse, units: Parsed): Held => {
  const added = new Map(
    Object.values(units).flatMap((all) =>
      all.map((document) => [document, universe.add(document)] as const),
    ),
  )
  const madeOf = (document: PolicyDocument) => added.get(document) ?? universe.add(document)
  const inForce = unitsOf(units, (_, documents) => asInForce(documents))
  const compiled = unitsOf(units, (unit, documents) =>
    unit === 'resource'
      ? universe.namedHolding(documents.map(madeOf))
      : universe.holding(documents.map(madeOf)),
  )
  const sourced = unitsOf<SourcedUnit>(units, (unit) => {
    const policies = inForce[unit] ?? []
    if (unit === 'resource') return policies
    return sourcedHolding(
      compiled[unit] ?? compiled.identity,
      policies.map((policy) => ({ policy, compiled: madeOf(policy.document) })),
    )
  })
  return { inForce, compiled, sourced, policies: [...added.values()] }
}

const requestsOf = (asked: World): ReadonlyArray<AuthorizationRequest> =>
  asked.contexts.map(requestContext).flatMap((context) =>
    asked.principals.flatMap((principal) =>
      asked.actions.flatMap((action) =>
        [...asked.resources.map((one) => [one] as const), asked.resources].map((resources) => ({
          principal,
          action,
          resources,
          context,
        })),
      ),
    ),
  )

/** How many questions a world asks: twice each, since policies change in between. */
export const questionsIn = ({ contexts, principals, actions, resources }: World): number =>
  2 * contexts.length * principals.length * actions.length * (resources.length + 1)

export type Disagreement = {
  readonly request: Omit<AuthorizationRequest, 'context'> & { readonly context: unknown }
  readonly compiled: Verdict
  readonly justified: Decision
  readonly specification: Decision
}

/** The first question on which the two disagree; undefined when they agree on all. */
export const disagreement = (asked: World): Disagreement | undefined => {
  const universe = policyUniverse(TIGHT)
  const requests = requestsOf(asked)
  const strangers = parsed('identity', asked.strangers).map((one) => universe.add(one))
  const all = parsedUnits(asked)

  const first = heldIn(universe, { identity: all.identity ?? [] })
  const early = disagreementOn(requests, universe, first)
  if (early !== undefined) return early
  for (const policy of [...strangers, ...first.policies]) universe.remove(policy)
  return disagreementOn(requests, universe, heldIn(universe, all))
}

const disagreementOn = (
  requests: ReadonlyArray<AuthorizationRequest>,
  universe: PolicyUniverse,
  held: Held,
): Disagreement | undefined => {
  for (const request of requests) {
    const specification = authorize(request, held.inForce)
    const compiled = universe.decide(request, held.compiled)
    const justified = universe.justify(request, held.sourced)
    const { outcome, unit } = specification
    const isSame = compiled.outcome === outcome && compiled.unit === unit
    if (isSame && isSameDecision(justified, specification)) continue
    const context = Object.fromEntries(request.context)
    return { request: { ...request, context }, compiled, justified, specification }
  }
  return undefined
}

/** The statements that decided are compared in their order. */
const isSameDecision = (one: Decision, other: Decision): boolean =>
  one.outcome === other.outcome &&
  one.unit === other.unit &&
  one.reason === other.reason &&
  one.deciding.length === other.deciding.length &&
  one.deciding.every(({ source, statementIndex, effect }, index) => {
    const its = other.deciding[index]
    return source === its?.source && statementIndex === its.statementIndex && effect === its.effect
  })
