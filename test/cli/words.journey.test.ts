/** What the tool tells in a person's words: flags for parameters, names beside ids, whys. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Surroundings } from './grantlog.js'

let journey: Journey
let env: Surroundings
let sessionId: string
let temporary: Readonly<Record<string, string>>

const run = (...args: ReadonlyArray<string>) => inProcess(args, env)
const done = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out, err } = await run(...args)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  return out
}
const ram = (...args: ReadonlyArray<string>) => done('api', 'ram', ...args, '-o', 'json')
const NOTE = ['--reason', 'on call', '--ticket', 'OPS-7'] as const

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const file = join(directory, 'here.json')
  writeFileSync(file, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: file }
  await ram('CreateUser', '--UserName', 'alice')
  const policy = ['--PolicyType', 'System', '--PolicyName', 'AliyunSTSAssumeRoleAccess']
  await ram('AttachPolicyToUser', '--UserName', 'alice', ...policy, ...NOTE)
  const trust = JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: [`acs:ram::${accountId}:root`] },
      },
    ],
  })
  await ram('CreateRole', '--RoleName', 'reader', '--AssumeRolePolicyDocument', trust)
  const { AccessKey } = JSON.parse(await ram('CreateAccessKey', '--UserName', 'alice'))
  const alice = {
    GRANTLOG_ENDPOINT: endpoint,
    GRANTLOG_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    GRANTLOG_ACCESS_KEY_SECRET: AccessKey.AccessKeySecret,
  }
  const role = ['--RoleArn', `acs:ram::${accountId}:role/reader`, '--RoleSessionName', 'app']
  const assumed = await inProcess(['api', 'sts', 'AssumeRole', ...role, '-o', 'json'], alice)
  if (assumed.code !== 0) throw new Error(assumed.err)
  const { Credentials } = JSON.parse(assumed.out)
  temporary = {
    GRANTLOG_ENDPOINT: endpoint,
    GRANTLOG_ACCESS_KEY_ID: Credentials.AccessKeyId,
    GRANTLOG_ACCESS_KEY_SECRET: Credentials.AccessKeySecret,
    GRANTLOG_SECURITY_TOKEN: Credentials.SecurityToken,
  }
  await inProcess(['api', 'ram', 'DeleteUser', '--UserName', 'bob'], alice)
  const { sessions } = JSON.parse(await done('sessions', '-o', 'json'))
  sessionId = sessions[0].sessionId
})
afterAll(() => journey.end())

describe('a message of the server', () => {
  it.each([
    [['timeline', 'nobody'], '--at or --position'],
    [['timeline', 'alice', '--position', 'x'], '--position is not as it should be'],
    [['timeline', 'a b'], '<subject> is not as it should be'],
    [['events', '--after', 'x'], '--after is not as it should be'],
    [['can', 'a b', 'ots:GetRow', '*'], '<principal> is not as it should be'],
    [['can', 'alice', 'ots', '*'], '<action> is not as it should be'],
    [['can', 'role/reader/none', 'ots:GetRow', '*'], '--session-policy'],
    [
      ['diff', '--from', '5', '--to', '4'],
      '--to is not as it should be: it must not be before --from',
    ],
    [['what-can', 'alice', '--actions', 'ots:GetRow'], 'beside --resource'],
    [['replay', '--after', 'x'], '--after is not as it should be'],
    [['unused', '--since', '5', '--after', 'x'], '--after is not as it should be'],
  ])('given %j, then it says the flags that were written', async (args, sentence) => {
    const { code, err } = await run(...args)
    expect(code).not.toBe(0)
    expect(err).toContain(sentence)
    expect(err).not.toMatch(/query parameter|\bat=|position=|`/)
  })

  it('given -o json, then a program has the names of the server beside it', async () => {
    const { code, err } = await grantlog(['events', '--after', 'x', '-o', 'json'], env)
    expect(code).toBe(2)
    const { error } = JSON.parse(err)
    expect(error.detail).toMatch(/^--after is not as it should be/)
    expect(error.answer).toMatchObject({ parameter: 'after', code: 'InvalidQuery' })
  })
})

describe('what is told', () => {
  it('given access on record, then callers have their names beside their ids', async () => {
    const rows = (await done('access', '-o', 'csv')).trimEnd().split('\r\n')
    expect(rows.find((row) => row.includes('ram:DeleteUser'))).toMatch(/,user alice \(\d+\),/)
    const refused = ['api', 'ram', 'DeleteUser', '--UserName', 'bob']
    expect((await inProcess(refused, temporary)).code).toBe(4)
    const principal = ['--principal', 'role/reader/app', '-o', 'csv']
    const [head = '', row = ''] = (await done('access', ...principal)).split('\r\n')
    expect(row.split(',')[head.split(',').indexOf('session')]).toBe(sessionId)
  })

  it('given grants with a reason and a ticket, then who-can tells both', async () => {
    const out = await done('who-can', 'sts:AssumeRole', 'ram:role/reader', '-o', 'csv')
    const [head, ...rows] = out.trimEnd().split('\r\n')
    expect(head).toContain(',reason,ticket,')
    expect(rows.find((row) => row.includes(':user/alice'))).toContain(',on call,OPS-7,')
  })

  it('given a session, then its timeline is told; once it is over, can says when and why', async () => {
    await done('sessions', 'revoke', sessionId, ...NOTE)
    const { code, out } = await grantlog(['timeline', `session/${sessionId}`, '-o', 'csv'], env)
    expect(code).toBe(0)
    expect(out).toContain('began as reader/app')
    expect(out).toMatch(/ended: it was revoked,.*,on call,OPS-7/)
    const can = await run('can', 'role/reader/app', 'ots:GetRow', '*')
    expect(can.code).toBe(1)
    expect(can.out).toMatch(/The session ended at .*: it was revoked\./)
  })
})

describe('a replay of which not all could be judged', () => {
  it('given records of several kinds, then it says why and how many of each', async () => {
    const reasons = { PrincipalNotRecorded: 2, SeveralPrincipals: 1, NothingAsked: 0 }
    const notJudgeable = { ...reasons, PersonErased: 1 }
    const counts = { refused: 0, allowToDeny: 0, denyToAllow: 0, drift: 0 }
    const totals = { records: 10, judged: 6, ...counts, notJudgeable }
    const coverage = { isWhole: false, doubts: ['RecordsNotJudgeable'], lost: 0, recording: [] }
    const [from, to] = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']
    const answer = { totals, groups: [], leftOut: 0, drifts: [], coverage, from, to, applied: 9 }
    const holder = createServer((_, response) => response.end(JSON.stringify(answer)))
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    const { code, out } = await run('replay', '--endpoint', `http://127.0.0.1:${port}`)
    await new Promise((resolve) => holder.close(resolve))
    expect(code).toBe(0)
    expect(out).toContain(
      '4 of 10 records were not judged: 2 do not say who called; 1 are of a subject that acts as ' +
        'several principals; 1 are of a person',
    )
    expect(out).not.toContain('asked for nothing')
  })
})
