/** The read API on who could do something, and what somebody could do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answered, openServer, type TestServer } from './server.js'
import type { Credentials } from './signing.js'

let server: TestServer
let alice: Credentials

const ORDERS = `acs:ots:*:${ACCOUNT}:instance/orders`
const arn = (name: string) => `acs:ram::${ACCOUNT}:${name}`
const policy = (...Statement: ReadonlyArray<object>) => JSON.stringify({ Version: '1', Statement })

const attach = async (PolicyName: string, PolicyDocument: string, UserName: string) => {
  await server.call('CreatePolicy', { PolicyName, PolicyDocument })
  const headers = { 'x-grantlog-ticket': `T-${PolicyName}` }
  await server.call(
    'AttachPolicyToUser',
    { PolicyType: 'Custom', PolicyName, UserName },
    server.root,
    headers,
  )
}

beforeEach(async () => {
  server = await openServer()
  alice = await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
  for (const UserName of ['bob', 'carol', 'dave']) await server.call('CreateUser', { UserName })
  await server.call('CreateGroup', { GroupName: 'devs' })
  await server.call('AddUserToGroup', { UserName: 'bob', GroupName: 'devs' })
  await server.call('AttachPolicyToGroup', {
    PolicyType: 'System',
    PolicyName: 'AliyunOTSFullAccess',
    GroupName: 'devs',
  })
  const Condition = { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } }
  await attach(
    'inside',
    policy({ Effect: 'Allow', Action: ['ots:GetRow', 'ots:PutRow'], Resource: '*', Condition }),
    'carol',
  )
})
afterEach(() => server.engine.stop())

const whoCan = (query: Readonly<Record<string, string>>, as = server.root): Promise<Answered> =>
  server.read({ path: '/v1/who-can', query: { resource: ORDERS, ...query } }, as)
const whatCan = (query: Readonly<Record<string, string>>): Promise<Answered> =>
  server.read({ path: '/v1/what-can', query })

type Hit = { readonly principal: string; readonly certainty: string }
const told = ({ body }: Answered) =>
  body.principals.map(({ principal, certainty }: Hit) => [principal, certainty])

describe('GET /v1/who-can', () => {
  it('given direct, group and conditional grants, then each is told with what made it', async () => {
    const answer = await whoCan({ action: 'ots:GetRow' })
    expect(told(answer)).toEqual([
      [arn('root'), 'Allowed'],
      [arn('user/alice'), 'Allowed'],
      [arn('user/bob'), 'Allowed'],
      [arn('user/carol'), 'Conditional'],
    ])
    const [, , bob, carol] = answer.body.principals
    expect(bob.deciding[0].policy.via).toMatchObject({ type: 'Group', name: 'devs' })
    expect(bob.grants[0]).toMatchObject({
      policy: { policyName: 'AliyunOTSFullAccess' },
      joined: { eventType: 'UserAddedToGroup' },
      attached: { eventType: 'PolicyAttached', actor: { arn: arn('root') } },
    })
    expect(carol).toMatchObject({
      allowed: false,
      keys: ['acs:sourceip'],
      dependsOn: [{ effect: 'Allow', conditions: ['IpAddress acs:SourceIp'] }],
      grants: [{ attached: { ticket: 'T-inside' } }],
    })
    expect(answer.body.next).toBeNull()
  })

  it('given the key, then what depended on it is allowed or not told at all', async () => {
    const from = (ip: string | ReadonlyArray<string>) =>
      whoCan({ action: 'ots:PutRow', context: JSON.stringify({ 'acs:SourceIp': ip }) })
    expect(told(await from('10.1.2.3'))).toContainEqual([arn('user/carol'), 'Allowed'])
    for (const ip of ['192.0.2.1', []])
      expect(JSON.stringify(told(await from(ip)))).not.toContain('carol')
  })

  it('given a moment before the grants, then they do not count', async () => {
    const { position } = (await whoCan({ action: 'ots:GetRow' })).body
    await server.call('RemoveUserFromGroup', { UserName: 'bob', GroupName: 'devs' })
    const names = async (query: Readonly<Record<string, string>>) =>
      told(await whoCan({ action: 'ots:PutRow', ...query })).map(([name]: [string]) => name)
    expect(await names({})).toEqual([arn('root'), arn('user/carol')])
    const before = [arn('root'), arn('user/bob'), arn('user/carol')]
    expect(await names({ position: String(position) })).toEqual(before)
    expect(await names({ position: '1' })).toEqual([arn('root')])
  })

  it('given a limit, then the pages make the whole, and a type narrows it', async () => {
    const whole = told(await whoCan({ action: 'ots:GetRow' }))
    const pages = []
    let next: string | null = ''
    while (next !== null) {
      const page: Answered = await whoCan({
        action: 'ots:GetRow',
        limit: '1',
        ...(next === '' ? {} : { after: next }),
      })
      pages.push(...told(page))
      next = page.body.next
    }
    expect(pages).toEqual(whole)
    expect(told(await whoCan({ action: 'ots:GetRow', type: 'Root' }))).toEqual(whole.slice(0, 1))
  })

  it('given a role to assume, then both its trust and the own policies count', async () => {
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: [arn('user/alice')] },
    }
    const AssumeRolePolicyDocument = policy(trust)
    await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument })
    const query = { action: 'sts:AssumeRole', resource: `acs:ram:*:${ACCOUNT}:role/reader` }
    expect(told(await whoCan(query))).toEqual([])
    for (const UserName of ['alice', 'bob'])
      await server.call('AttachPolicyToUser', {
        PolicyType: 'System',
        PolicyName: 'AliyunSTSAssumeRoleAccess',
        UserName,
      })
    expect(told(await whoCan(query))).toEqual([[arn('user/alice'), 'Allowed']])
  })

  it('given a role that may, then it says who could assume it when that is asked', async () => {
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: [arn('user/alice'), arn('user/carol')] },
    }
    const AssumeRolePolicyDocument = policy(trust)
    await server.call('CreateRole', { RoleName: 'keeper', AssumeRolePolicyDocument })
    await server.call('AttachPolicyToRole', {
      PolicyType: 'System',
      PolicyName: 'AliyunOSSFullAccess',
      RoleName: 'keeper',
    })
    await server.call('AttachPolicyToUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunSTSAssumeRoleAccess',
      UserName: 'alice',
    })
    const query = {
      action: 'oss:GetObject',
      resource: `acs:oss:*:${ACCOUNT}:pictures/1`,
      type: 'Role',
    }
    const [plain] = (await whoCan(query)).body.principals
    expect([plain.principal, plain.assumers]).toEqual([arn('role/keeper'), undefined])
    const [role] = (await whoCan({ ...query, throughRoles: 'true' })).body.principals
    expect(role.assumers).toMatchObject({
      principals: [{ principal: arn('user/alice'), certainty: 'Allowed' }],
      hasMore: false,
    })
  })

  it('given a caller without the permission, then it is denied and on record', async () => {
    const denied = await whoCan({ action: 'ots:GetRow' }, alice)
    expect([denied.status, denied.body.action]).toEqual([403, 'grantlog:FindPrincipals'])
    await whoCan({ action: 'ots:GetRow' })
    const outcomes = (await server.records())
      .filter(({ action }) => action === 'grantlog:FindPrincipals')
      .map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['Denied', 'Allowed'])
  })

  it.each([
    ['context', '{"acs:SourceIp":7}'],
    ['context', '{'],
    ['action', 'ots:*'],
    ['resource', 'orders'],
    ['after', 'alice'],
    ['type', 'Group'],
    ['limit', '0'],
    ['throughRoles', 'maybe'],
    ['what', 'else'],
  ])('given %s=%s, then that parameter is refused', async (name, value) => {
    const { status, body } = await whoCan({ action: 'ots:GetRow', [name]: value })
    expect([status, body.parameter]).toEqual([400, name])
  })

  it('given both moments, or one to come, then it is refused', async () => {
    const at = '2026-01-02T03:04:05Z'
    const both = await whoCan({ action: 'ots:GetRow', at, position: '1' })
    expect([both.status, both.body.parameter]).toEqual([400, 'position'])
    expect((await whoCan({ action: 'ots:GetRow', position: '99999' })).status).toBe(422)
  })
})

describe('GET /v1/what-can', () => {
  it('given a resource, then the actions known by name are judged one by one', async () => {
    const query = { principal: arn('user/carol'), resource: ORDERS, actions: 'ots:DeleteRow' }
    const { body } = await whatCan(query)
    expect(body.actions.map((one: { action: string }) => one.action)).toEqual([
      'ots:GetRow',
      'ots:PutRow',
    ])
    expect(body.actions[0]).toMatchObject({ certainty: 'Conditional', keys: ['acs:sourceip'] })
    expect(body.allows).toMatchObject([
      {
        certainty: 'Conditional',
        statement: { Action: ['ots:GetRow', 'ots:PutRow'], Resource: ['*'] },
        cutBy: [],
        conditions: ['IpAddress acs:SourceIp'],
      },
    ])
    expect(body.grants[0].attached.ticket).toBe('T-inside')
  })

  it('given a deny, then it is named where it cuts, and what it takes is not told', async () => {
    const deny = { Effect: 'Deny', Action: 'ots:Delete*', Resource: ORDERS }
    await attach('no-delete', policy(deny), 'bob')
    const { body } = await whatCan({
      principal: arn('user/bob'),
      resource: ORDERS,
      actions: 'ots:DeleteRow,ots:GetRow',
    })
    expect(body.allows).toMatchObject([{ certainty: 'Allowed', cutBy: [0] }])
    expect(body.denies).toMatchObject([{ statement: { Action: ['ots:Delete*'] } }])
    expect(body.actions.map((one: { action: string }) => one.action)).toEqual(['ots:GetRow'])
  })

  it('given a service or a moment, then only what speaks about it is told', async () => {
    const allows = async (query: Readonly<Record<string, string>>) =>
      (await whatCan({ principal: arn('user/alice'), ...query })).body.allows
    expect(await allows({ service: 'ots' })).toHaveLength(1)
    expect(await allows({ service: 'oss' })).toEqual([])
    await server.call('DetachPolicyFromUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSReadOnlyAccess',
      UserName: 'alice',
    })
    const position = server.engine.status().applied
    expect(await allows({})).toEqual([])
    expect(await allows({ position: String(position - 1) })).toHaveLength(1)
  })

  it('given more statements than are told at once, then a service is to be named', async () => {
    const many = Array(120).fill({ Effect: 'Allow', Action: 'x:*', Resource: '*' })
    for (let n = 0; n < 17; n += 1) {
      const named = { PolicyType: 'Custom', PolicyName: `many-${n}` }
      await server.call('CreatePolicy', { ...named, PolicyDocument: policy(...many) })
      if (n < 10) await server.call('AttachPolicyToUser', { ...named, UserName: 'bob' })
      else await server.call('AttachPolicyToGroup', { ...named, GroupName: 'devs' })
    }
    const all = await whatCan({ principal: arn('user/bob') })
    expect([all.status, all.body.code]).toEqual([422, 'TooManyStatements'])
    const { status, body } = await whatCan({ principal: arn('user/bob'), service: 'ots' })
    expect([status, body.allows.length]).toEqual([200, 1])
  })

  it('given the root, then it may do all but assume roles', async () => {
    const { body } = await whatCan({
      principal: arn('root'),
      resource: `acs:ram:*:${ACCOUNT}:user/x`,
    })
    expect([body.isRoot, body.allows]).toEqual([true, []])
    const names = body.actions.map((one: { action: string }) => one.action)
    expect(names).toContain('ram:CreateUser')
    expect(names).not.toContain('sts:AssumeRole')
  })

  it('given a session with a policy, then that is told beside what its role has', async () => {
    await server.call('AttachPolicyToUser', {
      PolicyType: 'System',
      PolicyName: 'AliyunSTSAssumeRoleAccess',
      UserName: 'alice',
    })
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [arn('root')] } }
    await server.call('CreateRole', {
      RoleName: 'reader',
      AssumeRolePolicyDocument: policy(trust),
    })
    await server.call('AttachPolicyToRole', {
      PolicyType: 'System',
      PolicyName: 'AliyunOTSFullAccess',
      RoleName: 'reader',
    })
    const Policy = policy({ Effect: 'Allow', Action: 'ots:GetRow', Resource: '*' })
    const named = { RoleArn: arn('role/reader'), RoleSessionName: 'app', Policy }
    await server.call('AssumeRole', named, alice)
    const { body } = await whatCan({
      principal: arn('assumed-role/reader/app'),
      resource: ORDERS,
      actions: 'ots:GetRow,ots:PutRow',
    })
    expect(body.session.count).toBe(1)
    expect(body.narrowedBy).toMatchObject([{ allows: [{ statement: { Action: ['ots:GetRow'] } }] }])
    expect(body.actions.map((one: { action: string }) => one.action)).toEqual(['ots:GetRow'])
  })

  it.each([
    [{ principal: arn('group/devs') }, 400, 'principal'],
    [{ principal: arn('user/zoe') }, 404, undefined],
    [{ principal: 'acs:ram::9999999999999999:root' }, 403, undefined],
    [{ principal: arn('user/alice'), actions: 'ots:GetRow' }, 400, 'actions'],
    [{ principal: arn('user/alice'), resource: '*', actions: 'ots:Get*' }, 400, 'actions'],
    [{ principal: arn('user/alice'), service: 'ots:' }, 400, 'service'],
  ] as const)('given %o, then it is refused', async (query, status, parameter) => {
    const answer = await whatCan(query)
    expect([answer.status, answer.body.parameter]).toEqual([status, parameter])
  })
})
