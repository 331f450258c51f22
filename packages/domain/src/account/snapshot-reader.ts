/**
 * From the rows of a snapshot back to the state, row by row and in any order.
 *
 * Every index and count is built anew. Rows that do not decode, that are missing, or that point at
 * what is not there give no state at all: whoever asked then reads the events.
 */
import * as E from 'fp-ts/lib/Either.js'
import { Set as ISet } from 'immutable'
import type { StateRow } from './snapshot.js'
import { type Draft, emptyDraft, READINGS } from './snapshot-draft.js'
import { ACCOUNT_ROW, AccountRow } from './snapshot-rows.js'
import type { AccountState, OpenAccountState, PolicyRecord } from './state.js'
import { UNOPENED } from './state.js'

/** Why rows are not the rows of a state. */
export type SnapshotFault =
  | { readonly type: 'RowUnreadable'; readonly key: string }
  | { readonly type: 'RowsDisagree' }

export type StateReader = {
  /** Takes one row in. Cost: O(log n). */
  readonly take: (key: string, value: unknown) => void
  /** The state that the rows make, or the first fault. To be asked once, after the last row. */
  readonly state: () => E.Either<SnapshotFault, AccountState>
}

/** Whether what was read is whole: as many as there should be, each name once, no loose end. */
const agrees = (draft: Draft, account: Extract<AccountRow, { readonly type: 'Open' }>): boolean =>
  draft.accessKeys.size === account.accessKeys &&
  [draft.entities.size, draft.entityIds.size].every((size) => size === account.entities) &&
  [draft.groups.size, draft.groupIds.size].every((size) => size === account.groups) &&
  [draft.oidcProviders.size, draft.oidcProviderIds.size].every(
    (size) => size === account.oidcProviders,
  ) &&
  [draft.samlProviders.size, draft.samlProviderIds.size].every(
    (size) => size === account.samlProviders,
  ) &&
  [draft.policies.size, draft.policyIds.size].every((size) => size === account.policies) &&
  [draft.roles.size, draft.roleIds.size].every((size) => size === account.roles) &&
  [draft.users.size, draft.userIds.size].every((size) => size === account.users) &&
  [draft.mfaDevices.size, draft.mfaDeviceIds.size].every((size) => size === account.mfaDevices) &&
  boundOnce(draft) &&
  [...draft.keysOf.keys()].every((userId) => draft.users.has(userId)) &&
  [...draft.memberCounts.keys()].every((groupId) => draft.groups.has(groupId)) &&
  [...draft.attachedTo.keys()].every((policyId) => draft.policies.has(policyId)) &&
  draft.policies.every(isWhole)

/** Each device that is bound has a user, who has no other. */
const boundOnce = ({ mfaDevices, deviceOf, users }: Draft): boolean =>
  mfaDevices.every(
    ({ deviceId, userId }) =>
      userId === undefined || (deviceOf.get(userId) === deviceId && users.has(userId)),
  )

const isWhole = ({ versionIds, defaultVersionId, nextVersion }: PolicyRecord): boolean =>
  versionIds.includes(defaultVersionId) &&
  new Set(versionIds).size === versionIds.length &&
  Number.isInteger(nextVersion) &&
  versionIds.every((versionId) => Number(versionId.slice(1)) < nextVersion)

const finished = (
  draft: Draft,
  {
    accountId,
    accessRecording,
    passwordPolicy,
    securityPreference,
  }: Extract<AccountRow, { readonly type: 'Open' }>,
): OpenAccountState => {
  for (const [groupId, memberCount] of draft.memberCounts)
    draft.groups.update(groupId, (group) => group && { ...group, memberCount })
  for (const [policyId, attachedTo] of draft.attachedTo)
    draft.policies.update(policyId, (policy) => policy && { ...policy, attachedTo })
  return {
    type: 'Open',
    accountId,
    accessRecording,
    passwordPolicy,
    securityPreference,
    rootAccessKeyIds: ISet(draft.rootKeys),
    accessKeys: draft.accessKeys.asImmutable(),
    users: draft.users.asImmutable(),
    userIds: draft.userIds.asImmutable(),
    groups: draft.groups.asImmutable(),
    groupIds: draft.groupIds.asImmutable(),
    roles: draft.roles.asImmutable(),
    roleIds: draft.roleIds.asImmutable(),
    policies: draft.policies.asImmutable(),
    policyIds: draft.policyIds.asImmutable(),
    oidcProviders: draft.oidcProviders.asImmutable(),
    oidcProviderIds: draft.oidcProviderIds.asImmutable(),
    samlProviders: draft.samlProviders.asImmutable(),
    samlProviderIds: draft.samlProviderIds.asImmutable(),
    entities: draft.entities.asImmutable(),
    entityIds: draft.entityIds.asImmutable(),
    mfaDevices: draft.mfaDevices.asImmutable(),
    mfaDeviceIds: draft.mfaDeviceIds.asImmutable(),
  }
}

const isEmpty = ({
  accessKeys,
  entities,
  groups,
  mfaDevices,
  policies,
  roles,
  users,
  ...more
}: Draft): boolean =>
  [accessKeys, entities, groups, mfaDevices, policies, roles, users].every((all) =>
    all.isEmpty(),
  ) && [more.oidcProviders, more.samlProviders].every((all) => all.isEmpty())

/** Reads a state from its rows, each of which comes once. */
export const stateReader = (): StateReader => {
  const draft = emptyDraft()
  let account: AccountRow | undefined
  let fault: SnapshotFault | undefined

  const takeAccount = (value: unknown): boolean => {
    if (!AccountRow.is(value)) return false
    account = value
    return true
  }
  const takeRow = (key: string, value: unknown): boolean => {
    const slash = key.indexOf('/')
    const read = READINGS.get(key.slice(0, slash))
    return slash > 0 && read !== undefined && read(draft, key.slice(slash + 1), value)
  }

  return {
    take: (key, value) => {
      if (fault !== undefined) return
      const taken = key === ACCOUNT_ROW ? takeAccount(value) : takeRow(key, value)
      if (!taken) fault = { type: 'RowUnreadable', key }
    },
    state: () => {
      if (fault !== undefined) return E.left(fault)
      if (account?.type === 'Open' && agrees(draft, account))
        return E.right(finished(draft, account))
      if (account?.type === 'Unopened' && isEmpty(draft)) return E.right(UNOPENED)
      return E.left({ type: 'RowsDisagree' })
    },
  }
}

/** The state that these rows make. Law: `stateFromRows(stateRows(s))` behaves as `s`. */
export const stateFromRows = (
  rows: Iterable<readonly [StateRow[0], unknown]>,
): E.Either<SnapshotFault, AccountState> => {
  const reader = stateReader()
  for (const [key, value] of rows) reader.take(key, value)
  return reader.state()
}
