/**
 * What principals hold, compiled: made when a principal is first asked about, kept until an event
 * touches it, each policy once for all who hold it.
 *
 * Invariant: what is kept for a principal is what `policiesInForce` says of it. Whoever cannot be
 * known is not kept, and holds nothing.
 */
import {
  type AuthorizationRequest,
  type CompiledPolicy,
  type CompiledRequest,
  type Decision,
  type HeldPolicies,
  type Holding,
  NOTHING_HELD,
  type PolicyDocument,
  type PolicyInForce,
  parsePolicy,
  policyUniverse,
  type SourcedHolding,
  sourcedHolding,
  type Verdict,
} from '@grantlog/policy'
import { type Holder, type HolderRef, sessionInForce } from '../holder.js'
import { principalKey } from '../keys.js'

/** How many principals are kept; the one made first makes room. Unit: principals. Ours. */
const PRINCIPALS_KEPT_MAX = 262_144

/** How many session policies are kept. Unit: documents. Ours. */
const SESSION_POLICIES_KEPT_MAX = 4_096

/** For how many principals it is kept where their policies come from. Unit: principals. Ours. */
const SOURCED_KEPT_MAX = 16_384

/** Whom an event touches: one principal, or all that hold a policy. */
export type Touched =
  | { readonly type: 'User' | 'Role'; readonly id: string }
  | { readonly type: 'HoldersOf'; readonly policyId: string }

/** Who asks: nobody in particular is a root, which holds no policies. */
export type Holdings = {
  readonly holder: HolderRef | undefined
  readonly sessionPolicy?: string
}

/** What binds who asks, where the role that is asked for has a say too. */
export type HoldingsAndTrust = Holdings & { readonly resource?: ReadonlyArray<PolicyInForce> }

type Find = (holder: HolderRef) => Holder | undefined

export type CompiledGrants = {
  /** `find` is asked only about a holder that is not kept. */
  decide(request: CompiledRequest, asking: Holdings, find: Find): Verdict
  /** Decides so too, for one asker again and again, who is looked up when something changed. */
  decider(asking: Holdings, find: Find): (request: CompiledRequest) => Verdict
  /** Decides so too, and says by which statements. */
  justify(request: AuthorizationRequest, asking: HoldingsAndTrust, find: Find): Decision
  /** Whether it is known what the holder holds. */
  knows(holder: HolderRef, find: Find): boolean
  forget(accountId: string, touched: ReadonlyArray<Touched>): void
}

type Kept = {
  readonly accountId: string
  readonly holding: Holding
  /** Each once. */
  readonly documents: ReadonlyArray<PolicyDocument>
  /** Of all custom policies, each once. */
  readonly policyIds: ReadonlyArray<string>
}

type KeptSession = {
  readonly policy: CompiledPolicy | undefined
  readonly sourced: SourcedHolding
}

const NOTHING_SOURCED: SourcedHolding = sourcedHolding(NOTHING_HELD, [])

