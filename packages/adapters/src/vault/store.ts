/**
 * The vault's file: wrapped keys, sealed secrets and a few facts about itself. Nothing in it is in
 * clear.
 *
 * Invariant: what is destroyed is overwritten in the file, and `wipe` empties the write-ahead log
 * after it.
 */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Database, SqlRow } from '../sqlite/driver.js'
import {
  APPLICATION_ID,
  type KeyOwner,
  KeyRow,
  type KeyState,
  SCHEMA,
  SCHEMA_VERSION,
  SecretRow,
} from './rows.js'

export type NewKey = KeyOwner & { readonly state: KeyState; readonly changedAt: number }

export type VaultStore = {
  readonly fact: (name: string) => string | null
  readonly setFact: (name: string, value: string) => void

  /** A row without its wrapped key; the id is what the key is then wrapped for. */
  readonly addKey: (key: NewKey) => number
  readonly setWrapped: (id: number, rootKeyId: string, wrapped: Uint8Array) => void
  readonly setState: (id: number, state: KeyState, changedAt: number) => void
  readonly destroyKey: (id: number, changedAt: number) => void
  readonly key: (id: number) => KeyRow | null
  /** Every key of an owner that is not destroyed, oldest first. */
  readonly liveKeys: (owner: KeyOwner) => ReadonlyArray<KeyRow>
  /** Some live keys that another root key than this one wraps. */
  readonly keysNotUnder: (rootKeyId: string, limit: number) => ReadonlyArray<KeyRow>

  readonly addSecret: (secret: SecretRow) => void
  readonly secret: (ref: string) => SecretRow | null
  /** Puts the same secret in its place, sealed anew. */
  readonly resealSecret: (ref: string, keyId: number, sealed: Uint8Array) => void
  readonly deleteSecret: (ref: string) => void
  readonly secretsUnder: (keyId: number, limit: number) => ReadonlyArray<SecretRow>

  /** Leaves nothing of what was destroyed in the write-ahead log. */
  readonly wipe: () => void
}

export type StoreFault = 'NotAVault' | 'SchemaUnknown'

const number = (row: SqlRow | undefined, column: string): number => Number(row?.[column] ?? 0)

/** Why a file that must be a vault already is none; null when it is one. */
export const faultOf = (database: Database): StoreFault | null => {
  const applicationId = number(database.prepare('PRAGMA application_id').get(), 'application_id')
  if (applicationId !== APPLICATION_ID) return 'NotAVault'
  const version = number(database.prepare('PRAGMA user_version').get(), 'user_version')
  return version === SCHEMA_VERSION ? null : 'SchemaUnknown'
}

/** Prepares a connection: the pragmas, and the tables where there are none. */
export const prepareDatabase = (database: Database): E.Either<StoreFault, void> => {
  const tables = number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n')
  const fault = tables === 0 ? null : faultOf(database)
  if (fault !== null) return E.left(fault)

  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
  `)
  if (tables === 0)
    database.exec(`
      BEGIN IMMEDIATE;
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${SCHEMA_VERSION};
      ${SCHEMA}
      COMMIT;
    `)
  return E.right(undefined)
}

const decoded = <A>(codec: t.Type<A, unknown, unknown>, row: SqlRow): A => {
  const result = codec.decode(row)
  if (E.isLeft(result)) throw new Error(`a row of the vault is damaged: ${codec.name}`)
  return result.right
}

/** The questions and changes of a prepared connection. Its calls throw what SQLite throws. */
export const storeOn = (database: Database): VaultStore => {
  const sql = database.prepare.bind(database)
  const orNull = <A>(codec: t.Type<A, unknown, unknown>, row: SqlRow | undefined): A | null =>
    row === undefined ? null : decoded(codec, row)

  const fact = sql('SELECT value FROM facts WHERE name = ?')
  const setFact = sql('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
  const addKey = sql(`INSERT INTO keys
    (kind, account_id, owner_id, state, changed_at, root_key_id) VALUES (?, ?, ?, ?, ?, '')`)
  const setWrapped = sql('UPDATE keys SET root_key_id = ?, wrapped = ? WHERE id = ?')
  const setState = sql('UPDATE keys SET state = ?, changed_at = ? WHERE id = ?')
  const destroyKey = sql(
    "UPDATE keys SET state = 'destroyed', changed_at = ?, wrapped = NULL WHERE id = ?",
  )
  const key = sql('SELECT * FROM keys WHERE id = ?')
  const liveKeys = sql(`SELECT * FROM keys
    WHERE kind = ? AND account_id = ? AND owner_id = ? AND state <> 'destroyed' ORDER BY id`)
  const keysNotUnder = sql(
    "SELECT * FROM keys WHERE root_key_id <> ? AND state <> 'destroyed' LIMIT ?",
  )
  const addSecret = sql('INSERT INTO secrets VALUES (?, ?, ?, ?, ?)')
  const secret = sql('SELECT * FROM secrets WHERE ref = ?')
  const resealSecret = sql('UPDATE secrets SET key_id = ?, sealed = ? WHERE ref = ?')
  const deleteSecret = sql('DELETE FROM secrets WHERE ref = ?')
  const secretsUnder = sql('SELECT * FROM secrets WHERE key_id = ? LIMIT ?')
  const keyRow = (row: SqlRow): KeyRow => decoded(KeyRow, row)

  return {
    fact: (name) => {
      const row = fact.get(name)
      return row === undefined ? null : String(row['value'])
    },
    setFact: (name, value) => void setFact.run(name, value),
    addKey: ({ kind, accountId, ownerId, state, changedAt }) =>
      Number(addKey.run(kind, accountId, ownerId, state, changedAt).lastInsertRowid),
    setWrapped: (id, rootKeyId, wrapped) => void setWrapped.run(rootKeyId, wrapped, id),
    setState: (id, state, changedAt) => void setState.run(state, changedAt, id),
    destroyKey: (id, changedAt) => void destroyKey.run(changedAt, id),
    key: (id) => orNull(KeyRow, key.get(id)),
    liveKeys: ({ kind, accountId, ownerId }) => liveKeys.all(kind, accountId, ownerId).map(keyRow),
    keysNotUnder: (rootKeyId, limit) => keysNotUnder.all(rootKeyId, limit).map(keyRow),
    addSecret: ({ ref, account_id, owner_id, key_id, sealed }) =>
      void addSecret.run(ref, account_id, owner_id, key_id, sealed),
    secret: (ref) => orNull(SecretRow, secret.get(ref)),
    resealSecret: (ref, keyId, sealed) => void resealSecret.run(keyId, sealed, ref),
    deleteSecret: (ref) => void deleteSecret.run(ref),
    secretsUnder: (keyId, limit) =>
      secretsUnder.all(keyId, limit).map((row) => decoded(SecretRow, row)),
    wipe: () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
  }
}
