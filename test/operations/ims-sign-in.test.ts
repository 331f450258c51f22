/**
 * The operations of IMS on how users sign in, by the official client: login profiles, passwords,
 * the password policy and MFA devices.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type OfficialClient, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { principal } from './ims-cases.js'
import {
  codes,
  DEVICE,
  PASSWORD,
  POLICIES,
  PREFERENCES,
  type SignInCase,
  type SignInWorld,
  serialOf,
  WITH_BOUND_DEVICE,
  WITH_FREE_DEVICE,
  WITH_PROFILE,
  WITHOUT_PROFILE,
} from './ims-sign-in-cases.js'
import { codeOf, connect, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
let carol: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  for (const name of ['alice', 'bob']) await root.ims('CreateUser', named(name))
  carol = await userWith(journey, root, 'carol')
})
afterAll(() => journey.end())

const named = (name: string) => ({ UserPrincipalName: principal(name, journey.accountId) })
const alice = () => named('alice')
const bob = () => named('bob')
const Password = PASSWORD
const serial = () => serialOf(world())
const signIn = async (name: string, password: string): Promise<number> => {
  const body = JSON.stringify({
    userPrincipalName: principal(name, journey.accountId),
    password,
  })
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'POST', headers, body }
  return (await fetch(`${journey.endpoint}/v1/sign-in`, sent)).status
}
const profile = { MFABindRequired: false, PasswordResetRequired: false, Status: 'Active' }

/** The seed of the device. */
let seed = ''

const world = (): SignInWorld => ({ accountId: journey.accountId, seed })

const refuses = (cases: ReadonlyArray<SignInCase>): void => {
  for (const { operation, given, parameters, code } of cases)
    it(`given ${given}, when ${operation}, then ${code}`, async () => {
      expect(await refusalOf(root.ims(operation, parameters(world())))).toBe(code)
    })
}

const NO_PROFILE = 'EntityNotExist.User.LoginProfile'

describe('login profiles', () => {
  refuses(WITHOUT_PROFILE)
  it('given a user, when CreateLoginProfile, then it can sign in', async () => {
    const { LoginProfile } = await root.ims('CreateLoginProfile', { ...alice(), Password })
    expect(LoginProfile).toEqual({ ...alice(), ...profile })
    expect(await signIn('alice', Password)).toBe(200)
  })
  it('given that it signed in, when GetLoginProfile, then it is told when', async () => {
    const { LoginProfile } = await root.ims('GetLoginProfile', alice())
    const LastLoginTime = expect.stringMatching(/Z$/)
    expect(LoginProfile).toEqual({ ...alice(), ...profile, LastLoginTime })
  })
  it('given a change, when UpdateLoginProfile, then it is shown', async () => {
    const { LoginProfile } = await root.ims('UpdateLoginProfile', {
      ...alice(),
      PasswordResetRequired: true,
    })
    expect(LoginProfile).toEqual({ ...alice(), ...profile, PasswordResetRequired: true })
  })
  refuses(WITH_PROFILE)
  it('given a profile, when DeleteLoginProfile, then it is gone', async () => {
    await root.ims('DeleteLoginProfile', alice())
    expect(await refusalOf(root.ims('GetLoginProfile', alice()))).toBe(NO_PROFILE)
    expect(await signIn('alice', Password)).not.toBe(200)
  })
})

describe('passwords', () => {
  const change = (OldPassword: string) => ({ OldPassword, NewPassword: 'Another-Horse-9' })

  it('given the account itself, when ChangePassword, then NotSupport.Account', async () => {
    const call = root.ims('ChangePassword', change(Password))
    expect(await refusalOf(call)).toBe('NotSupport.Account')
  })
  it('given the wrong one, when ChangePassword, then InvalidParameter.OldPassword.Incorrect', async () => {
    await root.ims('CreateLoginProfile', { ...named('carol'), Password })
    const call = carol.ims('ChangePassword', change('Wrong-Horse-9'))
    expect(await refusalOf(call)).toBe('InvalidParameter.OldPassword.Incorrect')
  })
  it('given the right one, when ChangePassword, then it is changed', async () => {
    await carol.ims('ChangePassword', change(Password))
    expect(await signIn('carol', Password)).not.toBe(200)
    expect(await signIn('carol', 'Another-Horse-9')).toBe(200)
  })
  it('given rules, when SetPasswordPolicy, then they are shown', async () => {
    const rules = { MinimumPasswordLength: 12, HardExpire: true, MaxPasswordAge: 90 }
    const off = { MinimumPasswordDifferentCharacter: 0, PasswordNotContainUserName: false }
    const { PasswordPolicy } = await root.ims('SetPasswordPolicy', { ...rules, ...off })
    expect(PasswordPolicy).toMatchObject({ ...rules, ...off })
    expect(PasswordPolicy).not.toHaveProperty('HardExpiry')
    const { PasswordPolicy: ofRam } = await root.ram('GetPasswordPolicy')
    expect(ofRam).toMatchObject({ MinimumPasswordLength: 12, HardExpiry: true })
  })
  it('given rules, when GetPasswordPolicy, then they are shown', async () => {
    const { PasswordPolicy } = await root.ims('GetPasswordPolicy')
    expect(PasswordPolicy).toMatchObject({ MinimumPasswordLength: 12, HardExpire: true })
  })
  refuses(POLICIES)
})

