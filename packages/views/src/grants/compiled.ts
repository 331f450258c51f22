/**
 * What principals hold, compiled: made when a principal is first asked about, kept until an event
 * touches it, each policy once for all who hold it.
 *
 * Invariant: what is kept for a principal is what `policiesInForce` says of it. Whoever cannot be
 * known is not kept, and holds nothing.
 */
import {
  type CompiledPolicy,
  type CompiledRequest,
  type Holding,
  NOTHING_HELD,
  type PolicyDocument,
  parsePolicy,
  policyUniverse,
  type Verdict,
} from '@grantlog/policy'
import type { Holder, HolderRef } from '../holder.js'
import { principalKey } from '../keys.js'

/** How many principals are kept; the one made first makes room. Unit: principals. Ours. */
const PRINCIPALS_KEPT_MAX = 262_144

/** How many session policies are kept. Unit: documents. Ours. */
const SESSION_POLICIES_KEPT_MAX = 4_096

/** Whom an event touches: one principal, or all that hold a policy. */
export type Touched =
  | { readonly type: 'User' | 'Role'; readonly id: string }
  | { readonly type: 'HoldersOf'; readonly policyId: string }

/** Who asks: nobody in particular is a root, which holds no policies. */
export type Holdings = {
  readonly holder: HolderRef | undefined
  readonly sessionPolicy?: string
}

export type CompiledGrants = {
  /** `find` is asked only about a holder that is not kept. */
  decide(
    request: CompiledRequest,
    asking: Holdings,
    find: (holder: HolderRef) => Holder | undefined,
  ): Verdict
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

type KeptSession = { readonly holding: Holding; readonly policy: CompiledPolicy | undefined }

export const compiledGrants = (): CompiledGrants => {
  const universe = policyUniverse()
  const compiled = new Map<PolicyDocument, { readonly policy: CompiledPolicy; holders: number }>()
  const principals = new Map<string, Kept>()
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
    principals.delete(key)
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

  const keepSession = (text: string): Holding => {
    const [oldest] = sessions.size < SESSION_POLICIES_KEPT_MAX ? [] : sessions
    if (oldest !== undefined) {
      const [old, { holding, policy }] = oldest
      sessions.delete(old)
      universe.release(holding)
      if (policy !== undefined) universe.remove(policy)
    }
    const parsed = parsePolicy('session', text)
    const policy = parsed._tag === 'Right' ? universe.add(parsed.right) : undefined
    const holding = policy === undefined ? NOTHING_HELD : universe.holding([policy])
    sessions.set(text, { holding, policy })
    return holding
  }

  return {
    decide: (request, { holder, sessionPolicy }, find) => {
      const identity = ((): Holding => {
        if (holder === undefined) return NOTHING_HELD
        const key = principalKey(holder.accountId, holder)
        const kept = principals.get(key)
        if (kept !== undefined) return kept.holding
        const found = find(holder)
        return found === undefined ? NOTHING_HELD : keep(key, holder.accountId, found)
      })()
      return sessionPolicy === undefined
        ? universe.decide(request, { identity })
        : universe.decide(request, {
            identity,
            session: sessions.get(sessionPolicy)?.holding ?? keepSession(sessionPolicy),
          })
    },
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
