/**
 * A process that writes to an embedded log until it is killed, and prints the id of each
 * acknowledged event.
 *
 * Arguments: the folder, and the mode. The first line says `open`, or the refusal.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openSqliteLog } from '@grantlog/adapters/sqlite'

const WRITERS = 16
const STDOUT = 1

const [directory, mode] = process.argv.slice(2)
const clock = { now: () => Date.now() }
const opened = await openSqliteLog({ directory, clock, mode })
writeSync(STDOUT, `${opened._tag === 'Right' ? 'open' : JSON.stringify(opened.left)}\n`)

const write = async (log, stream) => {
  for (;;) {
    const events = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => ({
      id: randomUUID(),
      type: 'Noted',
      schemaVersion: 1,
      data: JSON.stringify('x'.repeat(200)),
      metadata: '{}',
    }))
    const answer = await log.append(stream, 'any', events)()
    if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
    writeSync(STDOUT, events.map(({ id }) => `${id}\n`).join(''))
  }
}

if (opened._tag === 'Right')
  for (let i = 0; i < WRITERS; i += 1) write(opened.right, `account-${i}`)
