/** What the log and the feed hold at the end, and everything that must be so about it. */

import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import { FEED_STREAM } from '@grantlog/adapters/nats'
import { connect } from 'nats'
import { clientAt } from './clients.mjs'
import { until } from './service.mjs'

const EVENTS_PER_READ = 1_000
const MESSAGES_PER_READ = 100

/** Something that must never be otherwise. */
const demand = (holds, what) => {
  if (!holds) throw new Error(`wrong: ${what}`)
}

/** Every event of the log, in order. */
export const readLog = async (connectionString) => {
  const opened = await openEventStoreLog({ connectionString })
  if (opened._tag === 'Left') throw new Error(`the log can't be opened: ${opened.left.type}`)
  const events = []
  for (;;) {
    const after = events.at(-1)?.position ?? 0
    const page = await opened.right.readAll({ after, limit: EVENTS_PER_READ })()
    if (page._tag === 'Left') throw new Error(`the log can't be read: ${page.left.type}`)
    events.push(...page.right.map((event) => ({ ...event, data: JSON.parse(event.data) })))
    if (page.right.length < EVENTS_PER_READ) break
  }
  await opened.right.close()
  return events
}

const dataOf = (events, type) =>
  events.filter((event) => event.type === type).map(({ data }) => data)

const timesOf = (values) => {
  const times = new Map()
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1)
  return times
}

/** Each stream's revisions are dense from 0, and no id comes twice. */
export const checkStreams = (events) => {
  const next = new Map()
  for (const { stream, revision } of events) {
    demand(revision === (next.get(stream) ?? 0), `stream ${stream} is dense at ${revision}`)
    next.set(stream, revision + 1)
  }
  demand(new Set(events.map(({ id }) => id)).size === events.length, 'every id is there once')
}

/** What was acknowledged is there, and once. */
export const checkAcknowledged = (events, { users, sessions }) => {
  const created = timesOf(dataOf(events, 'UserCreated').map(({ userName }) => userName))
  for (const [name, times] of created) demand(times === 1, `user ${name} was created once`)
  for (const name of users) demand(created.has(name), `the acknowledged user ${name} is there`)
  const keys = timesOf(dataOf(events, 'CredentialIssued').map(({ accessKeyId }) => accessKeyId))
  for (const key of sessions) demand(keys.get(key) === 1, `the credential ${key} was issued once`)
}

const usersAt = async ({ endpoint }, rootKeys) => {
  const client = clientAt(endpoint, rootKeys)
  const names = []
  let marker = {}
  for (;;) {
    const page = await client.ram('ListUsers', { maxItems: 1_000, ...marker })
    names.push(...page.users.user.map(({ userName }) => userName))
    if (!page.isTruncated) return names.sort()
    marker = { marker: page.marker }
  }
}

/** Every replica shows the users that the log has. */
export const checkReplicas = async (events, apis, rootKeys) => {
  const created = dataOf(events, 'UserCreated').map(({ userName }) => userName)
  const expected = JSON.stringify(created.sort())
  for (const api of apis)
    await until(`${api.name} shows what the log has`, async () => {
      return JSON.stringify(await usersAt(api, rootKeys)) === expected
    })
}

/** Every session is issued at most once, and each that was issued ends once and not early. */
export const checkSessions = (events) => {
  const issued = dataOf(events, 'CredentialIssued')
  const assumed = new Set(dataOf(events, 'RoleAssumed').map(({ sessionId }) => sessionId))
  const ended = dataOf(events, 'CredentialExpired')
  const ends = timesOf(ended.map(({ sessionId }) => sessionId))
  for (const [id, times] of timesOf(issued.map(({ sessionId }) => sessionId))) {
    demand(times === 1, `session ${id} was issued once`)
    demand(assumed.has(id), `session ${id} was assumed`)
    demand(ends.get(id) === 1, `session ${id} ended once, not ${ends.get(id) ?? 0} times`)
  }
  demand(ends.size === issued.length, 'nothing ended that was not issued')
  for (const { sessionId, expiresAt, expiredAt } of ended)
    demand(expiredAt >= expiresAt, `session ${sessionId} did not end early`)
  return issued.length
}

/** The relay makes the stream, up to one of its pauses after NATS came: until then, nothing. */
const lengthOf = async (streams) => {
  try {
    return (await streams.info(FEED_STREAM)).state.last_seq
  } catch (cause) {
    if (cause.code !== '404') throw cause
    return 0
  }
}

/** Waits for the feed, and compares it with the log event by event. */
export const checkFeed = async (natsUrl, events) => {
  const connection = await connect({ servers: natsUrl })
  try {
    const { streams } = await connection.jetstreamManager()
    const length = () => lengthOf(streams)
    await until('the feed has everything', async () => (await length()) >= events.length)
    demand((await length()) === events.length, 'the feed has as many events as the log')
    const compare = async ({ id, position }, index) => {
      const { data } = await streams.getMessage(FEED_STREAM, { seq: index + 1 })
      const copy = JSON.parse(new TextDecoder().decode(data))
      demand(copy.id === id, `event ${index} of the feed is ${id}`)
      demand(copy.position === String(position), `event ${index} stands at ${position}`)
    }
    for (let index = 0; index < events.length; index += MESSAGES_PER_READ) {
      const some = events.slice(index, index + MESSAGES_PER_READ)
      await Promise.all(some.map((event, offset) => compare(event, index + offset)))
    }
  } finally {
    await connection.close()
  }
}
