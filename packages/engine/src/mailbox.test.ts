/** The mailbox: batching, order, lost races and unknown outcomes, on the in-memory log. */
import {
  type AccountCommand,
  type AccountId,
  type AccountRefusal,
  accountDecider,
  accountStream,
  DEFAULT_QUOTAS,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Circumstances, EngineError, Executed } from './engine.js'
import { accountMailbox } from './mailbox.js'
import type { EventLog } from './ports.js'
import { inMemoryLog, inMemoryViewStore } from './testing/index.js'

const accountId = '1234567890123456' as AccountId
const decider = accountDecider(DEFAULT_QUOTAS)
const ids = { eventId: (commandId: string, index: number) => `${commandId}/${index}` }

let commands = 0
const circumstances = (): Circumstances => {
  commands += 1
  return {
    commandId: `command-${commands}`,
    requestId: `REQUEST-${commands}`,
    actor: { accountId, principalType: 'Root', principalId: accountId, arn: 'acs:ram::1:root' },
  }
}
const open = { type: 'OpenAccount', accountId } as AccountCommand
const createUser = (n: number): AccountCommand =>
  ({
    type: 'CreateUser',
    userId: `2${String(n).padStart(17, '0')}`,
    userName: `user-${n}`,
  }) as AccountCommand

type Answer = E.Either<AccountRefusal | EngineError, Executed>
const refusalOf = (answer: Answer): string =>
  E.isLeft(answer) ? answer.left.type : `accepted at ${answer.right.revision}`

const storedIn = async (log: EventLog) => {
  const events = await log.readStream(accountStream(accountId), { limit: 10_000 })()
  return E.isRight(events) ? events.right : []
}
/** Counts how many appends reach a log. */
const counting = (log: EventLog) => {
  let appends = 0
  const counted: EventLog = {
    ...log,
    append: (...args) => {
      appends += 1
      return log.append(...args)
    },
  }
  return { log: counted, appends: () => appends }
}

const mailboxOf = (log: EventLog, isSoleWriter = true) =>
  accountMailbox({ log, ids, decider, viewStore: inMemoryViewStore(), isSoleWriter }, accountId)

