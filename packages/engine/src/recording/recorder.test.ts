/** Decisions on their way to the log: in batches, bounded, and counted where they are lost. */
import { AccessRecording, type AccountId, EntityId, type UserId } from '@grantlog/domain'
import { known, sampleAccountId, userIdOf } from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import type { EventLog } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/in-memory-log.js'
import { newBatch } from './batch.js'
import { BATCH_RECORDS_MAX } from './batch-lists.js'
import type { JudgedAccess, JudgedPrincipal } from './judged-access.js'
import { keeps } from './keeps.js'
import { accessRecorder, type Recorder, type RecorderLimits } from './recorder.js'

const NOW = Date.parse('2026-01-02T03:04:05Z')
const accountId: AccountId = sampleAccountId
const access = (n: number, more: Partial<JudgedAccess> = {}): JudgedAccess => ({
  requestId: `request-${n}`,
  principal: { type: 'User', userId: userIdOf(n % 3) },
  action: 'ots:GetRow',
  resources: [`acs:ots:*:${accountId}:instance/${n % 5}`],
  context: new Map([
    ['acs:currenttime', [new Date(NOW - n).toISOString()]],
    ['acs:sourceip', ['192.0.2.1']],
  ]),
  outcome: n % 2 === 0 ? 'Allowed' : 'Denied',
  code: '',
  position: n,
  ...more,
})

const recorderOn = (append: EventLog['append'], setting: unknown, limits?: RecorderLimits) => {
  const counted = { recorded: 0, lost: new Map<string, number>() }
  let ids = 0
  const recorder = accessRecorder({
    log: { append },
    vault: { sealPersonal: () => TE.right('pii1.AAAA') },
    clock: { now: () => NOW },
    ids: {
      eventId: (id, index) => `${id}/${index}`,
      requestId: () => {
        ids += 1
        return `batch-${ids}`
      },
    },
    meter: {
      accessRecorded: (records) => {
        counted.recorded += records
      },
      accessLost: (reason, records) =>
        void counted.lost.set(reason, (counted.lost.get(reason) ?? 0) + records),
    },
    settingOf: () => known(AccessRecording, setting),
    ...(limits === undefined ? {} : { limits }),
  })
  return { recorder, counted }
}

/** The events of access on a log, decoded. */
const eventsOn = async (log: EventLog) => {
  const stored = await log.readAll({ after: 0, limit: 1_000 })()
  if (E.isLeft(stored)) throw new Error(stored.left.type)
  return stored.right.map((event) => {
    const decoded = decodeEvent(event)
    if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left))
    return decoded.right.event
  })
}
const openOn = (setting: unknown, limits?: RecorderLimits) => {
  const log = inMemoryLog({ clock: { now: () => NOW } })
  return { log, ...recorderOn(log.append, setting, limits) }
}

const note = ({ note }: Pick<Recorder, 'note'>, access: JudgedAccess): void =>
  note(accountId, access, () => access)

