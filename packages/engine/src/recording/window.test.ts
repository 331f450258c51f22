/** Windows between positions: which calls of any life of an account they hold. */
import { type AccountEvent, type AccountId, accountStream, UserName } from '@grantlog/domain'
import { known, otherAccountId, sampleAccountId, userIdOf } from '@grantlog/domain/testing'
import { historyView, lastChangeAt, recordingView } from '@grantlog/views'
import { RECORD_STARTS_AT, rootActor } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import type { Moment, Views } from '../engine.js'
import { NO_METER } from '../observer.js'
import type { Vault } from '../ports.js'
import { appendAnyhow } from '../retry.js'
import { decodeEvent, encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/in-memory-log.js'
import type { JudgedAccess } from './judged-access.js'
import { recordingCalls } from './recording-calls.js'
import { windowOf } from './window.js'

const accountId: AccountId = sampleAccountId
const NOW: Moment = { type: 'Now' }
const at = (position: number): Moment => ({ type: 'AtPosition', position })
const then = (time: number): Moment => ({ type: 'AtTime', time })

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

type Entry = { readonly time: number; readonly at: number }
type Call = Entry & { readonly requestId: string; readonly judgedAt: number }
type Written = Entry & { readonly position: number; readonly recordedAt: number }

/** An account on a log with others, and what happened in order: `at` counts that. */
const openLife = async () => {
  let now = RECORD_STARTS_AT
  let happened = 0
  let applied = 0
  const clock = { now: () => now }
  const log = inMemoryLog({ clock })
  const views = { history: historyView.empty(), recording: recordingView.empty() } as Views
  const calls = recordingCalls({
    log,
    vault: { sealPersonal: () => TE.right('pii1.AAAA') } as unknown as Vault,
    clock,
    ids: {
      eventId: (id: string, index: number) => `${id}/${index}`,
      requestId: () => `batch-${applied}-${now}-${happened}`,
    } as Parameters<typeof recordingCalls>[0]['ids'],
    meter: NO_METER,
    views,
    applied: () => applied,
    readyFor: async () => E.right(undefined),
  })
  const noted: Array<Call> = []
  const written: Array<Written> = []

  const follow = async (): Promise<void> => {
    for (const stored of right(await log.readAll({ after: applied, limit: 1_000 })())) {
      const recorded = right(decodeEvent(stored))
      historyView.apply(views.history, recorded)
      recordingView.apply(views.recording, recorded)
      applied = stored.position
      const { position, recordedAt } = stored
      written.push({ time: now, at: happened, position, recordedAt })
    }
  }
  const change = async (of: AccountId): Promise<void> => {
    happened += 1
    const user = { userId: userIdOf(happened), userName: known(UserName, `user-${happened}`) }
    const isFirst = lastChangeAt(views.history, of, applied) === 0
    const event: AccountEvent = isFirst
      ? { type: 'AccountCreated', accountId: of }
      : { type: 'UserCreated', ...user }
    const id = `change-${happened}`
    const actor = rootActor(of)
    const stored = encodeEvent(id, event, { commandId: id, requestId: id, actor })
    right(await appendAnyhow(log, accountStream(of), stored))
    await follow()
  }
  const call = (): void => {
    happened += 1
    const requestId = `request-${happened}`
    const judgedAt = lastChangeAt(views.history, accountId, applied)
    const access: JudgedAccess = {
      requestId,
      action: 'ots:GetRow',
      resources: ['*'],
      outcome: 'Denied',
      code: '',
      position: judgedAt,
      principal: { type: 'Root' },
    }
    calls.noteAccess(accountId, access, () => access)
    noted.push({ requestId, time: now, at: happened, judgedAt })
  }
  const list = async (from: Moment, to: Moment): Promise<ReadonlySet<string>> => {
    const question = { window: { from, to }, filter: {}, limit: 1_000 }
    const { records } = right(await calls.listAccess(accountId, question)())
    return new Set(records.map(({ requestId }) => requestId))
  }
  /** To ask stores what was noted, in a stream that is not the account's. */
  const store = async (): Promise<void> => {
    happened += 1
    await list(NOW, NOW)
    await follow()
  }
  const wait = (ms: number): void => {
    now += ms
  }
  await change(accountId)
  const bounds = (from: Moment, to: Moment) =>
    windowOf({ log, views }, accountId, { from, to }, { applied, now })
  return { calls, noted, written, change, call, list, store, wait, bounds, log, views }
}

type Life = Awaited<ReturnType<typeof openLife>>

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<(life: Life) => void | Promise<void>>(
      ({ change }) => change(accountId),
      ({ change }) => change(otherAccountId),
      ({ call }) => call(),
      ({ call }) => call(),
      ({ store }) => store(),
    ),
    fc.nat({ max: 2 }),
  ),
  { minLength: 4, maxLength: 24 },
)

