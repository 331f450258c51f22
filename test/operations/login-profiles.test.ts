/** CreateLoginProfile, GetLoginProfile, UpdateLoginProfile, DeleteLoginProfile, ChangePassword. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Ram, type RamServer, startRam } from './client.js'

let server: RamServer
let ram: Ram
/** A user with a key and without any permission. */
let alice: Ram
const UserName = 'alice'
const Password = 'correct horse battery'
const Other = 'another long password'

beforeAll(async () => {
  server = await startRam()
  ram = server.asRoot
  alice = await server.userWith(UserName)
  await ram.call('CreateUser', { UserName: 'bob' })
})
afterAll(() => server.end())

/** Without a way to sign in, and under the policy of the beginning. */
beforeEach(async () => {
  await ram.call('DeleteLoginProfile', { UserName }).catch(() => undefined)
  await ram.call('SetPasswordPolicy')
  await ram.call('SetSecurityPreference', { AllowUserToChangePassword: true })
})
const withProfile = (more = {}) => ram.call('CreateLoginProfile', { UserName, Password, ...more })

describe('CreateLoginProfile', () => {
  it('given a user, when CreateLoginProfile, then 200', async () => {
    const { LoginProfile } = await withProfile({ MFABindRequired: true })
    expect(LoginProfile).toEqual({
      UserName,
      PasswordResetRequired: false,
      MFABindRequired: true,
      CreateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
  })
  it.each([
    ['a name with a space', { UserName: 'a b' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a long name', { UserName: 'a'.repeat(65) }, 'InvalidParameter.UserName.Length'],
    ['a short password', { Password: 'seven77' }, 'InvalidParameter.Password.TooWeak'],
    [
      'a password of 1025 bytes',
      { Password: 'x'.repeat(1025) },
      'InvalidParameter.Password.TooWeak',
    ],
    ['an absent user', { UserName: 'nobody' }, 'EntityNotExist.User'],
    ['no boolean', { MFABindRequired: 'maybe' }, 'InvalidParameter.MFABindRequired'],
  ])('given %s, when CreateLoginProfile, then refused', async (_, parameters, code) => {
    const given = { UserName, Password, ...parameters }
    expect(await ram.refusal('CreateLoginProfile', given)).toBe(code)
  })
  it('given no password, when CreateLoginProfile, then MissingParameter.Password', async () => {
    const given = { UserName }
    expect(await ram.refusal('CreateLoginProfile', given)).toBe('MissingParameter.Password')
  })
  it('given a profile, when CreateLoginProfile, then EntityAlreadyExists.User.LoginProfile', async () => {
    await withProfile()
    const given = { UserName: 'ALICE', Password }
    const code = 'EntityAlreadyExists.User.LoginProfile'
    expect(await ram.refusal('CreateLoginProfile', given)).toBe(code)
  })
  it('given no permission, when CreateLoginProfile, then NoPermission', async () => {
    const given = { UserName, Password }
    expect(await alice.refusal('CreateLoginProfile', given)).toBe('NoPermission')
  })
})

describe('GetLoginProfile', () => {
  it('given a profile, when GetLoginProfile, then 200', async () => {
    const created = await withProfile({ PasswordResetRequired: true })
    const { LoginProfile } = await ram.call('GetLoginProfile', { UserName })
    expect(LoginProfile).toEqual({ ...created.LoginProfile, PasswordResetRequired: true })
  })
  it.each([
    ['a name with a space', 'a b', 'InvalidParameter.UserName.InvalidChars'],
    ['an absent user', 'nobody', 'EntityNotExist.User'],
    ['a user without a profile', 'bob', 'EntityNotExist.User.LoginProfile'],
  ])('given %s, when GetLoginProfile, then refused', async (_, name, code) => {
    expect(await ram.refusal('GetLoginProfile', { UserName: name })).toBe(code)
  })
  it('given no permission, when GetLoginProfile, then NoPermission', async () => {
    expect(await alice.refusal('GetLoginProfile', { UserName })).toBe('NoPermission')
  })
})

describe('UpdateLoginProfile', () => {
  it('given a profile, when UpdateLoginProfile, then 200', async () => {
    await withProfile()
    await ram.call('UpdateLoginProfile', { UserName, MFABindRequired: true, Password: Other })
    const { LoginProfile } = await ram.call('GetLoginProfile', { UserName })
    expect([LoginProfile.MFABindRequired, LoginProfile.PasswordResetRequired]).toEqual([
      true,
      false,
    ])
  })
  it.each([
    ['an absent user', { UserName: 'nobody' }, 'EntityNotExist.User'],
    ['a user without a profile', { UserName: 'bob' }, 'EntityNotExist.User.LoginProfile'],
    ['a weak password', { Password: 'short' }, 'InvalidParameter.Password.TooWeak'],
  ])('given %s, when UpdateLoginProfile, then refused', async (_, parameters, code) => {
    await withProfile()
    expect(await ram.refusal('UpdateLoginProfile', { UserName, ...parameters })).toBe(code)
  })
  it('given a password of before, when UpdateLoginProfile, then InvalidParameter.Password.ReusePrevention', async () => {
    await ram.call('SetPasswordPolicy', { PasswordReusePrevention: 2 })
    await withProfile()
    await ram.call('UpdateLoginProfile', { UserName, Password: Other })
    const code = 'InvalidParameter.Password.ReusePrevention'
    for (const again of [Password, Other])
      expect(await ram.refusal('UpdateLoginProfile', { UserName, Password: again })).toBe(code)
    await ram.call('UpdateLoginProfile', { UserName, Password: 'a third password' })
    await ram.call('UpdateLoginProfile', { UserName, Password })
  })
  it('given no permission, when UpdateLoginProfile, then NoPermission', async () => {
    expect(await alice.refusal('UpdateLoginProfile', { UserName })).toBe('NoPermission')
  })
})

describe('DeleteLoginProfile', () => {
  it('given a profile, when DeleteLoginProfile, then 200', async () => {
    await withProfile()
    await ram.call('DeleteLoginProfile', { UserName })
    const code = 'EntityNotExist.User.LoginProfile'
    expect(await ram.refusal('GetLoginProfile', { UserName })).toBe(code)
  })
  it.each([
    ['an absent user', 'nobody', 'EntityNotExist.User'],
    ['a user without a profile', 'bob', 'EntityNotExist.User.LoginProfile'],
  ])('given %s, when DeleteLoginProfile, then refused', async (_, name, code) => {
    expect(await ram.refusal('DeleteLoginProfile', { UserName: name })).toBe(code)
  })
  it('given no permission, when DeleteLoginProfile, then NoPermission', async () => {
    expect(await alice.refusal('DeleteLoginProfile', { UserName })).toBe('NoPermission')
  })
})

describe('DeleteUser', () => {
  it('given a profile, when DeleteUser, then DeleteConflict.User.LoginProfile', async () => {
    await ram.call('CreateLoginProfile', { UserName: 'bob', Password })
    const code = 'DeleteConflict.User.LoginProfile'
    expect(await ram.refusal('DeleteUser', { UserName: 'bob' })).toBe(code)
    await ram.call('DeleteLoginProfile', { UserName: 'bob' })
  })
})

describe('ChangePassword', () => {
  const change = { OldPassword: Password, NewPassword: Other }
  it('given a user without a policy, when ChangePassword, then 200', async () => {
    await withProfile({ PasswordResetRequired: true })
    await alice.call('ChangePassword', change)
    const { LoginProfile } = await ram.call('GetLoginProfile', { UserName })
    expect(LoginProfile.PasswordResetRequired).toBe(false)
    const code = 'InvalidParameter.OldPassword.Incorrect'
    expect(await alice.refusal('ChangePassword', change)).toBe(code)
  })
  it('given the account itself, when ChangePassword, then NotSupport.Account', async () => {
    expect(await ram.refusal('ChangePassword', change)).toBe('NotSupport.Account')
  })
  it.each([
    [{ OldPassword: 'not the password' }, 'InvalidParameter.OldPassword.Incorrect'],
    [{ NewPassword: 'short' }, 'InvalidParameter.NewPassword.TooWeak'],
    [{ NewPassword: Password }, 'InvalidParameter.NewPassword.ReusePrevention'],
  ])('given %o, when ChangePassword, then %s', async (parameters, code) => {
    await ram.call('SetPasswordPolicy', { PasswordReusePrevention: 1 })
    await withProfile()
    expect(await alice.refusal('ChangePassword', { ...change, ...parameters })).toBe(code)
  })
  it('given no profile, when ChangePassword, then EntityNotExist.User.LoginProfile', async () => {
    const code = 'EntityNotExist.User.LoginProfile'
    expect(await alice.refusal('ChangePassword', change)).toBe(code)
  })
  it('given the switch is off, when ChangePassword, then NoPermission', async () => {
    await withProfile()
    await ram.call('SetSecurityPreference', { AllowUserToChangePassword: false })
    expect(await alice.refusal('ChangePassword', change)).toBe('NoPermission')
  })
  it('given a policy that denies it, when ChangePassword, then NoPermission', async () => {
    await withProfile()
    const PolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: 'ram:ChangePassword', Resource: '*' }],
    })
    const named = { PolicyName: 'no-change', PolicyType: 'Custom', UserName }
    await ram.call('CreatePolicy', { PolicyName: 'no-change', PolicyDocument })
    await ram.call('AttachPolicyToUser', named)
    expect(await alice.refusal('ChangePassword', change)).toBe('NoPermission')
    await ram.call('DetachPolicyFromUser', named)
  })
  it('given too many wrong passwords, when ChangePassword, then InvalidParameter.OldPassword.Incorrect', async () => {
    await ram.call('SetPasswordPolicy', { MaxLoginAttemps: 2 })
    await withProfile()
    const code = 'InvalidParameter.OldPassword.Incorrect'
    const wrong = { ...change, OldPassword: 'not the password' }
    for (const given of [wrong, wrong, change])
      expect(await alice.refusal('ChangePassword', given)).toBe(code)
  })
})
