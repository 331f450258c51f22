/**
 * Decisions on policies of the past: each document is compiled when it is first asked about, and
 * policies are put together for one question at a time.
 *
 * Invariant: says what `authorize` says of the same policies.
 */
import {
  type AuthorizationRequest,
  type CompiledPolicy,
  type Decision,
  type PoliciesInForce,
  type PolicyDocument,
  type PolicyInForce,
  policyUniverse,
  type SourcedHolding,
  sourcedHolding,
} from '@grantlog/policy'

/** How many documents are kept compiled; the one made first makes room. Unit: documents. Ours. */
const DOCUMENTS_KEPT_MAX = 4_096

export type CompiledHistory = {
  justify(request: AuthorizationRequest, policies: PoliciesInForce): Decision
}

export const compiledHistory = (): CompiledHistory => {
  const universe = policyUniverse()
  const compiled = new Map<PolicyDocument, CompiledPolicy>()

  const compile = (document: PolicyDocument): CompiledPolicy => {
    const known = compiled.get(document)
    if (known !== undefined) return known
    const made = universe.add(document)
    compiled.set(document, made)
    return made
  }

  const makeRoom = (): void => {
    for (const [document, policy] of compiled) {
      if (compiled.size <= DOCUMENTS_KEPT_MAX) return
      compiled.delete(document)
      universe.remove(policy)
    }
  }

  const sourced = (policies: ReadonlyArray<PolicyInForce>): SourcedHolding => {
    const all = policies.map((policy) => ({ policy, compiled: compile(policy.document) }))
    return sourcedHolding(universe.holding(all.map((one) => one.compiled)), all)
  }

  return {
    justify: (request, { identity, session, ...others }) => {
      const held = sourced(identity)
      const decision = universe.justify(request, {
        ...others,
        identity: held,
        ...(session === undefined ? {} : { session }),
      })
      universe.release(held.holding)
      makeRoom()
      return decision
    },
  }
}
