/**
 * What a principal held at a position, with the stretch of positions in which it held just that: to
 * ask about many positions, one answer serves all of a stretch.
 */
import { principalKey } from '../keys.js'
import { type HeldAt, type HistoryPrincipal, heldPoliciesAt } from './as-of.js'
import type { PastHolder } from './holders.js'
import type { HistoryState } from './state.js'
import { type Stretch, stepAt, stretchAt } from './steps.js'

export type HeldSpan = Stretch & {
  /** Undefined for whoever did not exist, and when something held cannot be named. */
  readonly held: HeldAt | undefined
  /** The groups of a user, by the names of then. */
  readonly groups: ReadonlyArray<{ readonly id: string; readonly name: string }>
}

/** The invariant: at each position of the stretch `heldPoliciesAt` answers the same. */
export const heldSpanAt = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): HeldSpan => {
  const holder = state.holders.find(principalKey(principal.accountId, principal))
  const stretch = { from: 0, to: Number.POSITIVE_INFINITY }
  const narrow = ({ from, to }: Stretch): void => {
    stretch.from = Math.max(stretch.from, from)
    stretch.to = Math.min(stretch.to, to)
  }
  const narrowByPolicies = ({ policies }: PastHolder): void => {
    narrow(stretchAt(policies, position))
    for (const { versions } of stepAt(policies, position) ?? [])
      narrow(stretchAt(versions, position))
  }
  if (holder === undefined) return { ...stretch, held: undefined, groups: [] }

  narrow(stretchAt(holder.names, position))
  narrowByPolicies(holder)
  narrow(stretchAt(holder.groups, position))
  const groups: Array<{ readonly id: string; readonly name: string }> = []
  for (const group of stepAt(holder.groups, position) ?? []) {
    narrow(stretchAt(group.names, position))
    narrowByPolicies(group)
    const name = stepAt(group.names, position)
    if (name !== undefined) groups.push({ id: group.id, name })
  }
  return { ...stretch, held: heldPoliciesAt(state, principal, position), groups }
}
