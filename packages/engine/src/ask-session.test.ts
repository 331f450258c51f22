/** Which session policies a question about a session is judged by. */
import {
  RoleName,
  RoleSessionName,
  type SessionEvent,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import { known, roleIdOf, sampleAccountId, sessionIdOf, userIdOf } from '@grantlog/domain/testing'
import { credentialsView } from '@grantlog/views'
import { fold, record } from '@grantlog/views/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { narrowingOf, SESSION_POLICIES_MAX } from './ask-session.js'
import type { AccessQuestion, Moment } from './engine.js'

const accountId = sampleAccountId
const EXPIRES_AT = 10_000

const assumed = (n: number, sessionPolicy?: string): SessionEvent => ({
  type: 'RoleAssumed',
  sessionId: sessionIdOf(n),
  accountId,
  roleId: roleIdOf(1),
  roleName: known(RoleName, 'reader'),
  sessionName: known(RoleSessionName, 'app'),
  chain: [{ type: 'User', accountId, userId: userIdOf(1) }],
  assumedAt: 0,
  expiresAt: EXPIRES_AT,
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
  const credentials = fold(credentialsView, record(events, { accountId }))
  const question: AccessQuestion = {
    principal: { type: 'Session', accountId, roleName: 'reader', sessionName: 'app' },
    action: 'ots:GetRow',
    resources: ['*'],
    context: new Map(),
    moment,
  }
  return narrowingOf(credentials, question, roleIdOf(1), { position, now: EXPIRES_AT - 1 })
}
const alone = E.right({ narrowings: [undefined], session: { type: 'RoleAlone' } })

describe('the session policies of a question', () => {
  it('given sessions of one policy and one without, then each text stands once', () => {
    const events = [1, 2, 3].flatMap((n) => [assumed(n, n === 3 ? undefined : 'p'), issued(n)])
    expect(narrowing(events)).toEqual(
      E.right({
        narrowings: ['p', undefined],
        session: { type: 'Known', sessionIds: [1, 2, 3].map(sessionIdOf) },
      }),
    )
  })
  it('given a session without a credential, or a revoked one, then it does not count now', () => {
    expect(narrowing([assumed(1, 'p')])).toEqual(alone)
    expect(narrowing([assumed(1, 'p'), issued(1), revoked(1)])).toEqual(alone)
  })
  it('given a moment of the past, then what may have been there counts', () => {
    const events = [assumed(1, 'p'), issued(1), revoked(1)]
    const at = (position: number) => narrowing(events, { type: 'AtPosition', position }, position)
    expect(E.isRight(at(2)) && at(2)).toMatchObject({ right: { narrowings: ['p'] } })
    expect(at(1)).toEqual(alone)
    const whileIt = { type: 'AtTime', time: EXPIRES_AT - 1 } as const
    expect(narrowing(events, whileIt)).toMatchObject({ right: { narrowings: ['p'] } })
    expect(narrowing(events, { type: 'AtTime', time: EXPIRES_AT })).toEqual(alone)
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
