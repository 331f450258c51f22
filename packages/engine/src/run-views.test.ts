/** The view reader: resuming, holes, unknown and unreadable events, and waiting for a position. */
import { type AccountId, accessStream, accountStream } from '@grantlog/domain'
import { type Table, table, type View, type ViewState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { viewDigest } from './digest.js'
import type { EventLog, NewEvent, StoredEvent, ViewStore } from './ports.js'
import { isQuarantined, unknownEvents } from './reader-state.js'
import { followView, runViews } from './run-views.js'
import { encodeEvent } from './stored-event.js'
import { inMemoryLog, inMemoryViewStore } from './testing/index.js'

const accountId = '1234567890123456' as AccountId
const otherId = '6543210987654321' as AccountId

type SeenState = ViewState & { readonly tables: { readonly seen: Table<string> } }
/** Remembers which event types it saw, by position. */
const seenView: View<SeenState> = {
  name: 'seen',
  version: 1,
  empty: () => ({ tables: { seen: table<string>() } }),
  apply: (state, { position, event }) => {
    state.tables.seen.set(String(position), event.type)
    return state
  },
  reindex: (state) => state,
}

const opened = (id: AccountId): NewEvent =>
  encodeEvent(
    `opened-${id}`,
    { type: 'AccountCreated', accountId: id },
    {
      commandId: 'c',
      requestId: 'R',
      actor: {
        accountId: id,
        principalType: 'System',
        principalId: 'test',
        arn: 'acs:grantlog::1:test',
      },
    },
  )
const grouped = (n: number): NewEvent => ({
  ...opened(accountId),
  id: `group-${n}`,
  type: 'GroupCreated',
  data: JSON.stringify({ groupId: `g-${String(n).padStart(14, '0')}`, groupName: `group-${n}` }),
})

const append = async (log: EventLog, stream: string, ...events: ReadonlyArray<NewEvent>) => {
  const appended = await log.append(stream, 'any', events)()
  if (E.isLeft(appended)) throw new Error(appended.left.type)
  return appended.right.position
}

const start = async (log: EventLog, store: ViewStore) => {
  const head = await log.head()()
  if (E.isLeft(head)) throw new Error('no head')
  const { state, followed } = await followView(store, seenView, head.right)
  const reasons: string[] = []
  const reader = await runViews(log, store, head.right, [followed], (reason) =>
    reasons.push(reason),
  )
  return { state, reader, reasons }
}

describe('the view reader', () => {
  it('given a restart, then it resumes from the stored rows and ends with the same digest as a rebuild', async () => {
    const log = inMemoryLog()
    const store = inMemoryViewStore()
    const stream = accountStream(accountId)
    const first = await start(log, store)
    await first.reader.waitFor(await append(log, stream, opened(accountId), grouped(1)))
    await first.reader.stop()

    const position = await append(log, stream, grouped(2))
    const second = await start(log, store)
    expect(E.isRight(await second.reader.waitFor(position))).toBe(true)
    const rebuilt = await start(log, inMemoryViewStore())
    await rebuilt.reader.waitFor(position)
    expect(viewDigest(second.state)).toBe(viewDigest(rebuilt.state))
    expect(second.state.tables.seen.size()).toBe(3)
  })

  it('given rows stored ahead of the log, then the view starts anew', async () => {
    const store = inMemoryViewStore()
    const longer = inMemoryLog()
    const first = await start(longer, store)
    await first.reader.waitFor(
      await append(longer, accountStream(accountId), opened(accountId), grouped(1)),
    )
    await first.reader.stop()

    const shorter = inMemoryLog()
    const position = await append(shorter, accountStream(otherId), opened(otherId))
    const second = await start(shorter, store)
    await second.reader.waitFor(position)
    expect([...second.state.tables.seen.entries()]).toEqual([['1', 'AccountCreated']])
  })

  it('given a hole in a stream, then it stops and whoever waits is refused', async () => {
    const log = inMemoryLog()
    await append(log, accountStream(accountId), opened(accountId), grouped(1), grouped(2))
    const withoutSecond = (events: ReadonlyArray<StoredEvent>) =>
      events.filter(({ revision }) => revision !== 1)
    const holed: EventLog = {
      ...log,
      subscribe: (after, handler) =>
        log.subscribe(after, {
          ...handler,
          onEvents: (events) => handler.onEvents(withoutSecond(events)),
        }),
    }
    const { reader, reasons } = await start(holed, inMemoryViewStore())
    const waited = await reader.waitFor(3)
    expect(E.isLeft(waited) && waited.left.type).toBe('EngineStopped')
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toContain('goes on at revision 2 where 1 was due')
  })

  it('given an unknown event that is not critical, then it is counted and passed', async () => {
    const log = inMemoryLog()
    const unknown = {
      ...opened(accountId),
      id: 'u',
      type: 'WeatherObserved',
      metadata: '{"critical":false}',
    }
    const position = await append(
      log,
      accountStream(accountId),
      opened(accountId),
      unknown,
      grouped(1),
    )
    const { reader } = await start(log, inMemoryViewStore())
    expect(E.isRight(await reader.waitFor(position))).toBe(true)
    expect(unknownEvents(reader.reader)).toBe(1)
  })

  it('given an unknown event that is critical or does not say, then the reader stops', async () => {
    for (const metadata of ['{"critical":true}', '{}', 'not json']) {
      const log = inMemoryLog()
      const unknown = { ...opened(accountId), id: 'u', type: 'GrantShrunk', metadata }
      await append(log, accountStream(accountId), unknown)
      const { reader, reasons } = await start(log, inMemoryViewStore())
      expect(E.isLeft(await reader.waitFor(1))).toBe(true)
      expect(reasons[0]).toContain('GrantShrunk')
    }
  })

  it('given an unreadable event of one account, then that account is quarantined and the others go on', async () => {
    const log = inMemoryLog()
    const broken = { ...grouped(1), data: '{"groupId":1}' }
    await append(log, accountStream(accountId), opened(accountId), broken, grouped(2))
    const position = await append(log, accountStream(otherId), opened(otherId))
    const { state, reader } = await start(log, inMemoryViewStore())
    await reader.waitFor(position)
    expect(isQuarantined(reader.reader, accountId)).toBe(true)
    expect(isQuarantined(reader.reader, otherId)).toBe(false)
    expect([...state.tables.seen.entries()].map(([key]) => key)).toEqual(['1', '4'])
  })

  it('given a batch of records that nobody can read, then the views pass it by and go on', async () => {
    const log = inMemoryLog()
    await append(log, accountStream(accountId), opened(accountId))
    const batch = { ...opened(accountId), id: 'batch', type: 'AccessRecorded', data: '{"broken' }
    await append(log, accessStream(accountId, 0), batch)
    const position = await append(log, accountStream(accountId), grouped(1))
    const { state, reader, reasons } = await start(log, inMemoryViewStore())
    expect(await reader.waitFor(position)).toEqual(E.right(undefined))
    expect(reasons).toEqual([])
    expect(isQuarantined(reader.reader, accountId)).toBe(false)
    expect([...state.tables.seen.entries()].map(([key]) => key)).toEqual(['1', '3'])
  })

  it('given a position that never comes, then waiting ends with a refusal', async () => {
    const { reader } = await start(inMemoryLog(), inMemoryViewStore())
    const waited = await reader.waitFor(1)
    expect(waited).toEqual(E.left({ type: 'ViewsBehind', applied: 0, wanted: 1 }))
  })
})
