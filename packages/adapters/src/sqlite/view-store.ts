/**
 * The embedded view store: rows and checkpoints in a file beside the log, which may be deleted at
 * any time.
 */
import { renameSync, rmSync } from 'node:fs'
import type { RowChange, ViewStore } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type Database, openSqlite, type SqlRow } from './driver.js'
import { type OpenError, openErrorOf, prepareDirectory, viewsFile } from './open.js'
import { type ViewLink, viewLinkInThread, viewLinkToThread } from './view-link.js'

export type SqliteViewStoreOptions = {
  readonly directory: string
  /** `worker` writes on a thread of its own; reading is on this thread either way. */
  readonly mode: 'worker' | 'in-thread'
}

/** How many rows are read between two turns of the event loop. */
const PAGE_ROWS = 2_000

/** Views that can't be read are put aside and built anew: they hold nothing that the log lacks. */
export const openSqliteViewStore = async (
  options: SqliteViewStoreOptions,
): Promise<E.Either<OpenError, ViewStore>> => {
  const opened = await openViews(options)
  if (E.isRight(opened) || opened.left.type !== 'LogDamaged') return opened
  const file = viewsFile(options.directory)
  renameSync(file, `${file}.damaged`)
  for (const companion of ['-wal', '-shm']) rmSync(`${file}${companion}`, { force: true })
  return openViews(options)
}

const openViews = async (
  options: SqliteViewStoreOptions,
): Promise<E.Either<OpenError, ViewStore>> => {
  const { directory, mode } = options
  const prepared = prepareDirectory(directory)
  if (E.isLeft(prepared)) return prepared
  const link = mode === 'worker' ? await viewLinkToThread(directory) : viewLinkInThread(directory)
  if (E.isLeft(link)) return link

  const opened = openSqlite(viewsFile(directory), { readOnly: true })
  if (E.isRight(opened)) return E.right(storeOf(link.right, opened.right))
  await link.right.close()
  return opened.left.type === 'FileUnreadable'
    ? E.left(openErrorOf(directory, new Error(opened.left.detail)))
    : E.left(opened.left)
}

const storeOf = (link: ViewLink, database: Database): ViewStore => {
  const read = readRows(database)
  return {
    load: read,
    commit: (view, version, expected, next, changes) => async () => {
      const cells = cellsOf(changes)
      const answer = await link.commit({ view, version, expected, next, cells })
      switch (answer.type) {
        case 'Stored':
          return E.right(undefined)
        case 'CheckpointMoved':
          return E.left(answer)
        case 'Failed':
          return E.left({ type: 'ViewStoreFailed', detail: answer.detail })
      }
    },
    reset: async (view) => {
      const answer = await link.reset(view)
      if (answer.type === 'Failed') throw new Error(answer.detail)
    },
    close: async () => {
      database.close()
      await link.close()
    },
  }
}

const cellsOf = (changes: ReadonlyArray<RowChange>): ReadonlyArray<string | null> => {
  const cells: Array<string | null> = []
  for (const { table, key, value } of changes) cells.push(table, key, value)
  return cells
}

const readRows = (database: Database): ViewStore['load'] => {
  const selectView = database.prepare(
    'SELECT id, position FROM views WHERE name = ? AND version = ?',
  )
  const selectRows = database.prepare(
    `SELECT table_name, key, value FROM view_rows
     WHERE view_id = ? AND (table_name, key) > (?, ?) ORDER BY table_name, key LIMIT ?`,
  )
  return async (view, version, onRow) => {
    const known = selectView.get(view, version)
    if (known === undefined) return { position: 0 }
    let last: Pick<Row, 'table' | 'key'> = { table: '', key: '' }
    for (;;) {
      const page = selectRows.all(known['id'] ?? 0, last.table, last.key, PAGE_ROWS).map(rowOf)
      for (const { table, key, value } of page) onRow(table, key, value)
      if (page.length < PAGE_ROWS) return { position: Number(known['position']) }
      last = page.at(-1) ?? last
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

type Row = { readonly table: string; readonly key: string; readonly value: string }

const rowOf = (row: SqlRow): Row => ({
  table: String(row['table_name']),
  key: String(row['key']),
  value: String(row['value']),
})
