/**
 * SQLite as grantlog uses it: the few calls it needs, and the choice between two packages that
 * offer them.
 *
 * Node's own `node:sqlite` where it is there and new enough, else `@photostructure/sqlite`, which
 * has the same interface. Invariant: nothing is opened with a SQLite older than SQLITE_VERSION_MIN.
 */
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as E from 'fp-ts/lib/Either.js'

/** Older ones can corrupt a WAL file when a writer and a checkpoint of two connections meet. */
export const SQLITE_VERSION_MIN = '3.51.3'

export type SqlValue = string | number | bigint | null | Uint8Array
export type SqlRow = Readonly<Record<string, SqlValue>>

export type Statement = {
  readonly run: (...values: ReadonlyArray<SqlValue>) => {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  readonly get: (...values: ReadonlyArray<SqlValue>) => SqlRow | undefined
  readonly all: (...values: ReadonlyArray<SqlValue>) => ReadonlyArray<SqlRow>
  readonly iterate: (...values: ReadonlyArray<SqlValue>) => IterableIterator<SqlRow>
}

/** A connection. Its calls are synchronous and throw; `sqliteCode` reads what they throw. */
export type Database = {
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}

export type DriverError =
  | { readonly type: 'SqliteMissing'; readonly detail: string }
  | { readonly type: 'SqliteTooOld'; readonly version: string; readonly needed: string }

/** The file cannot be opened: no such folder, no permission, not a database. */
export type FileUnreadable = {
  readonly type: 'FileUnreadable'
  readonly path: string
  readonly detail: string
}

export type SqliteOptions = {
  readonly readOnly?: boolean
  /** How long a call waits for another connection's lock. Milliseconds; 5,000 when left out. */
  readonly busyTimeoutMs?: number
}

/** Primary result codes of SQLite that are told apart. */
export const SQLITE_BUSY = 5
export const SQLITE_FULL = 13

const BUSY_TIMEOUT_MS = 5_000

type SqliteModule = {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => Database
}

const IN_MEMORY = ':memory:'

/**
 * Opens a file, creating it for its owner alone unless `readOnly`: SQLite gives the companions of a
 * file the file's own permissions. No pragma is set but the busy timeout.
 */
export const openSqlite = (
  path: string,
  options: SqliteOptions = {},
): E.Either<DriverError | FileUnreadable, Database> => {
  const driver = loadDriver()
  if (E.isLeft(driver)) return driver
  const { readOnly = false } = options
  try {
    if (!readOnly && path !== IN_MEMORY) closeSync(openSync(path, 'a', 0o600))
    const database = new driver.right.DatabaseSync(path, {
      readOnly,
      timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    })
    return E.right(database)
  } catch (error) {
    return E.left({ type: 'FileUnreadable', path, detail: failureText(error) })
  }
}

/** The primary result code of what a call threw, 0 when it was not SQLite that threw. */
export const sqliteCode = (error: unknown): number => {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return 0
  return typeof error.errcode === 'number' ? error.errcode & 0xff : 0
}

export const failureText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Whether a version such as '3.53.0' is at least another. Anything malformed is not. */
export const versionAtLeast = (version: string, needed: string): boolean => {
  const have = version.split('.').map(Number)
  const want = needed.split('.').map(Number)
  if (have.length < 3 || have.some((part) => !Number.isInteger(part))) return false
  for (let i = 0; i < want.length; i += 1) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

let chosen: E.Either<DriverError, SqliteModule> | undefined

const loadDriver = (): E.Either<DriverError, SqliteModule> => {
  chosen ??= chooseDriver()
  return chosen
}

const chooseDriver = (): E.Either<DriverError, SqliteModule> => {
  const builtIn = withoutExperimentalWarning(() => process.getBuiltinModule('node:sqlite'))
  if (isSqlite(builtIn) && versionAtLeast(versionOf(builtIn), SQLITE_VERSION_MIN))
    return E.right(builtIn)

  try {
    const loaded: unknown = createRequire(import.meta.url)('@photostructure/sqlite')
    if (!isSqlite(loaded)) return E.left({ type: 'SqliteMissing', detail: 'no DatabaseSync' })
    const version = versionOf(loaded)
    return versionAtLeast(version, SQLITE_VERSION_MIN)
      ? E.right(loaded)
      : E.left({ type: 'SqliteTooOld', version, needed: SQLITE_VERSION_MIN })
  } catch (error) {
    if (!isSqlite(builtIn)) return E.left({ type: 'SqliteMissing', detail: failureText(error) })
    const version = versionOf(builtIn)
    return E.left({ type: 'SqliteTooOld', version, needed: SQLITE_VERSION_MIN })
  }
}

const isSqlite = (module: unknown): module is SqliteModule =>
  typeof module === 'object' &&
  module !== null &&
  'DatabaseSync' in module &&
  typeof module.DatabaseSync === 'function'

const versionOf = (module: SqliteModule): string => {
  const database = new module.DatabaseSync(':memory:', { readOnly: false, timeout: 0 })
  try {
    return String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  } finally {
    database.close()
  }
}

/**
 * Some releases of Node 22 warn when their SQLite is loaded; the version check says more than the
 * warning.
 */
const withoutExperimentalWarning = <A>(load: () => A): A => {
  const warn = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return load()
  } finally {
    process.emitWarning = warn
  }
}