describe('a mailbox', () => {
  it('given many commands at once, then they share appends and all are answered in order', async () => {
    const { log, appends } = counting(inMemoryLog())
    const mailbox = mailboxOf(log)
    const answers = await Promise.all([
      mailbox.send(open, circumstances()),
      ...Array.from({ length: 200 }, (_, n) => mailbox.send(createUser(n), circumstances())),
    ])
    expect(answers.filter(E.isLeft)).toEqual([])
    expect(appends()).toBeLessThan(5)
    const stored = await storedIn(log)
    expect(stored.map(({ revision }) => revision)).toEqual(Array.from({ length: 201 }, (_, n) => n))
  })

  it('given the same name twice in one batch, then the second is refused', async () => {
    const log = inMemoryLog()
    const mailbox = mailboxOf(log)
    const twin = { ...createUser(2), userName: 'USER-1' } as AccountCommand
    const answers = await Promise.all([
      mailbox.send(open, circumstances()),
      mailbox.send(createUser(1), circumstances()),
      mailbox.send(twin, circumstances()),
    ])
    expect(answers.map(refusalOf)).toEqual(['accepted at 1', 'accepted at 1', 'UserAlreadyExists'])
    expect(await storedIn(log)).toHaveLength(2)
  })

  it('given two mailboxes on one account, then a lost race is decided again and no name is given twice', async () => {
    const log = inMemoryLog()
    const left = mailboxOf(log, false)
    const right = mailboxOf(log, false)
    await left.send(open, circumstances())
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => {
        const command = { ...createUser(n), userName: `user-${n >> 1}` } as AccountCommand
        return (n % 2 === 0 ? left : right).send(command, circumstances())
      }),
    )
    expect(answers.filter(E.isRight)).toHaveLength(50)
    expect(new Set(answers.filter(E.isLeft).map(refusalOf))).toEqual(new Set(['UserAlreadyExists']))
    const names = (await storedIn(log)).slice(1).map(({ data }) => JSON.parse(data).userName)
    expect(new Set(names).size).toBe(50)
  })

  it('given what another mailbox did meanwhile, then a refusal does not rest on the past', async () => {
    const log = inMemoryLog()
    const left = mailboxOf(log, false)
    const right = mailboxOf(log, false)
    await left.send(open, circumstances())
    await left.send(createUser(1), circumstances())
    const { userName } = createUser(1) as { readonly userName: string }
    const twin = { ...createUser(3), userName } as AccountCommand
    expect(refusalOf(await right.send(twin, circumstances()))).toBe('UserAlreadyExists')
    const gone = { type: 'DeleteUser', userName } as AccountCommand
    expect(refusalOf(await left.send(gone, circumstances()))).toMatch('accepted')
    const again = { ...createUser(2), userName } as AccountCommand
    expect(refusalOf(await right.send(again, circumstances()))).toMatch('accepted')
  })

  it('given an append whose outcome is unknown, then it is said again and the log holds it once', async () => {
    const log = inMemoryLog()
    let doubts = 2
    const doubtful: EventLog = {
      ...log,
      append: (stream, expected, events) => async () => {
        const outcome = await log.append(stream, expected, events)()
        doubts -= 1
        return doubts < 0 ? outcome : E.left({ type: 'OutcomeUnknown', stream, detail: 'lost' })
      },
    }
    const mailbox = mailboxOf(doubtful)
    const answer = await mailbox.send(open, circumstances())
    expect(refusalOf(answer)).toBe('accepted at 0')
    expect(await storedIn(log)).toHaveLength(1)
  })

  it('given a command that another node has done, then it is not done again, whatever came after it', async () => {
    const log = inMemoryLog()
    const viewStore = inMemoryViewStore()
    const mailbox = () =>
      accountMailbox({ log, ids, decider, viewStore, isSoleWriter: false }, accountId)
    const [one, other] = [mailbox(), mailbox()]
    await one.send(open, circumstances())
    const said = circumstances()
    const answers = await Promise.all([
      one.send(createUser(1), said),
      one.send(createUser(1), said),
      one.send({ type: 'DeleteUser', userName: 'user-1' } as AccountCommand, circumstances()),
    ])
    expect(answers.map(refusalOf)).toEqual(['accepted at 2', 'CommandRepeated', 'accepted at 2'])
    for (const node of [one, other, mailbox()])
      expect(refusalOf(await node.send(createUser(1), said))).toBe('CommandRepeated')
    expect(await storedIn(log)).toHaveLength(3)
    expect(refusalOf(await other.send(createUser(1), circumstances()))).toBe('accepted at 3')
  })

  it('given a command that led to nothing, then its id may come again', async () => {
    const log = inMemoryLog()
    const mailbox = mailboxOf(log)
    await mailbox.send(open, circumstances())
    const said = circumstances()
    const remove = { type: 'DeleteUser', userName: 'user-1' } as AccountCommand
    expect(refusalOf(await mailbox.send(remove, said))).toBe('UserNotFound')
    await mailbox.send(createUser(1), circumstances())
    expect(refusalOf(await mailbox.send(remove, said))).toBe('accepted at 2')
  })

  it('given a log that fails, then the command is not acknowledged and the next reads afresh', async () => {
    const log = inMemoryLog()
    let failing = true
    const faulty: EventLog = {
      ...log,
      append: (...args) =>
        failing
          ? async () => E.left({ type: 'LogFailed', detail: 'disk full' })
          : log.append(...args),
    }
    const mailbox = mailboxOf(faulty)
    expect(refusalOf(await mailbox.send(open, circumstances()))).toBe('LogFailed')
    failing = false
    expect(refusalOf(await mailbox.send(open, circumstances()))).toBe('accepted at 0')
  })

  it('given a stored event that can not be read, then the account is refused, not guessed', async () => {
    const log = inMemoryLog()
    const event = {
      id: 'broken',
      type: 'UserCreated',
      schemaVersion: 1,
      data: '{"userName":7}',
      metadata: '{}',
    }
    await log.append(accountStream(accountId), 'any', [event])()
    const mailbox = mailboxOf(log)
    expect(refusalOf(await mailbox.send(createUser(1), circumstances()))).toBe('AccountQuarantined')
  })
})
