/** The operations on virtual MFA devices, by the official client against the started server. */
import { createRequire } from 'node:module'
import { URI } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OfficialClient, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { codeOf, connect, later, userWith, wrongCodeOf } from './server.js'

const require = createRequire(import.meta.url)
const jsQR = require('jsqr')
const { PNG } = require('pngjs')

let journey: Journey
let root: OfficialClient
let nobody: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  nobody = await userWith(journey, root, 'nobody')
})
afterAll(async () => {
  vi.useRealTimers()
  await journey.end()
})

type Device = { readonly SerialNumber: string; readonly Base32StringSeed: string }

const createDevice = async (VirtualMFADeviceName: string): Promise<Device> =>
  (await root.ram('CreateVirtualMFADevice', { VirtualMFADeviceName })).VirtualMFADevice

const bind = (
  UserName: string,
  { SerialNumber, Base32StringSeed: seed }: Device,
  codes: readonly [string, string] = [codeOf(seed), codeOf(seed, 1)],
  by = root,
) => {
  const [AuthenticationCode1, AuthenticationCode2] = codes
  return by.ram('BindMFADevice', {
    UserName,
    SerialNumber,
    AuthenticationCode1,
    AuthenticationCode2,
  })
}

/** A new user with a device that is bound to it. */
const boundUser = async (UserName: string): Promise<Device> => {
  await root.ram('CreateUser', { UserName })
  const device = await createDevice(UserName)
  await bind(UserName, device)
  return device
}

const eventsOf = async (): Promise<string> => {
  const stored = await journey.standalone.engine.accountEvents(journey.accountId as never, {
    limit: 1000,
  })()
  return JSON.stringify(stored)
}

const create = (VirtualMFADeviceName: string, by = root) =>
  refusalOf(by.ram('CreateVirtualMFADevice', { VirtualMFADeviceName }))

describe('CreateVirtualMFADevice', () => {
  it('given a new name, when CreateVirtualMFADevice, then a seed, its picture and a serial number', async () => {
    const { VirtualMFADevice: made } = await root.ram('CreateVirtualMFADevice', {
      VirtualMFADeviceName: 'made',
    })
    expect(made.SerialNumber).toBe(`acs:ram::${journey.accountId}:mfa/made`)
    expect(made.Base32StringSeed).toMatch(/^[A-Z2-7]{32}$/)
    const picture = Buffer.from(made.QRCodePNG, 'base64')
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(await eventsOf()).not.toContain(made.Base32StringSeed)
  })
  it('given two devices, when CreateVirtualMFADevice, then each has a seed of its own', async () => {
    const [one, other] = [await createDevice('one'), await createDevice('other')]
    expect(one.Base32StringSeed).not.toBe(other.Base32StringSeed)
  })
  it('given a bad character, when CreateVirtualMFADevice, then InvalidParameter.VirtualMFADeviceName.InvalidChars', async () => {
    expect(await create('a_b')).toBe('InvalidParameter.VirtualMFADeviceName.InvalidChars')
  })
  it('given a long name, when CreateVirtualMFADevice, then InvalidParameter.VirtualMFADeviceName.Length', async () => {
    expect(await create('a'.repeat(65))).toBe('InvalidParameter.VirtualMFADeviceName.Length')
  })
  it('given no name, when CreateVirtualMFADevice, then MissingParameter.VirtualMFADeviceName', async () => {
    expect(await refusalOf(root.ram('CreateVirtualMFADevice'))).toBe(
      'MissingParameter.VirtualMFADeviceName',
    )
  })
  it('given a taken name, when CreateVirtualMFADevice, then EntityAlreadyExists.VirtualMFADevice', async () => {
    await createDevice('taken')
    expect(await create('TAKEN')).toBe('EntityAlreadyExists.VirtualMFADevice')
  })
  it('given no permission and the switch is off, when CreateVirtualMFADevice, then NoPermission', async () => {
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: false })
    expect(await create('mine', nobody)).toBe('NoPermission')
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: true })
  })
})

