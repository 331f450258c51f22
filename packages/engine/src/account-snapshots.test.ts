/** Snapshots of an account: what a cold mailbox reads, and every reason not to believe one. */
import {
  type AccountCommand,
  accountDecider,
  accountStream,
  CreateUser,
  DEFAULT_QUOTAS,
  DeleteUser,
  OpenAccount,
  SNAPSHOT_VERSION,
} from '@grantlog/domain'
import { known, otherAccountId, sampleAccountId, userIdOf } from '@grantlog/domain/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { snapshotViewOf } from './account-snapshots.js'
import type { Circumstances } from './engine.js'
import { accountMailbox } from './mailbox.js'
import type { EventLog, StoredEvent, ViewStore } from './ports.js'
import { inMemoryLog, inMemoryViewStore } from './testing/index.js'

const decider = accountDecider({ ...DEFAULT_QUOTAS, usersPerAccount: 100_000 })
const ids = { eventId: (commandId: string, index: number) => `${commandId}/${index}` }

let commands = 0
const circumstances = (): Circumstances => {
  commands += 1
  const accountId = sampleAccountId
  return {
    commandId: `command-${commands}`,
    requestId: `REQUEST-${commands}`,
    actor: { accountId, principalType: 'Root', principalId: accountId, arn: 'acs:ram::1:root' },
  }
}
const opening: AccountCommand = known(OpenAccount, {
  type: 'OpenAccount',
  accountId: sampleAccountId,
})
const createUser = (n: number, userName = `user-${n}`): AccountCommand =>
  known(CreateUser, { type: 'CreateUser', userId: userIdOf(n), userName })
const deleteUser = (userName: string): AccountCommand =>
  known(DeleteUser, { type: 'DeleteUser', userName })
const users = (from: number, to: number): ReadonlyArray<AccountCommand> =>
  Array.from({ length: to - from }, (_, n) => createUser(from + n))

const mailboxOn = (log: EventLog, viewStore: ViewStore) =>
  accountMailbox({ log, ids, decider, viewStore, isSoleWriter: true }, sampleAccountId)

/** Gives commands to a mailbox and waits until it is idle; what it answered, without the times. */
const give = async (
  mailbox: ReturnType<typeof mailboxOn>,
  ...given: ReadonlyArray<AccountCommand>
): Promise<ReadonlyArray<unknown>> => {
  const answers = await Promise.all(given.map((one) => mailbox.send(one, circumstances())))
  await mailbox.idle()
  return answers.map((answer) =>
    E.isLeft(answer) ? answer : { ...answer.right, recordedAt: undefined },
  )
}

/** Counts the events that are read from a log. */
const counting = (log: EventLog) => {
  let events = 0
  const readStream: EventLog['readStream'] = (stream, options) => async () => {
    const page = await log.readStream(stream, options)()
    if (E.isRight(page)) events += page.right.length
    return page
  }
  return { log: { ...log, readStream }, eventsRead: () => events }
}

const eventsOf = async (log: EventLog): Promise<ReadonlyArray<StoredEvent>> => {
  const events = await log.readStream(accountStream(sampleAccountId), { limit: 100_000 })()
  return E.isRight(events) ? events.right : []
}

/** A log that holds these events again, at another time. */
const restoredFrom = async (events: ReadonlyArray<StoredEvent>): Promise<EventLog> => {
  const log = inMemoryLog({ clock: { now: () => 1 } })
  const again = events.map(({ id, type, schemaVersion, data, metadata }) => ({
    id,
    type,
    schemaVersion,
    data,
    metadata,
  }))
  await log.append(accountStream(sampleAccountId), 'no-stream', again)()
  return log
}

/** An account of 2,499 users and 2,501 events; its snapshot is at one of the last 501. */
const grown = async () => {
  const [log, viewStore] = [inMemoryLog(), inMemoryViewStore()]
  const mailbox = mailboxOn(log, viewStore)
  await give(mailbox, opening, ...users(0, 2_300))
  await give(mailbox, ...users(2_300, 2_499), deleteUser('user-7'))
  return { log, viewStore }
}

const further = [
  createUser(1),
  createUser(9_000, 'USER-8'),
  createUser(9_001, 'user-7'),
  deleteUser('user-2400'),
  deleteUser('user-2400'),
  deleteUser('nobody'),
]

