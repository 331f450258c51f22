/** What goes wrong: bad words, bad settings, no key, no permission, no server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'
import { grantlog, inProcess, type Surroundings } from './grantlog.js'

const KEYS = { GRANTLOG_ACCESS_KEY_ID: 'LTAI5tNobody', GRANTLOG_ACCESS_KEY_SECRET: 'canary-secret' }

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-cli-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const secretFile = (name: string, content: unknown, mode = 0o600): string => {
  const path = join(directory, name)
  writeFileSync(path, JSON.stringify(content), { mode })
  return path
}

describe('the command line', () => {
  it.each([
    [['cna', 'alice'], 'Did you mean can?'],
    [['timelin'], 'Did you mean timeline?'],
    [['can', 'alice'], "Missing required argument 'action'"],
    [['can', 'alice', 'a:B', '*', 'more'], 'Too many arguments'],
    [['can', 'alice', 'a:B', '*', '--att', '30d'], 'Did you mean --at?'],
    [['can', 'alice', 'a:B', 'orders'], 'A resource is'],
    [['can', 'alice', 'a:B', '*', '--at', 'yesterday'], 'A time is'],
    [['can', 'alice', 'a:B', '*', '--at', '2026-13-45'], 'A time is'],
    [['can', 'alice', 'a:B', '*', '--at', '1d', '--position', '3'], 'not both'],
    [['can', 'alice', 'a:B', '*', '-o', 'xml'], 'Allowed choices are table, json'],
    [['can', 'alice', 'a:B', '*', '--UserName', 'x'], 'Unknown option --UserName'],
    [['can', 'alice', 'a:B', '*', '--session-policy', '/nowhere/x'], "can't be read"],
    [['account', '--timeout', 'long'], 'time limit'],
    [['account', '--endpoint', 'ftp://x'], 'must be a URL'],
    [['account', '--endpoint', 'http://user:canary@127.0.0.1'], 'must be a URL'],
    [['account', '--endpoint', 'http://iam.example.com'], '--insecure'],
    [['account', '--reason', 'two\nlines'], '--reason must be one line'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
  ])('given %j, then it ends with 2 and says why', async (args, sentence) => {
    const { code, out, err } = await inProcess(args, KEYS)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
    expect(err).not.toContain('canary')
  })

  it('given nothing at all, then it shows its help and ends with 2', async () => {
    const { code, out, err } = await grantlog([], KEYS)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Commands:')
  })

  it('given -o json, then the fault is one line of JSON on standard error', async () => {
    const { code, out, err } = await grantlog(['cna', '-o', 'json'], KEYS)
    expect([code, out]).toEqual([2, ''])
    expect(JSON.parse(err)).toEqual({
      error: { code: 'Usage', exitCode: 2, detail: "Unknown command 'cna' (Did you mean can?)" },
    })
  })
})

type SettingsCase = [
  sentence: string,
  given: () => {
    readonly args?: ReadonlyArray<string>
    readonly env?: Surroundings
    readonly told?: ReadonlyArray<string>
  },
]

describe('the settings', () => {
  const profile = { name: 'audit', access_key_id: 'LTAI5tAudit', access_key_secret: 'canary' }

  it.each<SettingsCase>([
    ['No AccessKey to sign with', () => ({})],
    ['Set both GRANTLOG_ACCESS_KEY_ID', () => ({ env: { GRANTLOG_ACCESS_KEY_ID: 'LTAI5tHalf' } })],
    [
      'Others can read',
      () => ({ args: ['--credentials', secretFile('open.json', profile, 0o644)] }),
    ],
    [
      'other.json is not as it should be: its member accessKeyId is missing, and must be a text.',
      () => ({ args: ['--credentials', secretFile('other.json', profile)] }),
    ],
    [
      'text.json is not as it should be: it must be a JSON object.',
      () => ({ args: ['--credentials', secretFile('text.json', 'canary')] }),
    ],
    ...(
      [
        [{}, 'its member profiles is missing, and must be a list.'],
        [[], 'it must be a JSON object.'],
        [{ profiles: profile }, 'its member profiles must be a list.'],
        [{ profiles: ['canary'] }, 'its member profiles[0] must be a JSON object.'],
        [{ profiles: [profile, { name: 'b' }] }, 'its member profiles[1].access_key_id is missing'],
        [
          { profiles: [{ ...profile, access_key_secret: ['canary'] }] },
          'its member profiles[0].access_key_secret must be a text.',
        ],
        [
          { profiles: [{ ...profile, mode: 'RamRoleArn' }] },
          'profiles[0].mode must be AK or StsToken.',
        ],
        [{ profiles: [profile], current: 1 }, 'its member current must be a text.'],
      ] as const
    ).map(([content, fault], index): SettingsCase => {
      const name = `faulty-${index}.json`
      const env = () => ({ GRANTLOG_PROFILES: secretFile(name, content) })
      return [
        fault,
        () => ({ args: ['--profile', 'audit'], env: env(), told: [name, 'not as it'] }),
      ]
    }),
    [
      'is a directory; name a file.',
      () => ({ env: { GRANTLOG_PROFILES: tmpdir() }, told: [tmpdir()] }),
    ],
    ...(
      [
        [{ access_key_id: '' }, 'its member access_key_id is empty'],
        [{ access_key_secret: '' }, 'its member access_key_secret is empty'],
        [{ mode: 'StsToken' }, 'its member sts_token is missing'],
        [{ mode: 'StsToken', sts_token: '' }, 'its member sts_token is missing'],
        [{ account_id: 'acme' }, 'its member account_id is no id of an account'],
      ] as const
    ).map(([members, fault], index): SettingsCase => {
      const name = `unusable-${index}.json`
      const content = { profiles: [{ ...profile, ...members }] }
      const env = () => ({ GRANTLOG_PROFILES: secretFile(name, content) })
      return [
        fault,
        () => ({ args: ['--profile', 'audit'], env: env(), told: [name, 'profile audit'] }),
      ]
    }),
    [
      'There is no profile nobody',
      () => ({
        args: ['--profile', 'nobody'],
        env: { GRANTLOG_PROFILES: secretFile('profiles.json', { profiles: [profile] }) },
      }),
    ],
    ['Say --credentials or --profile', () => ({ args: ['--credentials', 'a', '--profile', 'b'] })],
    ["can't be read", () => ({ env: { GRANTLOG_CREDENTIALS: '/nowhere/root.json' } })],
  ])('given what leads to “%s”, then it ends with 2 and says so', async (sentence, given) => {
    const { args = [], env = {}, told = [] } = given()
    const { code, err } = await inProcess(['account', ...args], env)
    expect(code).toBe(2)
    for (const text of [sentence, ...told]) expect(err).toContain(text)
    expect(err).not.toMatch(/ProfilesFile|CredentialsFile/)
    expect(err).not.toContain('canary')
  })
})

describe('a server', () => {
  it('given none, then it ends with 5, names the address and says what to do', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    await new Promise((resolve) => holder.close(resolve))
    const endpoint = `http://127.0.0.1:${port}`
    const { code, out, err } = await grantlog(['account', '--endpoint', endpoint], KEYS)
    expect([code, out]).toEqual([5, ''])
    for (const word of [endpoint, 'ECONNREFUSED', 'grantlog serve']) expect(err).toContain(word)
    const json = await inProcess(['account', '--endpoint', endpoint, '-o', 'json'], KEYS)
    expect(JSON.parse(json.err).error).toMatchObject({ code: 'Unreachable', exitCode: 5 })
  })

  it.each([
    ['a page', 200, '<html></html>', 'is no grantlog server'],
    ['a gateway that is alone', 502, 'Bad Gateway', 'Nothing answers'],
    ['a busy one', 429, '{"status":429,"code":"Throttling","detail":"Slow down."}', 'Slow down.'],
    [
      'an older one',
      404,
      '{"status":404,"code":"NotFound","detail":"No path."}',
      'older than this command',
    ],
  ])('given %s, then it ends with 5', async (_, status, body, sentence) => {
    const other = createServer((_, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { code, err } = await inProcess(
      ['account', '--endpoint', `http://localhost:${port}`],
      KEYS,
    )
    await new Promise((resolve) => other.close(resolve))
    expect(code).toBe(5)
    expect(err).toContain(sentence)
  })

  it('given one that does not answer, then it ends with 5 when the time is over', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const args = ['account', '--endpoint', `http://127.0.0.1:${port}`, '--timeout', '1']
    const { code, err } = await inProcess(args, KEYS)
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
    expect([code, err]).toEqual([5, expect.stringContaining('no answer in 1 s')])
  })
})

describe('a caller', () => {
  let journey: Journey
  beforeAll(async () => {
    journey = await startJourney()
  })
  afterAll(() => journey.end())

  it('given a key that nobody has, then it is refused with 4', async () => {
    const env = { ...KEYS, GRANTLOG_ENDPOINT: journey.endpoint }
    const { code, err } = await inProcess(['account'], env)
    expect([code, err]).toEqual([4, expect.stringContaining('no access key with this id')])
  })

  it('given a wrong secret, then it is refused with 4 and what was signed is not printed', async () => {
    const env = {
      GRANTLOG_ENDPOINT: journey.endpoint,
      GRANTLOG_ACCESS_KEY_ID: journey.root.accessKeyId,
      GRANTLOG_ACCESS_KEY_SECRET: 'wrong',
    }
    const { code, err } = await inProcess(['account'], env)
    expect(code).toBe(4)
    expect(err).not.toContain('StringToSign')
  })

  it('given a user without permission, then it is refused with 4, which JSON tells whole', async () => {
    const { endpoint, directory: home, root } = journey
    const file = join(home, 'root-here.json')
    writeFileSync(file, JSON.stringify({ ...root, endpoint }), { mode: 0o600 })
    const asRoot = { GRANTLOG_CREDENTIALS: file }
    await inProcess(['api', 'ram', 'CreateUser', '--UserName', 'eve'], asRoot)
    const create = ['api', 'ram', 'CreateAccessKey', '--UserName', 'eve', '-o', 'json']
    const { AccessKey } = JSON.parse((await inProcess(create, asRoot)).out)
    const profiles = {
      current: 'eve',
      profiles: [
        {
          name: 'eve',
          mode: 'AK',
          access_key_id: AccessKey.AccessKeyId,
          access_key_secret: AccessKey.AccessKeySecret,
          endpoint,
        },
      ],
    }
    const env = { GRANTLOG_PROFILES: secretFile('eve.json', profiles) }
    const { code, out, err } = await inProcess(['timeline', 'eve', '-o', 'json'], env)
    expect([code, out]).toEqual([4, ''])
    expect(JSON.parse(err).error).toMatchObject({
      code: 'NoPermission',
      exitCode: 4,
      status: 403,
      requestId: expect.any(String),
      answer: { action: 'grantlog:GetTimeline', outcome: 'ImplicitDeny' },
    })
  })
})
