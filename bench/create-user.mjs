/**
 * Users created per second in one account: through its mailbox, the log and the views, beside the
 * same events in a raw file and in the log alone.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findUser } from '@grantlog/views'
import { engineOn, openLog } from './engine.mjs'
import { ACCOUNT_ID, checkedLineBytes, circumstancesOf, lineOf, newEvent } from './events.mjs'
import { openFloorFile } from './floor-file.mjs'
import { RACE_HEAD, raceInRounds, raceRows } from './race.mjs'
import { demand, printTable, ratios, rightOf, say, spreadText } from './statistics.mjs'

const CALLERS = [64, 512]

const createUsers = async (engine) => {
  const { ids, views } = engine
  const created = []
  const opening = { type: 'OpenAccount', accountId: ACCOUNT_ID }
  rightOf(await engine.execute(ACCOUNT_ID, opening, circumstancesOf(ids.uuid()))(), 'OpenAccount')
  return {
    write: async () => {
      const userId = ids.userId()
      const command = { type: 'CreateUser', userId, userName: `u${userId}` }
      const executed = await engine.execute(ACCOUNT_ID, command, circumstancesOf(ids.uuid()))()
      const { events, position } = rightOf(executed, 'CreateUser')
      demand(events[0]?.userId === userId && position > 0, 'another user was created')
      created.push(command.userName)
    },
    /** Everybody that was answered is there, once each. */
    check: async (log) => {
      for (const name of created)
        demand(findUser(views.directory, ACCOUNT_ID, name) !== undefined, `user ${name} is missing`)
      demand(
        rightOf(await log.head()(), 'head') === created.length + 1,
        'the log holds something else',
      )
      return created.length
    },
  }
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 3 : 7
  const milliseconds = quick ? 150 : 600
  say(
    `create-user: users created per second in one account, ${rounds} rounds of ${milliseconds} ms, events of ${checkedLineBytes()} bytes`,
  )
  for (const folder of ['engine', 'log']) mkdirSync(join(directory, folder), { mode: 0o700 })
  const log = await openLog(join(directory, 'engine'))
  const opened = await engineOn({ directory: join(directory, 'engine'), log })
  const users = await createUsers(opened.engine)
  const logAlone = await openLog(join(directory, 'log'))
  const floor = openFloorFile(join(directory, 'floor.jsonl'), 'in-thread')
  const contenders = [
    { name: 'raw file (floor)', write: () => floor.append(lineOf(newEvent())) },
    {
      name: 'log alone, one stream',
      write: async () =>
        rightOf(await logAlone.append(`account-${ACCOUNT_ID}`, 'any', [newEvent()])(), 'append'),
    },
    { name: 'CreateUser through the mailbox', write: users.write },
  ]

  const rows = []
  for (const writers of CALLERS) {
    const results = await raceInRounds({ contenders, writers, rounds, milliseconds })
    for (const [index, row] of raceRows({ contenders, writers, results }).entries())
      rows.push([...row, index < 2 ? '' : spreadText(ratios(results[index], results[1], 'rate'))])
  }
  const created = await users.check(log)
  await opened.stop()
  for (const closed of [log, logAlone, floor]) await closed.close()
  printTable([...RACE_HEAD, 'of the log alone'], rows)
  say(`checked: ${created.toLocaleString('en-US')} users are in the directory and in the log\n`)
}
