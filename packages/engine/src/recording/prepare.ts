/** Gets a proposed change ready: what is to be attached is looked up as it is now. */
import type { AccountId } from '@grantlog/domain'
import { type DirectoryState, findPolicy, policyVersions } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { editedText, type PreparedChange } from './proposed.js'
import type { NoSuchPolicy, ProposedChange } from './questions.js'

const prepared = (
  directory: DirectoryState,
  accountId: AccountId,
  change: ProposedChange,
  earlier: ReadonlyArray<ProposedChange>,
): E.Either<NoSuchPolicy, PreparedChange> => {
  if (change.type !== 'Attach') return E.right(change)
  const { policyType, policyName, target } = change
  const found = findPolicy(directory, accountId, policyType, policyName)
  const version = policyVersions(directory, accountId, policyType, policyName)?.find(
    ({ isDefault }) => isDefault,
  )
  const edited = editedText(earlier, change)
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
  directory: DirectoryState,
  accountId: AccountId,
  changes: ReadonlyArray<ProposedChange>,
): E.Either<NoSuchPolicy, ReadonlyArray<PreparedChange>> =>
  E.traverseArrayWithIndex((index, change: ProposedChange) =>
    prepared(directory, accountId, change, changes.slice(0, index)),
  )(changes)
