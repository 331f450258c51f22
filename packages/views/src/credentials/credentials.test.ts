/** Which keys and sessions are left after given events. */
import {
  AccessKeyOwner,
  type AccountId,
  type CallerRef,
  type DomainEvent,
  type Recorded,
  RoleName,
  RoleSessionName,
  TemporaryAccessKeyId,
  UserName,
} from '@grantlog/domain'
import {
  accessKeyIdOf,
  sampleAccountId as accountId,
  known,
  otherAccountId,
  roleIdOf,
  secretRefOf,
  sessionIdOf,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, RECORD_STARTS_AT, RECORD_STEP, record, reload } from '../testing/index.js'
import { viewRows } from '../view-rows.js'
import {
  credentialsView,
  findAccessKey,
  findDeletedKey,
  findSession,
  liveSessionCount,
  sessionsNamed,
} from './view.js'

const roleName = known(RoleName, 'deployer')
const alice: CallerRef = { type: 'User', accountId, userId: userIdOf(1) }
const through = (session: number, role: number): CallerRef => ({
  type: 'Session',
  accountId,
  roleId: roleIdOf(role),
  sessionId: sessionIdOf(session),
})
const assumed = (
  session: number,
  role: number,
  ...chain: ReadonlyArray<CallerRef>
): DomainEvent => ({
  type: 'RoleAssumed',
  sessionId: sessionIdOf(session),
  accountId,
  roleId: roleIdOf(role),
  roleName,
  sessionName: known(RoleSessionName, 'nightly'),
  chain,
  assumedAt: RECORD_STARTS_AT,
  expiresAt: RECORD_STARTS_AT + 3_600_000,
  basis: { accountRevision: 0, trustPolicyDigest: 'd' },
})
const issued = (session: number, key = 1): DomainEvent => ({
  type: 'CredentialIssued',
  sessionId: sessionIdOf(session),
  accountId,
  roleId: roleIdOf(1),
  accessKeyId: known(TemporaryAccessKeyId, `STS.${String(key).padStart(16, '0')}`),
  expiresAt: RECORD_STARTS_AT + 3_600_000,
  consumedPosition: 1,
})
const expired = (session: number): DomainEvent => ({
  type: 'CredentialExpired',
  sessionId: sessionIdOf(session),
  accountId,
  expiresAt: RECORD_STARTS_AT + 3_600_000,
  expiredAt: RECORD_STARTS_AT + 3_600_000,
  consumedPosition: 1,
})
const revoked = (session: number): DomainEvent => ({
  type: 'SessionRevoked',
  accountId,
  sessionId: sessionIdOf(session),
})
const roleDeleted = (role: number): DomainEvent => ({
  type: 'RoleDeleted',
  roleId: roleIdOf(role),
  roleName,
})
const userDeleted: DomainEvent = {
  type: 'UserDeleted',
  userId: userIdOf(1),
  userName: known(UserName, 'alice'),
}
const owner = known(AccessKeyOwner, { type: 'User', userId: userIdOf(1) })
const keyCreated: DomainEvent = {
  type: 'AccessKeyCreated',
  accessKeyId: accessKeyIdOf(1),
  owner,
  secretRef: secretRefOf(1),
}
const keyDeleted: DomainEvent = {
  type: 'AccessKeyDeleted',
  accessKeyId: accessKeyIdOf(1),
  owner,
  secretRef: secretRefOf(1),
}

const after = (...events: ReadonlyArray<DomainEvent>) =>
  reload(credentialsView, fold(credentialsView, record(events, { accountId })))
const elsewhere = (event: DomainEvent, position: number, account: AccountId) =>
  record([event], { accountId: account, position })

