/**
 * From the acknowledgement of an append to the views of another node that has read it: with hints
 * over NATS, and without, for the same appends.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import { natsHints, natsLink } from '@grantlog/adapters/nats'
import { announcing, heeding } from '@grantlog/engine'
import { startEventStoreServer } from '../test/eventstoredb-server/start.mjs'
import { engineOn } from './engine.mjs'
import { ACCOUNT_ID, circumstancesOf } from './events.mjs'
import { latencyOf, printTable, rightOf, samples } from './statistics.mjs'

/** The pause between two appends, so that what is measured is not a queue. Unit: milliseconds. */
const PAUSE_MS = 5

const openNode = async (directory, log) => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return engineOn({ directory, log, cluster: { onAssumed: () => {} } })
}

/** Waits for as long as it takes, and notes how long it took since the append was acknowledged. */
const seenBy = async ({ engine }, position, acknowledgedAt, taken) => {
  while ((await engine.waitFor(position)())._tag === 'Left');
  taken.add(performance.now() - acknowledgedAt)
}

export const printLatencies = async ({ directory, natsUrl, count }) => {
  const server = await startEventStoreServer({ directory: join(directory, 'latency') })
  const { connectionString } = server
  const openLog = async () =>
    rightOf(await openEventStoreLog({ connectionString }), 'the log does not open')
  const logs = [await openLog(), await openLog(), await openLog()]
  const links = [natsLink({ servers: [natsUrl] }), natsLink({ servers: [natsUrl] })]
  while (!links.every((link) => link.status().isUp)) await sleep(10)

  const acknowledged = new Map()
  const told = announcing(logs[0], natsHints(links[0]))
  const timed = {
    ...told,
    append:
      (...order) =>
      async () => {
        const appended = await told.append(...order)()
        if (appended._tag === 'Right') acknowledged.set(appended.right.position, performance.now())
        return appended
      },
  }
  const heedful = heeding(logs[1], natsHints(links[1]))
  const writer = await openNode(join(directory, 'writer'), timed)
  const readers = [
    { name: 'with hints', node: await openNode(join(directory, 'hints'), heedful.log) },
    { name: 'without', node: await openNode(join(directory, 'without'), logs[2]) },
  ].map((reader) => ({ ...reader, taken: samples() }))

  const execute = async (command) => {
    const { ids } = writer.engine
    const circumstances = circumstancesOf(ids.uuid())
    const executed = await writer.engine.execute(ACCOUNT_ID, command, circumstances)()
    return rightOf(executed, command.type).position
  }
  await execute({ type: 'OpenAccount', accountId: ACCOUNT_ID })
  for (let n = 0; n < count; n += 1) {
    const userId = writer.engine.ids.userId()
    const position = await execute({ type: 'CreateUser', userId, userName: `u${userId}` })
    const at = acknowledged.get(position)
    await Promise.all(readers.map(({ node, taken }) => seenBy(node, position, at, taken)))
    await sleep(PAUSE_MS)
  }
  printTable(
    ['from append to the views of another node', 'p50 ms', 'p99 ms', 'goal'],
    readers.map(({ name, taken }) => {
      const { p50, p99 } = latencyOf(taken)
      return [`${name}, ${taken.count()} appends`, p50.toFixed(2), p99.toFixed(2), 'p99 < 50 ms']
    }),
  )
  for (const node of [writer, ...readers.map((reader) => reader.node)]) await node.stop()
  await heedful.stop()
  for (const closed of [...links, ...logs]) await closed.close()
  await server.stop()
}
