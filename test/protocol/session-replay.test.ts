/** A session from its beginning to its end, asked over the read API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'
import type { Credentials } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
    },
  ],
})

const makeRole = async (RoleName: string) => {
  await server.call('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })
  for (const PolicyName of ['AdministratorAccess', 'AliyunSTSAssumeRoleAccess'])
    await server.call('AttachPolicyToRole', { PolicyType: 'System', PolicyName, RoleName })
}
type Assumed = { readonly id: string; readonly credentials: Credentials }

const assume = async (role: string, as: Credentials, name: string): Promise<Assumed> => {
  const { status, body } = await server.call(
    'AssumeRole',
    { RoleArn: `acs:ram::${ACCOUNT}:role/${role}`, RoleSessionName: name, DurationSeconds: '900' },
    as,
    { 'x-grantlog-ticket': 'OPS-9' },
  )
  expect(status).toBe(200)
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials
  const { sessions } = (
    await server.read({ path: `/v1/accounts/${ACCOUNT}/sessions`, query: { role } })
  ).body
  return {
    id: sessions.find((each: { readonly sessionName: string }) => each.sessionName === name)
      .sessionId,
    credentials: {
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
    },
  }
}
const replay = (id: string, query: object = {}, as?: Credentials) =>
  server.read({ path: `/v1/sessions/${id}`, query: { ...query } }, as)

/** Alice assumes one role, from it another, and makes a user in each; then one call is refused. */
const story = async () => {
  const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
  await makeRole('first')
  await makeRole('second')
  const first = await assume('first', alice, 'hop-one')
  server.clock.advance(1_000)
  await server.call('CreateUser', { UserName: 'carol' }, first.credentials)
  const second = await assume('second', first.credentials, 'hop-two')
  server.clock.advance(1_000)
  await server.call('CreateUser', { UserName: 'dave' }, second.credentials)
  await server.call('DeleteUser', { UserName: 'nobody' }, second.credentials)
  return { alice, first, second }
}

