/** Gets a proposed change ready: what is to be attached is looked up as it is now. */
import type { AccountId } from '@grantlog/domain'
import { findPolicy, nameBearers, policyBearers, policyVersions } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Views as AllViews } from '../engine.js'
import { editedText, type PreparedChange } from './proposed.js'
import type { NamedPolicy, NoSuchPolicy, NoSuchTarget, ProposedChange } from './questions.js'

type Views = Pick<AllViews, 'directory' | 'history'>

/** Now or ever: the calls that are judged are of the past. A slip of the pen changes nothing. */
const isKnown = (
  { directory, history }: Views,
  accountId: AccountId,
  { policyType, policyName }: NamedPolicy,
): boolean =>
  findPolicy(directory, accountId, policyType, policyName) !== undefined ||
  (policyType === 'Custom' && policyBearers(history, accountId, policyName).length > 0)

const isTargetKnown = (
  { history }: Views,
  accountId: AccountId,
  change: ProposedChange,
): boolean => {
  if (change.type !== 'Attach' && change.type !== 'Detach') return true
  return nameBearers(history, { accountId, ...change.target }).length > 0
}

const prepared = (
  views: Views,
  accountId: AccountId,
  change: ProposedChange,
  others: {
    readonly earlier: ReadonlyArray<ProposedChange>
    readonly all: ReadonlyArray<ProposedChange>
  },
): E.Either<NoSuchPolicy | NoSuchTarget, PreparedChange> => {
  const { directory } = views
  if (!isTargetKnown(views, accountId, change) && 'target' in change)
    return E.left({ type: 'NoSuchTarget', name: change.target.name })
  if (change.type !== 'Attach') {
    const isMadeUp = change.type === 'Edit' && others.all.some(({ type }) => type === 'Attach')
    return isMadeUp || isKnown(views, accountId, change)
      ? E.right(change)
      : E.left({ type: 'NoSuchPolicy', policyName: change.policyName })
  }
  const { policyType, policyName, target } = change
  const found = findPolicy(directory, accountId, policyType, policyName)
  const version = policyVersions(directory, accountId, policyType, policyName)?.find(
    ({ isDefault }) => isDefault,
  )
  const edited = editedText(others.earlier, change)
  if (found !== undefined && version !== undefined) {
    const { ref } = found
    const named = { policyType, policyName: found.policyName }
    const source =
      ref.type === 'Custom'
        ? { ...named, policyId: ref.policyId, versionId: version.versionId }
        : { ...named, versionId: version.versionId }
    return E.right({ type: 'Attach', target, source, text: edited ?? version.document })
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
): E.Either<NoSuchPolicy | NoSuchTarget, ReadonlyArray<PreparedChange>> =>
  E.traverseArrayWithIndex((index, change: ProposedChange) =>
    prepared(views, accountId, change, { earlier: changes.slice(0, index), all: changes }),
  )(changes)
