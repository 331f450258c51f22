/**
 * The rows and checkpoints of views in their own file, written in one transaction per commit.
 *
 * synchronous=NORMAL: a power cut may take the last commits, never half of one, and the log gives
 * them again.
 */
import { type Database, failureText } from './driver.js'

/** One commit, flat. `cells` holds ROW_CELLS per change: table, key, value or null. */
export type ViewCommit = {
  readonly view: string
  readonly version: number
  readonly expected: number
  readonly next: number
  readonly cells: ReadonlyArray<string | null>
}

export type ViewAnswer =
  | { readonly type: 'Stored' }
  | { readonly type: 'CheckpointMoved' }
  | { readonly type: 'Failed'; readonly detail: string }

export type ViewWriter = {
  readonly commit: (commit: ViewCommit) => ViewAnswer
  /** Drops the rows and checkpoints of a view in every version. */
  readonly reset: (view: string) => ViewAnswer
  readonly close: () => void
}

export const ROW_CELLS = 3

const SCHEMA = `
CREATE TABLE IF NOT EXISTS views (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  UNIQUE (name, version)
) STRICT;
CREATE TABLE IF NOT EXISTS view_rows (
  view_id INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (view_id, table_name, key)
) STRICT, WITHOUT ROWID;
`

/** Sets the file up. Throws what SQLite throws. */
export const prepareViews = (database: Database): void => {
  database.exec('PRAGMA page_size = 8192')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = NORMAL')
  database.exec(SCHEMA)
}

export const openViewWriter = (database: Database): ViewWriter => {
  prepareViews(database)
  const store = storeCommit(database)
  const deleteRows = database.prepare(
    'DELETE FROM view_rows WHERE view_id IN (SELECT id FROM views WHERE name = ?)',
  )
  const deleteViews = database.prepare('DELETE FROM views WHERE name = ?')
  return {
    commit: (commit) => inTransaction(database, () => store(commit)),
    reset: (view) =>
      inTransaction(database, () => {
        deleteRows.run(view)
        deleteViews.run(view)
        return { type: 'Stored' }
      }),
    close: () => database.close(),
  }
}

const storeCommit = (database: Database): ((commit: ViewCommit) => ViewAnswer) => {
  const selectView = database.prepare(
    'SELECT id, position FROM views WHERE name = ? AND version = ?',
  )
  const insertView = database.prepare(
    'INSERT INTO views (name, version, position) VALUES (?, ?, ?)',
  )
  const moveCheckpoint = database.prepare('UPDATE views SET position = ? WHERE id = ?')
  const put = database.prepare(
    `INSERT INTO view_rows (view_id, table_name, key, value) VALUES (?, ?, ?, ?)
     ON CONFLICT (view_id, table_name, key) DO UPDATE SET value = excluded.value`,
  )
  const drop = database.prepare(
    'DELETE FROM view_rows WHERE view_id = ? AND table_name = ? AND key = ?',
  )

  return ({ view, version, expected, next, cells }) => {
    const known = selectView.get(view, version)
    if (Number(known?.['position'] ?? 0) !== expected) return { type: 'CheckpointMoved' }
    if (known !== undefined) moveCheckpoint.run(next, known['id'] ?? 0)
    const id = known?.['id'] ?? insertView.run(view, version, next).lastInsertRowid
    for (let cell = 0; cell < cells.length; cell += ROW_CELLS) {
      const [table = '', key = '', value] = [cells[cell], cells[cell + 1], cells[cell + 2]]
      if (value === null || value === undefined) drop.run(id, table, key)
      else put.run(id, table, key, value)
    }
    return { type: 'Stored' }
  }
}

const inTransaction = (database: Database, work: () => ViewAnswer): ViewAnswer => {
  try {
    database.exec('BEGIN IMMEDIATE')
    const answer = work()
    database.exec(answer.type === 'Stored' ? 'COMMIT' : 'ROLLBACK')
    return answer
  } catch (error) {
    rollBack(database)
    return { type: 'Failed', detail: failureText(error) }
  }
}

/** SQLite may have ended the transaction by itself. */
const rollBack = (database: Database): void => {
  try {
    database.exec('ROLLBACK')
  } catch {
    return
  }
}
