/**
 * Credentials that are over and are tried all the same, by the official clients: what was answered
 * as refused is on record, also when the server is killed right afterwards.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { inProcess } from '../cli/grantlog.js'
import { CLIENT_KINDS, type Keys, type OfficialClient, refusalOf } from './official-clients.js'
import { builtFile, killAll, run, serving } from './process.js'

const directory = mkdtempSync(join(tmpdir(), 'grantlog-refused-uses-'))
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const [acs3, pop] = CLIENT_KINDS
if (acs3 === undefined || pop === undefined) throw new Error('there is no official client')

/** A server on the data folder, whatever became of the one before it. */
const start = async () => {
  const args = ['--port', '0', '--data', join(directory, 'data')]
  const file = join(directory, 'root.json')
  const main = builtFile('standalone', 'main.js')
  const server = run(process.execPath, [main, ...args, '--root-credentials', file])
  const endpoint = await serving(server)
  const { accountId, ...root } = JSON.parse(readFileSync(file, 'utf8'))
  const env = {
    GRANTLOG_ENDPOINT: endpoint,
    GRANTLOG_ACCESS_KEY_ID: root.accessKeyId,
    GRANTLOG_ACCESS_KEY_SECRET: root.accessKeySecret,
  }
  return {
    accountId,
    root,
    as: (keys: Keys, kind = acs3) => kind.connect(endpoint, keys),
    /** What the command line tool prints. */
    grantlog: async (...asked: ReadonlyArray<string>) => {
      const { code, out, err } = await inProcess(asked, env)
      if (code !== 0) throw new Error(err)
      return out
    },
    kill: async () => {
      server.child.kill('SIGKILL')
      await server.ended
    },
  }
}

const withWrongSecret = (keys: Keys): Keys => ({
  ...keys,
  accessKeySecret: 'NotTheSecret000000000000000001',
})

const keyFor = async ({ ram }: OfficialClient, UserName: string): Promise<Keys> => {
  const { AccessKey } = await ram('CreateAccessKey', { UserName })
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }
}

const sessionOf = async ({ sts }: OfficialClient, accountId: string): Promise<Keys> => {
  const RoleArn = `acs:ram::${accountId}:role/app`
  const { Credentials } = await sts('AssumeRole', { RoleArn, RoleSessionName: 'night' })
  return {
    accessKeyId: Credentials.AccessKeyId,
    accessKeySecret: Credentials.AccessKeySecret,
    securityToken: Credentials.SecurityToken,
  }
}

/** Alice with two keys, and a role that she may assume. */
const openShop = async (ram: OfficialClient['ram'], accountId: string) => {
  await ram('CreateUser', { UserName: 'alice' })
  const system = { PolicyType: 'System', UserName: 'alice' }
  await ram('AttachPolicyToUser', { ...system, PolicyName: 'AliyunSTSAssumeRoleAccess' })
  const Principal = { RAM: [`acs:ram::${accountId}:root`] }
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] })
  await ram('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument })
}

describe('credentials that are over', () => {
  it('given each kind of them, tried and then killed, then all that was tried is told', async () => {
    const first = await start()
    const { accountId } = first
    const root = first.as(first.root)
    await openShop(root.ram, accountId)
    const [leaked, old] = [await keyFor(root, 'alice'), await keyFor(root, 'alice')]
    const night = await sessionOf(first.as(leaked), accountId)
    const [{ sessionId }] = (await first.grantlog('sessions', '-o', 'jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    await first.grantlog('sessions', 'revoke', sessionId)
    const change = { UserName: 'alice', UserAccessKeyId: leaked.accessKeyId, Status: 'Inactive' }
    await root.ram('UpdateAccessKey', change)
    await root.ram('DeleteAccessKey', { UserName: 'alice', UserAccessKeyId: old.accessKeyId })

    const use = (keys: Keys, kind = acs3) =>
      refusalOf(first.as(keys, kind).sts('GetCallerIdentity'))
    expect(await use(leaked)).toBe('InvalidAccessKeyId.Inactive')
    expect(await use(leaked, pop)).toBe('InvalidAccessKeyId.Inactive')
    expect(await use(withWrongSecret(leaked))).toBe('InvalidAccessKeyId.Inactive')
    expect(await use(old)).toBe('InvalidAccessKeyId.NotFound')
    expect(await use(night)).toBe('InvalidSecurityToken.Expired')
    expect(await use(withWrongSecret(first.root))).toBe('SignatureDoesNotMatch')
    await first.kill()

    const second = await start()
    const ofKey = async ({ accessKeyId }: Keys) => second.grantlog('timeline', `key/${accessKeyId}`)
    const from = 'from 127.0.0.1'
    const inactive = await ofKey(leaked)
    expect(inactive).toContain(`was refused as inactive, with the right secret: once, ${from}`)
    expect(inactive).toMatch(
      /was refused as inactive, with the right secret: 2 times since \S+Z from 1 address, the last from 127\.0\.0\.1/,
    )
    expect(inactive).toContain(`was refused as inactive, with a wrong secret: once, ${from}`)
    expect(await ofKey(old)).toContain(
      `was refused as deleted, with a secret that can no longer be checked: once, ${from}`,
    )
    expect(await ofKey(second.root)).toContain(`was refused with a wrong secret: once, ${from}`)
    const refused = `was refused as revoked, with the right secret: once, ${from}`
    expect(await second.grantlog('timeline', `session/${sessionId}`)).toContain(refused)
    expect(await second.grantlog('sessions', 'show', sessionId)).toContain(refused)

    const all = await second.grantlog('refused-uses', '--all')
    for (const reason of ['KeyInactive', 'KeyDeleted', 'SessionRevoked', 'SecretWrong'])
      expect(all).toContain(`reason=${reason}`)
    expect(all).not.toContain('127.0.0.1')
  })
})
