/** The read API: questions about now and then, and what happened. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const QUESTION = { principal: ALICE, action: 'ots:GetRow', resource: '*' }
const NARROW = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }],
})
const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', UserName: 'alice' }

describe('POST /v1/decide', () => {
  it('given a policy attached for a while, then the moment asked about decides', async () => {
    await server.makeUser('alice')
    server.clock.advance(60_000)
    const attached = await server.call('AttachPolicyToUser', OTS)
    const token = attached.headers['x-grantlog-position-token']
    server.clock.advance(60_000)
    await server.call('DetachPolicyFromUser', OTS)

    const ask = (more: object) =>
      server.read({ path: '/v1/decide', body: { ...QUESTION, ...more } })
    const now = await ask({})
    expect(now.body).toMatchObject({
      allowed: false,
      outcome: 'ImplicitDeny',
      unit: 'AccountLevelIdentityBasedPolicy',
      deciding: [],
    })
    expect((await ask({ at: '2026-01-02T03:05:30Z' })).body.allowed).toBe(true)
    expect((await ask({ at: '2026-01-02T03:04:30Z' })).body.allowed).toBe(false)
    const then = await ask({ at: { position: token }, explain: true })
    expect(then.body).toMatchObject({
      allowed: true,
      deciding: [
        {
          policy: {
            policyName: 'AliyunOTSReadOnlyAccess',
            policyType: 'System',
            via: { type: 'User', name: 'alice' },
          },
          effect: 'Allow',
        },
      ],
    })
    expect(then.body.statements[0]).toMatchObject({ matched: true, resource: '*' })
    const future = await ask({ at: '2027-01-01T00:00:00Z' })
    expect([future.status, future.body.code]).toEqual([422, 'MomentNotReached'])
    expect(future.body.detail).toContain('it is 2026-01-02T03:06:05.000Z now')
  })

  it('given a body that is not as it should be, then the faulty member is named', async () => {
    const bodies: ReadonlyArray<readonly [unknown, string]> = [
      [{ ...QUESTION, resourse: '*' }, '/resourse'],
      [{ ...QUESTION, resource: [] }, '/resource'],
      [{ ...QUESTION, resource: Array.from({ length: 33 }, () => '*') }, '/resource'],
      [{ ...QUESTION, context: { a: ['1'], A: ['2'] } }, '/context'],
      [{ ...QUESTION, context: { a: { b: '1' } } }, '/context'],
      [{ ...QUESTION, at: 'yesterday' }, '/at'],
      [{ ...QUESTION, at: { position: 'junk' } }, '/at'],
      [{ ...QUESTION, position: 'junk' }, '/position'],
      [{ ...QUESTION, position: -1 }, '/position'],
      [{ ...QUESTION, position: 0.5 }, '/position'],
      [{ ...QUESTION, position: 1, at: '2026-01-02T03:04:05Z' }, '/position'],
      [{ ...QUESTION, principal: 'alice' }, '/principal'],
      [{ ...QUESTION, principal: `acs:ram::${ACCOUNT}:group/g` }, '/principal'],
      [{ ...QUESTION, sessionPolicy: '{}' }, '/sessionPolicy'],
      [{ ...QUESTION, sessionPolicy: NARROW }, '/sessionPolicy'],
      [{ ...QUESTION, resource: ['*', 'orders'] }, '/resource'],
      [{ ...QUESTION, action: 'ots' }, '/action'],
      [{ action: 'x', resource: '*' }, '/principal'],
      [[], ''],
    ]
    for (const [body, pointer] of bodies) {
      const answer = await server.read({ path: '/v1/decide', body })
      expect([answer.status, answer.body.code, answer.body.pointer]).toEqual([
        400,
        'InvalidBody',
        pointer,
      ])
      expect(answer.body).toMatchObject({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: expect.stringContaining(pointer),
        requestId: expect.any(String),
      })
      expect(answer.body.parameter).toBeUndefined()
      expect(answer.headers['content-type']).toBe('application/problem+json')
    }
    const large = { ...QUESTION, context: { a: 'x'.repeat(64 * 1024) } }
    expect((await server.read({ path: '/v1/decide', body: large })).status).toBe(413)
  })

  it('given another account or nobody by that name, then neither is answered', async () => {
    const foreign = { ...QUESTION, principal: 'acs:ram::9999999999999999:root' }
    expect((await server.read({ path: '/v1/decide', body: foreign })).status).toBe(403)
    const nobody = await server.read({ path: '/v1/decide', body: QUESTION })
    expect([nobody.status, nobody.body.code]).toEqual([404, 'EntityNotExist.Principal'])
  })

  it('given a user without the permission to ask, then it is denied and on record', async () => {
    const alice = await server.makeUser('alice')
    const { status, body } = await server.read({ path: '/v1/decide', body: QUESTION }, alice)
    const missing = {
      action: 'grantlog:Decide',
      resource: `acs:grantlog:*:${ACCOUNT}:principal/user/alice`,
    }
    const detail = `You may not do ${missing.action} on ${missing.resource}: no policy allows it.`
    expect([status, body]).toEqual([
      403,
      expect.objectContaining({
        code: 'NoPermission',
        outcome: 'ImplicitDeny',
        detail,
        ...missing,
      }),
    ])
    expect(await server.records()).toMatchObject([
      {
        action: 'grantlog:Decide',
        resources: [`acs:grantlog:*:${ACCOUNT}:principal/user/alice`],
        outcome: 'Denied',
      },
    ])
  })
})

describe('GET /v1/can and /v1/why', () => {
  it('given the same question, then why adds what each statement said', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const query = { ...QUESTION, context: '{"acs:SourceIp":"10.0.0.1"}' }
    const can = await server.read({ path: '/v1/can', query })
    expect(can.body).toMatchObject({ allowed: true })
    expect(can.body.statements).toBeUndefined()
    const denied = { ...query, action: 'oss:GetObject' }
    const why = await server.read({ path: '/v1/why', query: denied })
    expect(why.body).toMatchObject({ allowed: false })
    expect(why.body.statements).toMatchObject([{ matched: false, failed: 'Action' }])
  })

  it('given grants, then the events behind the answer are told, then and now', async () => {
    const deny = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: 'ots:*', Resource: '*' }],
    })
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const then = (await server.read({ path: '/v1/can', query: QUESTION })).body
    const freeze = { PolicyType: 'Custom', PolicyName: 'freeze' }
    await server.call('CreatePolicy', { PolicyName: 'freeze', PolicyDocument: deny })
    await server.call('AttachPolicyToUser', { ...freeze, UserName: 'alice' }, server.root, {
      'x-grantlog-reason': 'the audit',
      'x-grantlog-ticket': 'OPS-9',
    })
    const now = (await server.read({ path: '/v1/can', query: QUESTION })).body
    const actor = { arn: `acs:ram::${ACCOUNT}:root` }
    expect(now).toMatchObject({
      outcome: 'ExplicitDeny',
      deciding: [
        {
          effect: 'Deny',
          policy: { policyName: 'freeze', versionId: 'v1' },
          grant: {
            since: { actor, reason: 'the audit', ticket: 'OPS-9' },
            attached: { eventType: 'PolicyAttached', position: now.position },
            versionSet: { eventType: 'PolicyCreated', actor },
          },
        },
      ],
    })
    const past = { ...QUESTION, position: String(then.position) }
    const again = (await server.read({ path: '/v1/can', query: past })).body
    expect(again.deciding).toEqual(then.deciding)
    expect(again.deciding).toMatchObject([{ effect: 'Allow', grant: { since: { actor } } }])

    const why = (await server.read({ path: '/v1/why', query: QUESTION })).body
    expect(why.deciding).toEqual(now.deciding)
    expect(why.grants).toMatchObject([
      { policy: { policyName: 'AliyunOTSReadOnlyAccess' }, since: { actor } },
      { policy: { policyName: 'freeze' }, since: { ticket: 'OPS-9' } },
    ])
  })

  it('given a program that decides, then the events are told only where it wants to know why', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const decide = async (more: object) =>
      (await server.read({ path: '/v1/decide', body: { ...QUESTION, ...more } })).body
    expect((await decide({})).deciding[0].grant).toBeUndefined()
    const explained = await decide({ explain: true })
    expect(explained.deciding[0].grant.since.eventType).toBe('PolicyAttached')
    expect(explained.grants[0].attached).toEqual(explained.deciding[0].grant.attached)
  })

  it('given a role to assume, then the event that set its trust policy is told', async () => {
    await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
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
    const made = { RoleName: 'reader', AssumeRolePolicyDocument }
    await server.call('CreateRole', made, server.root, { 'x-grantlog-ticket': 'OPS-3' })
    const resource = `acs:ram:*:${ACCOUNT}:role/reader`
    const query = { ...QUESTION, action: 'sts:AssumeRole', resource }
    expect((await server.read({ path: '/v1/can', query })).body.deciding).toMatchObject([
      { policy: { policyName: 'AliyunSTSAssumeRoleAccess' }, grant: {} },
      { policy: { policyType: 'Trust' }, trustSet: { eventType: 'RoleCreated', ticket: 'OPS-3' } },
    ])

    await server.makeUser('bob')
    const told = { eventType: 'RoleTrustChanged', reason: 'closed', ticket: 'OPS-4' }
    const closed = AssumeRolePolicyDocument.replace(':root', ':user/bob')
    const changed = { RoleName: 'reader', NewAssumeRolePolicyDocument: closed }
    const because = { 'x-grantlog-reason': told.reason, 'x-grantlog-ticket': told.ticket }
    await server.call('UpdateRole', changed, server.root, because)
    for (const path of ['/v1/can', '/v1/why', '/v1/since']) {
      const { body } = await server.read({ path, query })
      expect(body).toMatchObject({ outcome: 'ImplicitDeny', deciding: [], trustSet: told })
    }
    const decide = async (body: object) => (await server.read({ path: '/v1/decide', body })).body
    expect((await decide({ ...query, explain: true })).trustSet).toMatchObject(told)
    expect(await decide(query)).not.toHaveProperty('trustSet')
    const elsewhere = { ...query, resource: resource.replace(ACCOUNT, '9999999999999999') }
    for (const other of [elsewhere, { ...query, resource: `${resource}s` }])
      expect((await server.read({ path: '/v1/can', query: other })).body).not.toHaveProperty(
        'trustSet',
      )
  })

  it('given a resource of no account or another, then the answer says why it is a deny', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const reasons = [
      ['*', 'ResourceOfNoAccount'],
      ['9999999999999999', 'ResourceOfOtherAccount'],
    ] as const
    for (const principal of [ALICE, `acs:ram::${ACCOUNT}:root`])
      for (const [account, type] of reasons) {
        const resource = `acs:ots:*:${account}:instance/x`
        const query = { ...QUESTION, principal, resource }
        const { body } = await server.read({ path: '/v1/why', query })
        expect(body).toMatchObject({
          outcome: 'ImplicitDeny',
          reason: { type, detail: expect.stringContaining('account') },
        })
      }
    const own = { ...QUESTION, resource: `acs:ots:*:${ACCOUNT}:instance/x` }
    const { body } = await server.read({ path: '/v1/why', query: own })
    expect([body.allowed, body.reason]).toEqual([true, undefined])
  })

  it('given a query that is not as it should be, then the faulty parameter is named', async () => {
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{ ...QUESTION, Explain: 'true' }, 'Explain'],
      [{ action: 'x', resource: '*' }, 'principal'],
      [{ ...QUESTION, action: 'GetRow' }, 'action'],
      [{ ...QUESTION, action: 'ots:' }, 'action'],
      [{ ...QUESTION, action: 'ots:Get*' }, 'action'],
      [{ ...QUESTION, action: 'ots:Get:Row' }, 'action'],
      [{ ...QUESTION, resource: 'instance/orders' }, 'resource'],
      [{ ...QUESTION, resource: 'acs:ots:*' }, 'resource'],
      [{ ...QUESTION, resource: '**' }, 'resource'],
      [{ ...QUESTION, principal: 'alice' }, 'principal'],
      [{ ...QUESTION, context: '{"a":' }, 'context'],
      [{ ...QUESTION, context: '{"a":{"b":1}}' }, 'context'],
      [{ ...QUESTION, at: 'yesterday' }, 'at'],
      [{ ...QUESTION, position: 'junk' }, 'position'],
      [{ ...QUESTION, position: 'x'.repeat(1025) }, 'position'],
      [{ ...QUESTION, position: '1', at: '2026-01-02T03:04:05Z' }, 'position'],
      [{ ...QUESTION, sessionPolicy: NARROW }, 'sessionPolicy'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await server.read({ path: '/v1/can', query })
      expect([status, body.code, body.parameter]).toEqual([400, 'InvalidQuery', parameter])
      expect(body.detail).toContain(`query parameter ${parameter}`)
      expect(body.pointer).toBeUndefined()
    }
  })

  it('given a parameter that stands twice, then it is named', async () => {
    const { status, body } = await server.readUnsigned('/v1/can?action=ots%3AGetRow&action=x')
    expect([status, body.code, body.parameter]).toEqual([400, 'InvalidParameter', 'action'])
  })

  it('given a fault, then its sentence tells of that one alone', async () => {
    const told: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{ at: 'x' }, 'at is not as it should be: it must be an RFC 3339 time such as'],
      [
        { at: '2026-01-02T03:04:05Z', position: '1' },
        'position is not as it should be: it must not',
      ],
      [{ Explain: 'true' }, 'there is no such parameter; known are principal, '],
    ]
    for (const [more, sentence] of told) {
      const { body } = await server.read({ path: '/v1/can', query: { ...QUESTION, ...more } })
      expect(body.detail).toContain(sentence)
      expect(body.detail).not.toContain(', and ')
    }
  })

  it('given one moment named in three ways, then the answer rests on one position', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    server.clock.advance(60_000)
    const ask = (more: object) =>
      server.read({ path: '/v1/can', query: { ...QUESTION, ...more } as Record<string, string> })
    const now = (await ask({})).body
    await server.read({ path: '/v1/timeline', query: { principal: ALICE } }) // moves the log on
    const later = (await ask({})).body
    const at = '2026-01-02T03:04:35Z'
    const timed = (await ask({ at })).body
    const placed = (await ask({ position: String(later.applied) })).body
    expect(new Set([now, later, timed, placed].map((body) => body.position)).size).toBe(1)
    expect(later.applied).toBeGreaterThan(now.applied)
    expect([later.asked, timed.asked, placed.asked]).toEqual([
      { now: true },
      { at },
      { position: String(later.applied) },
    ])
    const { position } = now
    for (const spelt of [{ position }, { position: String(position) }, { at: { position } }]) {
      const body = { ...QUESTION, ...spelt }
      const decided = (await server.read({ path: '/v1/decide', body })).body
      expect(decided).toMatchObject({ position, allowed: true, asked: spelt.at ?? spelt })
    }
    const again = (await ask({ position: String(now.position) })).body
    expect([again.position, again.allowed]).toEqual([now.position, true])
    expect((await ask({ position: '1' })).status).toBe(404)
  })
})

describe('GET /v1/accounts/<uid>/events', () => {
  it('given pages, then every event is shown once with who did it and why', async () => {
    await server.call('CreateUser', { UserName: 'alice', Email: 'a@b.cd' }, server.root, {
      'x-grantlog-reason': 'hired',
    })
    await server.call('CreateUser', { UserName: 'bob' })
    const path = `/v1/accounts/${ACCOUNT}/events`
    const types: Array<string> = []
    let after: number | null = null
    do {
      const from: Readonly<Record<string, string>> = after === null ? {} : { after: String(after) }
      const { body } = await server.read({ path, query: { limit: '2', ...from } })
      types.push(...body.events.map((event: { type: string }) => event.type))
      after = body.next
    } while (after !== null)
    expect(types).toEqual(['AccountCreated', 'AccessKeyCreated', 'UserCreated', 'UserCreated'])
    const { body } = await server.read({ path, query: { after: '1', limit: '1' } })
    expect(body.events[0]).toMatchObject({
      revision: 2,
      recordedAt: '2026-01-02T03:04:05.000Z',
      actor: { arn: `acs:ram::${ACCOUNT}:root` },
      reason: 'hired',
      data: { userName: 'alice', email: expect.stringMatching(/^pii1\./) },
    })
    expect((await server.records()).at(-1)).toMatchObject({
      action: 'grantlog:ListEvents',
      outcome: 'Allowed',
    })
  })

  it('given another account, a bad page or a wrong method, then each is refused', async () => {
    const path = `/v1/accounts/${ACCOUNT}/events`
    expect((await server.read({ path: '/v1/accounts/999999/events' })).status).toBe(403)
    expect((await server.read({ path, query: { limit: '1001' } })).status).toBe(400)
    expect((await server.read({ path, query: { limt: '1' } })).status).toBe(400)
    expect((await server.read({ path, body: {} })).status).toBe(405)
    expect((await server.read({ path: '/v1/nothing' })).status).toBe(404)
  })
})

describe('a method that no route takes', () => {
  it.each([
    ['DELETE', '/v1/can', 'GET'],
    ['HEAD', '/v1/', 'GET'],
    ['PUT', '/v1/openapi.json', 'GET'],
    ['DELETE', '/v1/sign-in', 'POST'],
  ])('given %s %s, then 405 tells which are allowed', async (method, rawUrl, allow) => {
    const { status, headers } = await server.readBearing('none', { method, rawUrl })
    expect([status, headers['allow']]).toEqual([405, allow])
  })

  it('given a path that is nowhere, then it is not found', async () => {
    const asked = { method: 'DELETE', rawUrl: '/v1/nothing' }
    expect((await server.readBearing('none', asked)).status).toBe(404)
  })
})

describe('GET /v1/timeline', () => {
  it('given a user, then what happened to it and to what it holds is told in order', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const query = { principal: ALICE }
    const { body } = await server.read({ path: '/v1/timeline', query })
    expect(body.entries).toMatchObject([
      { eventType: 'UserCreated', change: { type: 'Created', name: 'alice' } },
      { eventType: 'PolicyAttached', recordedAt: '2026-01-02T03:04:05.000Z' },
      { eventType: 'AccessKeyCreated' },
    ])
    const page = await server.read({ path: '/v1/timeline', query: { ...query, limit: '1' } })
    expect(page.body.next).toEqual(expect.any(String))
    const rest = { ...query, after: String(page.body.next) }
    const second = await server.read({ path: '/v1/timeline', query: rest })
    expect(second.body.entries).toEqual(body.entries.slice(1))
  })

  it('given a deleted user, then it is found by the name that nobody else has borne', async () => {
    await server.call('CreateUser', { UserName: 'alice' })
    server.clock.advance(60_000)
    await server.call('DeleteUser', { UserName: 'alice' })
    const ask = (more: object = {}) =>
      server.read({ path: '/v1/timeline', query: { principal: ALICE, ...more } })
    const told = [{ eventType: 'UserCreated' }, { eventType: 'UserDeleted' }]
    const first = await ask()
    expect(first.body.entries).toMatchObject(told)
    expect((await ask({ at: '2026-01-02T03:04:30Z' })).body.entries).toMatchObject(told)
    expect((await ask({ at: '2026-01-02T03:05:05Z' })).status).toBe(404)

    server.clock.advance(60_000)
    await server.call('CreateUser', { UserName: 'alice' })
    const second = await ask()
    expect(second.body.principalId).not.toBe(first.body.principalId)
    await server.call('DeleteUser', { UserName: 'alice' })
    const unclear = await ask()
    expect([unclear.status, unclear.body.code]).toEqual([404, 'EntityNotExist.Principal'])
    expect(unclear.body.detail).toContain('`at`')
    const then = await ask({ at: '2026-01-02T03:04:30Z' })
    expect(then.body.principalId).toBe(first.body.principalId)
  })

  it('given a renamed user or group, then the old name leads to it as long as it is free', async () => {
    await server.call('CreateUser', { UserName: 'alice' })
    await server.call('UpdateUser', { UserName: 'alice', NewUserName: 'alicia' })
    await server.call('CreateGroup', { GroupName: 'dev' })
    await server.call('UpdateGroup', { GroupName: 'dev', NewGroupName: 'developers' })
    const idOf = async (name: string) => {
      const principal = `acs:ram::${ACCOUNT}:${name}`
      return (await server.read({ path: '/v1/timeline', query: { principal } })).body.principalId
    }
    expect(await idOf('user/alice')).toBe(await idOf('user/alicia'))
    expect(await idOf('group/dev')).toBe(await idOf('group/developers'))
    expect(await idOf('group/developers')).toMatch(/^g-/)
    await server.call('CreateUser', { UserName: 'alice' })
    expect(await idOf('user/alice')).not.toBe(await idOf('user/alicia'))
  })

  it('given a parameter that is not as it should be, then it is named', async () => {
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{}, 'principal'],
      [{ principal: `acs:ram::${ACCOUNT}:assumed-role/r/s` }, 'principal'],
      [{ principal: ALICE, limit: '0' }, 'limit'],
      [{ principal: ALICE, after: '-1' }, 'after'],
      [{ principal: ALICE, at: 'now' }, 'at'],
      [{ principal: ALICE, position: 'junk' }, 'position'],
      [{ principal: ALICE, position: '1', at: '2026-01-02T03:04:05Z' }, 'position'],
      [{ principal: ALICE, until: '1' }, 'until'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await server.read({ path: '/v1/timeline', query })
      expect([status, body.code, body.parameter]).toEqual([400, 'InvalidQuery', parameter])
    }
    const early = { principal: ALICE, at: '2027-01-01T00:00:00Z' }
    expect((await server.read({ path: '/v1/timeline', query: early })).status).toBe(422)
  })
})
