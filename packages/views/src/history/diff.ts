/**
 * What is different about a principal between two positions, and the events that made it so.
 *
 * What came and went in between is not told: that is a timeline's. Invariant: a diff of two
 * positions is that of views which know nothing later than the second; from a position to itself
 * it is empty.
 */
import type { PolicySource } from '@grantlog/policy'
import type { Via } from '../holder.js'
import { policyKey, principalKey } from '../keys.js'
import { type HistoryPrincipal, heldPoliciesAt, labelAt, type PolicyHeldAt } from './as-of.js'
import {
  type Between,
  endBy,
  type GroupChange,
  groupsBetween,
  type KeyChange,
  keysBetween,
  namedBy,
  type TrustChange,
  trustBetween,
} from './diff-parts.js'
import { type Grant, grantsOf } from './grants-of.js'
import type { Mark } from './marks.js'
import { attachmentSubject, membershipSubject } from './rows.js'
import type { HistoryState } from './state.js'
import {
  type BoundStatement,
  type DocumentDiff,
  documentDiff,
  type StatementSet,
  statementSet,
  without,
} from './statements.js'

/** A grant that is no longer there, and what ended it: the first of its events. */
export type LostGrant = {
  readonly source: PolicySource
  readonly ended: Mark
  readonly detached?: Mark
  /** Of a grant through a group: the event of leaving it. */
  readonly left?: Mark
}

/** A policy that was held at both positions, with another version in force. */
export type TurnedGrant = DocumentDiff & {
  readonly source: PolicySource
  readonly versionBefore: string
  readonly versionSet?: Mark
}

export type PrincipalDiff = {
  /** Absent where the principal was, or is, not there. */
  readonly nameBefore?: string
  readonly name?: string
  /** The event that made it so called, or took it away; absent where the name is the same. */
  readonly named?: Mark
  readonly gained: ReadonlyArray<Grant>
  readonly lost: ReadonlyArray<LostGrant>
  readonly turned: ReadonlyArray<TurnedGrant>
  /** What the policies say together: a statement that another grant still holds is not lost. */
  readonly statements: {
    readonly gained: ReadonlyArray<BoundStatement>
    readonly lost: ReadonlyArray<BoundStatement>
  }
  readonly groups: ReadonlyArray<GroupChange>
  readonly accessKeys: ReadonlyArray<KeyChange>
  /** For a role alone. */
  readonly trust?: TrustChange
}

type Held = ReadonlyArray<PolicyHeldAt>

const heldAt = (state: HistoryState, principal: HistoryPrincipal, position: number): Held =>
  heldPoliciesAt(state, principal, position)?.held ?? []

/** Names a grant: what is held, and through whom. */
const grantKey = (via: Via | undefined, policy: Parameters<typeof policyKey>[0]): string =>
  `${via?.type}/${via?.id}/${policyKey(policy)}`

const refOf = ({ policyId, policyName }: PolicySource) =>
  policyId === undefined
    ? ({ type: 'System', policyName } as const)
    : ({ type: 'Custom', policyId } as const)

const sourceOf = ({ version, via }: PolicyHeldAt): PolicySource => ({ ...version.source, via })

const textsOf = (held: Held): StatementSet =>
  statementSet(held.map((each) => ({ source: sourceOf(each), text: each.version.text.text })))

/** From what one principal held before to what another one holds after. */
export const statementsOfBoth = (
  state: HistoryState,
  { was, is }: { readonly was: HistoryPrincipal; readonly is: HistoryPrincipal },
  { before, after }: Between,
): PrincipalDiff['statements'] => {
  const [old, now] = [textsOf(heldAt(state, was, before)), textsOf(heldAt(state, is, after))]
  return { gained: without(now, old), lost: without(old, now) }
}

/** Undefined when both positions hold the very same statements. */
export const statementsBetween = (
  state: HistoryState,
  principal: HistoryPrincipal,
  { before, after }: Between,
): PrincipalDiff['statements'] | undefined => {
  const [was, is] = [heldAt(state, principal, before), heldAt(state, principal, after)]
  const isSame =
    was.length === is.length &&
    was.every(({ version }, at) => version.text === is[at]?.version.text)
  if (isSame) return undefined
  const { gained, lost } = statementsOfBoth(
    state,
    { was: principal, is: principal },
    { before, after },
  )
  return gained.length === 0 && lost.length === 0 ? undefined : { gained, lost }
}

export const diffOfPrincipal = (
  state: HistoryState,
  principal: HistoryPrincipal,
  between: Between,
): PrincipalDiff => {
  const { before, after } = between
  const nameBefore = labelAt(state, principal, before)
  const name = labelAt(state, principal, after)
  const named = name === nameBefore ? undefined : namedBy(state, principal, after)
  const was = heldAt(state, principal, before)
  const is = heldAt(state, principal, after)
  const wasKeys = new Set(was.map(({ via, policy }) => grantKey(via, policy)))
  const isKeys = new Set(is.map(({ via, policy }) => grantKey(via, policy)))
  const grants = grantsOf(state, principal, after) ?? []
  const trust = trustBetween(state, principal, between)
  return {
    ...(nameBefore === undefined ? {} : { nameBefore }),
    ...(name === undefined ? {} : { name }),
    ...(named === undefined ? {} : { named }),
    gained: grants.filter(({ source }) => !wasKeys.has(grantKey(source.via, refOf(source)))),
    lost: was
      .filter(({ via, policy }) => !isKeys.has(grantKey(via, policy)))
      .flatMap((each) => lostGrant(state, principal, each, after)),
    turned: turnedGrants(state, was, is),
    statements: statementsBetween(state, principal, between) ?? { gained: [], lost: [] },
    groups: groupsBetween(state, principal, between),
    accessKeys: keysBetween(state, principal, between),
    ...(trust === undefined ? {} : { trust }),
  }
}

const lostGrant = (
  state: HistoryState,
  principal: HistoryPrincipal,
  held: PolicyHeldAt,
  position: number,
): ReadonlyArray<LostGrant> => {
  const { accountId, id: userId } = principal
  const { via, policy } = held
  const attachment = attachmentSubject(principalKey(accountId, via), policy)
  const detached = endBy(state, state.attachments.of(attachment), position)
  const membership = membershipSubject({ accountId, userId, groupId: via.id })
  const left = endBy(state, state.memberships.of(membership), position)
  const [ended] = [detached, left]
    .flatMap((mark) => mark ?? [])
    .sort((a, b) => a.position - b.position)
  if (ended === undefined) return []
  return [
    {
      source: sourceOf(held),
      ended,
      ...(detached === undefined ? {} : { detached }),
      ...(left === undefined ? {} : { left }),
    },
  ]
}

const turnedGrants = (state: HistoryState, was: Held, is: Held): ReadonlyArray<TurnedGrant> => {
  const before = new Map(was.map((each) => [grantKey(each.via, each.policy), each.version]))
  return is.flatMap((each) => {
    const old = before.get(grantKey(each.via, each.policy))
    const { version } = each
    if (old === undefined || old.source.versionId === version.source.versionId) return []
    const versionSet = state.marks.at(version.from)
    return [
      {
        source: sourceOf(each),
        versionBefore: old.source.versionId,
        ...(versionSet === undefined ? {} : { versionSet }),
        ...documentDiff(old.text.text, version.text.text),
      },
    ]
  })
}