describe('the security preference', () => {
  const given = {
    AccessKeyPreference: { AllowUserToManageAccessKeys: false },
    LoginProfilePreference: {
      AllowUserToChangePassword: true,
      AllowUserToLoginWithPasskey: false,
      EnableSaveMFATicket: false,
      LoginNetworkMasks: '',
      LoginSessionDuration: 6,
      MFAOperationForLogin: 'independent',
    },
    MFAPreference: { AllowUserToManageMFADevices: true },
    PersonalInfoPreference: { AllowUserToManagePersonalDingTalk: false },
    VerificationPreference: { VerificationTypes: [] },
  }
  it('given a new account, when GetSecurityPreference, then it is shown', async () => {
    expect((await root.ims('GetSecurityPreference')).SecurityPreference).toEqual(given)
  })
  it('given some members, when SetSecurityPreference, then the others stay', async () => {
    const { SecurityPreference } = await root.ims('SetSecurityPreference', {
      LoginSessionDuration: 8,
      AllowUserToLoginWithPasskey: false,
      AllowUserToManagePersonalDingTalk: false,
      MFAOperationForLogin: 'independent',
      VerificationTypes: [],
    })
    const { LoginProfilePreference } = given
    expect(SecurityPreference).toEqual({
      ...given,
      LoginProfilePreference: { ...LoginProfilePreference, LoginSessionDuration: 8 },
    })
    const { SecurityPreference: ofRam } = await root.ram('GetSecurityPreference')
    expect(ofRam.LoginProfilePreference).toMatchObject({ LoginSessionDuration: 8 })
  })
  it.each(['GetSecurityPreference', 'SetSecurityPreference'])(
    'given no policy, when %s, then NoPermission',
    async (operation) => {
      expect(await refusalOf(carol.ims(operation))).toBe('NoPermission')
    },
  )
  refuses(PREFERENCES)
})

describe('MFA devices', () => {
  it('given no such device, when CreateVirtualMFADevice, then its seed is shown', async () => {
    const { VirtualMFADevice } = await root.ims('CreateVirtualMFADevice', DEVICE)
    expect(VirtualMFADevice).toMatchObject({ ...serial(), QRCodePNG: expect.any(String) })
    seed = VirtualMFADevice.Base32StringSeed
  })
  refuses(WITH_FREE_DEVICE)
  it('given two codes in a row, when BindMFADevice, then it is bound', async () => {
    const shown = codes(codeOf(seed, -1), codeOf(seed))
    await root.ims('BindMFADevice', { ...bob(), ...serial(), ...shown })
    const { SummaryMap } = await root.ims('GetAccountSummary')
    expect(SummaryMap).toMatchObject({ MFADevices: 1, MFADevicesInUse: 1 })
  })
  it('given a device, when GetUserMFAInfo, then it is shown', async () => {
    expect(await root.ims('GetUserMFAInfo', bob())).toMatchObject({
      IsMFAEnable: true,
      MFADevice: { ...serial(), Type: 'VMFA' },
    })
  })
  it('given a device, when ListVirtualMFADevices, then it is told whose it is', async () => {
    const body: Body = await root.ims('ListVirtualMFADevices', { MaxItems: 100 })
    expect(body.IsTruncated).toBe(false)
    const [only] = body.VirtualMFADevices.VirtualMFADevice
    expect(only).toMatchObject({ ...serial(), User: bob() })
    expect(only.User).not.toHaveProperty('UserName')
  })
  refuses(WITH_BOUND_DEVICE)
  it('given a device, when UnbindMFADevice, then it is named', async () => {
    expect(await root.ims('UnbindMFADevice', bob())).toMatchObject({ MFADevice: serial() })
  })
  it('given a free device, when DeleteVirtualMFADevice, then it is gone', async () => {
    await root.ims('DeleteVirtualMFADevice', serial())
    const again = root.ims('DeleteVirtualMFADevice', serial())
    expect(await refusalOf(again)).toBe('EntityNotExist.VirtualMFADevice')
  })
  it('given a bound device, when DisableVirtualMFA, then it is unbound and deleted', async () => {
    const { VirtualMFADevice } = await root.ims('CreateVirtualMFADevice', DEVICE)
    const { Base32StringSeed } = VirtualMFADevice
    const shown = codes(codeOf(Base32StringSeed, -1), codeOf(Base32StringSeed))
    await root.ims('BindMFADevice', { ...bob(), ...serial(), ...shown })
    expect(await refusalOf(carol.ims('DisableVirtualMFA', bob()))).toBe('NoPermission')
    await root.ims('DisableVirtualMFA', bob())
    const { VirtualMFADevices } = await root.ims('ListVirtualMFADevices')
    expect(VirtualMFADevices.VirtualMFADevice).toEqual([])
    const again = root.ims('DisableVirtualMFA', bob())
    expect(await refusalOf(again)).toBe('EntityNotExist.User.MFADevice')
  })
  it('given a device of its own, when DisableVirtualMFA, then the switch decides', async () => {
    const { VirtualMFADevice } = await root.ims('CreateVirtualMFADevice', DEVICE)
    const { Base32StringSeed } = VirtualMFADevice
    const shown = codes(codeOf(Base32StringSeed, -1), codeOf(Base32StringSeed))
    await root.ims('BindMFADevice', { ...named('carol'), ...serial(), ...shown })
    const disable = () => carol.ims('DisableVirtualMFA', named('carol'))
    await root.ims('SetSecurityPreference', { AllowUserToManageMFADevices: false })
    expect(await refusalOf(disable())).toBe('NoPermission')
    await root.ims('SetSecurityPreference', { AllowUserToManageMFADevices: true })
    await disable()
    const { SummaryMap } = await root.ims('GetAccountSummary')
    expect(SummaryMap).toMatchObject({ MFADevices: 0, MFADevicesInUse: 0 })
  })
  it('given the account, when GetAccountMFAInfo, then no device guards it', async () => {
    expect(await root.ims('GetAccountMFAInfo')).toMatchObject({ IsMFAEnable: false })
    expect(await refusalOf(carol.ims('GetAccountMFAInfo'))).toBe('NoPermission')
  })
})