describe('GET /v1/sessions/{sessionId}', () => {
  it('given a chained session, then who began it, from where, and what it did is told', async () => {
    const { first, second } = await story()
    const { status, body } = await replay(second.id)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      sessionId: second.id,
      roleName: 'second',
      sessionName: 'hop-two',
      chain: [
        { type: 'User', name: 'alice' },
        { type: 'Session', sessionId: first.id, name: 'first' },
      ],
      began: {
        eventType: 'RoleAssumed',
        ticket: 'OPS-9',
        actor: { sessionId: first.id, arn: `acs:ram::${ACCOUNT}:assumed-role/first/hop-one` },
      },
      issued: { accessKeyId: second.credentials.accessKeyId },
      end: null,
      next: null,
    })
    expect(body.deeds).toMatchObject([
      { type: 'Changed', event: { eventType: 'UserCreated' } },
      { type: 'Called', call: { action: 'ram:DeleteUser', code: 'EntityNotExist.User' } },
    ])
    const earlier = (await replay(first.id)).body
    expect(earlier.deeds).toMatchObject([
      { type: 'Changed', event: { eventType: 'UserCreated' } },
      { type: 'RoleAssumed', sessionId: second.id, roleName: 'second', sessionName: 'hop-two' },
    ])
    const pages = []
    let after: string | null = '0'
    while (after !== null) {
      const page = await replay(first.id, { limit: '1', after })
      pages.push(...page.body.deeds)
      after = page.body.next
    }
    expect(pages).toEqual(earlier.deeds)
  })

  it('given roles that were refused to it, then one of its account is told by the name of then', async () => {
    const { first } = await story()
    const trust = { RoleName: 'closed', AssumeRolePolicyDocument: TRUST.replace('Allow', 'Deny') }
    const closed = (await server.call('CreateRole', trust)).body.Role
    const refused = async (RoleArn: string) => {
      const asked = { RoleArn, RoleSessionName: 'app' }
      return (await server.call('AssumeRole', asked, first.credentials)).status
    }
    expect(await refused(closed.Arn)).toBe(403)
    await server.call('DeleteRole', { RoleName: 'closed' })
    expect(await refused(`acs:ram::${ACCOUNT}:role/none`)).toBe(404)
    const { deeds } = (await replay(first.id)).body
    const refusals = deeds.filter(({ type }: { readonly type: string }) => type === 'RoleRefused')
    expect(refusals).toEqual([
      {
        type: 'RoleRefused',
        event: expect.anything(),
        refusal: 'AssumeRoleDenied',
        roleId: closed.RoleId,
        roleName: 'closed',
      },
      { type: 'RoleRefused', event: expect.anything(), refusal: 'AssumedRoleNotFound' },
    ])
  })

  it('given a session that is over and forgotten, then all of it is told all the same', async () => {
    const { second } = await story()
    const live = (await replay(second.id)).body
    server.clock.advance(3_600_000)
    await server.call('CreateUser', { UserName: 'late' })
    await expect.poll(() => server.engine.views.credentials.tables.sessions.size()).toBe(0)
    const { status, body } = await replay(second.id)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      chain: live.chain,
      issued: live.issued,
      deeds: live.deeds,
      end: { type: 'Expired', at: live.expires },
    })
    const then = await replay(second.id, { position: String(live.position) })
    expect(then.body).toMatchObject({ end: null, deeds: live.deeds, position: live.position })
    const before = await replay(second.id, { at: '2026-01-02T03:04:05Z' })
    expect([before.status, before.body.code]).toEqual([404, 'EntityNotExist.Session'])
  })

  it('given a session that was revoked, then the one behind it ended with it, by whom and why', async () => {
    const { first, second } = await story()
    const revoked = await server.read({
      path: `/v1/sessions/${first.id}/revoke`,
      body: {},
      headers: { 'x-grantlog-reason': 'leaked' },
    })
    expect(revoked.status).toBe(200)
    const end = { at: '2026-01-02T03:04:07.000Z', id: first.id, event: { reason: 'leaked' } }
    expect((await replay(first.id)).body.end).toMatchObject({ type: 'Revoked', ...end })
    expect((await replay(second.id)).body.end).toMatchObject({ type: 'CallerRevoked', ...end })
    server.clock.advance(3_600_000)
    expect((await replay(second.id)).body.end).toMatchObject({ type: 'CallerRevoked', ...end })
  })

  it('given a role that was deleted, then that ended the session', async () => {
    const { first, second } = await story()
    const held = { PolicyType: 'System', RoleName: 'first' }
    for (const PolicyName of ['AdministratorAccess', 'AliyunSTSAssumeRoleAccess'])
      await server.call('DetachPolicyFromRole', { ...held, PolicyName })
    await server.call('DeleteRole', { RoleName: 'first' })
    for (const { id } of [first, second])
      expect((await replay(id)).body.end).toMatchObject({
        type: 'RoleDeleted',
        event: { eventType: 'RoleDeleted', actor: { principalType: 'Root' } },
      })
  })

  it('given a read that is denied, then it stands among what the session did', async () => {
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    await server.call('CreateRole', { RoleName: 'bare', AssumeRolePolicyDocument: TRUST })
    const session = await assume('bare', alice, 'curious')
    await server.read({ path: `/v1/accounts/${ACCOUNT}/events` }, session.credentials)
    expect((await replay(session.id)).body.deeds).toMatchObject([
      { type: 'Called', call: { action: 'grantlog:ListEvents', outcome: 'Denied' } },
    ])
    const denied = await replay(session.id, {}, session.credentials)
    expect([denied.status, denied.body.action]).toEqual([403, 'grantlog:ReplaySession'])
  })

  it('given no such session or a doubtful query, then that is refused', async () => {
    await server.makeUser('alice')
    for (const id of ['0'.repeat(32), 'f'.repeat(32), 'x', '019b7c3d0c08'.padEnd(32, '0')]) {
      const { status, body } = await replay(id)
      expect([status, body.code]).toEqual([404, 'EntityNotExist.Session'])
    }
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{ limit: '0' }, 'limit'],
      [{ after: 'x' }, 'after'],
      [{ at: 'yesterday' }, 'at'],
      [{ at: '2026-01-02T03:04:05Z', position: '1' }, 'position'],
      [{ session: 'x' }, 'session'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await replay('0'.repeat(32), query)
      expect([status, body.parameter]).toEqual([400, parameter])
    }
    expect((await replay('0'.repeat(32), { position: '99999' })).status).toBe(422)
  })
})

describe('GET /v1/timeline of a session', () => {
  const timeline = (query: Readonly<Record<string, string>>) =>
    server.read({ path: '/v1/timeline', query })

  it('given a session that was revoked, then its life is told from its beginning to its end', async () => {
    const { first } = await story()
    await server.read({
      path: `/v1/sessions/${first.id}/revoke`,
      body: {},
      headers: { 'x-grantlog-reason': 'key leaked' },
    })
    const { status, body } = await timeline({ session: first.id })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: first.id, next: null, end: { type: 'Revoked' } })
    expect(body.entries).toMatchObject([
      { eventType: 'RoleAssumed', change: { type: 'Began', roleName: 'first' } },
      { eventType: 'UserCreated', change: { type: 'Changed' } },
      { eventType: 'RoleAssumed', change: { type: 'RoleAssumed', sessionName: 'hop-two' } },
      { eventType: 'SessionRevoked', change: { type: 'Ended' }, reason: 'key leaked' },
    ])
    const pages = []
    for (let after: string | null = '0'; after !== null; ) {
      const page = await timeline({ session: first.id, limit: '1', after })
      pages.push(...page.body.entries)
      after = page.body.next
    }
    expect(pages).toEqual(body.entries)
  })

  it('given no session of that id, or two subjects, then it is refused', async () => {
    const none = await timeline({ session: '0'.repeat(32) })
    expect([none.status, none.body.code]).toEqual([404, 'EntityNotExist.Session'])
    const bad = await timeline({ session: 'x y' })
    expect([bad.status, bad.body.parameter]).toEqual([400, 'session'])
    const session = '0'.repeat(32)
    const both = await timeline({ session, principal: `acs:ram::${ACCOUNT}:user/alice` })
    expect([both.status, both.body.parameter]).toEqual([400, 'session'])
  })
})
