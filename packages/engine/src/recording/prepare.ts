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
import type { NamedPolicy, ProposedChange } from './questions.js'
import type { NoSuchAttachment, NoSuchPolicy, NoSuchTarget } from './unprepared.js'

type Views = Pick<AllViews, 'directory' | 'history'>

type Of<Type extends ProposedChange['type']> = Extract<ProposedChange, { readonly type: Type }>
type Attachment = Of<'Attach'>
type Detachment = Of<'Detach'>
type Edit = Of<'Edit'>
type Deletion = Of<'Delete'>

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

type Unprepared = NoSuchPolicy | NoSuchTarget | NoSuchAttachment
type Prepared = E.Either<Unprepared, PreparedChange>

/** What is looked at beside a change itself: the others, and the account at a position. */
type Around = {
  readonly views: Views
  readonly accountId: AccountId
  readonly earlier: ReadonlyArray<ProposedChange>
  readonly all: ReadonlyArray<ProposedChange>
  readonly position: Position
}

const noSuchPolicy = (policy: NamedPolicy, isPast = false): Prepared =>
  E.left({ type: 'NoSuchPolicy', policyName: policy.policyName, isPast })

/** Somebody who has or had the name. */
const isTarget = ({ views, accountId }: Around, { target }: Attachment | Detachment): boolean =>
  nameBearers(views.history, { accountId, ...target }).length > 0

/** What is in force then or, of a policy that an earlier edit writes, what that says. */
const preparedAttachment = (around: Around, change: Attachment): Prepared => {
  const { views, accountId, earlier, position } = around
  const { policyType, policyName, target } = change
  if (!isTarget(around, change)) return E.left({ type: 'NoSuchTarget', name: target.name })
  const version = versionOf(views, accountId, change, position)
  const text = editedText(earlier, change) ?? version?.text.text
  if (text === undefined) return noSuchPolicy(change, isKnown(views, accountId, change))
  const source = version?.source ?? { policyType, policyName, versionId: 'proposed' }
  return E.right({ type: 'Attach', target, source, text })
}

/** What was never attached, and is not by an earlier change, cannot be detached. */
const preparedDetachment = (around: Around, change: Detachment): Prepared => {
  const { views, accountId, earlier } = around
  const { policyName, target } = change
  if (!isTarget(around, change)) return E.left({ type: 'NoSuchTarget', name: target.name })
  if (!isKnown(views, accountId, change)) return noSuchPolicy(change)
  return earlier.some((other) => isAttachmentOf(change, other)) ||
    wasAttached(views, accountId, change)
    ? E.right(change)
    : E.left({ type: 'NoSuchAttachment', policyName, name: target.name })
}

/** A policy may be written that there is not yet, where the proposal also attaches one. */
const preparedEdit = ({ views, accountId, all }: Around, change: Edit): Prepared =>
  isKnown(views, accountId, change) || all.some(({ type }) => type === 'Attach')
    ? E.right(change)
    : noSuchPolicy(change)

const preparedDeletion = ({ views, accountId }: Around, change: Deletion): Prepared =>
  isKnown(views, accountId, change) ? E.right(change) : noSuchPolicy(change)

const prepared = (around: Around, change: ProposedChange): Prepared => {
  switch (change.type) {
    case 'Attach':
      return preparedAttachment(around, change)
    case 'Detach':
      return preparedDetachment(around, change)
    case 'Edit':
      return preparedEdit(around, change)
    case 'Delete':
      return preparedDeletion(around, change)
  }
}

/** Each change in its order: an edit before an attachment says what is attached. */
export const preparedChanges = (
  views: Views,
  accountId: AccountId,
  all: ReadonlyArray<ProposedChange>,
  position: Position,
): E.Either<Unprepared, ReadonlyArray<PreparedChange>> =>
  E.traverseArrayWithIndex((index, change: ProposedChange) =>
    prepared({ views, accountId, earlier: all.slice(0, index), all, position }, change),
  )(all)
