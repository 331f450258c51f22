/**
 * Snapshots of an account's state: the state as rows, what changed between two states, and back.
 *
 * A snapshot is a cache of what the events say. Laws: a state read back from its rows decides as it
 * did before, and the changes from one state to another turn the rows of the one into those of the
 * other.
 */
import { Map as IMap } from 'immutable'
import {
  ACCOUNT_ROW,
  accessKeyRow,
  accountRow,
  entityRow,
  groupRow,
  mfaDeviceRow,
  oidcProviderRow,
  policyRow,
  roleRow,
  type StateRowValue,
  samlProviderRow,
  userRow,
} from './snapshot-rows.js'
import type { AccountState, OpenAccountState } from './state.js'

/**
 * The shape of the rows, together with the meaning of the folds: it rises when a row's codec
 * changes, and when an event comes to leave something else in the state than it did.
 */
export const SNAPSHOT_VERSION = 4

/** One entity of the state under `<kind>/<id>`, or the account itself under `account`. */
export type StateRow = readonly [key: string, value: StateRowValue]

/** A row that is new or differs; null when it is gone. */
export type StateRowChange = readonly [key: string, value: StateRowValue | null]

/** How many entities are looked at in one stretch, so that a caller may pause in between. */
const ENTITIES_PER_STRETCH = 1_000

type Entities = Pick<
  OpenAccountState,
  | 'accessKeys'
  | 'entities'
  | 'groups'
  | 'mfaDevices'
  | 'oidcProviders'
  | 'policies'
  | 'roles'
  | 'samlProviders'
  | 'users'
>

const NOTHING: Entities = {
  accessKeys: IMap(),
  entities: IMap(),
  groups: IMap(),
  mfaDevices: IMap(),
  oidcProviders: IMap(),
  policies: IMap(),
  roles: IMap(),
  samlProviders: IMap(),
  users: IMap(),
}

const KINDS = Object.keys(NOTHING) as ReadonlyArray<keyof Entities>

const entitiesOf = (state: AccountState | null): Entities =>
  state === null || state.type === 'Unopened' ? NOTHING : state

/** How many rows a state has. */
export const stateRowCount = (state: AccountState): number => {
  const kinds: Entities = entitiesOf(state)
  return KINDS.reduce((count, kind) => count + kinds[kind].size, 1)
}

/** Every row of a state. */
export function* stateRows(state: AccountState): Iterable<StateRow> {
  for (const stretch of changedRows(null, state))
    for (const [key, value] of stretch) if (value !== null) yield [key, value]
}

/**
 * The rows that differ between two states of one account, in stretches of bounded work; null stands
 * for no rows at all. Cost: one look at each entity of a kind that changed.
 */
export function* changedRows(
  before: AccountState | null,
  after: AccountState,
): Iterable<ReadonlyArray<StateRowChange>> {
  const [from, to] = [entitiesOf(before), entitiesOf(after)]
  const row = accountRow(after)
  if (before === null || JSON.stringify(accountRow(before)) !== JSON.stringify(row))
    yield [[ACCOUNT_ROW, row]]
  yield* changedEntities('entity', from.entities, to.entities, entityRow)
  yield* changedEntities('group', from.groups, to.groups, groupRow)
  yield* changedEntities('key', from.accessKeys, to.accessKeys, accessKeyRow)
  yield* changedEntities('mfa-device', from.mfaDevices, to.mfaDevices, mfaDeviceRow)
  yield* changedEntities('oidc-provider', from.oidcProviders, to.oidcProviders, oidcProviderRow)
  yield* changedEntities('policy', from.policies, to.policies, policyRow)
  yield* changedEntities('role', from.roles, to.roles, roleRow)
  yield* changedEntities('saml-provider', from.samlProviders, to.samlProviders, samlProviderRow)
  yield* changedEntities('user', from.users, to.users, userRow)
}

/** Entities are immutable, so one that is the same object has not changed. */
function* changedEntities<Id extends string, Entity>(
  kind: string,
  before: IMap<Id, Entity>,
  after: IMap<Id, Entity>,
  rowOf: (entity: Entity) => StateRowValue,
): Iterable<ReadonlyArray<StateRowChange>> {
  if (before === after) return
  let found: StateRowChange[] = []
  let looked = 0
  let added = 0
  for (const [id, entity] of after) {
    const known = before.get(id)
    if (known === undefined) added += 1
    if (known !== entity) found.push([`${kind}/${id}`, rowOf(entity)])
    looked += 1
    if (looked % ENTITIES_PER_STRETCH > 0) continue
    yield found
    found = []
  }
  yield found
  // Whoever was there before and is not among those seen is gone.
  if (after.size - added < before.size) yield* goneEntities(kind, before, after)
}

function* goneEntities<Id extends string, Entity>(
  kind: string,
  before: IMap<Id, Entity>,
  after: IMap<Id, Entity>,
): Iterable<ReadonlyArray<StateRowChange>> {
  let found: StateRowChange[] = []
  let looked = 0
  for (const id of before.keys()) {
    if (!after.has(id)) found.push([`${kind}/${id}`, null])
    looked += 1
    if (looked % ENTITIES_PER_STRETCH > 0) continue
    yield found
    found = []
  }
  yield found
}
