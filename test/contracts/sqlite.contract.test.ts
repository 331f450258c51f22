/**
 * The embedded log and view store keep the contracts, on the caller's thread and on one of their
 * own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { logContract, viewStoreContract } from '@grantlog/engine/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'grantlog-contract-'))
afterAll(() => rmSync(root, { recursive: true }))

for (const mode of ['in-thread', 'worker'] as const) {
  logContract(`SQLite (${mode})`, async ({ clock }) => {
    const directory = mkdtempSync(join(root, 'log-'))
    const opened = await openSqliteLog({ directory, clock, mode })
    if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
    return opened.right
  })

  viewStoreContract(`SQLite (${mode})`, async () => {
    const opened = await openSqliteViewStore({ directory: mkdtempSync(join(root, 'views-')), mode })
    if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
    return opened.right
  })
}
