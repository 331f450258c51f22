/** What is on record, what a change would have turned, and what nobody needed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Ran } from './grantlog.js'

let journey: Journey
let env: Readonly<Record<string, string>>
let alice: Readonly<Record<string, string>>

const run = (...args: ReadonlyArray<string>): Promise<Ran> => inProcess(args, env)
const ram = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out, err } = await run('api', 'ram', ...args, '-o', 'json')
  if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  return out
}

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const file = join(directory, 'here.json')
  writeFileSync(file, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: file }
  await run('access', 'recording', 'all', '--reason', 'the test begins')
  await ram('CreateUser', '--UserName', 'alice')
  for (const name of ['AliyunRAMReadOnlyAccess', 'AliyunOTSReadOnlyAccess']) {
    const policy = ['--PolicyType', 'System', '--PolicyName', name]
    await ram('AttachPolicyToUser', '--UserName', 'alice', ...policy, '--ticket', 'HR-2')
  }
  const { AccessKey } = JSON.parse(await ram('CreateAccessKey', '--UserName', 'alice'))
  alice = {
    GRANTLOG_ENDPOINT: endpoint,
    GRANTLOG_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    GRANTLOG_ACCESS_KEY_SECRET: AccessKey.AccessKeySecret,
  }
  await inProcess(['api', 'ram', 'ListUsers'], alice)
  await inProcess(['api', 'ram', 'DeleteUser', '--UserName', 'bob'], alice)
})
afterAll(() => journey.end())

describe('grantlog sign-ins', () => {
  it('given an attempt by a name that nobody has, then it is told with those of nobody', async () => {
    expect((await run('sign-ins')).out).toContain('Nobody tried.')
    const userPrincipalName = `nobody@${journey.accountId}.onaliyun.com`
    const signedIn = await fetch(`${journey.endpoint}/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userPrincipalName, password: 'not a password' }),
    })
    expect(signedIn.status).toBe(403)
    const { code, out } = await run('sign-ins')
    expect(code).toBe(0)
    expect(out).toMatch(/SignInsTurnedAway.*NameUnknown/)
    expect(out).not.toContain('nobody@')
    expect((await run('sign-ins', 'alice')).out).toContain('Nobody tried.')
    expect(await run('sign-ins', 'carol')).toMatchObject({ code: 3 })
  })
})

describe('grantlog access', () => {
  it('given a principal, then its decisions are listed', async () => {
    const { code, out } = await grantlog(['access', '--principal', 'alice', '-o', 'csv'], env)
    expect(code).toBe(0)
    // A denial is on record at once, what was allowed a moment later.
    const rows = out.trimEnd().split('\r\n').slice(1).toSorted()
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(/ram:ListUsers,acs:ram:\*:\d+:user\/\*,Allowed,/)
    expect(rows[1]).toMatch(/ram:DeleteUser,.*,Denied,NoPermission,/)
    const filtered = await run(
      'access',
      '--principal',
      'alice',
      '--action',
      'ram:Del',
      '-o',
      'jsonl',
    )
    expect(filtered.out.trimEnd().split('\n')).toHaveLength(1)
  })

  it('given a recording, then it is told and chosen, and a wrong one is refused', async () => {
    expect((await run('access', 'recording')).out).toMatch(/recording: +All/)
    const sampled = await run('access', 'recording', 'sampled', '--one-in', '10')
    expect(sampled.out).toMatch(/one in: +10/)
    await run('access', 'recording', 'all')
    for (const wrong of [['sampled'], ['all', '--one-in', '3'], ['some']])
      expect((await run('access', 'recording', ...wrong)).code).toBe(2)
  })
})

describe('grantlog replay', () => {
  const RAM = 'system/AliyunRAMReadOnlyAccess=alice'

  it('given a change that turns a call, then it tells which, and ends with 1', async () => {
    const { code, out } = await grantlog(['replay', '--detach', RAM, '--from', '1'], env)
    expect(code).toBe(1)
    expect(out).toContain('1 call would be denied, 0 would be allowed')
    expect(out).toMatch(
      /now denied +1 +alice +ram:ListUsers .*ReadOnlyAccess v\d+ on user alice, by acs:.* at 20.*: HR-2/,
    )
  })

  it('given one that turns none, and none at all, then it ends with 0', async () => {
    const ots = 'system/AliyunOTSReadOnlyAccess=alice'
    const { code, out } = await run(
      'replay',
      '--detach',
      ots,
      '--from',
      '1',
      '--principal',
      'alice',
    )
    expect([code, out]).toEqual([0, expect.stringContaining('0 calls would be denied')])
    const plain = await run('replay', '--from', '1', '-o', 'json')
    expect(plain.code).toBe(0)
    expect(JSON.parse(plain.out).totals).toMatchObject({ allowToDeny: 0, denyToAllow: 0, drift: 0 })
  })

  it('given a policy to edit, then its document may be a file', async () => {
    const statement = { Effect: 'Allow', Action: 'ram:*', Resource: '*' }
    const document = JSON.stringify({ Version: '1', Statement: [statement] })
    const nothing = JSON.stringify({
      Version: '1',
      Statement: [{ ...statement, Action: 'ots:GetRow' }],
    })
    await ram('CreatePolicy', '--PolicyName', 'wide', '--PolicyDocument', nothing)
    const attach = ['--UserName', 'alice', '--PolicyType', 'Custom', '--PolicyName', 'wide']
    await ram('AttachPolicyToUser', ...attach)
    await inProcess(['api', 'ram', 'DeleteUser', '--UserName', 'carol'], alice)
    const file = join(journey.directory, 'wide.json')
    writeFileSync(file, document)
    const { code, out } = await run('replay', '--edit', `wide=${file}`, '--principal', 'alice')
    expect(code).toBe(1)
    expect(out).toMatch(/now allowed +1 +alice +ram:DeleteUser .*wide proposed on user alice/)
  })

  it('given fewer groups than there are, then it says where to go on, and all come as lines', async () => {
    const edit = ['--edit', `wide=${join(journey.directory, 'wide.json')}`]
    const all = ['replay', '--detach', RAM, ...edit, '--from', '1', '--principal', 'alice']
    const turning = [...all, '-o', 'jsonl']
    const whole = await run(...turning, '--all')
    const lines = whole.out.trimEnd().split('\n')
    expect(whole.code).toBe(1)
    expect(whole.err).toMatch(/call.? would be denied, .* judged again\nfrom /)
    expect(whole.err).toContain('Not all that happened is on record')
    expect(lines.length).toBeGreaterThan(1)
    const first = await run(...turning, '--limit', '1')
    expect(first.out).toBe(`${lines[0]}\n`)
    const after = /--after (\S+), or --all/.exec(first.err)?.[1] ?? ''
    const second = await run(...turning, '--limit', '1', '--after', after)
    expect(second.out).toBe(`${lines[1]}\n`)
    const other = await run('replay', '--from', '2', '--after', after)
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('--after is not as it')])
  })

  it.each([
    [['--edit', 'wide'], 'A change is given as'],
    [['--edit', 'wide=/nowhere'], "can't be read"],
    [['--detach', '=alice'], 'A change is given as'],
    [['--delete', ''], 'A policy is'],
    [['--limit', 'many'], '--limit must be'],
  ])('given %j, then it is wrong', async (args, sentence) => {
    const { code, err } = await run('replay', ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })
})

describe('grantlog events', () => {
  it('given another recording of access, then the table says which', async () => {
    const { code, out } = await run('events', '--all')
    expect(code).toBe(0)
    expect(out).toMatch(/AccessRecordingChanged +recording=All +acs:ram::\d+:root +the test begins/)
  })
})

describe('grantlog unused', () => {
  it('given a user, then the grant that no call needed is told, and what would suffice', async () => {
    const { code, out } = await grantlog(['unused', 'alice', '--days', '1'], env)
    expect(code).toBe(0)
    expect(out).toMatch(
      /user alice +AliyunOTSReadOnlyAccess v\d+ on user alice .*policy attached +acs:ram::\d+:root +HR-2/,
    )
    const rows = out.split('\n').filter((line) => line.startsWith('user alice'))
    expect(rows.filter((line) => line.includes('AliyunOTSReadOnlyAccess'))).toHaveLength(1)
    expect(rows.join()).toMatch(/AliyunOTSReadOnlyAccess.* all \d /)
    const suggested = await run('unused', 'alice', '--since', '1', '--suggest', '-o', 'csv')
    expect(suggested.out).toContain('""Action"":[""ram:ListUsers""]')
  })

  it('given a grant of which one statement decided, then the other is named by its place', async () => {
    const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' })
    const Statement = [statement('ram:ListUsers'), statement('oss:*')]
    const document = JSON.stringify({ Version: '1', Statement })
    const policy = ['--PolicyType', 'Custom', '--PolicyName', 'halves']
    await ram('CreateUser', '--UserName', 'half')
    await ram('CreatePolicy', '--PolicyName', 'halves', '--PolicyDocument', document)
    await ram('AttachPolicyToUser', '--UserName', 'half', ...policy)
    const { AccessKey } = JSON.parse(await ram('CreateAccessKey', '--UserName', 'half'))
    const half = {
      ...alice,
      GRANTLOG_ACCESS_KEY_ID: AccessKey.AccessKeyId,
      GRANTLOG_ACCESS_KEY_SECRET: AccessKey.AccessKeySecret,
    }
    expect((await inProcess(['api', 'ram', 'ListUsers'], half)).code).toBe(0)
    const unused = () => run('unused', 'half', '--days', '1')
    expect((await unused()).out).toMatch(/user half +halves v1 on user half +1 of 2: Allow at 1 /)
    const { out } = await run('unused', 'half', '--days', '1', '-o', 'json')
    expect(JSON.parse(out).principals[0].grants[0].statements).toMatchObject([
      { index: 0, count: 1 },
      { index: 1, count: 0 },
    ])
    const some = JSON.stringify({ Version: '1', Statement: [statement('ram:ListUsers')] })
    const newer = ['--PolicyDocument', some, '--SetAsDefault', 'true']
    await ram('CreatePolicyVersion', '--PolicyName', 'halves', ...newer)
    expect((await unused()).out).toContain('Every statement of every grant decided something.')
  })

  it.each([
    [[], 'Say --since or --days'],
    [['--days', '3', '--since', '3d'], 'Say --since or --days'],
    [['--days', 'few'], '--days must be'],
  ])('given %j, then it is wrong', async (args, sentence) => {
    const { code, err } = await run('unused', ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })
})
