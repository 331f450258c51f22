/**
 * Durable appends: the embedded log through its port, beside a raw file with the same group commit
 * and flush.
 */
import { join } from 'node:path'
import { openSqliteLog } from '@grantlog/adapters/sqlite'
import { systemClock } from '@grantlog/adapters/system'
import { checkedLineBytes, lineOf, newEvent } from './events.mjs'
import { openFloorFile } from './floor-file.mjs'
import { RACE_HEAD, raceInRounds, raceRows } from './race.mjs'
import { demand, printTable, rightOf, say } from './statistics.mjs'

const WRITERS = [1, 64, 512]
const THROUGH_PORT = 'log, writer in a thread'
const GOAL = '0.50 of the floor'

/** Each writer has a stream of its own and says which revision it follows, as a mailbox does. */
const throughPort = (log, name) => {
  const last = new Map()
  let count = 0
  const write = async (writer) => {
    const stream = `account-${name}${1_000_000 + writer}`
    const event = newEvent()
    const known = last.get(stream)
    const appended = await log.append(stream, known?.revision ?? 'no-stream', [event])()
    const { revision } = rightOf(appended, 'an append failed')
    demand(revision === (known?.revision ?? -1) + 1, 'a revision is not the next one')
    last.set(stream, { revision, id: event.id })
    count += 1
  }
  const check = async () => {
    demand(rightOf(await log.head()(), 'head') === count, 'the log does not hold what was answered')
    for (const [stream, { revision, id }] of [...last].slice(0, 50)) {
      const [newest] = rightOf(
        await log.readStream(stream, { limit: 1, backwards: true })(),
        'read',
      )
      demand(newest?.revision === revision && newest.id === id, `stream ${stream} lost an event`)
    }
  }
  return { write, check }
}

const openContenders = async (directory) => {
  const floor = openFloorFile(join(directory, 'floor.jsonl'), 'in-thread')
  const pool = openFloorFile(join(directory, 'pool.jsonl'), 'pool')
  const open = async (mode) => {
    const opened = await openSqliteLog({
      directory: join(directory, mode),
      clock: systemClock,
      mode,
    })
    return rightOf(opened, 'the log does not open')
  }
  const logs = { worker: await open('worker'), inThread: await open('in-thread') }
  const worker = throughPort(logs.worker, '1')
  const inThread = throughPort(logs.inThread, '2')
  return {
    list: [
      { name: 'raw file (floor)', write: () => floor.append(lineOf(newEvent())) },
      { name: 'raw file, flushed by the pool', write: () => pool.append(lineOf(newEvent())) },
      { name: THROUGH_PORT, write: worker.write },
      { name: 'log, writer in-thread', write: inThread.write },
    ],
    finish: async () => {
      await worker.check()
      await inThread.check()
      for (const opened of [floor, pool, logs.worker, logs.inThread]) await opened.close()
    },
  }
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 3 : 7
  const milliseconds = quick ? 150 : 500
  say(
    `append: durable appends per second, events of ${checkedLineBytes()} bytes, ${rounds} rounds of ${milliseconds} ms`,
  )
  const { list: contenders, finish } = await openContenders(directory)
  const rows = []
  for (const writers of WRITERS) {
    const results = await raceInRounds({ contenders, writers, rounds, milliseconds })
    for (const row of raceRows({ contenders, writers, results }))
      rows.push([...row, writers > 1 && row[1] === THROUGH_PORT ? GOAL : ''])
  }
  await finish()
  printTable([...RACE_HEAD, 'goal'], rows)
}