/** What a mailbox without a snapshot says to the further commands; the log is put aside first. */
const answersOfFullFold = async (log: EventLog): Promise<ReadonlyArray<unknown>> =>
  give(mailboxOn(await copyOf(log), inMemoryViewStore()), ...further)

const copyOf = async (log: EventLog): Promise<EventLog> => restoredFrom(await eventsOf(log))

/** Replaces rows of a snapshot, keeping its checkpoint. */
const overwrite = async (
  store: ViewStore,
  changes: ReadonlyArray<readonly [table: string, key: string, value: string | null]>,
): Promise<void> => {
  const view = snapshotViewOf(sampleAccountId)
  const { position } = await store.load(view, SNAPSHOT_VERSION, () => undefined)
  const rows = changes.map(([table, key, value]) => ({ table, key, value }))
  await store.commit(view, SNAPSHOT_VERSION, position, position, rows)()
}

const checkpointOf = async (store: ViewStore): Promise<number> =>
  (await store.load(snapshotViewOf(sampleAccountId), SNAPSHOT_VERSION, () => undefined)).position

describe('a cold mailbox', () => {
  it('given a snapshot and a tail, then it decides as one that folded every event', async () => {
    const { log, viewStore } = await grown()
    expect(await checkpointOf(viewStore)).toBeGreaterThanOrEqual(2_000)
    const expected = await answersOfFullFold(log)
    const counted = counting(log)
    expect(await give(mailboxOn(counted.log, viewStore), ...further)).toEqual(expected)
    expect(counted.eventsRead()).toBeLessThanOrEqual(502)
  })

  it('given a snapshot, then time and place of an unchanged answer are the log’s', async () => {
    const { log, viewStore } = await grown()
    const answer = await mailboxOn(log, viewStore).send(createUser(1), circumstances())
    const last = (await eventsOf(log)).at(-1)
    expect(answer).toEqual(
      E.right({
        revision: last?.revision,
        position: last?.position,
        recordedAt: last?.recordedAt,
        events: [],
      }),
    )
  })

  it('given 10,000 events, then fewer than 2,100 are read', async () => {
    const [log, viewStore] = [inMemoryLog(), inMemoryViewStore()]
    const mailbox = mailboxOn(log, viewStore)
    await give(mailbox, opening)
    for (let n = 0; n < 9_999; n += 99) await give(mailbox, ...users(n, n + 99))
    expect(await eventsOf(log)).toHaveLength(10_000)
    const counted = counting(log)
    const answers = await give(mailboxOn(counted.log, viewStore), createUser(10_000))
    expect(answers).toMatchObject([{ revision: 10_000 }])
    expect(counted.eventsRead()).toBeLessThan(2_100)
  })

  it('given an account that grew before there were snapshots, then one is left behind', async () => {
    const { log } = await grown()
    const viewStore = inMemoryViewStore()
    await give(mailboxOn(log, viewStore), deleteUser('nobody'))
    expect(await checkpointOf(viewStore)).toBe(2_501)
    const counted = counting(log)
    await give(mailboxOn(counted.log, viewStore), deleteUser('nobody'))
    expect(counted.eventsRead()).toBe(1)
  })
})

