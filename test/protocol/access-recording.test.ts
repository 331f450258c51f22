/**
 * Recorded access over HTTP: chosen, listed, replayed under a change, and searched for what is
 * unused.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import type { Credentials } from './signing.js'

let server: TestServer
let alice: Credentials
beforeEach(async () => {
  server = await openServer()
  server.clock.advance(1_000)
  alice = await server.makeUser('alice')
  const PolicyDocument = document('ots:GetRow', 'ots:PutRow', 'oss:*')
  await server.call('CreatePolicy', { PolicyName: 'work', PolicyDocument })
  const attached = { PolicyType: 'Custom', PolicyName: 'work' }
  await server.call('CreateGroup', { GroupName: 'devs' })
  await server.call('AddUserToGroup', { UserName: 'alice', GroupName: 'devs' })
  await server.call('AttachPolicyToGroup', { ...attached, GroupName: 'devs' })
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const table = (name: string): string => `acs:ots:*:${ACCOUNT}:instance/${name}`
const document = (...Action: ReadonlyArray<string>): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

const SETTING = `/v1/accounts/${ACCOUNT}/access-recording`
const record = (recording: string, more: object = {}, as?: Credentials) =>
  server.read({ path: SETTING, body: { recording, ...more } }, as)
const decide = (action: string, resource = table('orders'), more: object = {}) =>
  server.read({ path: '/v1/decide', body: { principal: ALICE, action, resource, ...more } })
const replay = (body: object = {}) => server.read({ path: '/v1/replay', body })
const list = (query: Readonly<Record<string, string>> = {}) =>
  server.read({ path: `/v1/accounts/${ACCOUNT}/access`, query })

describe('the setting', () => {
  it('given nothing was chosen, then denials are recorded; and what is chosen is told', async () => {
    const get = () => server.read({ path: SETTING })
    expect((await get()).body.recording).toEqual({ type: 'Denials' })
    expect(await record('Sampled', { oneIn: 10 })).toMatchObject({
      status: 200,
      body: { recording: { type: 'Sampled', oneIn: 10 } },
    })
    expect((await get()).body.recording).toEqual({ type: 'Sampled', oneIn: 10 })
  })

  it('given a bad choice, then the member is named', async () => {
    const pointers = async (body: object) => (await server.read({ path: SETTING, body })).body
    expect(await pointers({})).toMatchObject({ status: 400, pointer: '/recording' })
    expect(await pointers({ recording: 'Some' })).toMatchObject({ pointer: '/recording' })
    expect(await pointers({ recording: 'Sampled' })).toMatchObject({ pointer: '/oneIn' })
    for (const oneIn of [1, 2.5, 1_000_001])
      expect(await pointers({ recording: 'Sampled', oneIn })).toMatchObject({ pointer: '/oneIn' })
    expect(await pointers({ recording: 'All', oneIn: 2 })).toMatchObject({ pointer: '/oneIn' })
    expect(await pointers({ recording: 'All', more: 1 })).toMatchObject({ pointer: '/more' })
  })

  it('given a user without permission, then it is refused, and on record', async () => {
    expect(await record('Off', {}, alice)).toMatchObject({ status: 403 })
    expect((await server.records()).at(-1)).toMatchObject({
      action: 'grantlog:SetAccessRecording',
      outcome: 'Denied',
    })
  })
})

describe('what is put on record', () => {
  const decisions = async () =>
    (await list({ principal: ALICE })).body.records.map(
      ({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`,
    )

  it('given denials alone, then an allowed decision is not on record', async () => {
    await decide('ots:GetRow')
    await decide('ots:DeleteRow')
    expect(await decisions()).toEqual(['ots:DeleteRow Denied'])
  })

  it('given everything, then decisions and calls are, and studies are not', async () => {
    await record('All')
    await decide('ots:GetRow')
    await decide('ots:GetRow', table('orders'), { at: new Date(START).toISOString() })
    const query = { principal: ALICE, action: 'ots:PutRow', resource: table('orders') }
    await server.read({ path: '/v1/why', query })
    await server.read({ path: '/v1/can', query })
    await server.call('ListUsers', {}, alice)
    expect((await decisions()).sort()).toEqual(['ots:GetRow Allowed', 'ram:ListUsers Denied'])
    expect((await list({ action: 'RAM:', principal: ALICE })).body.records.at(-1)).toMatchObject({
      principal: { type: 'User' },
      action: 'ram:ListUsers',
      resources: [`acs:ram:*:${ACCOUNT}:user/*`],
      code: 'NoPermission',
    })
  })

  it('given a call that is allowed and then refused, then it is on record once', async () => {
    await record('All')
    await server.call('DeleteUser', { UserName: 'nobody' })
    await server.call('GetUser', { UserName: 'nobody' })
    const outcomes = async (action: string) =>
      (await list({ action })).body.records.map(
        ({ outcome, code }: { outcome: string; code: string }) => `${outcome} ${code}`,
      )
    expect(await outcomes('ram:DeleteUser')).toEqual(['Refused EntityNotExist.User'])
    expect(await outcomes('ram:GetUser')).toEqual(['Allowed '])
  })

  it('given names of roles are tried with a key, then each that was asked for is on record once', async () => {
    const assuming = { PolicyType: 'System', PolicyName: 'AliyunSTSAssumeRoleAccess' }
    await server.call('AttachPolicyToUser', { UserName: 'alice', ...assuming })
    const arn = (account: string, name: string) => `acs:ram::${account}:role/${name}`
    const asked = [arn(ACCOUNT, 'admin'), arn(ACCOUNT, 'ops'), arn('1000000000000099', 'admin')]
    for (const RoleArn of asked) {
      const { status } = await server.call('AssumeRole', { RoleArn, RoleSessionName: 'app' }, alice)
      expect(status).toBeGreaterThanOrEqual(400)
    }
    const { records } = (await list({ action: 'sts:AssumeRole', principal: ALICE })).body
    const told = records.map(
      ({ resources, outcome, code }: { resources: string[]; outcome: string; code: string }) =>
        [...resources, outcome, code].join(' '),
    )
    expect(told.sort()).toEqual([
      `acs:ram:*:1000000000000099:role/admin Denied NoPermission`,
      `acs:ram:*:${ACCOUNT}:role/admin Refused EntityNotExist.Role`,
      `acs:ram:*:${ACCOUNT}:role/ops Refused EntityNotExist.Role`,
    ])
    const { totals } = (await replay({ principal: ALICE })).body
    expect(totals).toMatchObject({ records: 3, refused: 2, drift: 0 })
  })

  it('given a key is tried with GetCallerIdentity, then that is on record, and nothing drifts', async () => {
    await record('All')
    await server.call('GetCallerIdentity', {}, alice)
    const { accessKeyId } = alice
    expect((await list({ accessKey: accessKeyId })).body.records).toMatchObject([
      {
        action: 'sts:GetCallerIdentity',
        resources: [],
        outcome: 'Allowed',
        principal: { type: 'User', accessKeyId },
      },
    ])
    const { body } = await replay({ principal: ALICE })
    expect(body.totals).toMatchObject({ records: 0, judged: 0, drift: 0 })
    expect(body.drifts).toEqual([])
  })

  it('given pages, then they are all of the record, each record once', async () => {
    await record('All')
    for (const name of ['a', 'b', 'c', 'd', 'e']) await decide('ots:GetRow', table(name))
    const seen: string[] = []
    let after: string | undefined
    do {
      const query = { principal: ALICE, limit: '2', ...(after === undefined ? {} : { after }) }
      const { body } = await list(query)
      for (const { resources } of body.records) seen.push(...resources)
      after = body.next ?? undefined
    } while (after !== undefined)
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'].map(table))
  })

  it('given an address and keys of a caller, then nowhere in the log they stand in clear', async () => {
    await record('All')
    const context = { 'acs:SourceIp': '203.0.113.77', 'my:Phone': '555-0199' }
    await decide('ots:GetRow', table('orders'), { context })
    await list()
    const events = await server.log.readAll({ after: 0, limit: 1_000 })()
    const text = JSON.stringify(events)
    expect(text).toContain('ots:GetRow')
    for (const personal of ['203.0.113.77', '555-0199', '10.1.2.3'])
      expect(text).not.toContain(personal)
  })
})

describe('POST /v1/replay', () => {
  beforeEach(async () => {
    await record('All')
    const context = { 'acs:SourceIp': '10.0.0.7' }
    for (const name of ['orders', 'orders', 'users'])
      await decide('ots:GetRow', table(name), { context })
    await decide('ots:DeleteRow')
    await decide('oss:GetObject', `acs:oss:*:${ACCOUNT}:bucket/x`)
  })

  it('given no change, then nothing drifts and nothing changes', async () => {
    const { status, body } = await replay()
    expect(status).toBe(200)
    expect(body.totals).toMatchObject({ drift: 0, allowToDeny: 0, denyToAllow: 0 })
    expect(body.totals.judged).toBeGreaterThanOrEqual(10)
    expect(body.drifts).toEqual([])
  })

  it('given an edit, then the calls that turn are told with the statements that turn them', async () => {
    const policy = { policyType: 'Custom', policyName: 'work' }
    const change = { type: 'Edit', ...policy, document: document('oss:*', 'ots:DeleteRow') }
    const { body } = await replay({ change, principal: ALICE })
    expect(body.totals).toMatchObject({ judged: 5, allowToDeny: 3, denyToAllow: 1, drift: 0 })
    expect(body.groups).toHaveLength(3)
    expect(body.groups[0]).toMatchObject({
      change: 'AllowToDeny',
      name: 'alice',
      action: 'ots:GetRow',
      resources: [table('orders')],
      count: 2,
      before: [{ policy: { policyName: 'work', via: { type: 'Group', name: 'devs' } } }],
      after: [],
      samples: [{ requestId: expect.any(String) }, {}],
    })
    const turned = body.groups.find(({ change: to }: { change: string }) => to === 'DenyToAllow')
    expect(turned).toMatchObject({
      action: 'ots:DeleteRow',
      after: [{ policy: { versionId: 'proposed' } }],
    })
    const narrow = await replay({ change, action: 'OSS:', principal: ALICE })
    expect(narrow.body.totals).toMatchObject({ records: 1, allowToDeny: 0 })
    const small = await replay({ change, principal: ALICE, limit: 1 })
    expect(small.body).toMatchObject({ groups: [{ count: 2 }], leftOut: 2 })
  })

  it('given what would take the group out, then all its calls turn; attached again, none does', async () => {
    const work = { policyType: 'Custom', policyName: 'WORK' }
    const group = `acs:ram::${ACCOUNT}:group/devs`
    const totals = async (change: object) =>
      (await replay({ change, principal: ALICE })).body.totals
    expect(await totals({ type: 'Delete', ...work })).toMatchObject({ allowToDeny: 4 })
    const detach = { type: 'Detach', ...work, target: group }
    expect(await totals(detach)).toMatchObject({ allowToDeny: 4 })
    const attach = { type: 'Attach', ...work, target: ALICE }
    expect(await totals([detach, attach])).toMatchObject({ allowToDeny: 0, denyToAllow: 0 })
    const deny = { ...JSON.parse(document('ots:*')).Statement[0], Effect: 'Deny' }
    const denying = JSON.stringify({ Version: '1', Statement: [deny] })
    const named = { policyType: 'Custom', policyName: 'guard' }
    const guard = [
      { type: 'Edit', ...named, document: denying },
      { type: 'Attach', ...named, target: group },
    ]
    const { body } = await replay({ change: guard, principal: ALICE })
    expect(body.totals).toMatchObject({ allowToDeny: 3 })
    expect(body.groups[0].after).toMatchObject([{ effect: 'Deny', policy: named }])
  })

  it('given an attachment of a policy that is gone, then what it would say is asked for', async () => {
    const attach = { type: 'Attach', policyType: 'Custom', policyName: 'gone', target: ALICE }
    const detailOf = async () => {
      const { status, body } = await replay({ change: attach })
      expect([status, body.code]).toEqual([404, 'EntityNotExist.Policy'])
      return body.detail
    }
    expect(await detailOf()).toContain('nor was there')
    const made = { PolicyName: 'gone', PolicyDocument: document('ots:GetRow') }
    await server.call('CreatePolicy', made)
    await server.call('DeletePolicy', { PolicyName: 'gone' })
    expect(await detailOf()).toContain('no policy gone now, though there was one')
    const edit = { ...attach, type: 'Edit', target: undefined, document: document('ots:*') }
    expect((await replay({ change: [edit, attach] })).status).toBe(200)
  })

  it('given a detachment of what never was attached to the target itself, then it is refused', async () => {
    const work = { policyType: 'Custom', policyName: 'work', target: ALICE }
    const detach = { type: 'Detach', ...work }
    expect(await replay({ change: detach })).toMatchObject({
      status: 404,
      body: { code: 'EntityNotExist.Attachment' },
    })
    expect((await replay({ change: [{ type: 'Attach', ...work }, detach] })).status).toBe(200)
    const named = { PolicyType: 'Custom', PolicyName: 'work', UserName: 'alice' }
    await server.call('AttachPolicyToUser', named)
    await server.call('DetachPolicyFromUser', named)
    expect((await replay({ change: detach })).status).toBe(200)
  })

  it('given grants that changed meanwhile, then each call is judged by those of its own moment', async () => {
    const gone = { PolicyType: 'Custom', PolicyName: 'work', GroupName: 'devs' }
    await server.call('DetachPolicyFromGroup', gone)
    await decide('ots:GetRow')
    await server.call('DeleteUser', { UserName: 'nobody' })
    const { body } = await replay({
      change: { type: 'Delete', policyType: 'Custom', policyName: 'work' },
      principal: ALICE,
    })
    expect(body.totals).toMatchObject({ judged: 6, allowToDeny: 4, drift: 0 })
    expect(body.coverage).toMatchObject({ isWhole: false, doubts: ['DenialsOnly'], lost: 0 })
  })

  it('given a name that was deleted and made again, then the calls of all who bore it are told', async () => {
    const before = (await replay({ principal: ALICE })).body
    expect(before.totals.records).toBeGreaterThan(0)
    const { body } = await server.call('ListAccessKeys', { UserName: 'alice' })
    const [{ AccessKeyId }] = body.AccessKeys.AccessKey
    await server.call('DeleteAccessKey', { UserName: 'alice', UserAccessKeyId: AccessKeyId })
    await server.call('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'devs' })
    expect((await server.call('DeleteUser', { UserName: 'alice' })).status).toBe(200)
    await server.makeUser('alice')
    const then = await replay({ principal: ALICE, to: before.position })
    expect(then.body.totals).toEqual(before.totals)
    await decide('ots:GetRow')
    const after = await replay({ principal: ALICE })
    expect(after.body.totals.records).toBe(before.totals.records + 1)
    const listed = await list({ principal: ALICE })
    const ids = new Set(
      listed.body.records.map((each: { principal: { userId: string } }) => each.principal.userId),
    )
    expect(ids.size).toBe(2)
    const nobody = await list({ principal: `${ALICE}s` })
    expect([nobody.status, nobody.body.code]).toEqual([404, 'EntityNotExist.Principal'])
  })

  it('given a user that was renamed, then each call is told under the name of then', async () => {
    const alice = await server.makeUser('alice', ['AdministratorAccess'])
    await record('All')
    await server.call('ListUsers', {}, alice)
    await server.call('UpdateUser', { UserName: 'alice', NewUserName: 'zoe' })
    await server.call('ListUsers', {}, alice)
    await server.call('CreateUser', { UserName: 'carl' }, alice)
    const { accessKeyId: accessKey } = alice
    type Told = { readonly action: string; readonly name: string }
    const { records } = (await list({ accessKey })).body
    expect(records.map(({ action, name }: Told) => [action, name])).toEqual([
      ['ram:ListUsers', 'alice'],
      ['ram:ListUsers', 'zoe'],
      ['ram:CreateUser', 'zoe'],
    ])
    const { body } = await server.read({ path: '/v1/timeline', query: { accessKey } })
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        eventType: 'UserCreated',
        actor: expect.objectContaining({ arn: `acs:ram::${ACCOUNT}:user/zoe` }),
      }),
    )
    const change = ['alice', 'zoe'].map((name) => ({
      type: 'Detach',
      policyType: 'System',
      policyName: 'AdministratorAccess',
      target: `acs:ram::${ACCOUNT}:user/${name}`,
    }))
    const { groups } = (await replay({ action: 'ram:ListUsers', change })).body
    expect(groups.map(({ name, count }: Told & { count: number }) => [name, count])).toEqual([
      ['alice', 1],
      ['zoe', 1],
    ])
  })

  it('given a window that ends before the account was opened, or before it begins, then it is none', async () => {
    const opened = new Date(START).toISOString()
    const began = { status: 422, body: { code: 'WindowEmpty' } }
    const windows = [
      { to: 0 },
      { from: 0, to: '2020-01-01T00:00:00Z' },
      { from: '2019-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' },
      { from: 5, to: opened },
    ]
    for (const window of windows) expect(await replay(window)).toMatchObject(began)
    expect((await replay({ to: 0 })).body.detail).toContain(opened)
    server.clock.advance(60_000)
    await server.makeUser('late')
    const late = new Date(server.clock.now()).toISOString()
    expect(await replay({ from: late, to: 5 })).toMatchObject(began)
    expect(await list({ from: late, to: '5' })).toMatchObject(began)
    expect((await replay({ from: late, to: server.engine.status().applied })).status).toBe(200)
    expect(await list({ to: '0' })).toMatchObject(began)
    const first = await replay({ from: '2019-01-01T00:00:00Z', to: opened })
    expect([first.status, first.body.from, first.body.to]).toEqual([200, opened, opened])
  })

  it('given a body that is not as it should be, then the member is named', async () => {
    const policy = { policyType: 'Custom', policyName: 'work' }
    const bad: ReadonlyArray<readonly [object, string]> = [
      [{ from: 'yesterday' }, '/from'],
      [{ to: -1 }, '/to'],
      [{ from: 50, to: 20 }, '/to'],
      [{ limit: 0 }, '/limit'],
      [{ principal: `acs:ram::${ACCOUNT}:group/devs` }, '/principal'],
      [{ change: Array.from({ length: 21 }, () => ({ type: 'Delete', ...policy })) }, '/change'],
      [{ after: 'x' }, '/after'],
      [{ more: 1 }, '/more'],
    ]
    for (const [body, pointer] of bad)
      expect(await replay(body)).toMatchObject({ status: 400, body: { pointer } })
    const missing = { type: 'Attach', policyType: 'Custom', policyName: 'none', target: ALICE }
    expect(await replay({ change: missing })).toMatchObject({
      status: 404,
      body: { code: 'EntityNotExist.Policy' },
    })
    expect(await replay({ to: 999_999 })).toMatchObject({ status: 422 })
    expect(await server.read({ path: '/v1/replay', body: {} }, alice)).toMatchObject({
      status: 403,
    })
  })
})

describe('GET /v1/unused', () => {
  const since = new Date(START).toISOString()
  const unused = (query: Readonly<Record<string, string>> = {}, as?: Credentials) =>
    server.read({ path: '/v1/unused', query: { since, ...query } }, as)

  it('given access that needed a part, then the rest is unused, and a smaller policy is suggested', async () => {
    await record('All')
    await server.call('AttachPolicyToUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      UserName: 'alice',
    })
    await server.call('DetachPolicyFromUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      UserName: 'alice',
    })
    await server.call('AttachPolicyToUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunECSFullAccess',
      UserName: 'alice',
    })
    const because = { 'x-grantlog-reason': 'joins in', 'x-grantlog-ticket': 'HR-9' }
    const told = { reason: 'joins in', ticket: 'HR-9' }
    const oss = { PolicyType: 'System', PolicyName: 'AliyunOSSFullAccess', GroupName: 'ops' }
    await server.call('CreateGroup', { GroupName: 'ops' })
    await server.call('AttachPolicyToGroup', oss)
    const member = { UserName: 'alice', GroupName: 'ops' }
    await server.call('AddUserToGroup', member, server.root, because)
    await decide('ots:PutRow', table('orders'))
    await decide('ots:PutRow', table('users'))
    const { body, status } = await unused({ principal: ALICE })
    expect(status).toBe(200)
    const [{ grants, suggestion, allowed, notCovered }] = body.principals
    const used = grants.map((grant: { policy: { policyName: string }; isUsed: boolean }) => [
      grant.policy.policyName,
      grant.isUsed,
    ])
    expect(used).toEqual([
      ['AliyunECSFullAccess', false],
      ['work', true],
      ['AliyunOSSFullAccess', false],
    ])
    const since = { eventType: 'UserAddedToGroup', actor: { principalType: 'Root' }, ...told }
    expect(grants[2]).toMatchObject({
      since,
      joined: since,
      attached: { revision: expect.any(Number) },
    })
    expect(grants[1]).toMatchObject({ versionSet: { eventType: 'PolicyCreated' } })
    expect({ allowed, notCovered }).toEqual({ allowed: 2, notCovered: 0 })
    expect(suggestion.documents.map((text: string) => JSON.parse(text).Statement)).toEqual([
      [
        {
          Effect: 'Allow',
          Action: ['ots:PutRow'],
          Resource: [table('orders'), table('users')],
        },
      ],
    ])
    expect(body).toMatchObject({ isCertain: false, coverage: { doubts: ['DenialsOnly'] } })
    const later = await unused({ since: body.to, principal: ALICE })
    expect(later.body.principals[0].grants[1].isUsed).toBe(true)
  })

  it('given all principals, then they come page by page', async () => {
    await server.makeUser('bob')
    const first = (await unused({ limit: '1' })).body
    expect(first.principals).toMatchObject([{ name: 'alice' }])
    const second = (await unused({ limit: '1', after: String(first.next) })).body
    expect(second.principals).toMatchObject([{ name: 'bob', allowed: 0, suggestion: {} }])
    expect(second.next).toBeNull()
  })

  it('given what is not asked well, then it is refused', async () => {
    const bad: ReadonlyArray<Readonly<Record<string, string>>> = [
      { since: 'x' },
      { principal: `acs:ram::${ACCOUNT}:root` },
      { limit: '0' },
    ]
    for (const query of bad) expect(await unused(query)).toMatchObject({ status: 400 })
    expect(await unused({ principal: `acs:ram::${ACCOUNT}:user/zoe` })).toMatchObject({
      status: 404,
    })
    expect(await unused({}, alice)).toMatchObject({ status: 403 })
  })
})
