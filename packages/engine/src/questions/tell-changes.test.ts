/** What events changed, read in few readings, whether positions are dense or far apart. */
import { accountStream, UserName } from '@grantlog/domain'
import { sampleAccountId as accountId, known, userIdOf } from '@grantlog/domain/testing'
import { historyView } from '@grantlog/views'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import type { EventLog } from '../ports.js'
import { decodeEvent, encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/in-memory-log.js'
import { tellChanges } from './tell-changes.js'

const EVENTS = 600

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

const actor = { accountId, principalType: 'Root', principalId: accountId, arn: 'root' } as const

/** Users that were created one after the other, and a record of how the log was read. */
const past = async (apart: number) => {
  const log = inMemoryLog()
  const events = Array.from({ length: EVENTS }, (_, n) => {
    const userName = known(UserName, `user-${n}`)
    const event = { type: 'UserCreated', userId: userIdOf(n), userName } as const
    const requestId = `r-${n}`
    const id = `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`
    return encodeEvent(id, event, { commandId: requestId, requestId, actor })
  })
  right(await log.append(accountStream(accountId), 'any', events)())
  const stored = right(await log.readAll({ after: 0, limit: EVENTS })()).map((event) => ({
    ...event,
    position: event.position * apart,
  }))
  let history = historyView.empty()
  for (const event of stored) history = historyView.apply(history, right(decodeEvent(event)))
  const reads: number[] = []
  const readAll: EventLog['readAll'] = ({ after, limit }) => {
    const read = stored.filter(({ position }) => position > after).slice(0, limit)
    reads.push(read.length)
    return TE.right(read)
  }
  const told = async (positions: ReadonlyArray<number>) => {
    reads.length = 0
    return right(await tellChanges({ readAll }, history, positions))
  }
  const named = (numbers: ReadonlyArray<number>) =>
    new Map(
      numbers.map((n) => {
        const name = `user-${n - 1}`
        const subject = { type: 'User', id: userIdOf(n - 1), name }
        return [n * apart, { subject, change: { type: 'Created', name } }]
      }),
    )
  return { told, named, reads }
}

describe.each([1, 977])('what events changed, given positions %i apart', (apart) => {
  it('given any positions in any order, then each is told, and none is read for twice', async () => {
    const { told, named, reads } = await past(apart)
    const some = fc.uniqueArray(fc.integer({ min: 1, max: EVENTS }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(some, async (numbers) => {
        const all = await told(numbers.map((n) => n * apart))
        expect(all).toEqual(named(numbers))
        expect(reads.length).toBeLessThanOrEqual(numbers.length)
      }),
      { numRuns: 50 },
    )
  })

  it('given a page of neighbours, then a handful of readings tells them all', async () => {
    const { told, named, reads } = await past(apart)
    const numbers = Array.from({ length: 500 }, (_, n) => n + 50)
    expect(await told(numbers.map((n) => n * apart))).toEqual(named(numbers))
    expect(reads).toEqual([16, 32, 64, 128, 128, 128, apart === 1 ? 4 : 55])
  })

  it('given changes far from each other, then little is read beside them', async () => {
    const { told, reads } = await past(apart)
    await told([1, 101, 201, 301, 401, 501].map((n) => n * apart))
    expect(reads.slice(0, 5)).toEqual([16, 8, 4, 4, 4])
    expect(reads).toHaveLength(6)
  })

  it('given positions at which nothing stands, then they are left out', async () => {
    const { told, named } = await past(apart)
    const last = EVENTS * apart
    expect(await told([last + 1, last + 500, last, last + 2])).toEqual(named([EVENTS]))
    expect(await told([])).toEqual(new Map())
  })

  it('given a log that cannot be read, then that is answered', async () => {
    const fault = { type: 'LogUnavailable', detail: 'away' } as const
    const readAll = () => TE.left(fault)
    expect(await tellChanges({ readAll }, historyView.empty(), [apart])).toEqual(E.left(fault))
  })
})