describe('the recorder', () => {
  it('given many decisions, then they are one batch in which what repeats is there once', async () => {
    const { log, recorder, counted } = openOn({ type: 'All' })
    for (let n = 0; n < 600; n += 1) note(recorder, access(n))
    await recorder.stop()
    const [batch, ...others] = await eventsOn(log)
    expect(others).toEqual([])
    if (batch?.type !== 'AccessRecorded') throw new Error('no batch')
    expect(batch.principals).toHaveLength(3)
    expect(batch.contexts).toEqual([
      { values: {}, hasTime: true, sealed: 'pii1.AAAA', subject: accountId },
    ])
    expect(batch.questions).toHaveLength(15)
    expect(batch.records.position).toEqual(Array.from({ length: 600 }, (_, n) => n))
    expect(batch.records.time[7]).toBe(NOW - 7)
    expect(counted.recorded).toBe(600)
  })

  it('given keys and subjects of one principal, then they are told apart, each kept once', async () => {
    const { log, recorder } = openOn({ type: 'All' })
    const entityId = known(EntityId, `e-${'0'.repeat(32)}`)
    const principals: ReadonlyArray<JudgedPrincipal> = [
      { type: 'Root', accessKeyId: 'LTAI1' },
      { type: 'User', userId: userIdOf(1), accessKeyId: 'LTAI1' },
      { type: 'User', userId: userIdOf(1), accessKeyId: 'LTAI2' },
      { type: 'User', userId: userIdOf(1), entityId },
      { type: 'User', userId: userIdOf(1) },
      { type: 'Unrecorded', entityId },
      { type: 'Unrecorded', entityId: known(EntityId, `e-${'1'.repeat(32)}`) },
    ]
    for (let n = 0; n < 50; n += 1)
      for (const principal of principals) note(recorder, access(0, { principal, position: n }))
    await recorder.stop()
    const [batch] = await eventsOn(log)
    if (batch?.type !== 'AccessRecorded') throw new Error('no batch')
    expect(batch.principals).toEqual(principals)
    expect(batch.questions).toHaveLength(principals.length)
  })

  it('given more than a batch holds, then nothing is lost and all batches fit an event', async () => {
    const { log, recorder, counted } = openOn({ type: 'All' })
    for (let n = 0; n < 300; n += 1)
      note(recorder, access(n, { resources: [`acs:oss:*:${accountId}:${'x'.repeat(2_000)}${n}`] }))
    await recorder.stop()
    const events = await eventsOn(log)
    expect(events.length).toBeGreaterThan(1)
    expect(counted).toEqual({ recorded: 300, lost: new Map() })
  })

  it('given a log that does not answer, then what is too much is shed, counted and on record', async () => {
    const log = inMemoryLog({ clock: { now: () => NOW } })
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const append: EventLog['append'] = (stream, expected, events) => async () => {
      await gate
      return log.append(stream, expected, events)()
    }
    const limits = { recordsMax: 100, bytesMax: 10_000_000 }
    const { recorder, counted } = recorderOn(append, { type: 'All' }, limits)
    for (let n = 0; n < 1_000; n += 1) note(recorder, access(n))
    expect(counted.lost).toEqual(new Map([['Overloaded', 900]]))
    release()
    await recorder.stop()
    const events = await eventsOn(log)
    expect(events.map(({ type }) => type).sort()).toEqual(['AccessRecorded', 'AccessRecordsLost'])
    expect(events.find(({ type }) => type === 'AccessRecordsLost')).toEqual({
      type: 'AccessRecordsLost',
      accountId,
      lost: 900,
      reason: 'Overloaded',
      fromPosition: 100,
      toPosition: 999,
      from: NOW,
      to: NOW,
    })
    note(recorder, access(2_000))
    await recorder.stop()
    expect(counted.recorded).toBe(101)
  })

  it('given a decision that the account does not want, then nobody is asked what it was', async () => {
    const { log, recorder } = openOn({ type: 'Denials' })
    const asked: string[] = []
    for (const outcome of ['Allowed', 'Denied'] as const)
      recorder.note(accountId, { outcome, requestId: 'r' }, () => {
        asked.push(outcome)
        return access(1)
      })
    await recorder.stop()
    expect(asked).toEqual(['Denied'])
    expect(await eventsOn(log)).toMatchObject([{ answers: [{ outcome: 'Denied' }] }])
  })

  it('given a log that is dead, then the decisions are counted as lost and nothing waits', async () => {
    const append = () => TE.left({ type: 'LogFailed' as const, detail: 'told to fail' })
    const { recorder, counted } = recorderOn(append, { type: 'All' })
    for (let n = 0; n < 10; n += 1) note(recorder, access(n))
    await recorder.stop()
    expect(counted).toEqual({ recorded: 0, lost: new Map([['NotStored', 10]]) })
  })

  it('given one call that is too large, then it alone is lost', async () => {
    const { log, recorder, counted } = openOn({ type: 'All' })
    note(recorder, access(1, { context: new Map([['k', ['x'.repeat(300_000)]]]) }))
    note(recorder, access(2))
    await recorder.stop()
    expect(counted).toEqual({ recorded: 1, lost: new Map([['TooLarge', 1]]) })
    expect((await eventsOn(log)).map(({ type }) => type).sort()).toEqual([
      'AccessRecorded',
      'AccessRecordsLost',
    ])
  })

  it('given each setting, then it keeps what it says', async () => {
    const recorded = async (setting: unknown): Promise<number> => {
      const { recorder, counted } = openOn(setting)
      for (let n = 0; n < 1_000; n += 1) note(recorder, access(n))
      await recorder.stop()
      return counted.recorded
    }
    expect(await recorded({ type: 'All' })).toBe(1_000)
    expect(await recorded({ type: 'Denials' })).toBe(500)
    expect(await recorded({ type: 'Off' })).toBe(0)
    const sampled = await recorded({ type: 'Sampled', oneIn: 10 })
    expect(sampled).toBe(await recorded({ type: 'Sampled', oneIn: 10 }))
    expect(sampled).toBeGreaterThan(50)
    expect(sampled).toBeLessThan(200)
  })

  it('given one request with several decisions, then a sample has all of them or none', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 100 }), (requestId, oneIn) => {
        const setting = known(AccessRecording, { type: 'Sampled', oneIn })
        const kept = (['Allowed', 'Denied'] as const).map((outcome) =>
          keeps(setting, { outcome, requestId }),
        )
        expect(kept[0]).toBe(kept[1])
      }),
    )
  })
})

