/** How many events refused uses come to, and what each of them says. */
import {
  AccessKeyId,
  AccountId,
  refusalsStream,
  SessionId,
  TemporaryAccessKeyId,
  UserId,
} from '@grantlog/domain'
import { known } from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { REFUSALS_WINDOW_MS } from './counted-refusals.js'
import { type RefusedUse, refusedUses } from './refused-uses.js'
import { inMemoryLog } from './testing/index.js'

const accountId = known(AccountId, '1234567890123456')
const userId = known(UserId, '200000000000000001')
const keyOf = (n: number) => known(AccessKeyId, `LTAI5tKey${String(n).padStart(15, '0')}`)
const inactive: RefusedUse = {
  accountId,
  accessKeyId: keyOf(1),
  reason: 'KeyInactive',
  proof: 'Right',
  userId,
}

/** A count on a log of its own, a clock that is set, and a vault that says what it sealed. */
const started = (credentialsMax?: number) => {
  let now = 0
  let id = 0
  const clock = { now: () => now }
  const log = inMemoryLog({ clock })
  const next = () => {
    id += 1
    return `id-${id}`
  }
  const vault = {
    sealPersonal: (account: string, subject: string, _field: string, text: string) =>
      TE.right(`${account}/${subject}/${text}`),
  }
  const needs = { log, vault, clock, ids: { uuid: next, eventId: next } }
  const note = refusedUses(needs, credentialsMax)
  const refuse = async (use: RefusedUse, sourceIp?: string) => {
    const from = sourceIp === undefined ? {} : { sourceIp }
    expect(await note(use, { requestId: 'request', ...from })).toEqual(E.right(undefined))
  }
  const recorded = async () => {
    const read = await log.readStream(refusalsStream(accountId), { limit: 1_000 })()
    if (E.isLeft(read)) throw new Error(read.left.type)
    return read.right.map(({ data, metadata }) => ({
      ...JSON.parse(data),
      metadata: JSON.parse(metadata),
    }))
  }
  return { refuse, recorded, at: (ms: number) => (now = ms) }
}

describe('refused uses of a credential', () => {
  it('given any number in an hour, then they are as many events as it has binary digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (uses) => {
        const { refuse, recorded } = started()
        for (let n = 0; n < uses; n += 1) await refuse(inactive, '10.0.0.1')
        const events = await recorded()
        expect(events.map((event) => event.uses)).toEqual(events.map((_, n) => 2 ** n))
        expect(events).toHaveLength(uses.toString(2).length)
      }),
      { numRuns: 20 },
    )
  })

  it('given one use, then the event says what was used, with what, and nothing of who it was', async () => {
    const { refuse, recorded } = started()
    await refuse(inactive, '10.0.0.1')
    const { accountId: _, ...told } = inactive
    const arn = `acs:grantlog::${accountId}:verifier`
    const actor = { accountId, principalType: 'System', principalId: 'verifier', arn }
    expect(await recorded()).toEqual([
      {
        ...told,
        uses: 1,
        addresses: 1,
        since: 0,
        metadata: expect.objectContaining({
          requestId: 'request',
          actor,
          sourceIp: `${accountId}/${userId}/10.0.0.1`,
        }),
      },
    ])
  })

  it('given a credential that is no user’s, then the address is sealed for the account', async () => {
    const { refuse, recorded } = started()
    const sessionId = known(SessionId, '0'.repeat(32))
    const accessKeyId = known(TemporaryAccessKeyId, `STS.${'x'.repeat(26)}`)
    const over = { accountId, accessKeyId, sessionId, reason: 'SessionExpired', proof: 'Right' }
    await refuse(over as RefusedUse, '10.0.0.1')
    await refuse(over as RefusedUse)
    const [first, second] = await recorded()
    expect(first).toMatchObject({ accessKeyId, sessionId, addresses: 1 })
    expect(first.metadata.sourceIp).toBe(`${accountId}/${accountId}/10.0.0.1`)
    expect(second).toMatchObject({ uses: 2, addresses: 1 })
    expect(second.metadata).not.toHaveProperty('sourceIp')
  })

  it('given another key, reason or proof, then each is counted by itself', async () => {
    const { refuse, recorded } = started()
    await refuse(inactive)
    await refuse({ ...inactive, accessKeyId: keyOf(2) })
    await refuse({ ...inactive, reason: 'KeyDeleted' })
    await refuse({ ...inactive, proof: 'Wrong' })
    expect((await recorded()).map(({ uses }) => uses)).toEqual([1, 1, 1, 1])
  })

  it('given an hour, then the count begins anew, and not before', async () => {
    const { refuse, recorded, at } = started()
    await refuse(inactive, '10.0.0.1')
    at(REFUSALS_WINDOW_MS - 1)
    await refuse(inactive, '10.0.0.2')
    at(REFUSALS_WINDOW_MS)
    await refuse(inactive, '10.0.0.3')
    expect(await recorded()).toMatchObject([
      { uses: 1, addresses: 1, since: 0 },
      { uses: 2, addresses: 2, since: 0 },
      { uses: 1, addresses: 1, since: REFUSALS_WINDOW_MS },
    ])
  })

  it('given more credentials than are counted, then the others are counted together', async () => {
    const { refuse, recorded } = started(2)
    for (let round = 0; round < 4; round += 1)
      for (let n = 0; n < 10; n += 1)
        await refuse({ ...inactive, accessKeyId: keyOf(n) }, '10.0.0.1')
    const events = await recorded()
    const own = events.filter(({ accessKeyId }) => accessKeyId !== undefined)
    const others = events.filter(({ accessKeyId }) => accessKeyId === undefined)
    expect(new Set(own.map(({ accessKeyId }) => accessKeyId)).size).toBe(2)
    expect(own).toHaveLength(6)
    expect(others.map(({ uses }) => uses)).toEqual([1, 2, 4, 8, 16, 32])
    expect(others.every(({ userId: user }) => user === undefined)).toBe(true)
    expect(others[0].metadata.sourceIp).toBe(`${accountId}/${accountId}/10.0.0.1`)
  })
})
