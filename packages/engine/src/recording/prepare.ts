/** Gets a proposed change ready: what is to be attached is looked up as it is at a position. */
import { type AccountId, nameKey, type PolicyRef } from '@grantlog/domain'
import {
  findPolicy,
  nameBearers,
  policyBearers,
  policyByNameAt,
  policyTimeline,
  policyVersionAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Views as AllViews } from '../engine.js'
import type { Position } from '../ports.js'
import { editedText, type PreparedChange } from './proposed.js'
import type {
  NamedPolicy,
  NoSuchAttachment,
  NoSuchPolicy,
  NoSuchTarget,
  ProposedChange,
} from './questions.js'

type Views = Pick<AllViews, 'directory' | 'history'>

const isTargetKnown = (
  { history }: Views,
  accountId: AccountId,
  change: ProposedChange,
): boolean => {
  if (change.type !== 'Attach' && change.type !== 'Detach') return true
  return nameBearers(history, { accountId, ...change.target }).length > 0
}

/** Every policy that has or had the name. */
const refsOf = (
  { directory, history }: Views,
  accountId: AccountId,
  { policyType, policyName }: NamedPolicy,
): ReadonlyArray<PolicyRef> => {
  if (policyType === 'Custom')
    return policyBearers(history, accountId, policyName).map((policyId) => ({
      type: 'Custom',
      policyId,
    }))
  const known = findPolicy(directory, accountId, policyType, policyName)
  return known === undefined ? [] : [known.ref]
}

/** Now or ever: the calls that are judged are of the past. A slip of the pen changes nothing. */
const isKnown = (views: Views, accountId: AccountId, policy: NamedPolicy): boolean =>
  refsOf(views, accountId, policy).length > 0

type Detachment = Extract<ProposedChange, { readonly type: 'Detach' }>

/** Now or ever, to the target itself; what its groups hold is not its own. */
const wasAttached = (views: Views, accountId: AccountId, change: Detachment): boolean => {
  const bearers = nameBearers(views.history, { accountId, ...change.target })
  const ids = new Set(bearers.map(({ id }) => id))
  return refsOf(views, accountId, change).some((ref) =>
    policyTimeline(views.history, accountId, ref).some(
      ({ change: told }) => told.type === 'PolicyAttached' && ids.has(told.target.id),
    ),
  )
}

const isAttachmentOf = ({ policyType, policyName, target }: Detachment, other: ProposedChange) =>
  other.type === 'Attach' &&
  other.policyType === policyType &&
  nameKey(other.policyName) === nameKey(policyName) &&
  other.target.type === target.type &&
  nameKey(other.target.name) === nameKey(target.name)

/** What a policy says at a position, and where that comes from. */
const versionOf = (
  { directory, history }: Views,
  accountId: AccountId,
  { policyType, policyName }: NamedPolicy,
  position: Position,
) => {
  const refOf = (): PolicyRef | undefined => {
    if (policyType === 'System')
      return findPolicy(directory, accountId, policyType, policyName)?.ref
    const policyId = policyByNameAt(history, accountId, policyName, position)
    return policyId === undefined ? undefined : { type: 'Custom', policyId }
  }
  const ref = refOf()
  return ref && policyVersionAt(history, accountId, ref, position)
}

const prepared = (
  views: Views,
  accountId: AccountId,
  change: ProposedChange,
  others: {
    readonly earlier: ReadonlyArray<ProposedChange>
    readonly all: ReadonlyArray<ProposedChange>
  },
  position: Position,
): E.Either<NoSuchPolicy | NoSuchTarget | NoSuchAttachment, PreparedChange> => {
  if (!isTargetKnown(views, accountId, change) && 'target' in change)
    return E.left({ type: 'NoSuchTarget', name: change.target.name })
  const changesNothing =
    change.type === 'Detach' &&
    isKnown(views, accountId, change) &&
    !others.earlier.some((earlier) => isAttachmentOf(change, earlier)) &&
    !wasAttached(views, accountId, change)
  if (changesNothing) {
    const { policyName, target } = change
    return E.left({ type: 'NoSuchAttachment', policyName, name: target.name })
  }
  if (change.type !== 'Attach') {
    const isMadeUp = change.type === 'Edit' && others.all.some(({ type }) => type === 'Attach')
    return isMadeUp || isKnown(views, accountId, change)
      ? E.right(change)
      : E.left({ type: 'NoSuchPolicy', policyName: change.policyName })
  }
  const { policyType, policyName, target } = change
  const version = versionOf(views, accountId, change, position)
  const edited = editedText(others.earlier, change)
  if (version !== undefined) {
    const { source, text } = version
    return E.right({ type: 'Attach', target, source, text: edited ?? text.text })
  }
  if (edited === undefined) return E.left({ type: 'NoSuchPolicy', policyName })
  const source = { policyType, policyName, versionId: 'proposed' }
  return E.right({ type: 'Attach', target, source, text: edited })
}

/** A policy that does not exist yet may be attached, when an edit before says what it says. */
export const preparedChanges = (
  views: Views,
  accountId: AccountId,
  changes: ReadonlyArray<ProposedChange>,
  position: Position,
): E.Either<NoSuchPolicy | NoSuchTarget | NoSuchAttachment, ReadonlyArray<PreparedChange>> =>
  E.traverseArrayWithIndex((index, change: ProposedChange) =>
    prepared(
      views,
      accountId,
      change,
      { earlier: changes.slice(0, index), all: changes },
      position,
    ),
  )(changes)
