/**
 * The grants of one account, folded from its feed, in memory.
 *
 * Invariant: after the event of a revision the grants are those of the server at that event's
 * position. An event that is missing, unknown or unreadable ends the fold for good: nothing that
 * rests on it would be sure.
 */
import {
  type AccountId,
  accountStream,
  type DomainEvent,
  EventCodecs,
  type EventMetadata,
  nameKey,
  readerOf,
} from '@grantlog/domain'
import { type GrantsState, grantsView, userById, viewRows } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { FeedEvent } from '../shapes/feed.js'
import { Position } from '../shapes/parts.js'

export type Grants = {
  readonly accountId: AccountId
  readonly state: GrantsState
  /** The UserId of who bears a name now; names are compared without case. */
  readonly users: Map<string, string>
  revision: number
  position: number
}

export const emptyGrantsOf = (accountId: AccountId): Grants => ({
  accountId,
  state: grantsView.empty(),
  users: new Map(),
  revision: -1,
  position: 0,
})

/** Grants do not ask who changed them. */
const NOBODY: EventMetadata = {
  commandId: '',
  requestId: '',
  actor: { accountId: '0' as AccountId, principalType: 'System', principalId: '', arn: '' },
  critical: true,
}

const eventOf = ({ fact }: FeedEvent): DomainEvent | null | undefined => {
  if (fact === undefined) return null
  const { type, schemaVersion, data } = fact
  if (!Object.hasOwn(EventCodecs, type)) return undefined
  const read = readerOf(type as DomainEvent['type'], schemaVersion)
  const event = read?.({ type, ...data })
  return event === undefined || E.isLeft(event) ? undefined : event.right
}

/** Keeps the names in step with a user that an event is about. */
const renaming = (grants: Grants, event: DomainEvent): (() => void) => {
  const userId = event.type.startsWith('User') && 'userId' in event ? event.userId : undefined
  if (userId === undefined) return () => {}
  const nameNow = (): string | undefined =>
    userById(grants.state, grants.accountId, userId)?.userName
  const before = nameNow()
  return () => {
    const after = nameNow()
    if (before !== undefined && grants.users.get(nameKey(before)) === userId)
      grants.users.delete(nameKey(before))
    if (after !== undefined) grants.users.set(nameKey(after), userId)
  }
}

/** Takes one event in; a sentence when that is not possible. */
export const takeEvent = (grants: Grants, given: FeedEvent): string | null => {
  const { accountId, state } = grants
  const { id, revision, position, recordedAt } = given
  if (revision !== grants.revision + 1)
    return `revision ${revision} came where ${grants.revision + 1} was due`
  const event = eventOf(given)
  if (event === undefined) return `the event of revision ${revision} can't be read`
  if (event !== null) {
    const place = { id, revision, position, recordedAt, accountId }
    const rename = renaming(grants, event)
    grantsView.apply(state, { ...place, stream: accountStream(accountId), event, metadata: NOBODY })
    rename()
  }
  grants.revision = revision
  grants.position = position
  return null
}

/** Tables remember what changed, for whoever stores them; nobody does here. */
export const forgetChanges = ({ state }: Grants): void => {
  for (const table of Object.values(state.tables)) table.takeChangedKeys()
}

/** Grants as JSON: for a file, so that a start need not read the whole feed again. */
export const Snapshot = t.type(
  {
    format: t.literal('grantlog-grants'),
    /** Of the view; a snapshot of another version is not taken. */
    version: t.number,
    accountId: t.string,
    revision: t.number,
    position: Position,
    rows: t.readonlyArray(t.tuple([t.string, t.string, t.unknown])),
  },
  'Snapshot',
)
export type Snapshot = t.TypeOf<typeof Snapshot>

export const snapshotOf = ({ accountId, state, revision, position }: Grants): Snapshot => ({
  format: 'grantlog-grants',
  version: grantsView.version,
  accountId,
  revision,
  position,
  rows: Array.from(viewRows(state), ({ table, key, value }) => [table, key, value] as const).map(
    ([table, key, value]) => [table, key, value],
  ),
})

/** Null for what is no snapshot of this account and version: then the whole feed is read. */
export const grantsFrom = (accountId: AccountId, given: unknown): Grants | null => {
  const decoded = Snapshot.decode(given)
  if (E.isLeft(decoded)) return null
  const { version, rows, revision, position } = decoded.right
  if (version !== grantsView.version || decoded.right.accountId !== accountId) return null
  const grants = emptyGrantsOf(accountId)
  const tables: Readonly<Record<string, { set(key: string, value: never): void }>> =
    grants.state.tables
  for (const [table, key, value] of rows) {
    if (!Object.hasOwn(tables, table)) return null
    tables[table]?.set(key, value as never)
  }
  grantsView.reindex(grants.state)
  forgetChanges(grants)
  for (const [, { userId, userName }] of grants.state.tables.users.entries())
    grants.users.set(nameKey(userName), userId)
  grants.revision = revision
  grants.position = position
  return grants
}
