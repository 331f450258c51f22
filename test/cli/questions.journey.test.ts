/** The questions about everybody and about the past, asked of a server with a small history. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Ran } from './grantlog.js'

const QUESTION = ['alice', 'ots:GetRow', 'ots:instance/orders'] as const
const READ_ONLY = ['--PolicyType', 'System', '--PolicyName', 'AliyunOTSReadOnlyAccess']

const policyOf = (action: string, condition: object = {}): string =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*', ...condition }],
  })
const OFFICE = policyOf('ots:Get*', {
  Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } },
})

let journey: Journey
let env: Readonly<Record<string, string>>

const run = (...args: ReadonlyArray<string>): Promise<Ran> => inProcess(args, env)
const ram = async (...args: ReadonlyArray<string>): Promise<void> => {
  const { code, err } = await run('api', 'ram', ...args)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
}
const json = async (...args: ReadonlyArray<string>) =>
  JSON.parse((await run(...args, '-o', 'json')).out)

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const file = join(directory, 'here.json')
  writeFileSync(file, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: file }
  for (const name of ['alice', 'bob']) await ram('CreateUser', '--UserName', name)
  await ram('CreateGroup', '--GroupName', 'staff')
  await ram('AttachPolicyToUser', '--UserName', 'alice', ...READ_ONLY, '--ticket', 'HR-1')
  await ram('CreatePolicy', '--PolicyName', 'office', '--PolicyDocument', OFFICE)
  const office = ['--PolicyType', 'Custom', '--PolicyName', 'office']
  await ram('AttachPolicyToGroup', '--GroupName', 'staff', ...office, '--reason', 'orders team')
  await ram('AddUserToGroup', '--UserName', 'bob', '--GroupName', 'staff')
})
afterAll(() => journey.end())

describe('grantlog who-can', () => {
  it('given a question, then everybody who may is listed, with conditions and grants', async () => {
    const { code, out } = await grantlog(['who-can', ...QUESTION.slice(1)], env)
    expect(code).toBe(0)
    expect(out).toMatch(/user\/alice +User +yes +.*AliyunOTSReadOnlyAccess v\d+ on user alice, by/)
    expect(out).toMatch(/user\/bob +User +on conditions +acs:sourceip +office v1 on group staff/)
  })

  it('given the keys that a condition needs, then it is certain; given a type, then only that', async () => {
    const context = ['--context', 'acs:SourceIp=10.1.2.3', '--type', 'User']
    const answer = await json('who-can', ...QUESTION.slice(1), ...context)
    const told = answer.principals.map(({ name, certainty }: Record<string, string>) => [
      name,
      certainty,
    ])
    expect(told).toEqual([
      ['alice', 'Allowed'],
      ['bob', 'Allowed'],
    ])
  })

  it('given pages of one, then all of them come as one list', async () => {
    const first = await run('who-can', ...QUESTION.slice(1), '--limit', '1', '-o', 'csv')
    const [, after = ''] = /--after (\S+), or --all/.exec(first.err) ?? []
    const rest = await run('who-can', ...QUESTION.slice(1), '--after', after, '-o', 'csv')
    const all = await run('who-can', ...QUESTION.slice(1), '--all', '-o', 'csv')
    const rows = (text: string) => text.trimEnd().split('\r\n').slice(1)
    expect([...rows(first.out), ...rows(rest.out)]).toEqual(rows(all.out))
    expect(rows(all.out)).toHaveLength(3)
  })
})

describe('grantlog what-can', () => {
  it('given a principal, then its statements are listed as they are written', async () => {
    const { code, out } = await run('what-can', 'bob')
    expect(code).toBe(0)
    expect(out).toMatch(/allow on conditions +ots:Get\* +\* +.*office v1 on group staff/)
    expect(out).toMatch(/office v1 on group staff .*user added to group +acs:ram::\d+:root /)
    const csv = await run('what-can', 'alice', '-o', 'csv')
    expect(csv.out).toMatch(/,granted,position,event,by,reason,ticket,version set\r\n/)
    expect(csv.out).toMatch(/on user alice,,20[^,]+,\d+,policy attached,acs:ram::\d+:root,,HR-1,/)
    expect((await run('what-can', 'root')).out).toContain('may do all in it')
  })

  it('given a resource, then its actions are named', async () => {
    const actions = ['--resource', 'ots:instance/orders', '--actions', 'ots:GetRow,ots:PutRow']
    const { out } = await run('what-can', 'alice', ...actions)
    expect(out).toMatch(/ots:GetRow +yes +AliyunOTSReadOnlyAccess .*, by acs:ram::.*: HR-1/)
    expect(out).not.toContain('ots:PutRow')
  })
})

describe('grantlog since and decision-timeline', () => {
  it('given a right, then it tells since when, by whom and for which ticket', async () => {
    const { code, out } = await run('since', ...QUESTION)
    expect(code).toBe(0)
    for (const text of ['since 20', 'by acs:ram::', 'because: HR-1', 'before that denied'])
      expect(out).toContain(text)
    expect((await run('since', 'alice', 'ots:PutRow', 'ots:instance/orders')).code).toBe(1)
  })

  it('given a right that came and went, then each stretch has the event that turned it', async () => {
    await ram('DetachPolicyFromUser', '--UserName', 'alice', ...READ_ONLY, '--reason', 'she left')
    const { out } = await run('decision-timeline', ...QUESTION, '-o', 'csv')
    await ram('AttachPolicyToUser', '--UserName', 'alice', ...READ_ONLY)
    const rows = out.trimEnd().split('\r\n').slice(1)
    expect(rows).toHaveLength(3)
    expect(rows[1]).toMatch(/,allowed,AliyunOTSReadOnlyAccess v\d+ attached to user alice,.*HR-1/)
    expect(rows[2]).toMatch(/,denied: nothing allows it,.*detached from user alice,.*she left/)
  })
})

describe('grantlog diff', () => {
  it('given two moments, then it tells what came, through what, and how a probe turned', async () => {
    const [{ position }] = (await json('timeline', 'bob')).entries
    const probe = [
      '--probe',
      'ots:GetRow@ots:instance/orders',
      '--context',
      'acs:SourceIp=10.0.0.1',
    ]
    const { code, out } = await grantlog(['diff', 'bob', '--from', `${position}`, ...probe], env)
    expect(code).toBe(1)
    expect(out).toContain('denied: nothing allows it → allowed')
    expect(out).toMatch(/gained +office v1 +group staff/)
    expect(out).toMatch(/joined +group staff/)
    expect(out).toMatch(/\n {2}after: office v1 on group staff, by acs:ram::\d+:root at 20/)
    const csv = await run('diff', 'bob', '--from', `${position}`, ...probe, '-o', 'csv')
    expect(csv.err).toMatch(/allowed\n {2}after: office v1 on group staff, by acs:/)
  })

  it('given no difference, then it ends with 0', async () => {
    const { applied } = await json('can', ...QUESTION)
    const { code, out } = await run('diff', 'bob', '--from', String(applied))
    expect([code, out]).toEqual([0, 'No difference.\n'])
  })

  it('given nobody, then the account; given a policy, then its statements', async () => {
    const account = await run('diff', '--from', '1', '-o', 'csv')
    expect(account.code).toBe(1)
    for (const text of ['user alice,gained', 'user bob,joined']) expect(account.out).toContain(text)
    expect(account.out).toMatch(/user bob,name,none → bob,,[^,]+,\d+,acs:ram::/)
    const document = policyOf('ots:Put*')
    const { applied } = await json('can', ...QUESTION)
    const version = ['--PolicyName', 'office', '--SetAsDefault', 'true']
    await ram('CreatePolicyVersion', ...version, '--PolicyDocument', document)
    const policy = await run('diff', 'policy/office', '--from', String(applied))
    expect(policy.out).toContain('v1 → v2, 1 statement more, 1 statement less')
    expect(policy.out).toMatch(/statement more +\{"Effect":"Allow","Action":"ots:Put\*"/)
  })

  it.each([
    [['diff', 'bob'], '--from'],
    [['diff', 'bob', '--from', 'then'], 'A time is'],
    [['diff', 'bob', '--from', '1', '--probe', 'ots:GetRow'], 'A probe is'],
    [['diff', 'bob', '--from', '2', '--to', '1'], 'must not be before'],
  ])('given %j, then it is wrong', async (args, sentence) => {
    const { code, err } = await run(...args)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })
})

describe('grantlog can, of assuming a role', () => {
  const ASSUME = ['sts:AssumeRole', 'ram:role/reader'] as const
  const trusting = (user: string): string =>
    JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${journey.accountId}:user/${user}`] },
        },
      ],
    })

  it('given a trust policy, then it is told as that, and what set it where it is silent', async () => {
    const assuming = ['--PolicyType', 'System', '--PolicyName', 'AliyunSTSAssumeRoleAccess']
    await ram('AttachPolicyToUser', '--UserName', 'alice', ...assuming)
    const made = ['--RoleName', 'reader', '--AssumeRolePolicyDocument', trusting('alice')]
    await ram('CreateRole', ...made, '--ticket', 'OPS-3')
    const allowed = await run('can', 'alice', ...ASSUME)
    expect(allowed.out).toMatch(/Allow +trust policy of role reader +Trust +v1 .*role created/)
    expect(allowed.out).not.toContain('allow it;')
    const timeline = await run('decision-timeline', 'alice', ...ASSUME, '-o', 'csv')
    expect(timeline.out).toMatch(/v1 on user alice; trust policy of role reader\r\n/)
    expect((await run('since', 'alice', ...ASSUME)).out).toMatch(/trust policy of role reader +0 /)

    const closed = ['--RoleName', 'reader', '--NewAssumeRolePolicyDocument', trusting('bob')]
    await ram('UpdateRole', ...closed, '--reason', 'bob alone')
    for (const command of ['can', 'why', 'since']) {
      const { code, out } = await run(command, 'alice', ...ASSUME)
      expect(code).toBe(1)
      expect(out).toMatch(/trust policy of the role does not allow it; it was set by .*: bob alone/)
    }
  })
})

describe('a right that a new version of a policy gave', () => {
  const PLANS = ['--PolicyName', 'plans'] as const
  const NOBODYS = policyOf('ots:ListTable')

  beforeAll(async () => {
    await ram('CreateUser', '--UserName', 'carol')
    await ram('CreateGroup', '--GroupName', 'crew')
    const member = ['--UserName', 'carol', '--GroupName', 'crew']
    await ram('AddUserToGroup', ...member, '--ticket', 'HR-9')
    await ram('CreatePolicy', ...PLANS, '--PolicyDocument', NOBODYS)
    const attached = ['--GroupName', 'crew', '--PolicyType', 'Custom', ...PLANS]
    await ram('AttachPolicyToGroup', ...attached, '--ticket', 'OLD-1')
    const version = [...PLANS, '--PolicyDocument', policyOf('ots:PutRow'), '--SetAsDefault', 'true']
    await ram('CreatePolicyVersion', ...version, '--ticket', 'NEW-2')
  })

  it.each([
    ['who-can', ['ots:PutRow', '*', '--type', 'User'], 'user/carol,User,yes,'],
    ['diff', ['carol', '--from', '1'], ',gained,plans v2,group crew,'],
  ])(
    'given %s, then the tickets of version and membership stand beside',
    async (name, args, of) => {
      const { out } = await run(name, ...args, '-o', 'csv')
      const [head = '', ...rows] = out.trimEnd().split('\r\n')
      expect(head).toMatch(/,reason,ticket,version set,joined$/)
      const by = String.raw`by acs:ram::\d+:root at [^,]+`
      const told = rows.find((row) => row.includes(of)) ?? ''
      expect(told).toMatch(new RegExp(`,OLD-1,${by}: NEW-2,${by}: HR-9$`))
    },
  )
})

describe('grantlog timeline', () => {
  it('given a policy, then its versions and whom it was attached to', async () => {
    const { out } = await run('timeline', 'policy/office')
    for (const text of ['created as office', 'attached to group staff', 'orders team'])
      expect(out).toContain(text)
    const system = await run('timeline', 'policy/system/AliyunOTSReadOnlyAccess', '-o', 'jsonl')
    expect(system.out).toContain('PolicyAttached')
  })

  it('given a key, then what was changed with it', async () => {
    const { out } = await run('timeline', `key/${journey.root.accessKeyId}`)
    expect(out).toContain('user bob: created as bob')
    expect((await run('timeline', 'key/LTAI5tNobodyHasThis00000')).code).toBe(3)
    const root = await run('timeline', 'root')
    expect(root.out).toContain(`got AccessKey ${journey.root.accessKeyId}`)
    expect(root.out).toContain('user bob: created as bob')
  })
})

describe('grantlog token', () => {
  it('given a key, then the token it prints opens the read API', async () => {
    const { code, out } = await grantlog(['token'], env)
    expect(code).toBe(0)
    const url = `${journey.endpoint}/v1/accounts/${journey.accountId}/events?limit=1`
    const headers = { authorization: `Bearer ${out.trim()}` }
    expect((await fetch(url, { headers })).status).toBe(200)
    const answer = await json('token')
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) })
  })

  it('given a key that nobody has, then it is refused with 4', async () => {
    const wrong = { GRANTLOG_ACCESS_KEY_ID: 'LTAI5tNobody', GRANTLOG_ACCESS_KEY_SECRET: 'x' }
    const named = { ...wrong, GRANTLOG_ENDPOINT: journey.endpoint }
    const { code, err } = await inProcess(['token', '-o', 'json'], named)
    expect([code, JSON.parse(err).error.code]).toEqual([4, 'invalid_client'])
  })
})