describe('ListVirtualMFADevices', () => {
  it('given devices, when ListVirtualMFADevices, then each is listed, with its user once bound', async () => {
    await createDevice('listed-free')
    const { SerialNumber } = await boundUser('listed')
    const { VirtualMFADevices } = await root.ram('ListVirtualMFADevices')
    const listed = VirtualMFADevices.VirtualMFADevice
    const free = { SerialNumber: `acs:ram::${journey.accountId}:mfa/listed-free` }
    expect(listed).toContainEqual(free)
    expect(listed).toContainEqual({
      SerialNumber,
      ActivateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      User: expect.objectContaining({ UserName: 'listed' }),
    })
  })
  it('given no permission, when ListVirtualMFADevices, then NoPermission', async () => {
    expect(await refusalOf(nobody.ram('ListVirtualMFADevices'))).toBe('NoPermission')
  })
})

describe('DeleteVirtualMFADevice', () => {
  const remove = (SerialNumber: string, by = root) =>
    by.ram('DeleteVirtualMFADevice', { SerialNumber })

  it('given a free device, when DeleteVirtualMFADevice, then it is gone, and its name is free', async () => {
    const { SerialNumber, Base32StringSeed } = await createDevice('gone')
    await remove(SerialNumber)
    const again = await createDevice('gone')
    expect(again.Base32StringSeed).not.toBe(Base32StringSeed)
  })
  it('given no such device, when DeleteVirtualMFADevice, then EntityNotExist.VirtualMFADevice', async () => {
    const serial = `acs:ram::${journey.accountId}:mfa/never`
    expect(await refusalOf(remove(serial))).toBe('EntityNotExist.VirtualMFADevice')
  })
  it('given a bound device, when DeleteVirtualMFADevice, then DeleteConflict.VirtualMFADevice.User', async () => {
    const { SerialNumber } = await boundUser('keeper')
    expect(await refusalOf(remove(SerialNumber))).toBe('DeleteConflict.VirtualMFADevice.User')
  })
  it('given no serial number, when DeleteVirtualMFADevice, then InvalidParameter.SerialNumber', async () => {
    expect(await refusalOf(remove('phone'))).toBe('InvalidParameter.SerialNumber')
  })
  it('given no permission or another account, when DeleteVirtualMFADevice, then NoPermission', async () => {
    const { SerialNumber } = await createDevice('kept')
    expect(await refusalOf(remove(SerialNumber, nobody))).toBe('NoPermission')
    expect(await refusalOf(remove('acs:ram::6543210987654321:mfa/kept'))).toBe('NoPermission')
  })
})

