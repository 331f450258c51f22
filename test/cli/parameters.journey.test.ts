/** What `grantlog api` makes of parameters: their names, and values that stand in files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPERATIONS } from '@grantlog/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Ran } from './grantlog.js'

let journey: Journey
let env: Readonly<Record<string, string>>
let file: string

const DOCUMENT = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ots:GetRow', Resource: '*' }],
})
const api = (...args: ReadonlyArray<string>): Promise<Ran> => inProcess(['api', ...args], env)

beforeAll(async () => {
  journey = await startJourney()
  const { endpoint, directory, accountId, root } = journey
  const credentials = join(directory, 'here.json')
  writeFileSync(credentials, JSON.stringify({ ...root, accountId, endpoint }), { mode: 0o600 })
  env = { GRANTLOG_CREDENTIALS: credentials }
  file = join(directory, 'policy.json')
  writeFileSync(file, `${DOCUMENT}\n`)
  mkdirSync(join(directory, 'folder'))
})
afterAll(() => journey.end())

describe('a parameter that an operation does not have', () => {
  it.each([
    [
      ['ram', 'CreateUser', '--UserNmae', 'bob'],
      'CreateUser has no parameter --UserNmae. (Did you mean --UserName?)',
    ],
    [['ram', 'CreateUser', '--Username', 'bob'], '(Did you mean --UserName?)'],
    [
      ['ram', 'GetUser', '--Colour', 'red'],
      'GetUser has no parameter --Colour. It takes: --UserName.',
    ],
    [['sts', 'GetCallerIdentity', '--UserName', 'bob'], 'It takes: none.'],
    [['ims', 'GetUser', '--UserName', 'bob'], 'It takes: --UserPrincipalName'],
    [['ram', 'TagResources', '--Tag.x.Key', 'a'], 'no parameter --Tag.x.Key'],
  ])(
    'given %j, then it is refused before anything is sent, and the nearest is named',
    async (args, sentence) => {
      // Nobody listens there: what was sent would be told as that.
      const { code, err } = await api(...args, '--endpoint', 'http://127.0.0.1:1')
      expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
    },
  )

  it('given one that the server would pass over, then nothing was done', async () => {
    const user = ['--UserName', 'carol']
    expect((await api('ram', 'CreateUser', ...user, '--Coments', 'new')).code).toBe(2)
    expect((await api('ram', 'GetUser', ...user)).code).toBe(3)
  })

  it('given lists in numbers, then any number is one of the list', async () => {
    const user = ['--RoleName', 'tagged', '--AssumeRolePolicyDocument']
    const principal = { RAM: [`acs:ram::${journey.accountId}:root`] }
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }
    const trust = JSON.stringify({ Version: '1', Statement: [statement] })
    const tags = [1, 2].flatMap((n) => [`--Tag.${n}.Key`, `k${n}`, `--Tag.${n}.Value`, `v${n}`])
    expect(await api('ram', 'CreateRole', ...user, trust, ...tags)).toMatchObject({ code: 0 })
  })

  it('given an operation of each product, then its parameters are completed', async () => {
    const some = OPERATIONS.filter(({ name }) => /^(UpdateUser|TagResources|AssumeRole)/.test(name))
    expect(some.map(({ product }) => product)).toEqual(
      expect.arrayContaining(['Ram', 'Sts', 'Ims']),
    )
    for (const { product, name, parameters } of some) {
      const words = ['__complete', 'api', product.toLowerCase(), name, '--']
      const { out } = await inProcess(words, {})
      const offered = out.split('\n').filter((word) => /^--[A-Z]/.test(word))
      expect([name, offered.toSorted()]).toEqual([
        name,
        parameters.map((each) => `--${each}`).toSorted(),
      ])
    }
  })
})

describe('the words of an operation', () => {
  it('given a product in any case of letters, then it is that one', async () => {
    const names = ['RAM', 'Ram', 'ram'].map((product) => api(product, 'ListUsers', '-o', 'json'))
    const users = (await Promise.all(names)).map(({ code, out }) => [code, JSON.parse(out).Users])
    expect(new Set(users.map((each) => JSON.stringify(each))).size).toBe(1)
  })

  it('given a parameter in small letters, then the one that was meant is named', async () => {
    const { code, err } = await api('Ram', 'CreateUser', '--userName', 'bob')
    expect([code, err]).toEqual([2, expect.stringContaining('(Did you mean --UserName?)')])
    expect((await api('ram', 'CreateUser', '--colour', 'red')).err).not.toContain('Did you mean')
  })

  it('given the help of one, then its parameters are told', async () => {
    const { code, out } = await api('ram', 'GetPolicy', '--help')
    expect([code, out]).toEqual([0, expect.stringContaining('GetPolicy takes: --PolicyType, --P')])
    expect((await api('ram', 'GetPlicy', '--help')).out).not.toContain('takes:')
  })

  it('given a fault, then it says where the help of that command is', async () => {
    expect((await api('ram')).err).toContain('See: grantlog api --help')
    expect((await inProcess(['sessions', 'revoke'], env)).err).toContain(
      'See: grantlog sessions revoke --help',
    )
    expect((await inProcess(['cna'], env)).err).toContain('See: grantlog --help')
  })
})

describe('a value that stands in a file', () => {
  const create = (name: string, document: string) =>
    api('ram', 'CreatePolicy', '--PolicyName', name, '--PolicyDocument', document)

  it('given @ before its name, then what stands in it is sent', async () => {
    expect(await create('by-file', `@${file}`)).toMatchObject({ code: 0 })
    const shown = ['ram', 'GetPolicy', '--PolicyType', 'Custom', '--PolicyName', 'by-file']
    const { out } = await api(...shown, '-o', 'json')
    expect(JSON.parse(JSON.parse(out).DefaultPolicyVersion.PolicyDocument)).toEqual(
      JSON.parse(DOCUMENT),
    )
  })

  it('given @-, then it is standard input', async () => {
    const named = ['--PolicyName', 'by-input', '--PolicyDocument', '@-']
    const { code, err } = await grantlog(['api', 'ram', 'CreatePolicy', ...named], env, DOCUMENT)
    expect([code, err]).toEqual([0, ''])
  })

  it('given a new line at the end of standard input or a file, then it is not part of the text', async () => {
    const named = ['api', 'ram', 'CreateUser', '--UserName', '@-']
    const { code, err } = await grantlog(named, env, 'by-echo\n')
    expect([code, err]).toEqual([0, ''])
    expect((await api('ram', 'GetUser', '--UserName', 'by-echo')).code).toBe(0)
  })

  it('given @ alone, then what it lacks is said', async () => {
    const { code, err } = await api('ram', 'GetUser', '--UserName', '@')
    expect([code, err]).toEqual([2, expect.stringContaining('--UserName @ lacks the name')])
  })

  it('given @@, then it is a text that begins with @', async () => {
    const comments = ['--GroupName', 'at', '--Comments', '@@home']
    const { code } = await api('ram', 'CreateGroup', ...comments)
    const { out } = await api('ram', 'GetGroup', '--GroupName', 'at', '-o', 'json')
    expect([code, JSON.parse(out).Group.Comments]).toEqual([0, '@home'])
  })

  it('given the name alone, then the refusal says how the file is sent', async () => {
    const { code, err } = await create('by-name', file)
    expect(code).toBe(2)
    expect(err).toContain(`(${file} is a file: --PolicyDocument @${file} sends what is in it.)`)
    const folder = await create('by-name', join(journey.directory, 'folder'))
    expect([folder.code, folder.err]).toEqual([2, expect.not.stringContaining('is a file')])
  })

  it('given a file that is nowhere, then it is wrong', async () => {
    const value = '@/nowhere/policy.json'
    const { code, err } = await create('by-file-2', value)
    expect([code, err]).toEqual([2, expect.stringContaining("can't be read")])
  })

  it('given @ where a document is read anyhow, then it is the same file', async () => {
    const { code, err } = await inProcess(['replay', '--edit', `none=@${file}`], env)
    expect([code, err]).toEqual([3, expect.stringContaining('There is no policy none')])
  })

  it('given the help, then it tells of files', async () => {
    const { out } = await api('--help')
    expect(out).toContain('--PolicyDocument @policy.json')
    expect(out).toContain('A value @policy.json is what stands in that file')
  })
})
