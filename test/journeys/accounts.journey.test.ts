/**
 * Several accounts in one deployment: opened by the first one, apart from each other in everything,
 * and joined only where a role trusts another account.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcess } from '../cli/grantlog.js'
import { type Body, CLIENT_KINDS, type Keys, refusalOf } from './official-clients.js'
import { type Journey, startJourney } from './server.js'

const [acs3] = CLIENT_KINDS
if (acs3 === undefined) throw new Error('there is no official client')
let journey: Journey
let other: Keys & { readonly accountId: string }

const as = (keys: Keys) => acs3.connect(journey.endpoint, keys)

/** The command line tool with these keys; its answer, or its error with the exit code. */
const grantlog = async (keys: Keys, ...args: ReadonlyArray<string>): Promise<Body> => {
  const file = join(journey.directory, `${keys.accessKeyId}.json`)
  writeFileSync(file, JSON.stringify({ ...keys, endpoint: journey.endpoint }), { mode: 0o600 })
  const { code, out, err } = await inProcess([...args, '-o', 'json'], {
    GRANTLOG_CREDENTIALS: file,
  })
  return code === 0 ? JSON.parse(out) : { code, err }
}

const keysOf = async (keys: Keys, UserName: string): Promise<Keys> => {
  const { AccessKey } = await as(keys).ram('CreateAccessKey', { UserName })
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }
}

const makeUser = async (keys: Keys, UserName: string, ...policies: ReadonlyArray<string>) => {
  await as(keys).ram('CreateUser', { UserName })
  for (const PolicyName of policies)
    await as(keys).ram('AttachPolicyToUser', { UserName, PolicyType: 'System', PolicyName })
  return keysOf(keys, UserName)
}

const trusting = (...names: ReadonlyArray<string>): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: names.map((name) => `acs:ram::${other.accountId}:${name}`) },
      },
    ],
  })

const assume = (keys: Keys, roleName: string): Promise<Body> =>
  as(keys).sts('AssumeRole', {
    RoleArn: `acs:ram::${journey.accountId}:role/${roleName}`,
    RoleSessionName: 'visit',
  })

beforeAll(async () => {
  journey = await startJourney()
  other = await grantlog(journey.root, 'account', 'open')
})
afterAll(() => journey.end())

describe('opening an account', () => {
  it('given the first account, then its root key works at once and the list shows it', async () => {
    const { AccountId } = await as(other).sts('GetCallerIdentity')
    expect(AccountId).toBe(other.accountId)
    const { accounts } = await grantlog(journey.root, 'account', 'list')
    expect(accounts.map(({ accountId }: Body) => accountId)).toEqual([
      journey.accountId,
      other.accountId,
    ])
  })
  it('given any other account, root too, then it is refused', async () => {
    for (const order of ['open', 'list']) {
      const refused = await grantlog(other, 'account', order)
      expect(refused.code).toBe(4)
      expect(refused.err).toContain('first account of the deployment alone')
    }
  })
  it('given a user of the first account, then it needs the permission', async () => {
    const plain = await makeUser(journey.root, 'operator')
    expect((await grantlog(plain, 'account', 'open')).err).toContain('grantlog:CreateAccount')
    const policy = { PolicyType: 'System', PolicyName: 'AdministratorAccess' }
    await as(journey.root).ram('AttachPolicyToUser', { ...policy, UserName: 'operator' })
    const third = await grantlog(plain, 'account', 'open')
    expect((await as(third).sts('GetCallerIdentity')).AccountId).toBe(third.accountId)
  })
})

describe('accounts', () => {
  it('given the same names in both, then neither sees or changes the other', async () => {
    await makeUser(journey.root, 'twin', 'AdministratorAccess')
    const twin = await makeUser(other, 'twin')
    expect(await refusalOf(as(twin).ram('ListUsers'))).toBe('NoPermission')
    const { Users } = await as(other).ram('ListUsers')
    expect(Users.User.map(({ UserName }: Body) => UserName)).toEqual(['twin'])
    await as(other)
      .ram('DeleteUser', { UserName: 'nobody' })
      .catch(() => undefined)
    const { User } = await as(journey.root).ram('GetUser', { UserName: 'twin' })
    expect(User.UserId).not.toBe(Users.User[0].UserId)
  })
  it('given the history of another account, then nothing of it is told', async () => {
    const asked = await grantlog(
      other,
      'can',
      `acs:ram::${journey.accountId}:user/twin`,
      'a:b',
      '*',
    )
    expect([asked.code, asked.err]).toEqual([4, expect.stringContaining('account of the caller')])
    const events = await grantlog(other, 'events', '--all')
    expect(JSON.stringify(events)).not.toContain('operator')
  })
})

describe('a role that trusts another account', () => {
  it('given trust in the account, then its users come in with their own permission', async () => {
    const AssumeRolePolicyDocument = trusting('root')
    await as(journey.root).ram('CreateRole', { RoleName: 'guest', AssumeRolePolicyDocument })
    const allowed = await makeUser(other, 'visitor', 'AliyunSTSAssumeRoleAccess')
    const plain = await makeUser(other, 'stranger')
    expect((await assume(allowed, 'guest')).AssumedRoleUser.Arn).toContain(journey.accountId)
    expect(await refusalOf(assume(plain, 'guest'))).toBe('NoPermission')
    expect(await refusalOf(assume(other, 'guest'))).toBe('NoPermission')
  })
  it('given trust in a user who is not there, then the role is refused', async () => {
    const role = { RoleName: 'nobodys', AssumeRolePolicyDocument: trusting('user/zoe') }
    expect(await refusalOf(as(journey.root).ram('CreateRole', role))).toBe(
      'MalformedPolicyDocument',
    )
  })
  it('given trust in a user, then a later user of that name is not trusted', async () => {
    const STS = 'AliyunSTSAssumeRoleAccess'
    const first = await makeUser(other, 'zoe', STS)
    const AssumeRolePolicyDocument = trusting('user/zoe')
    await as(journey.root).ram('CreateRole', { RoleName: 'zoes', AssumeRolePolicyDocument })
    expect((await assume(first, 'zoes')).Credentials.SecurityToken).not.toBe('')

    const user = { UserName: 'zoe' }
    const { ram } = as(other)
    await ram('DeleteAccessKey', { ...user, UserAccessKeyId: first.accessKeyId })
    await ram('DetachPolicyFromUser', { ...user, PolicyType: 'System', PolicyName: STS })
    await ram('DeleteUser', user)
    const second = await makeUser(other, 'zoe', STS)
    expect(await refusalOf(assume(second, 'zoes'))).toBe('NoPermission')

    const renewed = { RoleName: 'zoes', NewAssumeRolePolicyDocument: AssumeRolePolicyDocument }
    await as(journey.root).ram('UpdateRole', renewed)
    expect((await assume(second, 'zoes')).Credentials.SecurityToken).not.toBe('')
  })
})
