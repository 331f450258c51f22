/**
 * Replay: all views rebuilt from zero out of a full log, beside reading the same log and doing
 * nothing with it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { randomIds } from '@grantlog/adapters/system'
import { EventCodecs } from '@grantlog/domain'
import { engineOn, openLog } from './engine.mjs'
import { circumstancesOf } from './events.mjs'
import {
  demand,
  inRounds,
  medianText,
  printTable,
  ratios,
  rightOf,
  say,
  spread,
  spreadText,
} from './statistics.mjs'
import { ACCOUNT_ID, controlEvents, usersIn } from './workload.mjs'

const SEED = 20_262
const EVENTS_PER_APPEND = 1_000
const EVENTS_PER_READ = 2_000

const ids = randomIds()

const stored = (event) => {
  const commandId = ids.uuid()
  const { type, ...data } = event
  demand(
    EventCodecs[type].decode(event)._tag === 'Right',
    `an event does not follow its codec: ${type}`,
  )
  const metadata = { ...circumstancesOf(commandId), critical: true }
  return {
    id: ids.eventId(commandId, 0),
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  }
}

/** Fills the log; the answer is how many bytes of text the bodies take. */
const fill = async (log, events) => {
  let batch = []
  let bytes = 0
  let revision = -1
  const append = async () => {
    const expected = revision === -1 ? 'no-stream' : revision
    revision = rightOf(
      await log.append(`account-${ACCOUNT_ID}`, expected, batch)(),
      'append',
    ).revision
    batch = []
  }
  for (const event of controlEvents(events, SEED)) {
    const made = stored(event)
    bytes += made.data.length + made.metadata.length
    batch.push(made)
    if (batch.length === EVENTS_PER_APPEND) await append()
  }
  if (batch.length > 0) await append()
  return bytes
}

/** Events per second, and the processor time of all threads in microseconds each. */
const measured = (events, milliseconds, { user, system }) => ({
  rate: (1_000 * events) / milliseconds,
  cpu: (user + system) / events,
})

/** Reads the log by pages and shows each event to somebody; events per second. */
const readingWith = (log, events, look) => async () => {
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  let after = 0
  for (;;) {
    const page = rightOf(await log.readAll({ after, limit: EVENTS_PER_READ })(), 'read')
    for (const event of page) look(event)
    after += page.length
    if (page.length < EVENTS_PER_READ) break
  }
  demand(after === events, 'the log gave back another number of events')
  return measured(events, performance.now() - startedAt, process.cpuUsage(cpuBefore))
}

/** Everything that the server rebuilds after its views were lost, until it may answer. */
const rebuilding = (directory, log, events, digests) => async (round) => {
  const folder = join(directory, `views-${round}`)
  mkdirSync(folder, { mode: 0o700 })
  const cpuBefore = process.cpuUsage()
  const { engine, startedAt, stop } = await engineOn({ directory: folder, log })
  rightOf(await engine.catchUp()(), 'catching up')
  const taken = measured(events, performance.now() - startedAt, process.cpuUsage(cpuBefore))
  digests.push(JSON.stringify(engine.digests()))
  demand(engine.status().applied === events, 'not everything was applied')
  demand(engine.status().quarantinedAccounts.length === 0, 'an account was quarantined')
  await stop()
  rmSync(folder, { recursive: true, force: true })
  return taken
}

export const bench = async ({ directory, quick }) => {
  const events = quick ? 20_000 : 100_000
  const rounds = quick ? 3 : 5
  say(
    `replay: ${events.toLocaleString('en-US')} control events of an account with ${usersIn(events)} users, ${rounds} rounds`,
  )
  const log = await openLog(join(directory, 'log'))
  const bytes = await fill(log, events)

  const digests = []
  let seen = 0
  const contenders = [
    {
      name: 'read the pages (floor)',
      run: readingWith(log, events, ({ type }) => {
        seen += type.length
      }),
    },
    {
      name: 'read and JSON.parse',
      run: readingWith(log, events, ({ data, metadata }) => {
        JSON.parse(data)
        JSON.parse(metadata)
      }),
    },
    { name: 'rebuild all views', run: rebuilding(directory, log, events, digests) },
  ]
  const runs = contenders.map(({ run }) => (round) => {
    globalThis.gc?.()
    return run(round)
  })
  const results = await inRounds(rounds, runs)
  await log.close()
  demand(seen > 0 && new Set(digests).size === 1, 'two rebuilds do not agree')

  printTable(
    ['what', 'events/s', 'cpu us each', 'of the floor', 'of read and parse'],
    contenders.map(({ name }, index) => [
      name,
      spreadText(spread(results[index].map(({ rate }) => rate))),
      medianText(results[index], 'cpu'),
      index === 0 ? '1' : spreadText(ratios(results[index], results[0], 'rate')),
      index < 2 ? '' : spreadText(ratios(results[index], results[1], 'rate')),
    ]),
  )
  say(
    `checked: ${rounds} rebuilds have the same digests; bodies of ${(bytes / events).toFixed(0)} bytes\n`,
  )
}