describe('a batch', () => {
  const calls = fc.array(
    fc.record({
      requestId: fc.constantFrom('a', 'b', 'c'),
      principal: fc.constantFrom(
        { type: 'Root' as const },
        { type: 'User' as const, userId: userIdOf(1) as UserId },
        { type: 'User' as const, userId: userIdOf(2) as UserId },
      ),
      action: fc.constantFrom('ots:GetRow', 'ots:PutRow'),
      resources: fc.array(fc.constantFrom('x', 'y', 'x\ny'), { maxLength: 3 }),
      outcome: fc.constantFrom('Allowed' as const, 'Denied' as const, 'Refused' as const),
      code: fc.constantFrom('', 'NoPermission'),
      position: fc.nat(),
      context: fc.constantFrom(
        new Map([['acs:securetransport', ['true']]]),
        new Map([['acs:sourceip', ['192.0.2.1']]]),
        new Map<string, ReadonlyArray<string>>(),
      ),
    }),
  )

  /** What a batch of these calls says that they were. */
  const toldOf = (given: ReadonlyArray<JudgedAccess>) => {
    const batch = newBatch(accountId)
    for (const call of given) batch.add(call, NOW)
    const { records, questions, principals, contexts, answers, requestIds } = batch.draft()
    return records.position.map((position, i) => {
      const question = questions[records.question[i] ?? -1]
      const context = contexts[question?.context ?? -1]
      return {
        requestId: requestIds[records.request[i] ?? -1],
        principal: principals[question?.principal ?? -1],
        action: question?.action,
        resources: question?.resources,
        ...answers[records.answer[i] ?? -1],
        position,
        context: new Map([
          ...Object.entries(context?.values ?? {}),
          ...Object.entries(JSON.parse(context?.personal || '{}')),
        ]),
      }
    })
  }

  it('given any calls, then each is told as it was', () => {
    fc.assert(
      fc.property(calls, (given) => {
        expect(toldOf(given)).toEqual(given)
      }),
    )
  })

  it('given as many different calls as it takes, then each is told as it was', () => {
    const given = Array.from({ length: BATCH_RECORDS_MAX }, (_, n): JudgedAccess => {
      const of = (count: number): number => (Math.imul(n + 1, 0x9e3779b1) >>> 0) % count
      return {
        requestId: `request-${n}`,
        principal: { type: 'User', userId: userIdOf(of(n % 2 === 0 ? 7 : 2_000)) as UserId },
        action: `ots:Do${of(n % 3 === 0 ? 5 : 2_000)}`,
        resources: n % 5 === 0 ? [`a${of(11)}`, `b${n}`] : [`x${of(n % 7 === 0 ? 3 : 2_000)}`],
        outcome: n % 2 === 0 ? 'Allowed' : 'Denied',
        code: '',
        position: n,
        context: new Map([['acs:sourceip', [`192.0.2.${of(n % 11 === 0 ? 13 : 2_000)}`]]]),
      }
    })
    expect(toldOf(given)).toEqual(given)
  })

  it.each([
    ['of now', '2026-03-01T12:00:00.000Z', true],
    ['of another day', '2026-02-01T12:00:00.000Z', false],
    ['in another spelling', '2026-03-01T12:00:00Z', false],
  ])('given a context with a time %s, then it is that of the record or not', (_, time, isTime) => {
    const batch = newBatch(accountId)
    const call = { requestId: 'r', action: 'a:B', resources: ['x'], outcome: 'Denied', code: '' }
    const context = new Map([['acs:currenttime', [time]]])
    batch.add({ ...call, position: 1, context } as JudgedAccess, Date.parse('2026-03-01T12:00:01Z'))
    const { records, contexts } = batch.draft()
    expect(contexts[0]?.hasTime).toBe(isTime)
    const expected = isTime ? '2026-03-01T12:00:00.000Z' : '2026-03-01T12:00:01.000Z'
    expect(records.time).toEqual([Date.parse(expected)])
  })
})