describe('BindMFADevice', () => {
  it('given two codes in a row, when BindMFADevice, then the device is bound and both are used up', async () => {
    const device = await boundUser('binder')
    const { MFADevice } = await root.ram('GetUserMFAInfo', { UserName: 'binder' })
    expect(MFADevice).toEqual({ SerialNumber: device.SerialNumber, Type: 'VMFA' })
    const { UserId } = (await root.ram('GetUser', { UserName: 'binder' })).User
    const { engine } = journey.standalone
    const code = codeOf(device.Base32StringSeed, 1)
    const shown = { accountId: journey.accountId, userId: UserId, code } as never
    const outcome = await engine.checkAuthenticationCode(shown, circumstances())()
    expect(outcome).toMatchObject({ right: 'Refused' })
  })
  it('given codes that do not follow, when BindMFADevice, then CheckAuthenticationCodeFail', async () => {
    await root.ram('CreateUser', { UserName: 'unruly' })
    const device = await createDevice('unruly')
    const seed = device.Base32StringSeed
    for (const codes of [
      [codeOf(seed, 1), codeOf(seed)],
      [codeOf(seed), codeOf(seed)],
      [wrongCodeOf(seed), codeOf(seed, 1)],
    ] as const)
      expect(await refusalOf(bind('unruly', device, codes))).toBe('CheckAuthenticationCodeFail')
  })
  it('given five wrong codes in a row, when BindMFADevice, then CheckAuthenticationCodeFail for right ones too', async () => {
    await root.ram('CreateUser', { UserName: 'guesser' })
    const device = await createDevice('guesser')
    const wrong = wrongCodeOf(device.Base32StringSeed)
    for (let n = 0; n < 5; n += 1)
      expect(await refusalOf(bind('guesser', device, [wrong, wrong]))).toBe(
        'CheckAuthenticationCodeFail',
      )
    expect(await refusalOf(bind('guesser', device))).toBe('CheckAuthenticationCodeFail')
    later(16 * 60_000)
    await bind('guesser', device)
  })
  it('given five digits, when BindMFADevice, then InvalidParameter.AuthenticationCode.Format', async () => {
    const device = await createDevice('short')
    for (const codes of [
      ['12345', '123456'],
      ['123456', '12345a'],
    ] as const)
      expect(await refusalOf(bind('nobody', device, codes))).toBe(
        'InvalidParameter.AuthenticationCode.Format',
      )
  })
  it('given a bad name, when BindMFADevice, then InvalidParameter.UserName.InvalidChars', async () => {
    expect(await refusalOf(bind('a/b', await createDevice('d1')))).toBe(
      'InvalidParameter.UserName.InvalidChars',
    )
  })
  it('given a long name, when BindMFADevice, then InvalidParameter.UserName.Length', async () => {
    expect(await refusalOf(bind('a'.repeat(65), await createDevice('d2')))).toBe(
      'InvalidParameter.UserName.Length',
    )
  })
  it('given no such user, when BindMFADevice, then EntityNotExist.User', async () => {
    expect(await refusalOf(bind('never', await createDevice('d3')))).toBe('EntityNotExist.User')
  })
  it('given no such device, when BindMFADevice, then EntityNotExist.VirtualMFADevice', async () => {
    const device = await createDevice('d4')
    for (const SerialNumber of [
      `acs:ram::${journey.accountId}:mfa/never`,
      'acs:ram::6543210987654321:mfa/d4',
    ])
      expect(await refusalOf(bind('nobody', { ...device, SerialNumber }))).toBe(
        'EntityNotExist.VirtualMFADevice',
      )
  })
  it('given a user with a device, when BindMFADevice, then EntityAlreadyExists.User.MFADevice', async () => {
    await boundUser('owner')
    expect(await refusalOf(bind('owner', await createDevice('d5')))).toBe(
      'EntityAlreadyExists.User.MFADevice',
    )
  })
  it('given a device of another user, when BindMFADevice, then EntityAlreadyExists.VirtualMFADevice.User', async () => {
    const device = await boundUser('first')
    expect(await refusalOf(bind('nobody', device))).toBe(
      'EntityAlreadyExists.VirtualMFADevice.User',
    )
  })
  it('given no permission, when BindMFADevice, then NoPermission', async () => {
    const device = await createDevice('d6')
    expect(await refusalOf(bind('somebody', device, ['123456', '123457'], nobody))).toBe(
      'NoPermission',
    )
  })
})

describe('UnbindMFADevice', () => {
  const unbind = (UserName: string, by = root) => by.ram('UnbindMFADevice', { UserName })

  it('given a bound device, when UnbindMFADevice, then it is free, and its used codes stay used', async () => {
    const device = await boundUser('leaver')
    expect((await unbind('leaver')).MFADevice).toEqual({ SerialNumber: device.SerialNumber })
    expect(await refusalOf(bind('leaver', device))).toBe('CheckAuthenticationCodeFail')
    later(90_000)
    await bind('leaver', device)
  })
  it('given no device, when UnbindMFADevice, then EntityNotExist.User.MFADevice', async () => {
    expect(await refusalOf(unbind('nobody'))).toBe('EntityNotExist.User.MFADevice')
  })
  it('given no such user, when UnbindMFADevice, then EntityNotExist.User', async () => {
    expect(await refusalOf(unbind('never'))).toBe('EntityNotExist.User')
  })
  it('given a bad name, when UnbindMFADevice, then InvalidParameter.UserName.InvalidChars', async () => {
    expect(await refusalOf(unbind('a/b'))).toBe('InvalidParameter.UserName.InvalidChars')
  })
  it('given a long name, when UnbindMFADevice, then InvalidParameter.UserName.Length', async () => {
    expect(await refusalOf(unbind('a'.repeat(65)))).toBe('InvalidParameter.UserName.Length')
  })
  it('given no permission, when UnbindMFADevice, then NoPermission', async () => {
    expect(await refusalOf(unbind('somebody', nobody))).toBe('NoPermission')
  })
  it('given the user itself, when UnbindMFADevice, then the switch of the account decides', async () => {
    const without = 'EntityNotExist.User.MFADevice'
    expect(await refusalOf(unbind('nobody', nobody))).toBe(without)
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: false })
    expect(await refusalOf(unbind('nobody', nobody))).toBe('NoPermission')
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: true })
  })
})

