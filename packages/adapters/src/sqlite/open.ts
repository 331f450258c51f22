/**
 * Opening the files of a log: their names, their schema, and why opening can fail.
 *
 * The log's file is the truth: synchronous=FULL. Pages of 8 KiB and a rare checkpoint keep commits
 * even.
 */
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { makeDirectory } from '../system/make-directory.js'
import { type Database, type DriverError, failureText, openSqlite, sqliteCode } from './driver.js'
import { STREAM_INDEX_SCHEMA } from './stream-index.js'

export type OpenError =
  | DriverError
  /** Another process writes here. `pid` is null when it has not said which. */
  | { readonly type: 'DirectoryTaken'; readonly directory: string; readonly pid: number | null }
  | { readonly type: 'DirectoryUnreadable'; readonly directory: string; readonly detail: string }
  | { readonly type: 'LogDamaged'; readonly directory: string; readonly detail: string }

/** 'glog' in ASCII: marks the file as grantlog's. */
const APPLICATION_ID = 0x676c6f67
const SCHEMA_VERSION = 2
const SQLITE_CORRUPT = 11
const SQLITE_NOT_A_DATABASE = 26

const SCHEMA = `
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES streams (id),
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL
) STRICT;
${STREAM_INDEX_SCHEMA}
CREATE TABLE tree_tiles (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE tree_heads (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
`

export const logFile = (directory: string): string => join(directory, 'log.sqlite')
export const viewsFile = (directory: string): string => join(directory, 'views.sqlite')

/** Makes the folder when it is not there, for its owner alone. */
export const prepareDirectory = (directory: string): E.Either<OpenError, void> => {
  try {
    makeDirectory(directory)
    return E.right(undefined)
  } catch (error) {
    return E.left({ type: 'DirectoryUnreadable', directory, detail: failureText(error) })
  }
}

/** The one connection that writes. */
export const openForWriting = (directory: string): E.Either<OpenError, Database> =>
  openLog(directory, false, (database) => {
    database.exec('PRAGMA page_size = 8192')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA wal_autocheckpoint = 4000')
    database.exec('PRAGMA cache_size = -32768')
    const reason = foreignReason(database)
    if (reason === null) createSchema(database)
    return reason
  })

/** A connection that only reads: on the same file while it is written, or on a copy. */
export const openForReading = (directory: string): E.Either<OpenError, Database> =>
  openLog(directory, true, (database) => {
    database.exec('PRAGMA cache_size = -16384')
    return pragma(database, 'user_version') === 0 ? 'the file is empty' : foreignReason(database)
  })

const openLog = (
  directory: string,
  readOnly: boolean,
  prepare: (database: Database) => string | null,
): E.Either<OpenError, Database> => {
  const opened = openSqlite(logFile(directory), { readOnly })
  if (E.isLeft(opened))
    return opened.left.type === 'FileUnreadable'
      ? E.left({ type: 'DirectoryUnreadable', directory, detail: opened.left.detail })
      : E.left(opened.left)

  try {
    const damage = prepare(opened.right)
    if (damage === null) return opened
    opened.right.close()
    return E.left({ type: 'LogDamaged', directory, detail: damage })
  } catch (error) {
    opened.right.close()
    return E.left(openErrorOf(directory, error))
  }
}

/** What SQLite threw while a log was opened, as an error of opening. */
export const openErrorOf = (directory: string, error: unknown): OpenError => {
  const code = sqliteCode(error)
  const detail = failureText(error)
  return code === SQLITE_CORRUPT || code === SQLITE_NOT_A_DATABASE
    ? { type: 'LogDamaged', directory, detail }
    : { type: 'DirectoryUnreadable', directory, detail }
}

const foreignReason = (database: Database): string | null => {
  const version = pragma(database, 'user_version')
  const application = pragma(database, 'application_id')
  if (version === 0 && application === 0)
    return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
      ? null
      : 'the file belongs to another program'
  if (application !== APPLICATION_ID) return 'the file belongs to another program'
  return version === SCHEMA_VERSION ? null : `schema version ${version} is not known`
}

const createSchema = (database: Database): void => {
  if (pragma(database, 'user_version') === SCHEMA_VERSION) return
  database.exec('BEGIN IMMEDIATE')
  database.exec(SCHEMA)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  database.exec('COMMIT')
}

const pragma = (database: Database, name: 'user_version' | 'application_id'): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
