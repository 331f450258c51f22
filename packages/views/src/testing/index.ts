/**
 * What tests of views, and of what stands on them, need: events put on record without a log.
 */
import {
  type AccountId,
  type Actor,
  accountStream,
  type DomainEvent,
  isCritical,
  type Recorded,
} from '@grantlog/domain'
import type { View, ViewState } from '../view.js'
import { viewRows } from '../view-rows.js'

/** Where the record starts and who is said to have done it. Absent members have fixed values. */
export type RecordOptions = {
  readonly accountId: AccountId
  /** The position of the first event; 1 when absent. */
  readonly position?: number
  /** The revision of the first event; 0 when absent. */
  readonly revision?: number
  /**
   * When the first event was recorded, in milliseconds UTC; each later one comes a second after.
   */
  readonly startsAt?: number
  readonly actor?: Actor
  readonly reason?: string
  readonly ticket?: string
}

/** 1 January 2026. */
export const RECORD_STARTS_AT = 1_767_225_600_000

/** Unit: milliseconds. */
export const RECORD_STEP = 1_000

/**
 * Events on record in the stream of one account: dense positions and revisions, one second apart.
 */
export const record = (
  events: ReadonlyArray<DomainEvent>,
  options: RecordOptions,
): ReadonlyArray<Recorded> => {
  const { accountId, position = 1, revision = 0, startsAt = RECORD_STARTS_AT } = options
  const { reason, ticket, actor = rootActor(accountId) } = options
  return events.map((event, index) => ({
    id: eventId(position + index),
    stream: accountStream(accountId),
    revision: revision + index,
    position: position + index,
    recordedAt: startsAt + index * RECORD_STEP,
    accountId,
    event,
    metadata: {
      commandId: `command-${position + index}`,
      requestId: `request-${position + index}`,
      actor,
      critical: isCritical(event.type),
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
    },
  }))
}

/** The account's root, as whom `record` lets things be done when nobody else is named. */
export const rootActor = (accountId: AccountId): Actor => ({
  accountId,
  principalType: 'Root',
  principalId: accountId,
  arn: `acs:ram::${accountId}:root`,
})

/** A view after the events, from nothing. */
export const fold = <State extends ViewState>(
  view: View<State>,
  recorded: ReadonlyArray<Recorded>,
): State => recorded.reduce(view.apply, view.empty())

/**
 * The same state as a restart would find it: its rows written as JSON, read back, and indexed anew.
 */
export const reload = <State extends ViewState>(view: View<State>, state: State): State => {
  const loaded = view.empty()
  for (const { table, key, value } of viewRows(state))
    loaded.tables[table]?.set(key, JSON.parse(JSON.stringify(value)))
  return view.reindex(loaded)
}

const eventId = (position: number): string =>
  `00000000-0000-5000-8000-${position.toString(16).padStart(12, '0')}`
