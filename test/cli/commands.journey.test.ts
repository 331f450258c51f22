/** Each command against a running server: what it prints, in every format, and its exit code. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Ran } from './grantlog.js'

let journey: Journey
let env: Readonly<Record<string, string>>

const run = (...args: ReadonlyArray<string>): Promise<Ran> => grantlog(args, env)

const done = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out, err } = await inProcess(args, env)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${err}`)
  return out
}

const POLICY = '--PolicyType System --PolicyName AliyunOTSReadOnlyAccess'.split(' ')
const QUESTION = ['alice', 'ots:GetRow', 'ots:instance/orders'] as const

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const file = join(directory, 'here.json')
  writeFileSync(file, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: file }
  await done('api', 'ram', 'CreateUser', '--UserName', 'alice', '--reason', 'she joined')
  await done('api', 'ram', 'AttachPolicyToUser', '--UserName=alice', ...POLICY, '--ticket', 'HR-1')
})
afterAll(() => journey.end())

describe('grantlog can and why', () => {
  it('given what is allowed, then it says by which statement, and ends with 0', async () => {
    const { code, out, err } = await run('can', ...QUESTION)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^allowed {2}alice ots:GetRow ots:instance\/orders {2}\(as of position \d+\)/,
    )
    expect(out).toMatch(/Allow +AliyunOTSReadOnlyAccess +System +v\d+ +0 +user alice/)
    expect(out).toMatch(/user alice +20\S+Z +\d+ +policy attached +acs:ram::\d+:root +HR-1/)
  })

  it('given what nothing allows, then it ends with 1, and why tells what each said', async () => {
    const { code, out } = await run('why', 'alice', 'ots:PutRow', 'ots:instance/orders')
    expect(code).toBe(1)
    expect(out).toContain('denied: nothing allows it')
    expect(out).toMatch(/does not apply +Allow +AliyunOTSReadOnlyAccess.*no action matches.*HR-1/)
  })

  it('given a position of the past, then it answers for then', async () => {
    const entries = JSON.parse(await done('timeline', 'alice', '-o', 'json')).entries
    const { code, out } = await run('can', ...QUESTION, '--position', String(entries[0].position))
    expect(code).toBe(1)
    expect(out).toContain(`as of position ${entries[0].position}`)
    expect((await run('can', ...QUESTION, '--at', entries[1].recordedAt)).code).toBe(0)
  })

  it('given the long names of all, then the answer is that of the short ones', async () => {
    const { accountId } = journey
    const long = [
      `acs:ram::${accountId}:user/alice`,
      'ots:GetRow',
      `acs:ots:*:${accountId}:instance/orders`,
    ]
    const [short, whole] = await Promise.all([
      done('can', ...QUESTION, '-o', 'json'),
      done('can', ...long, '-o', 'json'),
    ])
    expect(JSON.parse(whole)).toMatchObject({ ...JSON.parse(short), applied: expect.any(Number) })
  })

  it('given condition keys and a session policy, then they are asked with', async () => {
    const policy = { Version: '1', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }
    const file = join(journey.directory, 'policy.json')
    writeFileSync(file, JSON.stringify(policy))
    const supposed = await run('can', ...QUESTION, '--session-policy', file)
    expect([supposed.code, supposed.err]).toEqual([
      2,
      expect.stringContaining('--session-policy is not'),
    ])
    const pairs = ['--context', 'acs:SourceIp=10.1.2.3', '--context', 'acs:SourceIp=10.1.2.4']
    expect((await run('can', ...QUESTION, ...pairs)).code).toBe(0)
    expect((await run('can', ...QUESTION, '--context', 'nothing')).code).toBe(2)
  })
})

describe('the formats', () => {
  const rowsOf = (text: string) => text.trimEnd().split('\r\n')

  it('given json, yaml and jsonl, then they say the same', async () => {
    const [json, yaml, lines] = await Promise.all(
      ['json', 'yaml', 'jsonl'].map(
        async (format) => (await run('timeline', 'alice', '-o', format)).out,
      ),
    )
    const answer = JSON.parse(json ?? '')
    expect(answer.entries).toHaveLength(2)
    // Reading is itself on record, so the log has grown meanwhile.
    const grown = { applied: expect.any(Number), position: expect.any(Number) }
    expect(parse(yaml ?? '')).toEqual({ ...answer, ...grown })
    const rows = (lines ?? '').trimEnd().split('\n')
    expect(rows.map((line) => JSON.parse(line))).toEqual(answer.entries)
  })

  it('given csv, then its columns are those of the table', async () => {
    const rows = rowsOf((await run('timeline', 'alice', '--output=csv')).out)
    expect(rows[0]).toBe('position,time,what,by,reason,ticket')
    expect(rows[1]).toMatch(/created as alice,acs:ram::\d+:root,she joined,$/)
    expect(rows[2]).toMatch(/,AliyunOTSReadOnlyAccess v\d+ attached to user alice,.*,,HR-1$/)
  })

  it('given a table that is no terminal, then it has no colour and shows reason and ticket', async () => {
    const { out } = await run('timeline', 'alice')
    expect(out).not.toContain('\u001b')
    for (const word of ['POSITION', 'TICKET', 'she joined', 'HR-1']) expect(out).toContain(word)
  })

  it('given a name that a spreadsheet would compute, then csv defuses it', async () => {
    const formula = '=HYPERLINK("http://evil","x")'
    await done('api', 'ram', 'CreateGroup', '--GroupName', 'sheet', '--reason', formula)
    const csv = await done('timeline', 'group/sheet', '-o', 'csv')
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`)
  })
})

describe('grantlog events', () => {
  it('given more events than were asked for, then it says how to go on', async () => {
    const first = await run('events', '--limit', '2', '-o', 'jsonl')
    expect(first.out.trimEnd().split('\n')).toHaveLength(2)
    const [, after = ''] = /--after (\S+), or --all/.exec(first.err) ?? []
    const rest = await run('events', '--after', after, '--all', '-o', 'jsonl')
    expect(rest.err).toBe('')
    const all = await done('events', '--all', '-o', 'jsonl')
    expect(all).toBe(first.out + rest.out)
  })

  it('given the revision of the last event, then there is nothing more after it', async () => {
    const lines = (await done('events', '--all', '-o', 'csv')).trimEnd().split('\r\n')
    expect(lines[0]).toMatch(/^revision,position,time,/)
    const [last = ''] = lines.at(-1)?.split(',') ?? []
    expect(await done('events', '--after', last)).toBe(`Nothing more after ${last}.\n`)
    const before = await done('events', '--after', String(Number(last) - 1), '-o', 'csv')
    expect(before.trimEnd().split('\r\n').slice(1)).toEqual([lines.at(-1)])
  })

  it.each(['refused-uses', 'sign-ins'])(
    'given %s after a revision, then an empty page says nothing of those before it',
    async (name) => {
      expect(await done(name)).not.toContain('Nothing more')
      expect(await done(name, '--after', '7')).toBe('Nothing more after 7.\n')
      expect(await done(name, '--help')).toContain('or after a revision')
    },
  )

  it('given --all as json, then pages are one answer', async () => {
    const { events, next } = JSON.parse(await done('events', '--all', '-o', 'json'))
    expect(events.length).toBeGreaterThan(3)
    expect(next).toBeNull()
  })

  it.each([
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--limit', '5', '--all'],
  ])('given %s %s, then it is wrong', async (...options) => {
    expect((await run('events', ...options)).code).toBe(2)
  })
})

describe('grantlog api', () => {
  it('given an operation that lists, then its list is the table', async () => {
    const out = await done('api', 'ram', 'ListUsers')
    expect(out).toMatch(/^USER ID +USER NAME/)
    expect(out).toContain('alice')
    expect(JSON.parse(await done('api', 'ram', 'ListUsers', '-o', 'json')).Users.User).toHaveLength(
      1,
    )
  })

  it('given an operation that shows one thing, then its members are lines', async () => {
    expect(await done('api', 'ram', 'GetUser', '--UserName', 'alice')).toMatch(/user name: +alice/)
  })

  it('given an operation that answers nothing, then it says that it is done', async () => {
    await done('api', 'ram', 'CreateGroup', '--GroupName', 'brief')
    expect(await done('api', 'ram', 'DeleteGroup', '--GroupName', 'brief')).toContain('Done.')
  })

  it('given an operation that nobody has, then it says which was meant', async () => {
    const { code, err } = await run('api', 'ram', 'CreateUsr', '--UserName', 'bob')
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean CreateUser?')])
  })

  it.each([
    [['api', 'ram', 'GetUser', '--UserName', 'nobody'], 3],
    [['api', 'ram', 'CreateUser', '--UserName', 'alice'], 4],
    [['api', 'ram', 'GetUser', '--UserName', 'a b'], 2],
    [['api', 'ecs', 'GetUser'], 2],
    [['api', 'ram', 'GetUser', '--UserName'], 2],
    [['api', 'ram', 'GetUser', '--UserName', 'a', '--UserName=b'], 2],
  ])('given %j, then the exit code is %i', async (args, code) => {
    expect((await inProcess(args, env)).code).toBe(code)
  })
})

describe('grantlog sessions', () => {
  const trust = JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: ['acs:ram::*:root'] } },
    ],
  })

  it('given a session, then it is listed, can be revoked, and is gone', async () => {
    const { accountId } = journey
    const named = trust.replace('*', accountId)
    await done('api', 'ram', 'CreateRole', '--RoleName', 'r', '--AssumeRolePolicyDocument', named)
    const key = JSON.parse(
      await done('api', 'ram', 'CreateAccessKey', '--UserName', 'alice', '-o', 'json'),
    ).AccessKey
    await done(
      ...['api', 'ram', 'AttachPolicyToUser', '--UserName', 'alice', '--PolicyType', 'System'],
      ...['--PolicyName', 'AliyunSTSAssumeRoleAccess'],
    )
    const alice = {
      GRANTLOG_ENDPOINT: journey.endpoint,
      GRANTLOG_ACCESS_KEY_ID: key.AccessKeyId,
      GRANTLOG_ACCESS_KEY_SECRET: key.AccessKeySecret,
    }
    const assume = ['api', 'sts', 'AssumeRole', '--RoleArn', `acs:ram::${accountId}:role/r`]
    const assumed = await inProcess([...assume, '--RoleSessionName', 'app', '-o', 'json'], alice)
    expect(assumed.err).toBe('')
    const { AccessKeyId, AccessKeySecret, SecurityToken } = JSON.parse(assumed.out).Credentials
    const session = {
      GRANTLOG_ENDPOINT: journey.endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: AccessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: AccessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: SecurityToken,
    }
    const self = await inProcess(['account'], session)
    expect(self.out).toContain(`assumed-role/r/app`)

    const [listed = ''] = (await done('sessions', '--role', 'r', '-o', 'jsonl')).split('\n')
    const { sessionId, began } = JSON.parse(listed)
    expect(await done('sessions')).toMatch(new RegExp(`${sessionId}.* ${began}.* user alice`))
    const why = ['--reason', 'the laptop was lost']
    expect(await done('sessions', 'revoke', sessionId, ...why)).toMatch(/revoked: +yes/)
    expect(await done('sessions')).toContain('No session can act now.')
    const told = await done('sessions', 'show', sessionId)
    expect(told).toContain(`assumed by user alice at ${began}`)
    expect(told).toMatch(/ended at .*: it was revoked by acs:ram::\d+:root \(the laptop was lost\)/)
    for (const verb of ['revoke', 'show'])
      expect((await run('sessions', verb, 'nobody')).code).toBe(3)
    expect((await inProcess(['account'], session)).code).toBe(4)
  })
})

describe('grantlog account', () => {
  it('given root, then it says who calls, and where', async () => {
    const out = await done('account')
    for (const word of [`acs:ram::${journey.accountId}:root`, journey.endpoint])
      expect(out).toContain(word)
    expect(JSON.parse(await done('account', '-o', 'json')).accountId).toBe(journey.accountId)
  })
})
