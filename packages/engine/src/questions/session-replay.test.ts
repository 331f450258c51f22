/** Sessions read back from a log, at any moment of theirs. */
import {
  type AccountId,
  type Actor,
  accountStream,
  credentialsStream,
  type DomainEvent,
  RoleName,
  RoleSessionName,
  refusalsStream,
  SessionId,
  sessionsStream,
  TemporaryAccessKeyId,
  UserName,
} from '@grantlog/domain'
import {
  sampleAccountId as accountId,
  known,
  otherAccountId,
  roleIdOf,
  trusting,
  userIdOf,
} from '@grantlog/domain/testing'
import { credentialsView, historyView } from '@grantlog/views'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../ports.js'
import { decodeEvent, encodeEvent } from '../stored-event.js'
import { inMemoryLog } from '../testing/in-memory-log.js'
import { replaySession } from './session-replay.js'

const START = Date.UTC(2026, 0, 2, 3, 59, 59)
const SECOND = 1_000
const LIFE = 900 * SECOND

/** The id of a session that was made so many seconds after the start. */
const idAt = (seconds: number) =>
  known(SessionId, (START + seconds * SECOND).toString(16).padStart(12, '0').padEnd(32, 'a'))

const roleName = known(RoleName, 'reader')
const root: Actor = {
  accountId,
  principalType: 'Root',
  principalId: accountId,
  arn: `acs:ram::${accountId}:root`,
}
const userLink = { type: 'User', accountId, userId: userIdOf(1) } as const

type Fact = { readonly stream: string; readonly event: DomainEvent; readonly actor?: Actor }

const began = (seconds: number, behind?: number): ReadonlyArray<Fact> => {
  const sessionId = idAt(seconds)
  const at = START + seconds * SECOND
  const common = { sessionId, accountId, roleId: roleIdOf(1), expiresAt: at + LIFE }
  const link = behind === undefined ? [] : [{ ...sessionLink, sessionId: idAt(behind) }]
  return [
    {
      stream: sessionsStream(accountId, at),
      event: {
        ...common,
        type: 'RoleAssumed',
        roleName,
        sessionName: known(RoleSessionName, 'app'),
        chain: [userLink, ...link],
        assumedAt: at,
        basis: { accountRevision: 1, trustPolicyDigest: '' },
      },
    },
    {
      stream: credentialsStream(0),
      event: {
        ...common,
        type: 'CredentialIssued',
        accessKeyId: known(TemporaryAccessKeyId, `STS.${String(seconds).padStart(26, 'x')}`),
        consumedPosition: 1,
      },
    },
  ]
}
const sessionLink = { type: 'Session', accountId, roleId: roleIdOf(1) } as const
const inAccount = (event: DomainEvent, actor: Actor = root): Fact => ({
  stream: accountStream(accountId),
  event,
  actor,
})
const done = (seconds: number): Fact =>
  inAccount(
    { type: 'UserCreated', userId: userIdOf(50 + seconds), userName: known(UserName, 'bob') },
    { ...root, principalType: 'Session', sessionId: idAt(seconds) },
  )
const revoked = (seconds: number, at: number): Fact => ({
  stream: sessionsStream(accountId, START + at * SECOND),
  event: { type: 'SessionRevoked', accountId, sessionId: idAt(seconds) },
})
/** Its credential is tried, whenever that is. */
const tried = (seconds: number): Fact => ({
  stream: refusalsStream(accountId),
  event: {
    type: 'CredentialUsesRefused',
    reason: 'SessionRevoked',
    proof: 'Right',
    uses: 1,
    addresses: 1,
    since: START,
    sessionId: idAt(seconds),
  },
})
const opening: ReadonlyArray<Fact> = [
  inAccount({ type: 'UserCreated', userId: userIdOf(1), userName: known(UserName, 'alice') }),
  inAccount({
    type: 'RoleCreated',
    roleId: roleIdOf(1),
    roleName,
    trustPolicy: trusting(['root']),
    maxSessionDuration: 3_600,
  }),
]
const userDeleted = inAccount({
  type: 'UserDeleted',
  userId: userIdOf(1),
  userName: known(UserName, 'alice'),
})