describe('access keys', () => {
  it('given a key, then it is found with its owner, status and secret reference', () => {
    const key = {
      accessKeyId: accessKeyIdOf(1),
      accountId,
      owner,
      status: 'Active',
      secretRef: secretRefOf(1),
      createdAt: RECORD_STARTS_AT,
    }
    expect(findAccessKey(after(keyCreated), accessKeyIdOf(1))).toEqual(key)
    const off = { type: 'AccessKeyStatusChanged', accessKeyId: accessKeyIdOf(1), owner } as const
    expect(
      findAccessKey(after(keyCreated, { ...off, status: 'Inactive' }), accessKeyIdOf(1)),
    ).toEqual({ ...key, status: 'Inactive', deactivatedPosition: 2 })
  })

  it('given a deleted key, or a deleted owner, then the key is not found', () => {
    expect(findAccessKey(after(keyCreated, keyDeleted), accessKeyIdOf(1))).toBeUndefined()
    expect(findAccessKey(after(keyCreated, userDeleted), accessKeyIdOf(1))).toBeUndefined()
  })

  it('given a deleted key, or a deleted owner, then it is still known whose the key was', () => {
    for (const deletion of [keyDeleted, userDeleted])
      expect(findDeletedKey(after(keyCreated, deletion), accessKeyIdOf(1))).toEqual({
        accountId,
        owner,
      })
    expect(findDeletedKey(after(keyCreated), accessKeyIdOf(1))).toBeUndefined()
  })

  it('given another account that names the key, then the key stays as it was', () => {
    const mine = record([keyCreated], { accountId })
    for (const event of [keyCreated, keyDeleted]) {
      const state = fold(credentialsView, [...mine, ...elsewhere(event, 2, otherAccountId)])
      expect(findAccessKey(state, accessKeyIdOf(1))?.accountId).toBe(accountId)
    }
  })
})

describe('sessions', () => {
  it('given a credential that came later, then it began when the role was assumed', () => {
    const session = findSession(after(assumed(1, 1, alice), issued(1)), sessionIdOf(1))
    expect(session?.began.position).toBe(1)
    expect(session?.issued?.position).toBe(2)
    expect(session?.issued?.recordedAt).toBeGreaterThan(session?.began.recordedAt ?? 0)
  })

  it('given an issued credential, then the session carries its key and position', () => {
    const session = findSession(
      after(assumed(1, 1, alice), issued(1), issued(1, 2)),
      sessionIdOf(1),
    )
    expect(session).toMatchObject({
      roleName,
      chain: [alice],
      accessKeyId: 'STS.0000000000000001',
      issued: { position: 2, recordedAt: RECORD_STARTS_AT + RECORD_STEP },
      expiresAt: RECORD_STARTS_AT + 3_600_000,
    })
  })

  it('given the record of its expiry, then the session is gone and does not come back', () => {
    const state = after(assumed(1, 1, alice), issued(1), expired(1), issued(1), revoked(1))
    expect(findSession(state, sessionIdOf(1))).toBeUndefined()
    expect(liveSessionCount(state)).toBe(0)
  })

  it('given a revoked session, then it and every session that came from it are revoked', () => {
    const state = after(
      assumed(1, 1, alice),
      assumed(2, 2, alice, through(1, 1)),
      revoked(1),
      assumed(3, 3, alice, through(1, 1), through(2, 2)),
      assumed(4, 1, alice),
    )
    const positions = [1, 2, 3, 4].map((n) => findSession(state, sessionIdOf(n))?.revoked?.position)
    expect(positions).toEqual([3, 3, 4, undefined])
    expect(liveSessionCount(state)).toBe(1)
  })

  it('given a revocation after a session is over, then what came from it is revoked', () => {
    const state = after(
      assumed(1, 1, alice),
      assumed(2, 2, alice, through(1, 1)),
      expired(1),
      revoked(1),
    )
    expect(findSession(state, sessionIdOf(2))?.revoked?.position).toBe(4)
  })

  it('given a deleted role or user, then every session that rests on it is gone', () => {
    const sessions = [assumed(1, 1, alice), assumed(2, 2, alice, through(1, 1))]
    expect(liveSessionCount(after(...sessions, roleDeleted(2)))).toBe(1)
    expect(liveSessionCount(after(...sessions, roleDeleted(1)))).toBe(0)
    expect(liveSessionCount(after(...sessions, userDeleted))).toBe(0)
  })

  it('given a role or user deleted before the session was recorded, then it does not begin', () => {
    expect(liveSessionCount(after(roleDeleted(1), assumed(1, 1, alice)))).toBe(0)
    expect(liveSessionCount(after(userDeleted, assumed(1, 1, alice)))).toBe(0)
  })

  it('given a role of the same name in place of the deleted one, then no old session lives', () => {
    const state = after(assumed(1, 1, alice), roleDeleted(1), assumed(2, 5, alice))
    expect(findSession(state, sessionIdOf(1))).toBeUndefined()
    expect(findSession(state, sessionIdOf(2))?.roleId).toBe(roleIdOf(5))
  })
})

