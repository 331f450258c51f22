/** The choice of a SQLite and the reading of its failures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { failureText, openSqlite, SQLITE_BUSY, sqliteCode, versionAtLeast } from './driver.js'

describe('versionAtLeast', () => {
  it('given versions on both sides of the bound, then numbers decide and not letters', () => {
    expect(versionAtLeast('3.51.3', '3.51.3')).toBe(true)
    expect(versionAtLeast('3.51.2', '3.51.3')).toBe(false)
    expect(versionAtLeast('3.100.0', '3.51.3')).toBe(true)
    expect(versionAtLeast('4.0.0', '3.51.3')).toBe(true)
  })

  it('given something that is not a version, then it is not enough', () => {
    expect(versionAtLeast('undefined', '3.51.3')).toBe(false)
    expect(versionAtLeast('3.x.9', '3.51.3')).toBe(false)
  })
})

describe('openSqlite', () => {
  it('given a folder that is not there, then the file is unreadable', () => {
    const opened = openSqlite('/nowhere/at/all.sqlite')
    expect(E.isLeft(opened) && opened.left.type).toBe('FileUnreadable')
  })

  it('given a lock held by another connection, then the code says busy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'grantlog-driver-'))
    const path = join(folder, 'a.sqlite')
    writeFileSync(path, '')
    const one = openSqlite(path)
    const two = openSqlite(path, { busyTimeoutMs: 0 })
    if (E.isLeft(one) || E.isLeft(two)) throw new Error('not opened')
    one.right.exec('BEGIN EXCLUSIVE')
    let thrown: unknown
    try {
      two.right.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      thrown = error
    }
    expect(sqliteCode(thrown)).toBe(SQLITE_BUSY)
    expect(failureText(thrown)).toContain('locked')
    one.right.close()
    two.right.close()
    rmSync(folder, { recursive: true })
  })

  it('given anything that SQLite did not throw, then the code is 0', () => {
    expect(sqliteCode(new Error('x'))).toBe(0)
    expect(sqliteCode(undefined)).toBe(0)
  })
})
