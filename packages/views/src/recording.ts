/**
 * Which decisions each account put on record, from when on, and how many it should have and lost.
 *
 * Invariant: the settings of an account are in the order of their positions; the first is that of
 * its opening.
 */
import {
  ACCESS_RECORDING_DEFAULT,
  type AccessRecording,
  type AccessRecordsLost,
  isSideEvent,
  type Recorded,
} from '@grantlog/domain'
import { positionKey } from './keys.js'
import { byPosition } from './relation.js'
import { type Table, table } from './table.js'
import type { View } from './view.js'

type At = {
  readonly accountId: string
  readonly position: number
  /** Milliseconds since the epoch, UTC. */
  readonly recordedAt: number
}

export type RecordingRow = At & { readonly recording: AccessRecording }

export type LossRow = At & Pick<AccessRecordsLost, 'lost' | 'reason' | 'from' | 'to'>

type Lists = { readonly settings: Array<RecordingRow>; readonly losses: Array<LossRow> }

export type RecordingState = {
  readonly tables: {
    readonly settings: Table<RecordingRow>
    readonly losses: Table<LossRow>
  }
  readonly accounts: Map<string, Lists>
}

const listsOf = (state: RecordingState, accountId: string): Lists => {
  const known = state.accounts.get(accountId)
  if (known !== undefined) return known
  const made: Lists = { settings: [], losses: [] }
  state.accounts.set(accountId, made)
  return made
}

const set = (
  state: RecordingState,
  { accountId, position, recordedAt }: Recorded,
  recording: AccessRecording,
): RecordingState => {
  const row = { accountId, position, recordedAt, recording }
  state.tables.settings.set(positionKey(position), row)
  listsOf(state, accountId).settings.push(row)
  return state
}

const lose = (
  state: RecordingState,
  { accountId, position, recordedAt }: Recorded,
  { lost, reason, from, to }: AccessRecordsLost,
): RecordingState => {
  const row = { accountId, position, recordedAt, lost, reason, from, to }
  state.tables.losses.set(positionKey(position), row)
  listsOf(state, accountId).losses.push(row)
  return state
}

const apply = (state: RecordingState, recorded: Recorded): RecordingState => {
  const { event } = recorded
  if (isSideEvent(event)) return state
  switch (event.type) {
    case 'AccountCreated':
      return set(state, recorded, ACCESS_RECORDING_DEFAULT)
    case 'AccessRecordingChanged':
      return set(state, recorded, event.recording)
    case 'AccessRecordsLost':
      return lose(state, recorded, event)
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
    case 'AccessKeyUsed':
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'RoleDeleted':
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
    case 'PolicyAttached':
    case 'PolicyDetached':
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'RoleAssumed':
    case 'RoleAssumptionRefused':
    case 'SessionRevoked':
    case 'CredentialIssued':
    case 'CredentialExpired':
    case 'AccessRecorded':
      return state
  }
}

export const recordingView: View<RecordingState> = {
  name: 'recording',
  version: 1,
  empty: () => ({ tables: { settings: table(), losses: table() }, accounts: new Map() }),
  apply,
  reindex: (state) => {
    state.accounts.clear()
    for (const [, row] of byPosition(state.tables.settings))
      listsOf(state, row.accountId).settings.push(row)
    for (const [, row] of byPosition(state.tables.losses))
      listsOf(state, row.accountId).losses.push(row)
    return state
  },
}

/** What is recorded of an account now. */
export const recordingOf = (state: RecordingState, accountId: string): AccessRecording =>
  state.accounts.get(accountId)?.settings.at(-1)?.recording ?? ACCESS_RECORDING_DEFAULT

/** When the account was opened; nothing of it can be on record before. Milliseconds, UTC. */
export const recordedSince = (state: RecordingState, accountId: string): number | undefined =>
  state.accounts.get(accountId)?.settings.at(0)?.recordedAt

/** A stretch of time in which one setting was in force, both ends in milliseconds UTC. */
export type RecordingStretch = {
  readonly recording: AccessRecording
  readonly from: number
  readonly to: number
}

/** What was recorded between two times, oldest first; before the account there is nothing. */
export const recordingBetween = (
  state: RecordingState,
  accountId: string,
  { from, to }: { readonly from: number; readonly to: number },
): ReadonlyArray<RecordingStretch> => {
  const settings = state.accounts.get(accountId)?.settings ?? []
  return settings.flatMap(({ recording, recordedAt }, index) => {
    const starts = Math.max(from, recordedAt)
    const ends = Math.min(to, settings[index + 1]?.recordedAt ?? to)
    return starts < ends ? [{ recording, from: starts, to: ends }] : []
  })
}

/** What was lost of decisions made between two times, as far as is known. */
export const lossesBetween = (
  state: RecordingState,
  accountId: string,
  { from, to }: { readonly from: number; readonly to: number },
): ReadonlyArray<LossRow> =>
  (state.accounts.get(accountId)?.losses ?? []).filter((loss) => loss.to >= from && loss.from <= to)
