/**
 * The log in EventStoreDB keeps the contract, on both ways that the client can append, against the
 * test server; or against a real one, when GRANTLOG_TEST_EVENTSTOREDB names it.
 */
import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import { logContract } from '@grantlog/engine/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe } from 'vitest'
import { type EventStoreServer, startEventStoreServer } from '../eventstoredb-server/start.mjs'

const real = process.env['GRANTLOG_TEST_EVENTSTOREDB']

for (const appendPath of ['append', 'batch'] as const)
  describe(real === undefined ? 'the test server' : 'a real server', () => {
    let server: EventStoreServer | undefined
    beforeAll(async () => {
      if (real === undefined) server = await startEventStoreServer()
    })
    afterAll(() => server?.stop())

    logContract(
      `EventStoreDB (${appendPath})`,
      async () => {
        const connectionString = real ?? server?.connectionString ?? ''
        const opened = await openEventStoreLog({ connectionString, appendPath })
        if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left))
        return opened.right
      },
      { gapless: false },
    )
  })