export const compiledGrants = (): CompiledGrants => {
  const universe = policyUniverse()
  const compiled = new Map<PolicyDocument, { readonly policy: CompiledPolicy; holders: number }>()
  const principals = new Map<string, Kept>()
  const sourced = new Map<string, SourcedHolding>()
  /** Counts what was let go: a holding that was found before may be another's by now. */
  let dropped = 0
  const sessions = new Map<string, KeptSession>()

  const hold = (document: PolicyDocument): CompiledPolicy => {
    const known = compiled.get(document)
    if (known !== undefined) {
      known.holders += 1
      return known.policy
    }
    const policy = universe.add(document)
    compiled.set(document, { policy, holders: 1 })
    return policy
  }

  const drop = (key: string, kept: Kept): void => {
    dropped += 1
    principals.delete(key)
    sourced.delete(key)
    universe.release(kept.holding)
    for (const document of kept.documents) {
      const known = compiled.get(document)
      if (known === undefined) continue
      known.holders -= 1
      if (known.holders > 0) continue
      compiled.delete(document)
      universe.remove(known.policy)
    }
  }

  const keep = (key: string, accountId: string, { policies }: Holder): Holding => {
    const [oldest] = principals.size < PRINCIPALS_KEPT_MAX ? [] : principals
    if (oldest !== undefined) drop(...oldest)
    const documents = Array.from(new Set(policies.map(({ document }) => document)))
    const holding = universe.holding(documents.map(hold))
    const ids = new Set(policies.flatMap(({ source: { policyId } }) => policyId ?? []))
    const policyIds = Array.from(ids)
    principals.set(key, { accountId, holding, documents, policyIds })
    return holding
  }

  /** Undefined for whoever can't be known. */
  const held = (holder: HolderRef, find: Find): Holding | undefined => {
    const key = principalKey(holder.accountId, holder)
    const kept = principals.get(key)
    if (kept !== undefined) return kept.holding
    const found = find(holder)
    return found && keep(key, holder.accountId, found)
  }

  const sourcedOf = (holder: HolderRef, find: Find): SourcedHolding => {
    const key = principalKey(holder.accountId, holder)
    const known = sourced.get(key)
    if (known !== undefined) return known
    const found = find(holder)
    if (found === undefined) return NOTHING_SOURCED
    // Made anew even if it is kept: what is held and where it comes from must be one finding.
    const kept = principals.get(key)
    if (kept !== undefined) drop(key, kept)
    const holding = keep(key, holder.accountId, found)
    const policies = found.policies.flatMap((policy) => {
      const made = compiled.get(policy.document)
      return made === undefined ? [] : [{ policy, compiled: made.policy }]
    })
    const [oldest] = sourced.size < SOURCED_KEPT_MAX ? [] : sourced.keys()
    if (oldest !== undefined) sourced.delete(oldest)
    const made = sourcedHolding(holding, policies)
    sourced.set(key, made)
    return made
  }

  const keepSession = (text: string): KeptSession => {
    const [oldest] = sessions.size < SESSION_POLICIES_KEPT_MAX ? [] : sessions
    if (oldest !== undefined) {
      const [old, { sourced, policy }] = oldest
      dropped += 1
      sessions.delete(old)
      universe.release(sourced.holding)
      if (policy !== undefined) universe.remove(policy)
    }
    const parsed = parsePolicy('session', text)
    const policy = parsed._tag === 'Right' ? universe.add(parsed.right) : undefined
    const made =
      parsed._tag === 'Left' || policy === undefined
        ? { policy: undefined, sourced: NOTHING_SOURCED }
        : {
            policy,
            sourced: sourcedHolding(universe.holding([policy]), [
              { policy: sessionInForce(parsed.right), compiled: policy },
            ]),
          }
    sessions.set(text, made)
    return made
  }

  const sessionOf = (text: string): SourcedHolding =>
    (sessions.get(text) ?? keepSession(text)).sourced

  const policiesOf = ({ holder, sessionPolicy }: Holdings, find: Find): HeldPolicies => {
    const identity = (holder && held(holder, find)) ?? NOTHING_HELD
    return sessionPolicy === undefined
      ? { identity }
      : { identity, session: sessionOf(sessionPolicy).holding }
  }

  return {
    decide: (request, asking, find) => universe.decide(request, policiesOf(asking, find)),
    decider: (asking, find) => {
      let policies = policiesOf(asking, find)
      let seen = dropped
      return (request) => {
        if (seen !== dropped) {
          policies = policiesOf(asking, find)
          seen = dropped
        }
        return universe.decide(request, policies)
      }
    },
    justify: (request, { holder, sessionPolicy, resource }, find) =>
      universe.justify(request, {
        identity: holder === undefined ? NOTHING_SOURCED : sourcedOf(holder, find),
        ...(sessionPolicy === undefined ? {} : { session: sessionOf(sessionPolicy) }),
        ...(resource === undefined ? {} : { resource }),
      }),
    knows: (holder, find) => held(holder, find) !== undefined,
    forget: (accountId, touched) => {
      for (const one of touched) {
        if (one.type === 'HoldersOf') {
          for (const [key, kept] of principals)
            if (kept.accountId === accountId && kept.policyIds.includes(one.policyId))
              drop(key, kept)
          continue
        }
        const key = principalKey(accountId, one)
        const kept = principals.get(key)
        if (kept !== undefined) drop(key, kept)
      }
    },
  }
}
