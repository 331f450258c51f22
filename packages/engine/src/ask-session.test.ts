/** Which session policies a question about a session is judged by. */
import {
  RoleName,
  RoleSessionName,
  type SessionEvent,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import { known, roleIdOf, sampleAccountId, sessionIdOf, userIdOf } from '@grantlog/domain/testing'
import { credentialsView } from '@grantlog/views'
import { fold, RECORD_STEP, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { narrowingOf, SESSION_POLICIES_MAX } from './ask-session.js'
import type { AccessQuestion, Moment } from './engine.js'

const accountId = sampleAccountId
const EXPIRES_AT = 10_000

const assumed = (n: number, sessionPolicy?: string, expiresAt = EXPIRES_AT): SessionEvent => ({
  type: 'RoleAssumed',
  sessionId: sessionIdOf(n),
  accountId,
  roleId: roleIdOf(1),
  roleName: known(RoleName, 'reader'),
  sessionName: known(RoleSessionName, 'app'),
  chain: [{ type: 'User', accountId, userId: userIdOf(1) }],
  assumedAt: 0,
  expiresAt,
  basis: { accountRevision: 1, trustPolicyDigest: '' },
  ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
})
const issued = (n: number): SessionEvent => ({
  type: 'CredentialIssued',
  sessionId: sessionIdOf(n),
  accountId,
  roleId: roleIdOf(1),
  accessKeyId: known(TemporaryAccessKeyId, `STS.${String(n).padStart(26, 'x')}`),
  expiresAt: EXPIRES_AT,
  consumedPosition: 1,
})
const revoked = (n: number): SessionEvent => ({
  type: 'SessionRevoked',
  accountId,
  sessionId: sessionIdOf(n),
})

/** The answer for these events, the first of them at position 1. */
const narrowing = (
  events: ReadonlyArray<SessionEvent>,
  moment: Moment = { type: 'Now' },
  position = events.length,
) => {
  const credentials = fold(credentialsView, record(events, { accountId, startsAt: 0 }))
  const question: AccessQuestion = {
    principal: { type: 'Session', accountId, roleName: 'reader', sessionName: 'app' },
    action: 'ots:GetRow',
    resources: ['*'],
    context: new Map(),
    moment,
  }
  return narrowingOf(credentials, question, roleIdOf(1), { position, now: EXPIRES_AT - 1 })
}
const noneNow = { type: 'NoSuchSession', isPast: false }
const noneThen = { type: 'NoSuchSession', isPast: true }
/** What judges, without the position that it is as of. */
const judges = (answer: ReturnType<typeof narrowing>) => {
  if (E.isLeft(answer)) return answer.left
  const { position: _, ...rest } = answer.right
  return rest
}

describe('the session policies of a question', () => {
  it('given sessions of one policy and one without, then each text stands once', () => {
    const events = [1, 2, 3].flatMap((n) => [assumed(n, n === 3 ? undefined : 'p'), issued(n)])
    expect(narrowing(events)).toEqual(
      E.right({
        narrowings: ['p', undefined],
        session: { type: 'Known', sessionIds: [1, 2, 3].map(sessionIdOf) },
        position: 6,
      }),
    )
  })
  it('given a session without a credential, or a revoked one, then there is no answer for now', () => {
    expect(judges(narrowing([]))).toEqual(noneNow)
    expect(judges(narrowing([assumed(1, 'p')]))).toEqual(noneNow)
    expect(judges(narrowing([assumed(1, 'p'), issued(1), revoked(1)]))).toEqual(noneNow)
  })
  it('given a moment of the past, then a session counts from its credential to its end', () => {
    const events = [assumed(1, 'p'), issued(1), revoked(1)]
    const at = (position: number) => narrowing(events, { type: 'AtPosition', position }, position)
    const when = (time: number) => narrowing(events, { type: 'AtTime', time })
    for (const before of [at(1), when(RECORD_STEP - 1)]) expect(judges(before)).toEqual(noneThen)
    for (const between of [at(2), when(RECORD_STEP), when(2 * RECORD_STEP - 1)])
      expect(judges(between)).toMatchObject({ narrowings: ['p'] })
    for (const after of [at(3), when(2 * RECORD_STEP)]) expect(judges(after)).toEqual(noneThen)
  })
  it('given a session that is over today, then it counts for no moment', () => {
    const events = [assumed(1, 'p', EXPIRES_AT - 1), issued(1)]
    expect(judges(narrowing(events, { type: 'AtPosition', position: 2 }))).toEqual(noneThen)
    expect(judges(narrowing(events, { type: 'AtTime', time: RECORD_STEP }))).toEqual(noneThen)
  })
  it('the position of an answer, asked about again, gives the same answer', () => {
    const number = fc.integer({ min: 1, max: 3 })
    const fact = fc.oneof(
      fc
        .tuple(number, fc.constantFrom('p', 'q', undefined), fc.boolean())
        .map(([n, policy, isOver]) => assumed(n, policy, isOver ? EXPIRES_AT - 1 : EXPIRES_AT)),
      number.map(issued),
      number.map(revoked),
    )
    const moments: fc.Arbitrary<Moment> = fc.oneof(
      fc.constant({ type: 'Now' } as const),
      fc.nat(12).map((position) => ({ type: 'AtPosition', position }) as const),
      fc.nat(EXPIRES_AT - 1).map((time) => ({ type: 'AtTime', time }) as const),
    )
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 12 }), moments, (events, moment) => {
        const placed = moment.type === 'AtPosition' ? moment.position : events.length
        const answer = narrowing(events, moment, placed)
        fc.pre(E.isRight(answer))
        if (E.isLeft(answer)) return
        const { position } = answer.right
        expect(position).toBeLessThanOrEqual(placed)
        expect(narrowing(events, { type: 'AtPosition', position }, position)).toEqual(answer)
      }),
    )
  })
  it('given as many policies as are judged, then all are; given one more, then none', () => {
    const numbers = Array.from({ length: SESSION_POLICIES_MAX + 1 }, (_, n) => n)
    const events = numbers.flatMap((n) => [assumed(n, `p${n}`), issued(n)])
    const most = narrowing(events.slice(0, -2))
    expect(E.isRight(most) && most.right.narrowings).toHaveLength(SESSION_POLICIES_MAX)
    expect(narrowing(events)).toEqual(
      E.left({ type: 'TooManySessionPolicies', limit: SESSION_POLICIES_MAX }),
    )
  })
})