describe('GetUserMFAInfo', () => {
  const info = (UserName: string, by = root) => by.ram('GetUserMFAInfo', { UserName })

  it('given a bound device, when GetUserMFAInfo, then it is shown', async () => {
    const { SerialNumber } = await boundUser('shown')
    expect((await info('SHOWN')).MFADevice).toEqual({ SerialNumber, Type: 'VMFA' })
  })
  it('given no device, when GetUserMFAInfo, then EntityNotExist.User.MFADevice', async () => {
    expect(await refusalOf(info('nobody'))).toBe('EntityNotExist.User.MFADevice')
  })
  it('given a bound device, when DeleteUser, then DeleteConflict.User.MFADevice', async () => {
    await boundUser('armed')
    const call = root.ram('DeleteUser', { UserName: 'armed' })
    expect(await refusalOf(call)).toBe('DeleteConflict.User.MFADevice')
  })
  it('given a later user of the name, when GetUserMFAInfo, then EntityNotExist.User.MFADevice', async () => {
    await boundUser('renewed')
    await root.ram('UnbindMFADevice', { UserName: 'renewed' })
    await root.ram('DeleteUser', { UserName: 'renewed' })
    await root.ram('CreateUser', { UserName: 'renewed' })
    expect(await refusalOf(info('renewed'))).toBe('EntityNotExist.User.MFADevice')
  })
  it('given no such user, when GetUserMFAInfo, then EntityNotExist.User', async () => {
    expect(await refusalOf(info('never'))).toBe('EntityNotExist.User')
  })
  it('given a bad name, when GetUserMFAInfo, then InvalidParameter.UserName.InvalidChars', async () => {
    expect(await refusalOf(info('a/b'))).toBe('InvalidParameter.UserName.InvalidChars')
  })
  it('given a long name, when GetUserMFAInfo, then InvalidParameter.UserName.Length', async () => {
    expect(await refusalOf(info('a'.repeat(65)))).toBe('InvalidParameter.UserName.Length')
  })
  it('given no permission, when GetUserMFAInfo, then NoPermission', async () => {
    expect(await refusalOf(info('somebody', nobody))).toBe('NoPermission')
  })
})

let attempts = 0
/** Each attempt is a command of its own. */
const circumstances = () => {
  attempts += 1
  return {
    commandId: `sign-in-${attempts}`,
    requestId: `sign-in-${attempts}`,
    actor: {
      accountId: journey.accountId,
      principalType: 'System',
      principalId: 'sign-in',
      arn: `acs:ram::${journey.accountId}:root`,
    },
  } as never
}

