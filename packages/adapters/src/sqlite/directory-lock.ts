/**
 * One writer per folder: an exclusive lock that the operating system drops when the process dies.
 *
 * The lock is SQLite's own on an empty file, so that nothing stale is left by a kill. The holder's
 * process id stands in a file beside it, only so that a refusal can name it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { failureText, openSqlite, SQLITE_BUSY, sqliteCode } from './driver.js'
import type { OpenError } from './open.js'

export type DirectoryLock = { readonly release: () => void }

export const lockDirectory = (directory: string): E.Either<OpenError, DirectoryLock> => {
  const opened = openSqlite(join(directory, 'lock.sqlite'), { busyTimeoutMs: 0 })
  if (E.isLeft(opened))
    return opened.left.type === 'FileUnreadable'
      ? E.left({ type: 'DirectoryUnreadable', directory, detail: opened.left.detail })
      : E.left(opened.left)

  const lock = opened.right
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    writeFileSync(holderFile(directory), `${process.pid}\n`, { mode: 0o600 })
    return E.right({ release: () => lock.close() })
  } catch (error) {
    lock.close()
    return sqliteCode(error) === SQLITE_BUSY
      ? E.left({ type: 'DirectoryTaken', directory, pid: holderOf(directory) })
      : E.left({ type: 'DirectoryUnreadable', directory, detail: failureText(error) })
  }
}

const holderFile = (directory: string): string => join(directory, 'lock.pid')

const holderOf = (directory: string): number | null => {
  try {
    const text = readFileSync(holderFile(directory), 'utf8').trim()
    return /^[0-9]{1,10}$/.test(text) ? Number(text) : null
  } catch {
    return null
  }
}
