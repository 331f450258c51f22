/**
 * The two ways in which the EventStoreDB client can append, through the port, against the test
 * server with its journal on disk: they compare the ways and say nothing about a real server.
 */
import { join } from 'node:path'
import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import { startEventStoreServer } from '../test/eventstoredb-server/start.mjs'
import { newEvent } from './events.mjs'
import { RACE_HEAD, raceInRounds, raceRows } from './race.mjs'
import { demand, printTable, rightOf, say } from './statistics.mjs'

const WRITERS = [1, 64]

/** A stream per writer, each append after a revision that it names, as a mailbox does. */
const eachItsStream = (log, path) => {
  const last = new Map()
  return async (writer) => {
    const stream = `account-${path}${writer}`
    const known = last.get(stream)
    const appended = await log.append(stream, known ?? 'no-stream', [newEvent()])()
    const { revision } = rightOf(appended, 'an append failed')
    demand(revision === (known ?? -1) + 1, 'a revision is not the next one')
    last.set(stream, revision)
  }
}

/** One stream for all writers, as the sessions of an account have it. */
const allOnOne = (log, path) => async () => {
  rightOf(await log.append(`sessions-${path}`, 'any', [newEvent()])(), 'an append failed')
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 3 : 7
  const milliseconds = quick ? 300 : 1_000
  say(`eventstoredb: appends per second to the test server, ${rounds} rounds of ${milliseconds} ms`)
  const server = await startEventStoreServer({ directory: join(directory, 'journal') })
  const { connectionString } = server
  const open = async (appendPath) =>
    rightOf(await openEventStoreLog({ connectionString, appendPath }), 'the log does not open')
  const logs = { append: await open('append'), batch: await open('batch') }
  const rows = []
  for (const writers of WRITERS)
    for (const [what, writeTo] of [
      ['own streams', eachItsStream],
      ['one stream', allOnOne],
    ]) {
      const contenders = Object.entries(logs).map(([path, log]) => ({
        name: `${path}, ${what}`,
        write: writeTo(log, `${path}${writers}`),
      }))
      const results = await raceInRounds({ contenders, writers, rounds, milliseconds })
      rows.push(...raceRows({ contenders, writers, results }))
    }
  printTable(RACE_HEAD, rows)
  for (const log of Object.values(logs)) await log.close()
  await server.stop()
}