describe('the code of a user who signs in', () => {
  const check = async (userName: string, code: string) => {
    const { UserId } = (await root.ram('GetUser', { UserName: userName })).User
    const { engine } = journey.standalone
    const shown = { accountId: journey.accountId, userId: UserId, code } as never
    const verdict = await engine.checkAuthenticationCode(shown, circumstances())()
    return verdict._tag === 'Right' ? verdict.right : verdict.left.type
  }

  it('given a right code, then it is accepted once, also when it is shown twice at once', async () => {
    const { Base32StringSeed: seed } = await boundUser('signer')
    later(90_000)
    const code = codeOf(seed)
    const verdicts = await Promise.all([check('signer', code), check('signer', code)])
    expect(verdicts.toSorted()).toEqual(['Accepted', 'Refused'])
    expect(await check('signer', codeOf(seed, -1))).toBe('Refused')
  })
  it('given five wrong codes in a row, then the user is locked, and longer each time', async () => {
    const { Base32StringSeed: seed } = await boundUser('locked')
    later(90_000)
    for (let n = 0; n < 5; n += 1) expect(await check('locked', wrongCodeOf(seed))).toBe('Refused')
    expect(await check('locked', codeOf(seed))).toBe('Locked')
    later(15 * 60_000)
    expect(await check('locked', wrongCodeOf(seed))).toBe('Refused')
    later(15 * 60_000)
    expect(await check('locked', codeOf(seed))).toBe('Locked')
    later(15 * 60_000)
    expect(await check('locked', codeOf(seed))).toBe('Accepted')
  })
  it('given a user without a device, then every code is refused', async () => {
    expect(await check('nobody', '123456')).toBe('Refused')
  })
})

describe('the picture of a device', () => {
  it('given what is in it, then an authenticator app shows the codes of the seed', async () => {
    const { VirtualMFADevice: made } = await root.ram('CreateVirtualMFADevice', {
      VirtualMFADeviceName: 'pictured',
    })
    const { data, width, height } = PNG.sync.read(Buffer.from(made.QRCodePNG, 'base64'))
    const read = jsQR(new Uint8ClampedArray(data), width, height)
    const app = URI.parse(read?.data ?? '')
    expect(app.issuer).toBe('grantlog')
    expect(app.label).toBe(`pictured@${journey.accountId}`)
    expect('period' in app && app.generate()).toBe(codeOf(made.Base32StringSeed))
  })
})

describe('a user without a permission', () => {
  const create = (VirtualMFADeviceName: string, by: OfficialClient) =>
    by.ram('CreateVirtualMFADevice', { VirtualMFADeviceName })
  const remove = (name: string, by: OfficialClient) =>
    by.ram('DeleteVirtualMFADevice', {
      SerialNumber: `acs:ram::${journey.accountId}:mfa/${name}`,
    })

  it('given two devices of its own, when CreateVirtualMFADevice, then LimitExceeded.VirtualMFADevice until it deletes one', async () => {
    const user = await userWith(journey, root, 'frugal')
    await create('frugal-1', user)
    await create('frugal-2', user)
    expect(await refusalOf(create('frugal-3', user))).toBe('LimitExceeded.VirtualMFADevice')
    await create('frugal-of-root', root)
    expect(await refusalOf(remove('frugal-of-root', user))).toBe('NoPermission')
    expect(await refusalOf(remove('frugal-1', nobody))).toBe('NoPermission')
    await remove('frugal-1', user)
    await create('frugal-3', user)
  })
  it('given the switch is off, when DeleteVirtualMFADevice of its own, then NoPermission', async () => {
    const user = await userWith(journey, root, 'stopped')
    await create('stopped-1', user)
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: false })
    expect(await refusalOf(remove('stopped-1', user))).toBe('NoPermission')
    await root.ram('SetSecurityPreference', { AllowUserToManageMFADevices: true })
  })
  it('given a policy that permits it, when CreateVirtualMFADevice, then two are not the most', async () => {
    const user = await userWith(journey, root, 'hoarder')
    const PolicyName = 'AliyunRAMFullAccess'
    await root.ram('AttachPolicyToUser', { PolicyType: 'System', PolicyName, UserName: 'hoarder' })
    for (const n of [1, 2, 3]) await create(`hoarder-${n}`, user)
  })
})

describe('an account that is full of devices', () => {
  it('given as many as there may be, when CreateVirtualMFADevice, then LimitExceeded.VirtualMFADevice', async () => {
    const full = await startJourney({ virtualMFADevicesPerAccount: 0 })
    const call = connect(full, full.root).ram('CreateVirtualMFADevice', {
      VirtualMFADeviceName: 'phone',
    })
    expect(await refusalOf(call)).toBe('LimitExceeded.VirtualMFADevice')
    await full.end()
  })
})