describe('sessions of one name', () => {
  const named = (...events: ReadonlyArray<DomainEvent>) => {
    const states = [fold(credentialsView, record(events, { accountId })), after(...events)]
    const [now, reloaded] = states.map((state) =>
      sessionsNamed(state, accountId, roleIdOf(1), 'nightly').map(({ sessionId }) => sessionId),
    )
    expect(reloaded).toEqual(now)
    return now
  }
  const three = [assumed(1, 1, alice), assumed(2, 1, alice), assumed(3, 2, alice)]

  it('given several of one role, then all of them are found, revoked ones too', () => {
    expect(named(assumed(1, 1, alice))).toEqual([sessionIdOf(1)])
    expect(named(...three, revoked(2))).toEqual([sessionIdOf(1), sessionIdOf(2)])
  })
  it('given ends of sessions, of the role or of the user, then what is left is found', () => {
    expect(named(...three, expired(1))).toEqual([sessionIdOf(2)])
    expect(named(...three, expired(1), expired(2))).toEqual([])
    expect(named(...three, expired(2), assumed(4, 1, alice))).toEqual([1, 4].map(sessionIdOf))
    for (const end of [roleDeleted(1), userDeleted]) expect(named(...three, end)).toEqual([])
  })
})

describe('random session facts', () => {
  const small = fc.integer({ min: 1, max: 4 })
  const facts: fc.Arbitrary<DomainEvent> = fc.oneof(
    fc.tuple(small, small).map(([session, role]) => assumed(session, role, alice)),
    fc
      .tuple(small, small, small)
      .map(([session, role, from]) => assumed(session, role, alice, through(from, from))),
    small.map((session) => issued(session)),
    small.map(expired),
    small.map(revoked),
    small.map(roleDeleted),
    fc.constantFrom(keyCreated, keyDeleted, userDeleted),
  )
  const lives = fc
    .array(facts, { maxLength: 30 })
    .map((events): ReadonlyArray<Recorded> => record(events, { accountId }))

  it('an incremental view equals a rebuilt one, also when reloaded on the way', () => {
    fc.assert(
      fc.property(lives, fc.nat(30), (recorded, stop) => {
        const before = reload(credentialsView, fold(credentialsView, recorded.slice(0, stop)))
        const resumed = recorded.slice(stop).reduce(credentialsView.apply, before)
        const rebuilt = fold(credentialsView, recorded)
        expect([...viewRows(resumed)]).toEqual([...viewRows(rebuilt)])
        expect(liveSessionCount(resumed)).toBe(liveSessionCount(rebuilt))
      }),
    )
  })

  it('a revoked session is never found alive again before its expiry is recorded', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        let state = credentialsView.empty()
        const ended = new Set<string>()
        for (const fact of recorded) {
          const { event } = fact
          const id = event.type === 'SessionRevoked' ? event.sessionId : ''
          const known = findSession(state, id) !== undefined
          state = credentialsView.apply(state, fact)
          if (event.type === 'SessionRevoked' && known) ended.add(event.sessionId)
          if (event.type === 'CredentialExpired') ended.delete(event.sessionId)
          if (event.type === 'RoleDeleted' || event.type === 'UserDeleted') ended.clear()
          for (const id of ended) expect(findSession(state, id)?.revoked).toBeDefined()
        }
      }),
    )
  })
})