/** A log that these facts came to, one a second, and the views of all that it holds. */
const after = async (facts: ReadonlyArray<Fact>) => {
  let now = START
  const log = inMemoryLog({ clock: { now: () => now } })
  const stored: Array<StoredEvent> = []
  for (const [index, { stream, event, actor = root }] of facts.entries()) {
    const circumstances = { commandId: `c-${index}`, requestId: `r-${index}`, actor }
    const id = `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`
    await log.append(stream, 'any', [encodeEvent(id, event, circumstances)])()
    now += SECOND
  }
  const all = await log.readAll({ after: 0, limit: 1_000 })()
  if (E.isRight(all)) stored.push(...all.right)
  const recorded = stored.flatMap((each) => {
    const decoded = decodeEvent(each)
    return E.isRight(decoded) ? [decoded.right] : []
  })
  const views = {
    history: recorded.reduce(historyView.apply, historyView.empty()),
    credentials: recorded.reduce(credentialsView.apply, credentialsView.empty()),
  }
  const ask = (
    seconds: number,
    options: { position?: number; account?: AccountId; limit?: number; at?: number } = {},
  ) =>
    replaySession(
      log,
      views,
      {
        accountId: options.account ?? accountId,
        sessionId: idAt(seconds),
        moment:
          options.position === undefined
            ? { type: 'Now' }
            : { type: 'AtPosition', position: options.position },
        after: 0,
        limit: options.limit ?? 100,
      },
      { applied: facts.length, now: START + (options.at ?? facts.length) * SECOND },
    )
  return { ask }
}

describe('a session read back', () => {
  it('given an hour that ends meanwhile, then it is found in the stream of its own', async () => {
    const { ask } = await after([...opening, ...began(2), done(2)])
    const told = await ask(2)
    expect(told).toMatchObject(
      E.right({
        session: { sessionId: idAt(2), roleName: 'reader' },
        began: { position: 3 },
        issued: { position: 4 },
        chain: [{ type: 'User', name: 'alice' }],
        deeds: [{ type: 'Changed', event: { position: 5 } }],
      }),
    )
    expect(E.isRight(told) && told.right.end).toBeUndefined()
  })

  it('given what ended it, then the first of that counts, and time where nothing did', async () => {
    const facts = [...opening, ...began(2), ...began(4, 2), revoked(2, 6), userDeleted]
    const { ask } = await after(facts)
    expect(await ask(2)).toMatchObject(E.right({ end: { type: 'Revoked', id: idAt(2) } }))
    expect(await ask(4)).toMatchObject(E.right({ end: { type: 'CallerRevoked', id: idAt(2) } }))
    expect(await ask(4, { position: 6 })).toMatchObject(E.right({ deeds: [] }))
    const alone = await after([...opening, ...began(2), userDeleted])
    expect(await alone.ask(2)).toMatchObject(
      E.right({ end: { type: 'UserDeleted', event: { position: 5 } } }),
    )
    const quiet = await after([...opening, ...began(2)])
    expect(await quiet.ask(2, { at: 1_000 })).toMatchObject(
      E.right({ end: { type: 'Expired', at: START + 2 * SECOND + LIFE } }),
    )
  })

  it('given uses after its end that were refused, then they are told, and of it alone', async () => {
    const facts = [...opening, ...began(2), ...began(4, 2), revoked(2, 6), tried(2), tried(4)]
    const { ask } = await after(facts)
    const told = await ask(2, { at: 100_000 })
    expect(told).toMatchObject(
      E.right({ deeds: [{ type: 'UsesRefused', event: { position: 8 }, refused: { uses: 1 } }] }),
    )
    expect(await ask(2, { position: 7 })).toMatchObject(E.right({ deeds: [] }))
  })

  it('given another account, an unknown id or an earlier moment, then there is none', async () => {
    const { ask } = await after([...opening, ...began(2)])
    const none = E.left({ type: 'SessionNotFound' })
    expect(await ask(2, { account: otherAccountId })).toEqual(none)
    expect(await ask(3)).toEqual(none)
    expect(await ask(2, { position: 2 })).toEqual(none)
  })

  it('asked at p, the answer is that of a log which holds only the events up to p', async () => {
    const changes = fc.array(
      fc.oneof(
        fc.constantFrom(2, 4, 6).map(done),
        fc.constantFrom(2, 4, 6).map(tried),
        fc.constantFrom(2, 4, 6).map((n) => revoked(n, 8)),
        fc.constant(userDeleted),
      ),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(), async (extra, chance) => {
        const facts = [...opening, ...began(2), ...began(4, 2), ...began(6, 4), ...extra]
        const position = chance % (facts.length + 1)
        const whole = await after(facts)
        const part = await after(facts.slice(0, position))
        for (const seconds of [2, 4, 6]) {
          const then = await part.ask(seconds, { position })
          const now = await whole.ask(seconds, { position })
          const told = (answer: typeof now) =>
            E.isLeft(answer) ? answer : { ...answer.right, applied: 0 }
          expect(told(now)).toEqual(told(then))
        }
      }),
      { numRuns: 40 },
    )
  })
})
