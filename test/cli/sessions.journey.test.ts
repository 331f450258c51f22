/** Sessions of a role in a person's words: of several with one name, and of narrowed ones. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { inProcess, type Surroundings } from './grantlog.js'

let journey: Journey
let env: Surroundings
let alice: Surroundings

const run = (...args: ReadonlyArray<string>) => inProcess(args, env)
const done = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out, err } = await run(...args)
  if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  return out
}
const ram = (...args: ReadonlyArray<string>) => done('api', 'ram', ...args, '-o', 'json')

const policyOf = (Action: string, more: object = { Resource: '*' }): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, ...more }] })
const GET_ROW = policyOf('ots:GetRow')

const assume = async (name: string, ...more: ReadonlyArray<string>): Promise<void> => {
  const role = ['--RoleArn', `acs:ram::${journey.accountId}:role/reader`]
  const args = ['api', 'sts', 'AssumeRole', ...role, '--RoleSessionName', name, ...more]
  const { code, err } = await inProcess(args, alice)
  if (code !== 0) throw new Error(err)
}

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const file = join(directory, 'here.json')
  writeFileSync(file, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: file }
  await ram('CreateUser', '--UserName', 'alice')
  const attached = ['--PolicyType', 'System', '--PolicyName']
  const assuming = [...attached, 'AliyunSTSAssumeRoleAccess']
  await ram('AttachPolicyToUser', '--UserName', 'alice', ...assuming)
  const trust = policyOf('sts:AssumeRole', { Principal: { RAM: [`acs:ram::${accountId}:root`] } })
  await ram('CreateRole', '--RoleName', 'reader', '--AssumeRolePolicyDocument', trust)
  const reading = [...attached, 'AliyunOTSReadOnlyAccess']
  await ram('AttachPolicyToRole', '--RoleName', 'reader', ...reading)
  const { AccessKey } = JSON.parse(await ram('CreateAccessKey', '--UserName', 'alice'))
  alice = {
    GRANTLOG_ENDPOINT: endpoint,
    GRANTLOG_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    GRANTLOG_ACCESS_KEY_SECRET: AccessKey.AccessKeySecret,
  }
  await assume('app')
  await assume('app', '--Policy', GET_ROW)
  await assume('lone', '--Policy', GET_ROW)
})
afterAll(() => journey.end())

describe('a decision about a name that two sessions bear', () => {
  it.each(['can', 'why'])(
    'given all of them may, when %s is asked, then it says so',
    async (ask) => {
      const { code, out } = await run(ask, 'role/reader/app', 'ots:GetRow', '*')
      expect([code, out]).toEqual([
        0,
        expect.stringContaining('Each of the 2 sessions of that name may.'),
      ])
    },
  )

  it.each(['can', 'why'])(
    'given one alone may not, when %s is asked, then it does not say that none may',
    async (ask) => {
      const { code, out } = await run(ask, 'role/reader/app', 'ots:ListTable', '*')
      expect(code).toBe(1)
      expect(out).toContain('At least one of the 2 sessions of that name may not')
      expect(out).not.toMatch(/[Ee]ach of the/)
    },
  )

  it.each(['ots:GetRow', 'ots:ListTable'])(
    'given a name of one session, when %s is asked, then nothing is said of others',
    async (action) => {
      const { out } = await run('can', 'role/reader/lone', action, '*')
      expect(out).not.toContain('sessions of that name')
    },
  )
})

describe('what a session may do', () => {
  const NARROWED = 'Narrowed by a session policy, which must allow it too: allow ots:GetRow on *'

  it('given a session policy, then a table is headed by it', async () => {
    const { out } = await run('what-can', 'role/reader/lone')
    expect(out.split('\n')[0]).toBe(NARROWED)
    expect(out).toContain('AliyunOTSReadOnlyAccess')
  })

  it.each(['csv', 'jsonl'])('given %s, then it is told beside the rows', async (format) => {
    const { out, err } = await run('what-can', 'role/reader/lone', '-o', format)
    expect(err).toBe(`${NARROWED}\n`)
    expect(out).not.toContain('Narrowed')
  })

  it('given a service that the session policy says nothing of, then nothing of it is allowed', async () => {
    const { out } = await run('what-can', 'role/reader/lone', '--service', 'ecs')
    expect(out).toContain('which must allow it too: nothing')
  })

  it('given no session policy, then nothing is said of one', async () => {
    await assume('plain')
    const { out } = await run('what-can', 'role/reader/plain')
    expect(out).not.toContain('Narrowed')
  })
})

describe('the beginning of a session', () => {
  const shown = async (name: string): Promise<string> => {
    const { sessions } = JSON.parse(await done('sessions', '-o', 'json'))
    const of = sessions.find((each: { readonly sessionName: string }) => each.sessionName === name)
    return done('sessions', 'show', of.sessionId)
  }

  it('given a reason, a ticket and a session policy, then they are told', async () => {
    const laidOut = JSON.stringify(JSON.parse(GET_ROW), null, 2)
    await assume('noted', '--Policy', laidOut, '--reason', 'on call', '--ticket', 'OPS-7')
    const [, began, narrowed, end] = (await shown('noted')).split('\n')
    expect(began).toMatch(/^assumed by user alice at 20\S+ \(on call, OPS-7\)$/)
    expect(narrowed).toBe(`narrowed by its session policy: ${GET_ROW}`)
    expect(end).toMatch(/^lasts until 20/)
  })

  it('given none of them, then nothing is told of any', async () => {
    await assume('bare')
    const [, began, end] = (await shown('bare')).split('\n')
    expect(began).toMatch(/^assumed by user alice at 20\S+$/)
    expect(end).toMatch(/^lasts until 20/)
  })
})
