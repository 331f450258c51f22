/** How many events attempts that are turned away come to. */
import { AccountId, type TurnedAway, UserId, UserName } from '@grantlog/domain'
import { known } from '@grantlog/domain/testing'
import type { UserRow } from '@grantlog/views'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { REFUSALS_WINDOW_MS } from '../counted-refusals.js'
import { inMemoryLog } from '../testing/index.js'
import { turningAway } from './turned-away.js'

const accountId = known(AccountId, '1234567890123456')
const scene = { requestId: 'request', sourceIp: '10.1.2.3' }

const userOf = (n: number): UserRow => ({
  accountId,
  userId: known(UserId, String(200_000_000_000_000_000 + n * 1_000)),
  userName: known(UserName, `user-${n}`),
  createdAt: 0,
  updatedAt: 0,
  position: 1,
})

/** A count on a log of its own, and a clock that is set. */
const started = (usersMax?: number) => {
  let now = 0
  let id = 0
  const clock = { now: () => now }
  const log = inMemoryLog({ clock })
  const next = () => {
    id += 1
    return `id-${id}`
  }
  const vault = { sealPersonal: () => TE.right('sealed') }
  const turning = turningAway({ log, vault, clock, ids: { uuid: next, eventId: next } }, usersMax)
  const note = async (reason: TurnedAway, name: string, user?: UserRow) => {
    const noted = await turning.note({ accountId, reason, name, ...(user && { user }) }, scene)
    expect(E.isRight(noted)).toBe(true)
  }
  const recorded = async () => {
    const read = await log.readAll({ after: 0, limit: 1_000 })()
    if (E.isLeft(read)) throw new Error(read.left.type)
    return read.right.map(({ stream, data }) => ({ stream, ...JSON.parse(data) }))
  }
  return { note, recorded, at: (ms: number) => (now = ms) }
}

describe('attempts that are turned away', () => {
  it('given any number in an hour, then they are as many events as it has binary digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (attempts) => {
        const { note, recorded } = started()
        for (let n = 0; n < attempts; n++) await note('NameUnknown', `nobody-${n}`)
        const events = await recorded()
        expect(events).toHaveLength(attempts.toString(2).length)
        expect(events.map((event) => event.attempts)).toEqual(events.map((_, n) => 2 ** n))
        expect(2 * events.at(-1).attempts).toBeGreaterThan(attempts)
      }),
      { numRuns: 30 },
    )
  })
  it('given an hour, then the count begins anew, and not before', async () => {
    const { note, recorded, at } = started()
    await note('NameUnknown', 'one')
    at(REFUSALS_WINDOW_MS - 1)
    await note('NameUnknown', 'ONE')
    at(REFUSALS_WINDOW_MS)
    await note('NameUnknown', 'two')
    expect(await recorded()).toMatchObject([
      { attempts: 1, names: 1, since: 0 },
      { attempts: 2, names: 1, since: 0 },
      { attempts: 1, names: 1, since: REFUSALS_WINDOW_MS },
    ])
  })
  it('given more locked users than are counted, then the others are counted together', async () => {
    const { note, recorded, at } = started(2)
    for (let round = 0; round < 4; round++)
      for (let n = 0; n < 10; n++) await note('UserLocked', `user-${n}`, userOf(n))
    const events = await recorded()
    const own = events.filter(({ userId }) => userId !== undefined)
    const others = events.filter(({ userId }) => userId === undefined)
    expect(new Set(own.map(({ userId }) => userId)).size).toBe(2)
    expect(own).toHaveLength(6)
    expect(others.map(({ stream }) => stream)).toEqual(new Array(6).fill(`signins-${accountId}`))
    expect(others.at(-1)).toMatchObject({ reason: 'UserLocked', attempts: 32, names: 8 })
    at(REFUSALS_WINDOW_MS)
    await note('UserLocked', 'user-9', userOf(9))
    expect((await recorded()).at(-1)).toMatchObject({ attempts: 1, userId: userOf(9).userId })
  })
  it('given different reasons, then each is counted by itself', async () => {
    const { note, recorded } = started()
    await note('NameUnknown', 'one')
    await note('NetworkNotAllowed', 'one')
    await note('UserLocked', 'user-1', userOf(1))
    expect((await recorded()).map(({ attempts }) => attempts)).toEqual([1, 1, 1])
  })
})
