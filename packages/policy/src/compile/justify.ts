/**
 * Decisions on compiled policies with the statements that made them: the index says which
 * statements apply, the specification what follows.
 *
 * Invariant: equal to what `authorize` says on the same policies, the order of the statements
 * included.
 */
import {
  authorizeBy,
  type DecidingStatement,
  type Decision,
  type Matching,
  matchingStatements,
  type PolicyInForce,
  type Units,
} from '../authorize.js'
import type { AuthorizationRequest } from '../request.js'
import type { Applying } from './applying.js'
import type { Holding } from './holdings.js'
import { PART_STATEMENTS_MAX } from './parts.js'

/**
 * A part of a policy in force. A document that speaks about whoever holds it does so in all of its
 * statements, so that they stand in its parts as they stand in it.
 */
type SourcedPart = {
  readonly policy: PolicyInForce
  /** The place of the policy among all. */
  readonly order: number
  /** The place of its first statement in the document. */
  readonly from: number
}

/** A holding and where each part of it comes from. A part may be held more than once. */
export type SourcedHolding = {
  readonly holding: Holding
  readonly parts: ReadonlyMap<number, ReadonlyArray<SourcedPart>>
}

/** A few policies may be given as they are. */
export type SourcedUnit = SourcedHolding | ReadonlyArray<PolicyInForce>

/** A policy in force and what was made of its document: the numbers of its parts. */
export type SourcedPolicy = {
  readonly policy: PolicyInForce
  readonly compiled: { readonly bearer: ReadonlyArray<number> }
}

/** Tells where the parts of a holding come from: it must hold exactly these policies. */
export const sourcedHolding = (
  holding: Holding,
  policies: ReadonlyArray<SourcedPolicy>,
): SourcedHolding => {
  const parts = new Map<number, Array<SourcedPart>>()
  policies.forEach(({ policy, compiled }, order) => {
    compiled.bearer.forEach((number, index) => {
      const part = { policy, order, from: index * PART_STATEMENTS_MAX }
      const known = parts.get(number)
      if (known === undefined) parts.set(number, [part])
      else known.push(part)
    })
  })
  return { holding, parts }
}

const isPlain = (unit: SourcedUnit): unit is ReadonlyArray<PolicyInForce> => Array.isArray(unit)

type Found = DecidingStatement & { readonly order: number }

const inOrder = (a: Found, b: Found): number =>
  a.order - b.order || a.statementIndex - b.statementIndex

/** The decision on policies that speak about whoever holds them; those that name are plain. */
export const justify = (
  applying: Applying,
  request: AuthorizationRequest,
  policies: Units<SourcedUnit>,
): Decision => {
  const matching: Matching<SourcedUnit> = (unit, question, audience) => {
    if (isPlain(unit)) return matchingStatements(unit, question, audience)
    const found: Array<Found> = []
    applying(unit, request, question.name, (part, place) => {
      for (const { policy, order, from } of unit.parts.get(part) ?? []) {
        const statementIndex = from + place
        const effect = policy.document.statements[statementIndex]?.effect ?? 'Deny'
        found.push({ source: policy.source, statementIndex, effect, order })
      }
    })
    found.sort(inOrder)
    return found.map(({ source, statementIndex, effect }) => ({ source, statementIndex, effect }))
  }
  return authorizeBy(matching, request, policies)
}