describe('a snapshot that is in doubt', () => {
  const user = `user/${userIdOf(100)}`
  it.each([
    ['a row that is no JSON', [['state', user, '{']]],
    ['a row with a member too many', [['state', user, '{"userName":"x","admin":true}']]],
    ['a row that is lost', [['state', user, null]]],
    ['a row of nobody', [['state', 'user/nobody', '{"userName":"x"}']]],
    ['another last event', [['event', 'last', '["command-1/0",1,1]']]],
    ['no last event', [['event', 'last', null]]],
  ] as const)('given %s, then every event is read', async (_, changes) => {
    const { log, viewStore } = await grown()
    await overwrite(viewStore, changes)
    const expected = await answersOfFullFold(log)
    const counted = counting(log)
    expect(await give(mailboxOn(counted.log, viewStore), ...further)).toEqual(expected)
    expect(counted.eventsRead()).toBeGreaterThanOrEqual(2_501)
    expect(await checkpointOf(viewStore)).toBeGreaterThanOrEqual(2_501)
  })

  it('given a log that was restored to before it, then it is ignored and replaced', async () => {
    const { log, viewStore } = await grown()
    const shorter = await restoredFrom((await eventsOf(log)).slice(0, 101))
    const expected = await answersOfFullFold(shorter)
    expect(await give(mailboxOn(shorter, viewStore), ...further)).toEqual(expected)
    await give(mailboxOn(shorter, viewStore), ...users(10_000, 12_000))
    const counted = counting(shorter)
    await give(mailboxOn(counted.log, viewStore), deleteUser('nobody'))
    expect(counted.eventsRead()).toBeLessThan(500)
  })

  it('given a log that was restored and grew past it another way, then it is ignored', async () => {
    const { log, viewStore } = await grown()
    const other = await restoredFrom((await eventsOf(log)).slice(0, 101))
    await give(mailboxOn(other, inMemoryViewStore()), ...users(20_000, 23_000))
    const expected = await answersOfFullFold(other)
    expect(await give(mailboxOn(other, viewStore), ...further)).toEqual(expected)
  })

  it('given the state of another account, then every event is read', async () => {
    const { log, viewStore } = await grown()
    const rows = new Map<string, string>()
    await viewStore.load(snapshotViewOf(sampleAccountId), SNAPSHOT_VERSION, (table, key, value) =>
      rows.set(`${table}/${key}`, value),
    )
    const own = rows.get('state/account') ?? ''
    const foreign = own.replace(sampleAccountId, otherAccountId)
    expect(foreign).not.toBe(own)
    await overwrite(viewStore, [['state', 'account', foreign]])
    const counted = counting(log)
    await give(mailboxOn(counted.log, viewStore), deleteUser('nobody'))
    expect(counted.eventsRead()).toBeGreaterThanOrEqual(2_501)
  })
})

describe('storing a snapshot', () => {
  it('given a crash between append and snapshot, then nothing is lost', async () => {
    const [log, viewStore] = [inMemoryLog(), inMemoryViewStore()]
    const dead: ViewStore = { ...viewStore, commit: () => () => new Promise(() => undefined) }
    const mailbox = mailboxOn(log, dead)
    const sent = [opening, ...users(0, 2_400)].map((one) => mailbox.send(one, circumstances()))
    expect((await Promise.all(sent)).filter(E.isLeft)).toEqual([])
    const expected = await answersOfFullFold(log)
    expect(await give(mailboxOn(log, viewStore), ...further)).toEqual(expected)
  })

  it('given a store that fails, then commands go on and it is not asked again', async () => {
    const log = inMemoryLog()
    let asked = 0
    const failing: ViewStore = {
      ...inMemoryViewStore(),
      commit: () => async () => {
        asked += 1
        return E.left({ type: 'ViewStoreFailed', detail: 'disk full' })
      },
    }
    const mailbox = mailboxOn(log, failing)
    await give(mailbox, opening, ...users(0, 2_500))
    await give(mailbox, ...users(2_500, 5_000))
    expect(await give(mailbox, createUser(5_000))).toMatchObject([{ revision: 5_001 }])
    expect(asked).toBe(1)
  })

  it('given a store that throws, then the account is still decided on', async () => {
    const broken = async () => Promise.reject(new Error('no file'))
    const viewStore: ViewStore = { ...inMemoryViewStore(), load: broken, reset: broken }
    const mailbox = mailboxOn(inMemoryLog(), viewStore)
    expect(await give(mailbox, opening, ...users(0, 2_500))).toHaveLength(2_501)
    expect(await give(mailbox, createUser(2_500))).toMatchObject([{ revision: 2_501 }])
  })

  it('given a slow store, then commands do not wait, idle does, and one is stored at a time', async () => {
    const viewStore = inMemoryViewStore()
    let [open, openMax] = [0, 0]
    const gates: Array<() => void> = []
    const slow: ViewStore = {
      ...viewStore,
      commit:
        (...commit) =>
        async () => {
          open += 1
          openMax = Math.max(openMax, open)
          await new Promise<void>((resolve) => gates.push(resolve))
          open -= 1
          return viewStore.commit(...commit)()
        },
    }
    const mailbox = mailboxOn(inMemoryLog(), slow)
    const sent = [opening, ...users(0, 6_000)].map((one) => mailbox.send(one, circumstances()))
    expect((await Promise.all(sent)).filter(E.isLeft)).toEqual([])
    let idle = false
    const waiting = mailbox.idle().then(() => {
      idle = true
    })
    while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect([idle, openMax, await checkpointOf(viewStore)]).toEqual([false, 1, 0])
    for (const gate of gates) gate()
    await waiting
    expect(openMax).toBe(1)
    expect(await checkpointOf(viewStore)).toBeGreaterThanOrEqual(2_000)
  })
})