const lived = async (taken: ReadonlyArray<readonly [(life: Life) => unknown, number]>) => {
  const life = await openLife()
  for (const [step, ms] of taken) {
    await step(life)
    life.wait(ms)
  }
  await life.store()
  return life
}

describe('a window between positions', () => {
  it('given any life, then it holds the calls made after the one event and before the other', async () => {
    let apart = 0
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { noted, written, list, views } = await lived(taken)
        for (const { at: moment, recordedAt, position } of written) {
          const since = await list(at(position), NOW)
          const until = await list(NOW, at(position))
          const changed = lastChangeAt(views.history, accountId, position)
          for (const { at: made, time, judgedAt, requestId } of noted) {
            // Within a millisecond only a change of the account tells what came first.
            const isTie = time === recordedAt
            const isAfter = made > moment || (isTie && judgedAt === changed)
            const isBefore = made < moment || (isTie && judgedAt <= position)
            expect([since.has(requestId), until.has(requestId)]).toEqual([isAfter, isBefore])
            if (isAfter !== isBefore && position !== changed) apart += 1
          }
        }
      }),
      { numRuns: 30 },
    )
    expect(apart).toBeGreaterThan(0)
  })

  it('given two positions of any life, then it holds what both of its ends hold', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), fc.nat(), async (taken, one, other) => {
        const { written, list } = await lived(taken)
        const places = [one, other].map((n) => (n % written.length) + 1).sort((a, b) => a - b)
        const [from, to] = places.map(at) as [Moment, Moment]
        const until = await list(NOW, to)
        const both = [...(await list(from, NOW))].filter((requestId) => until.has(requestId))
        expect([...(await list(from, to))]).toEqual(both)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the bounds of a window', () => {
  /** The account is opened, then 10 ms pass before each: a call, its record, another account. */
  const openStory = async () => {
    const life = await openLife()
    for (const step of [life.call, life.store, () => life.change(otherAccountId)]) {
      life.wait(10)
      await step()
    }
    life.wait(10)
    return life
  }
  const END = RECORD_STARTS_AT + 40

  it('given a position of an event that is none of the account, then its time counts', async () => {
    const { bounds } = await openStory()
    expect(await bounds(at(2), at(3))).toEqual(
      E.right({
        from: RECORD_STARTS_AT + 20,
        to: RECORD_STARTS_AT + 30,
        fromPosition: 1,
        toPosition: 3,
      }),
    )
  })

  it('given an end that lies before the beginning, then the window is empty', async () => {
    const { bounds } = await openStory()
    const empty = (from: number) => E.left({ type: 'WindowEmpty', from })
    expect(await bounds(at(2), then(RECORD_STARTS_AT + 19))).toEqual(empty(RECORD_STARTS_AT + 20))
    expect(await bounds(then(END), at(3))).toEqual(empty(END))
    expect(await bounds(at(3), at(2))).toEqual(empty(RECORD_STARTS_AT + 30))
    expect(await bounds(NOW, at(0))).toEqual(empty(RECORD_STARTS_AT))
  })

  it('given a position beyond what is applied, then it is not reached', async () => {
    const { bounds } = await openStory()
    expect(await bounds(at(4), NOW)).toEqual(E.left({ type: 'MomentNotReached', applied: 3 }))
    expect(await bounds(NOW, at(4))).toEqual(E.left({ type: 'MomentNotReached', applied: 3 }))
  })

  it('given a log with gaps, then a position in one reaches to the events around it', async () => {
    const { log, views } = await openStory()
    // Nothing stands at position 2 here: the next event after the first is that at position 3.
    const readAll: typeof log.readAll = ({ after, limit }) =>
      log.readAll({ after: after === 1 ? 2 : after, limit })
    const given = { from: at(2), to: at(2) }
    const present = { applied: 3, now: END }
    expect(await windowOf({ log: { readAll }, views }, accountId, given, present)).toMatchObject(
      E.right({ from: RECORD_STARTS_AT, to: RECORD_STARTS_AT + 30 }),
    )
  })

  it('given a log that cannot be read, then that is the answer', async () => {
    const { views } = await openStory()
    const fault = { type: 'LogFailed', detail: 'told to fail' } as const
    const present = { applied: 3, now: END }
    for (const given of [
      { from: at(2), to: NOW },
      { from: NOW, to: at(2) },
    ])
      expect(
        await windowOf(
          { log: { readAll: () => TE.left(fault) }, views },
          accountId,
          given,
          present,
        ),
      ).toEqual(E.left(fault))
  })

  it('given a log whose clock is ahead, then the window ends now and is not empty', async () => {
    const { log, views } = await openStory()
    const present = { applied: 3, now: RECORD_STARTS_AT + 25 }
    const given = { from: at(3), to: NOW }
    expect(await windowOf({ log, views }, accountId, given, present)).toMatchObject(
      E.right({ from: present.now, to: present.now }),
    )
  })
})
