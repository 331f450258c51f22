/** Account alias, password policy and security preference, and what the preference permits. */
import { AccountId } from '@grantlog/domain'
import { known } from '@grantlog/domain/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ram, type RamServer, startRam } from './client.js'

let server: RamServer
let ram: Ram
let alice: Ram

beforeAll(async () => {
  server = await startRam()
  ram = server.asRoot
  alice = await server.userWith('alice')
})
afterAll(() => server.end())

/** Lets another account have an alias, as its own root would. */
const takenByOthers = async (alias: string) => {
  const accountId = known(AccountId, '6543210987654321')
  const { engine } = server.standalone
  const actor = {
    accountId,
    principalType: 'System',
    principalId: 'test',
    arn: 'acs:test',
  } as const
  const circumstances = (commandId: string) => ({ commandId, requestId: commandId, actor })
  const rootAccessKey = { accessKeyId: 'LTAI5tOtherAccount000001', secretRef: 'access-key/x/y' }
  await engine.execute(
    accountId,
    { type: 'OpenAccount', accountId, rootAccessKey } as never,
    circumstances(engine.ids.uuid()),
  )()
  const command = { type: 'SetAccountAlias', accountId, alias } as never
  const taken = await engine.changeAlias(command, circumstances(engine.ids.uuid()))()
  expect(taken._tag).toBe('Right')
}

describe('SetAccountAlias', () => {
  it('given a free alias, when SetAccountAlias, then 200', async () => {
    await ram.call('SetAccountAlias', { AccountAlias: 'acme' })
    expect((await ram.call('GetAccountAlias')).AccountAlias).toBe('acme')
    await ram.call('SetAccountAlias', { AccountAlias: 'acme' })
    await ram.call('SetAccountAlias', { AccountAlias: 'acme-corp' })
    expect((await ram.call('GetAccountAlias')).AccountAlias).toBe('acme-corp')
  })
  it.each([
    ['ab', 'InvalidParameter.AccountAlias.Length'],
    ['a'.repeat(33), 'InvalidParameter.AccountAlias.Length'],
    ['Acme', 'InvalidParameter.AccountAlias.Format'],
    ['a--b', 'InvalidParameter.AccountAlias.Format'],
    ['1234567890123456', 'InvalidParameter.AccountAlias.Format'],
  ])('given %s, when SetAccountAlias, then %s', async (AccountAlias, code) => {
    expect(await ram.refusal('SetAccountAlias', { AccountAlias })).toBe(code)
  })
  it('given an alias of another account, when SetAccountAlias, then EntityAlreadyExists.AccountAlias', async () => {
    await takenByOthers('taken')
    const code = 'EntityAlreadyExists.AccountAlias'
    expect(await ram.refusal('SetAccountAlias', { AccountAlias: 'taken' })).toBe(code)
    expect((await ram.call('GetAccountAlias')).AccountAlias).toBe('acme-corp')
  })
  it('given no permission, when SetAccountAlias, then NoPermission', async () => {
    expect(await alice.refusal('SetAccountAlias', { AccountAlias: 'mine' })).toBe('NoPermission')
  })
})

describe('GetAccountAlias', () => {
  it('given no alias, when GetAccountAlias, then 200', async () => {
    await ram.call('ClearAccountAlias')
    expect((await ram.call('GetAccountAlias')).AccountAlias).toBe(server.accountId)
  })
  it('given no permission, when GetAccountAlias, then NoPermission', async () => {
    expect(await alice.refusal('GetAccountAlias')).toBe('NoPermission')
  })
})

describe('ClearAccountAlias', () => {
  it('given an alias, when ClearAccountAlias, then 200', async () => {
    await ram.call('SetAccountAlias', { AccountAlias: 'short-lived' })
    await ram.call('ClearAccountAlias')
    await ram.call('ClearAccountAlias')
    expect((await ram.call('GetAccountAlias')).AccountAlias).toBe(server.accountId)
  })
  it('given no permission, when ClearAccountAlias, then NoPermission', async () => {
    expect(await alice.refusal('ClearAccountAlias')).toBe('NoPermission')
  })
})

const DEFAULT_POLICY = {
  MinimumPasswordLength: 8,
  RequireLowercaseCharacters: false,
  RequireUppercaseCharacters: false,
  RequireNumbers: false,
  RequireSymbols: false,
  HardExpiry: false,
  MaxPasswordAge: 0,
  PasswordReusePrevention: 0,
  MaxLoginAttemps: 0,
}

