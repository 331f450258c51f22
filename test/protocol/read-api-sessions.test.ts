/** The read API on sessions: what they may do, and how they are ended before their time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answered, openServer, type TestServer } from './server.js'
import type { Credentials } from './signing.js'

let server: TestServer
let alice: Credentials
beforeEach(async () => {
  server = await openServer()
  alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
  const trust = {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
      },
    ],
  }
  const AssumeRolePolicyDocument = JSON.stringify(trust)
  await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument })
  for (const PolicyName of ['AliyunOTSReadOnlyAccess', 'AliyunSTSAssumeRoleAccess'])
    await server.call('AttachPolicyToRole', {
      PolicyType: 'System',
      PolicyName,
      RoleName: 'reader',
    })
})
afterEach(() => server.engine.stop())

const ROLE = `acs:ram::${ACCOUNT}:role/reader`
const SESSION = `acs:ram::${ACCOUNT}:assumed-role/reader/app`
const allow = (...Action: ReadonlyArray<string>): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

const assume = async (more: Readonly<Record<string, string>> = {}, as = alice) => {
  const parameters = { RoleArn: ROLE, RoleSessionName: 'app', ...more }
  const { status, body } = await server.call('AssumeRole', parameters, as)
  expect(status).toBe(200)
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  }
}
const can = async (action: string, more: Readonly<Record<string, string>> = {}) => {
  const query = { principal: SESSION, action, resource: '*', ...more }
  return (await server.read({ path: '/v1/can', query })).body
}

describe('GET /v1/can about a session', () => {
  it('given no session of that name, then there is no answer, but about the role', async () => {
    expect(await can('ots:GetRow')).toMatchObject({
      status: 404,
      code: 'EntityNotExist.Session',
      detail: expect.stringMatching(/^No session of this name .* ARN of its role/),
    })
    expect(await can('ots:GetRow', { principal: ROLE })).toMatchObject({ allowed: true })
    expect(await can('oss:GetObject', { principal: ROLE })).toMatchObject({ allowed: false })
    expect((await can('ots:GetRow', { principal: ROLE })).session).toBeUndefined()
    const nobody = await can('ots:GetRow', { principal: SESSION.replace('reader', 'writer') })
    expect(nobody.code).toBe('EntityNotExist.Principal')
  })

  it('given a session with a policy, then both must allow', async () => {
    await assume({ Policy: allow('ots:Get*', 'oss:*') })
    expect(await can('ots:GetRow')).toMatchObject({
      allowed: true,
      session: { basis: 'Known', count: 1, sessionIds: [expect.stringMatching(/^[0-9a-f]{32}$/)] },
    })
    expect(await can('ots:ListTable')).toMatchObject({ allowed: false, unit: 'SessionPolicy' })
    expect(await can('oss:GetObject')).toMatchObject({ allowed: false })
    const asAnswered = { principal: `${ROLE}/app` }
    expect(await can('ots:ListTable', asAnswered)).toMatchObject({ allowed: false })
    expect(await can('ots:ListTable', { principal: ROLE })).toMatchObject({ allowed: true })
  })

  it('given several sessions of one name, then all of them must be allowed', async () => {
    await assume()
    await assume({ Policy: allow('ots:Get*') })
    await assume({ Policy: allow('ots:List*') }, alice)
    const answer = await can('ots:GetRow')
    expect(answer).toMatchObject({ allowed: false, unit: 'SessionPolicy' })
    expect(answer.session.sessionIds).toHaveLength(3)
    await assume({ RoleSessionName: 'other', Policy: allow('ots:Get*') })
    const other = { principal: SESSION.replace('app', 'other') }
    expect(await can('ots:GetRow', other)).toMatchObject({ allowed: true })
  })

  it('given sessions that begin and are revoked, then each position gives its answer again', async () => {
    const asked: Array<Answered['body']> = []
    const note = async () => asked.push(await can('ots:GetRow'))
    await assume({ Policy: allow('ots:Get*') })
    await note()
    await assume({ Policy: allow('ots:List*') })
    await note()
    const [, narrow] = asked[1].session.sessionIds
    await server.read({ path: `/v1/sessions/${narrow}/revoke`, body: {} })
    await note()
    expect(asked.map(({ allowed }) => allowed)).toEqual([true, false, true])
    for (const { allowed, position, session } of asked)
      expect(await can('ots:GetRow', { position: String(position) })).toMatchObject({
        allowed,
        position,
        session,
      })
  })

  it('given a session that is revoked or over, then a deny never becomes an allow', async () => {
    await assume({ Policy: allow('ots:List*'), DurationSeconds: '900' })
    const live = await can('ots:GetRow')
    expect(live).toMatchObject({ allowed: false })
    await assume({ RoleSessionName: 'revoked', Policy: allow('ots:List*') })
    const principal = SESSION.replace('app', 'revoked')
    const { session, position } = await can('ots:GetRow', { principal })
    await server.read({ path: `/v1/sessions/${session.sessionIds[0]}/revoke`, body: {} })
    const ended = (type: string) => ({
      allowed: false,
      outcome: 'ImplicitDeny',
      session: { basis: 'Ended', end: { type } },
      reason: { type: 'SessionEnded' },
    })
    expect(await can('ots:ListTable', { principal })).toMatchObject(ended('Revoked'))
    const before = { principal, position: String(position) }
    expect(await can('ots:GetRow', before)).toMatchObject({ allowed: false })

    server.clock.advance(900_000)
    const over = await can('ots:ListTable')
    expect(over).toMatchObject(ended('Expired'))
    expect(over.session.end.at).toBe('2026-01-02T03:19:05.000Z')
    expect(over.reason.detail).toContain('2026-01-02T03:19:05.000Z: its time was over')
    const moments: ReadonlyArray<Readonly<Record<string, string>>> = [
      { position: String(live.position) },
      { at: '2026-01-02T03:04:05Z' },
    ]
    for (const then of moments) {
      expect(await can('ots:GetRow', then)).toMatchObject({ allowed: false })
      const basis = { basis: 'Known', sessionIds: live.session.sessionIds }
      expect(await can('ots:ListTable', then)).toMatchObject({ allowed: true, session: basis })
    }
    const why = { principal: SESSION, action: 'ots:ListTable', resource: '*' }
    const told = await server.read({ path: '/v1/why', query: why })
    expect(told.body).toMatchObject({ ...ended('Expired'), statements: [] })
  })

  it('given one of several that is over, then they are answered all the same', async () => {
    await assume({ DurationSeconds: '900' })
    server.clock.advance(900_000)
    const questions = [{ principal: ROLE }, { principal: SESSION }]
    const body = { questions, action: 'ots:GetRow', resource: '*' }
    const { answers } = (await server.read({ path: '/v1/decide', body })).body
    expect(answers).toMatchObject([
      { allowed: true },
      { allowed: false, session: { basis: 'Ended' } },
    ])
    const lean = await server.read({ path: '/v1/decide', body: { ...body, answer: 'outcome' } })
    expect(lean.body.outcomes).toEqual(['Allow', 'ImplicitDeny'])
    const none = [...questions, { principal: SESSION.replace('app', 'nobody') }]
    const refused = await server.read({ path: '/v1/decide', body: { ...body, questions: none } })
    expect([refused.status, refused.body.pointer]).toEqual([404, '/questions/2'])
  })

  it('given a role that was deleted, then its session is over for that, not unknown', async () => {
    await assume()
    const { position } = await can('ots:GetRow')
    const detached = { PolicyType: 'System', RoleName: 'reader' }
    for (const PolicyName of ['AliyunOTSReadOnlyAccess', 'AliyunSTSAssumeRoleAccess'])
      await server.call('DetachPolicyFromRole', { ...detached, PolicyName })
    await server.call('DeleteRole', { RoleName: 'reader' }, server.root, {
      'x-grantlog-ticket': 'OPS-3',
    })
    expect(await can('ots:GetRow')).toMatchObject({
      allowed: false,
      session: { end: { type: 'RoleDeleted', event: { ticket: 'OPS-3' } } },
    })
    expect(await can('ots:GetRow', { position: String(position) })).toMatchObject({ allowed: true })
  })

  it('given its role was deleted and made again, then the moment to ask about is told', async () => {
    await assume()
    const { position } = await can('ots:GetRow')
    for (const PolicyName of ['AliyunOTSReadOnlyAccess', 'AliyunSTSAssumeRoleAccess']) {
      const detached = { PolicyType: 'System', PolicyName, RoleName: 'reader' }
      await server.call('DetachPolicyFromRole', detached)
    }
    expect((await server.call('DeleteRole', { RoleName: 'reader' })).status).toBe(200)
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
        },
      ],
    })
    await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument })
    const what = await server.read({ path: '/v1/what-can', query: { principal: SESSION } })
    for (const { code, detail } of [await can('ots:GetRow'), what.body]) {
      expect(code).toBe('EntityNotExist.Session')
      expect(detail).toContain('an earlier role of that name')
      const [, then = ''] = /`position` (\d+)/.exec(detail) ?? []
      expect(Number(then)).toBeLessThanOrEqual(position)
      expect(await can('ots:GetRow', { position: then })).toMatchObject({ allowed: true })
    }
    const other = SESSION.replace('app', 'nobody')
    const unknown = await server.read({ path: '/v1/what-can', query: { principal: other } })
    expect(unknown.body.detail).toMatch(/ARN of its role\.$/)
  })

  it('given a moment of the past, then the role of then and the sessions known answer', async () => {
    await assume({ Policy: allow('ots:Get*') })
    const { position } = await can('ots:GetRow')
    server.clock.advance(60_000)
    const detached = {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      RoleName: 'reader',
    }
    await server.call('DetachPolicyFromRole', detached)
    expect(await can('ots:GetRow')).toMatchObject({ allowed: false })
    expect(await can('ots:GetRow', { at: '2026-01-02T03:04:30Z' })).toMatchObject({
      allowed: true,
      session: { basis: 'Known' },
    })
    expect(await can('ots:ListTable', { at: '2026-01-02T03:04:30Z' })).toMatchObject({
      allowed: false,
    })
    const again = { position: String(position) }
    expect(await can('ots:GetRow', again)).toMatchObject({ allowed: true, position })
    expect(await can('ots:ListTable', again)).toMatchObject({ allowed: false, position })
  })

  it('given a session policy to suppose, then it stands for those of the sessions', async () => {
    await assume({ Policy: allow('ots:List*') })
    const supposed = { sessionPolicy: allow('ots:Get*') }
    for (const principal of [SESSION, ROLE]) {
      const more = { ...supposed, principal }
      expect(await can('ots:GetRow', more)).toMatchObject({
        allowed: true,
        session: { basis: 'Supposed' },
      })
      expect(await can('ots:ListTable', more)).toMatchObject({ allowed: false })
      expect(await can('oss:GetObject', { ...more, sessionPolicy: allow('*') })).toMatchObject({
        allowed: false,
      })
    }
  })
})

describe('GET /v1/what-can about a session that is over', () => {
  const whatCan = async (more: Readonly<Record<string, string>> = {}) =>
    (await server.read({ path: '/v1/what-can', query: { principal: SESSION, ...more } })).body

  it('given its time was over, then when and why, and nothing; at a moment of its life, all', async () => {
    await assume({ Policy: allow('ots:Get*'), DurationSeconds: '900' })
    const resource = { resource: '*', actions: 'ots:GetRow,ots:ListTable' }
    const living = await whatCan(resource)
    expect(living).toMatchObject({
      allows: [{ statement: { Effect: 'Allow' } }, {}],
      narrowedBy: [{ allows: [{ statement: { Action: ['ots:Get*'] } }] }],
      session: { basis: 'Known', count: 1 },
    })
    server.clock.advance(3_600_000 * 24)
    await server.call('DetachPolicyFromRole', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      RoleName: 'reader',
    })
    expect(await whatCan(resource)).toMatchObject({
      principalId: living.principalId,
      isRoot: false,
      allows: [],
      denies: [],
      narrowedBy: [],
      actions: [],
      grants: [],
      session: { basis: 'Ended', end: { type: 'Expired', at: '2026-01-02T03:19:05.000Z' } },
      reason: { type: 'SessionEnded', detail: expect.stringContaining('its time was over') },
    })
    for (const moment of [
      { at: '2026-01-02T03:10:00Z' },
      { position: String(living.position) },
    ] as ReadonlyArray<Readonly<Record<string, string>>>) {
      const { asked: _, applied: __, ...then } = await whatCan({ ...resource, ...moment })
      const { asked: ___, applied: ____, ...was } = living
      expect(then).toEqual(was)
    }
  })

  it('given it was revoked, then by which event; given it never was, then there is no answer', async () => {
    await assume()
    const { session } = await can('ots:GetRow')
    const revoked = { path: `/v1/sessions/${session.sessionIds[0]}/revoke`, body: {} }
    await server.read({ ...revoked, headers: { 'x-grantlog-ticket': 'OPS-4' } })
    expect(await whatCan()).toMatchObject({
      allows: [],
      session: { end: { type: 'Revoked', event: { ticket: 'OPS-4' } } },
    })
    expect(await whatCan({ principal: SESSION.replace('app', 'nobody') })).toMatchObject({
      status: 404,
      code: 'EntityNotExist.Session',
    })
  })
})

describe('GET /v1/accounts/<uid>/sessions', () => {
  const path = `/v1/accounts/${ACCOUNT}/sessions`
  const list = (query: Readonly<Record<string, string>> = {}, as?: Credentials) =>
    server.read({ path, query }, as)

  it('given sessions, then those that can act are listed with who began them', async () => {
    const first = await assume({ SourceIdentity: 'ann', DurationSeconds: '900' })
    await assume({ RoleSessionName: 'next' }, first)
    const { sessions, next } = (await list({ role: 'reader' })).body
    expect(next).toBeNull()
    const [app, chained] = sessions
    expect(app).toEqual({
      sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
      roleId: expect.any(String),
      roleName: 'reader',
      sessionName: 'app',
      position: expect.any(Number),
      began: '2026-01-02T03:04:05.000Z',
      expires: '2026-01-02T03:19:05.000Z',
      sourceIdentity: 'ann',
      assumedBy: { type: 'User', accountId: ACCOUNT, userId: expect.any(String), name: 'alice' },
      chain: [app.assumedBy],
    })
    expect(chained).toMatchObject({
      sessionName: 'next',
      assumedBy: { type: 'Session', sessionId: app.sessionId, name: 'reader' },
    })
    for (const { sessionId, began, chain } of sessions) {
      const shown = (await server.read({ path: `/v1/sessions/${sessionId}` })).body
      expect([shown.began.recordedAt, shown.chain]).toEqual([began, chain])
    }
    const page = (await list({ limit: '1' })).body
    expect([page.sessions, page.next]).toEqual([[app], expect.any(String)])
    expect((await list({ after: String(page.next) })).body.sessions).toEqual([chained])

    const revoked = { path: `/v1/sessions/${chained.sessionId}/revoke`, body: {} }
    expect((await server.read(revoked)).status).toBe(200)
    expect((await list()).body.sessions).toEqual([app])
    server.clock.advance(900_000)
    expect((await list()).body.sessions).toEqual([])
  })

  it('given no such role, another account or no permission, then each is refused', async () => {
    const nobody = await list({ role: 'writer' })
    expect([nobody.status, nobody.body.code]).toEqual([404, 'EntityNotExist.Role'])
    expect((await server.read({ path: '/v1/accounts/9999999999999999/sessions' })).status).toBe(403)
    const denied = await list({}, alice)
    expect([denied.status, denied.body.resource]).toEqual([403, `acs:ram:*:${ACCOUNT}:role/*`])
    const onRole = `acs:ram:*:${ACCOUNT}:role/reader`
    const grant = { Effect: 'Allow', Action: 'grantlog:ListSessions', Resource: onRole }
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: [grant] })
    await server.call('CreatePolicy', { PolicyName: 'see', PolicyDocument })
    const attached = { PolicyType: 'Custom', PolicyName: 'see', UserName: 'alice' }
    await server.call('AttachPolicyToUser', attached)
    expect((await list({}, alice)).status).toBe(403)
    expect((await list({ role: 'reader' }, alice)).status).toBe(200)
    expect((await server.records()).at(-1)).toMatchObject({
      action: 'grantlog:ListSessions',
      resources: [onRole],
      outcome: 'Allowed',
    })
  })
})

describe('POST /v1/sessions/<id>/revoke', () => {
  const idOf = async (): Promise<string> => (await can('ots:GetRow')).session.sessionIds.at(-1)
  const revoke = (id: string, as?: Credentials, body: unknown = {}) =>
    server.read({ path: `/v1/sessions/${id}/revoke`, body }, as)
  const whoAmI = async (as: Credentials) => (await server.call('GetCallerIdentity', {}, as)).status

  it('given a session, then its credentials and those it led to stop at once', async () => {
    const session = await assume()
    const id = await idOf()
    const chained = await assume({ RoleSessionName: 'next' }, session)
    const other = await assume()
    expect([await whoAmI(session), await whoAmI(chained)]).toEqual([200, 200])
    const revoked = await revoke(id)
    expect([revoked.status, revoked.body]).toMatchObject([200, { sessionId: id, revoked: true }])
    expect([await whoAmI(session), await whoAmI(chained)]).toEqual([400, 400])
    expect(await whoAmI(other)).toBe(200)
    expect((await can('ots:GetRow')).session.sessionIds).not.toContain(id)
    const head = server.engine.status().head
    expect((await revoke(id)).status).toBe(200)
    expect(server.engine.status().head).toBe(head)
  })

  it('given another user, then only one who may end sessions of that role can', async () => {
    await assume()
    const id = await idOf()
    const denied = await revoke(id, alice)
    expect([denied.status, denied.body.code]).toEqual([403, 'NoPermission'])
    // Whether there is such a session, and of which role, is not told.
    expect(denied.body.resource).toBe(`acs:ram:*:${ACCOUNT}:role/<role>`)
    const onRole = `acs:ram:*:${ACCOUNT}:role/reader`
    expect((await server.records()).at(-1)).toMatchObject({
      action: 'grantlog:RevokeSession',
      resources: [onRole],
      outcome: 'Denied',
    })
    const grant = { Effect: 'Allow', Action: 'grantlog:RevokeSession', Resource: onRole }
    const PolicyDocument = JSON.stringify({ Version: '1', Statement: [grant] })
    await server.call('CreatePolicy', { PolicyName: 'end', PolicyDocument })
    const attached = { PolicyType: 'Custom', PolicyName: 'end', UserName: 'alice' }
    await server.call('AttachPolicyToUser', attached)
    expect((await revoke('0'.repeat(32), alice)).status).toBe(403)
    expect((await revoke(id, alice)).status).toBe(200)
  })

  it('given no such session, one that is over or a body, then each is refused', async () => {
    await assume({ DurationSeconds: '900' })
    const id = await idOf()
    expect((await revoke(id, undefined, { why: 'x' })).body.code).toBe('InvalidBody')
    server.clock.advance(900_000)
    for (const other of [id, '0'.repeat(32), 'junk']) {
      const { status, body } = await revoke(other)
      expect([status, body.code]).toEqual([404, 'EntityNotExist.Session'])
    }
    expect((await server.records()).at(-1)).toMatchObject({
      outcome: 'Refused',
      code: 'EntityNotExist.Session',
    })
    expect((await server.read({ path: `/v1/sessions/${id}/revoke` })).status).toBe(405)
  })
})
