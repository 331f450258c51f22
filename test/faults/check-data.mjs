/**
 * What must hold of a data folder after a crash, checked through the adapters and an engine
 * opened on it.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { randomIds } from '@grantlog/adapters/system'
import { openVault } from '@grantlog/adapters/vault'
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import { openEngine } from '@grantlog/engine'
import { findUser } from '@grantlog/views'

const right = (outcome, what) => {
  if (outcome._tag === 'Left') throw new Error(`${what}: ${JSON.stringify(outcome.left)}`)
  return outcome.right
}
const demand = (condition, sentence) => {
  if (!condition) throw new Error(`broken promise: ${sentence}`)
}

const openAll = async (directory, clock) => {
  const log = right(await openSqliteLog({ directory, clock, mode: 'in-thread' }), 'log')
  const vault = right(await openVault({ directory, clock }), 'vault')
  const viewStore = right(await openSqliteViewStore({ directory, mode: 'in-thread' }), 'views')
  const engine = right(
    await openEngine({
      log,
      vault,
      viewStore,
      clock,
      ids: randomIds(),
      quotas: { ...DEFAULT_QUOTAS, usersPerAccount: 1_000_000 },
      onStopped: () => {},
    }),
    'engine',
  )
  right(await engine.catchUp()(), 'catching up')
  const close = async () => {
    await engine.stop()
    await viewStore.close()
    await vault.close()
    await log.close()
  }
  return { log, engine, close }
}

/**
 * Reads the whole log: positions without a gap, dense revisions, each command's events all there.
 */
const readLog = async (log) => {
  const revisions = new Map()
  const issued = new Map()
  const ended = new Map()
  const assumed = new Map()
  let position = 0
  for (;;) {
    const page = right(await log.readAll({ after: position, limit: 2_000 })(), 'reading')
    if (page.length === 0) return { events: position, issued, ended, assumed }
    for (const event of page) {
      demand(event.position === position + 1, `position ${position + 1} is there`)
      position = event.position
      const due = (revisions.get(event.stream) ?? -1) + 1
      demand(event.revision === due, `stream ${event.stream} has revision ${due}`)
      revisions.set(event.stream, due)
      const data = JSON.parse(event.data)
      if (event.type === 'RoleAssumed') assumed.set(data.sessionId, data)
      const counts = { CredentialIssued: issued, CredentialExpired: ended }[event.type]
      counts?.set(data.sessionId, { ...data, count: (counts.get(data.sessionId)?.count ?? 0) + 1 })
    }
  }
}

const until = async (condition) => {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('broken promise: every session that is over is closed')
}

export const checkData = async ({
  directory,
  clockOffset,
  acknowledged,
  everythingEnds = false,
}) => {
  const data = join(directory, 'data')
  const clock = { now: () => Date.now() + clockOffset }
  const opened = await openAll(data, clock)
  const { accountId } = JSON.parse(
    (await import('node:fs')).readFileSync(join(directory, 'root.json'), 'utf8'),
  )
  const { directory: names } = opened.engine.views
  for (const name of acknowledged.users)
    demand(
      acknowledged.uncertain.has(name) || findUser(names, accountId, name),
      `user ${name} is there`,
    )
  for (const name of acknowledged.deleted)
    demand(findUser(names, accountId, name) === undefined, `user ${name} stays deleted`)

  let seen
  await until(async () => {
    seen = await readLog(opened.log)
    const now = clock.now()
    const due = [...seen.assumed.values()].filter(({ expiresAt }) => expiresAt <= now - 5_000)
    return (
      due.every(({ sessionId }) => seen.ended.has(sessionId)) &&
      seen.issued.size === seen.assumed.size
    )
  })
  for (const { sessionId, count } of seen.issued.values())
    demand(count === 1, `session ${sessionId} was issued once, not ${count} times`)
  for (const { sessionId, count, expiresAt, expiredAt } of seen.ended.values()) {
    demand(count === 1, `session ${sessionId} was closed once, not ${count} times`)
    demand(expiredAt >= expiresAt, `session ${sessionId} was not closed early`)
  }
  const keys = new Set([...seen.issued.values()].map(({ accessKeyId }) => accessKeyId))
  for (const key of acknowledged.sessions)
    demand(keys.has(key), `the session of ${key} is in the log`)
  if (everythingEnds)
    demand(seen.ended.size === seen.assumed.size, 'every session that ever was is closed')

  await opened.close()
  const resumed = await openAll(data, clock)
  const digests = resumed.engine.digests()
  await resumed.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(data, `views.sqlite${end}`), { force: true })
  const rebuilt = await openAll(data, clock)
  demand(
    JSON.stringify(rebuilt.engine.digests()) === JSON.stringify(digests),
    'the views equal a rebuild from zero',
  )
  await rebuilt.close()
  return { events: seen.events, sessions: seen.assumed.size, users: acknowledged.users.size }
}