describe('SetPasswordPolicy', () => {
  it('given a policy, when SetPasswordPolicy, then 200', async () => {
    const policy = {
      MinimumPasswordLength: 32,
      RequireLowercaseCharacters: true,
      RequireUppercaseCharacters: true,
      RequireNumbers: true,
      RequireSymbols: true,
      HardExpiry: true,
      MaxPasswordAge: 1095,
      PasswordReusePrevention: 24,
      MaxLoginAttemps: 32,
    }
    expect((await ram.call('SetPasswordPolicy', policy)).PasswordPolicy).toEqual(policy)
    expect((await ram.call('GetPasswordPolicy')).PasswordPolicy).toEqual(policy)
  })
  it('given nothing, when SetPasswordPolicy, then 200', async () => {
    await ram.call('SetPasswordPolicy', { MaxPasswordAge: 9 })
    expect((await ram.call('SetPasswordPolicy')).PasswordPolicy).toEqual(DEFAULT_POLICY)
  })
  it.each([
    ['MinimumPasswordLength', 7, 'InvalidParameter.MinimumPasswordLength.Range'],
    ['MinimumPasswordLength', 33, 'InvalidParameter.MinimumPasswordLength.Range'],
    ['MaxPasswordAge', 1096, 'InvalidParameter.MaxPasswordAge.Range'],
    ['PasswordReusePrevention', 25, 'InvalidParameter.PasswordReusePrevention.Range'],
    ['MaxLoginAttemps', 33, 'InvalidParameter.MaxLoginAttemps.Range'],
  ])('given %s of %i, when SetPasswordPolicy, then %s', async (name, value, code) => {
    expect(await ram.refusal('SetPasswordPolicy', { [name]: value })).toBe(code)
  })
  it.each([
    ['RequireLowercaseCharacters', 'ABCDEFG1$'],
    ['RequireUppercaseCharacters', 'abcdefg1$'],
    ['RequireNumbers', 'ABCdefgh$'],
    ['RequireSymbols', 'ABCdefgh1'],
  ])(
    'given %s, when CreateLoginProfile, then InvalidParameter.Password.TooWeak',
    async (name, word) => {
      await ram.call('SetPasswordPolicy', { [name]: true })
      const given = { UserName: 'alice', Password: word }
      const code = 'InvalidParameter.Password.TooWeak'
      expect(await ram.refusal('CreateLoginProfile', given)).toBe(code)
      await ram.call('SetPasswordPolicy')
    },
  )
  it('given no permission, when SetPasswordPolicy, then NoPermission', async () => {
    expect(await alice.refusal('SetPasswordPolicy')).toBe('NoPermission')
  })
})

describe('GetPasswordPolicy', () => {
  it('given a new account, when GetPasswordPolicy, then 200', async () => {
    expect((await ram.call('GetPasswordPolicy')).PasswordPolicy).toEqual(DEFAULT_POLICY)
  })
  it('given no permission, when GetPasswordPolicy, then NoPermission', async () => {
    expect(await alice.refusal('GetPasswordPolicy')).toBe('NoPermission')
  })
})

const preferenceOf = async () => (await ram.call('GetSecurityPreference')).SecurityPreference

describe('GetSecurityPreference', () => {
  it('given a new account, when GetSecurityPreference, then 200', async () => {
    expect(await preferenceOf()).toEqual({
      LoginProfilePreference: {
        EnableSaveMFATicket: false,
        AllowUserToChangePassword: true,
        LoginSessionDuration: 6,
        LoginNetworkMasks: '',
      },
      AccessKeyPreference: { AllowUserToManageAccessKeys: false },
      MFAPreference: { AllowUserToManageMFADevices: true },
      PublicKeyPreference: { AllowUserToManagePublicKeys: false },
    })
  })
  it('given no permission, when GetSecurityPreference, then NoPermission', async () => {
    expect(await alice.refusal('GetSecurityPreference')).toBe('NoPermission')
  })
})

describe('SetSecurityPreference', () => {
  it('given some members, when SetSecurityPreference, then 200', async () => {
    const LoginNetworkMasks = '10.0.0.0/8;127.0.0.1'
    await ram.call('SetSecurityPreference', { LoginNetworkMasks, LoginSessionDuration: 24 })
    const answer = await ram.call('SetSecurityPreference', { EnableSaveMFATicket: true })
    const { LoginProfilePreference } = answer.SecurityPreference
    expect(LoginProfilePreference).toEqual({
      EnableSaveMFATicket: true,
      AllowUserToChangePassword: true,
      LoginSessionDuration: 24,
      LoginNetworkMasks,
    })
    expect(await preferenceOf()).toEqual(answer.SecurityPreference)
  })
  it.each([
    ['LoginSessionDuration', 0, 'InvalidParameter.LoginSessionDuration.Range'],
    ['LoginSessionDuration', 25, 'InvalidParameter.LoginSessionDuration.Range'],
    ['LoginNetworkMasks', 'everywhere', 'InvalidParameter.LoginNetworkMasks.Format'],
    ['AllowUserToChangePassword', 'yes', 'InvalidParameter.AllowUserToChangePassword'],
  ])('given %s of %s, when SetSecurityPreference, then %s', async (name, value, code) => {
    expect(await ram.refusal('SetSecurityPreference', { [name]: value })).toBe(code)
  })
  it('given no permission, when SetSecurityPreference, then NoPermission', async () => {
    expect(await alice.refusal('SetSecurityPreference')).toBe('NoPermission')
  })
})

describe('AllowUserToManageAccessKeys', () => {
  const switched = (on: boolean) =>
    ram.call('SetSecurityPreference', { AllowUserToManageAccessKeys: on })
  it('given it is on, when CreateAccessKey, then 200', async () => {
    await switched(true)
    const { AccessKey } = await alice.call('CreateAccessKey')
    const { AccessKeys } = await alice.call('ListAccessKeys', { UserName: 'ALICE' })
    expect(AccessKeys.AccessKey).toHaveLength(2)
    const UserAccessKeyId = AccessKey.AccessKeyId
    await alice.call('UpdateAccessKey', { UserAccessKeyId, Status: 'Inactive' })
    await alice.call('DeleteAccessKey', { UserAccessKeyId })
  })
  it('given it is on and the key is of another user, when CreateAccessKey, then NoPermission', async () => {
    await switched(true)
    await ram.call('CreateUser', { UserName: 'bob' })
    expect(await alice.refusal('CreateAccessKey', { UserName: 'bob' })).toBe('NoPermission')
  })
  it('given it is off, when CreateAccessKey, then NoPermission', async () => {
    await switched(false)
    expect(await alice.refusal('CreateAccessKey')).toBe('NoPermission')
  })
})
