/**
 * What is different about a name that meant one principal at a position and another one later: it
 * lost what the old one held, and gained what the new one holds.
 *
 * Invariant: as for the diff of one principal, nothing is told that is later than the second
 * position.
 */
import { entityKey } from '../keys.js'
import { type HistoryPrincipal, labelAt } from './as-of.js'
import { diffOfPrincipal, type PrincipalDiff, statementsOfBoth } from './diff.js'
import { type Between, calledSo, namedBy, type TrustChange } from './diff-parts.js'
import { intervalAt } from './intervals.js'
import type { Mark } from './marks.js'
import type { HistoryState } from './state.js'
import { documentDiff } from './statements.js'

/** The one who bore the name before. */
export type Replaced = {
  readonly id: string
  /** What it is called at the later position; absent where it is gone. */
  readonly name?: string
  /** The event by which it no longer bore the name. */
  readonly ended: Mark
  /** The event by which the one of the later position came to bear it. */
  readonly began: Mark
}

export type BearersDiff = PrincipalDiff & { readonly replaced: Replaced }

/** The bearers of one name at both positions, who are not the same. */
export type Bearers = { readonly was: HistoryPrincipal; readonly is: HistoryPrincipal }

const replacedBy = (
  state: HistoryState,
  { was, is }: Bearers,
  { before, after }: Between,
): Replaced | undefined => {
  const ended = state.marks.at(calledSo(state, was, before).to)
  const began = namedBy(state, is, after)
  const name = labelAt(state, was, after)
  return ended && began && { id: was.id, ...(name === undefined ? {} : { name }), ended, began }
}

/** From the trust policy of the old role to that of the new one. */
const trustOfBoth = (
  state: HistoryState,
  { was, is }: Bearers,
  { before, after }: Between,
): TrustChange | undefined => {
  const trustAt = ({ accountId, id }: HistoryPrincipal, position: number) =>
    intervalAt(state.trusts.of(entityKey(accountId, id)), position)
  const [old, now] = [trustAt(was, before)?.value, trustAt(is, after)]
  const event = state.marks.at(now?.from)
  if (event === undefined) return undefined
  return {
    ...(old === undefined ? {} : { versionBefore: `v${old.version}` }),
    ...(now === undefined ? {} : { version: `v${now.value.version}` }),
    event,
    ...documentDiff(old?.trustPolicy, now?.value.trustPolicy),
  }
}

/**
 * Grants, groups and keys are told by whose they are: an old one that lives on under another name
 * lost nothing but that. What the statements say is compared from the one to the other.
 */
export const diffOfBearers = (
  state: HistoryState,
  bearers: Bearers,
  between: Between,
): BearersDiff | undefined => {
  const { was, is } = bearers
  const replaced = replacedBy(state, bearers, between)
  if (replaced === undefined) return undefined
  const old = diffOfPrincipal(state, was, between)
  const all = diffOfPrincipal(state, is, { before: 0, after: between.after })
  const trust = trustOfBoth(state, bearers, between)
  return {
    ...(old.nameBefore === undefined ? {} : { nameBefore: old.nameBefore }),
    ...(all.name === undefined ? {} : { name: all.name }),
    ...(old.nameBefore === all.name ? {} : { named: replaced.began }),
    replaced,
    gained: all.gained,
    lost: old.lost,
    turned: [],
    statements: statementsOfBoth(state, bearers, between),
    groups: [...old.groups.filter(({ type }) => type === 'Left'), ...all.groups],
    accessKeys: [...old.accessKeys.filter(({ status }) => status === undefined), ...all.accessKeys],
    ...(trust === undefined ? {} : { trust }),
  }
}
