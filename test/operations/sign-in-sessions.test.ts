/** What a session and a lock rest on: the device, its codes, and who takes it away. */
import { afterEach, describe, expect, it } from 'vitest'
import { deviceCodesOf } from '../../packages/adapters/src/vault/mfa-codes.js'
import { ACCOUNT } from '../protocol/server.js'
import {
  bindDevice,
  codeOf,
  cookieOf,
  Other,
  open,
  Password,
  principal,
  STEP,
  seed,
  server,
  session,
  signIn,
  step,
  told,
  UserName,
  wrongCode,
} from './console.js'

afterEach(() => server.engine.stop())

const ENDED = [401, 'NotSignedIn']
const WRONG = [403, 'CheckAuthenticationCodeFail']
const IN = [200, 'SignedIn']
const SerialNumber = `acs:ram::${ACCOUNT}:mfa/phone`

/** Signs in with a code; the cookies of it. */
const withCode = async (saveMFATicket = false) => {
  const { ticket } = (await signIn()).body
  const answer = await step('code', { ticket, code: codeOf(), saveMFATicket })
  expect(told(answer)).toEqual(IN)
  server.clock.advance(2 * STEP)
  const [, remembered = ''] = answer.cookies ?? []
  return { cookie: cookieOf(answer), remembered: remembered.split(';')[0] ?? '' }
}

/** Shows wrong codes until none is looked at any more. */
const lockCodes = async () => {
  const { ticket } = (await signIn()).body
  for (let n = 0; n < 5; n++)
    expect(told(await step('code', { ticket, code: wrongCode() }))).toEqual(WRONG)
  return ticket as string
}

describe('a session by a device', () => {
  it('given UnbindMFADevice, when GetSession, then NotSignedIn', async () => {
    await open()
    const before = cookieOf(await signIn())
    await bindDevice()
    const { cookie } = await withCode()
    expect((await session(cookie)).body.mfaPresent).toBe(true)
    expect((await server.call('UnbindMFADevice', { UserName })).status).toBe(200)
    expect(told(await session(cookie))).toEqual(ENDED)
    expect((await session(before)).body.mfaPresent).toBe(false)
  })
  it('given the same device is bound anew, when GetSession, then NotSignedIn', async () => {
    await open()
    await bindDevice()
    const { cookie } = await withCode()
    await server.call('UnbindMFADevice', { UserName })
    const codes = { AuthenticationCode1: codeOf(-1), AuthenticationCode2: codeOf() }
    expect((await server.call('BindMFADevice', { UserName, SerialNumber, ...codes })).status).toBe(
      200,
    )
    expect(told(await session(cookie))).toEqual(ENDED)
  })
  it('given a device that was remembered, when it is unbound, then NotSignedIn', async () => {
    await open()
    await server.call('SetSecurityPreference', { EnableSaveMFATicket: 'true' })
    await bindDevice()
    const { remembered } = await withCode(true)
    const back = await signIn(Password, principal(), { headers: { cookie: remembered } })
    expect(told(back)).toEqual(IN)
    expect((await session(cookieOf(back))).status).toBe(200)
    await server.call('UnbindMFADevice', { UserName })
    expect(told(await session(cookieOf(back)))).toEqual(ENDED)
  })
})

describe('a code', () => {
  it.each(['１２３４５６', '١٢٣٤٥٦', '12345', '1234567', '12345a', ' 12345', '123456\n'])(
    'given %j, when it is shown, then InvalidBody and nothing is counted',
    async (text) => {
      await open()
      await bindDevice()
      const { ticket } = (await signIn()).body
      for (let n = 0; n < 6; n++) {
        const answer = await step('code', { ticket, code: text })
        expect(told(answer)).toEqual([400, 'InvalidBody'])
        expect(answer.body.pointer).toBe('/code')
        const codes = { authenticationCode1: '123456', authenticationCode2: text }
        const enrolled = await step('mfa-device', { ticket, ...codes })
        expect(told(enrolled)).toEqual([400, 'InvalidBody'])
        expect(enrolled.body.pointer).toBe('/authenticationCode2')
      }
      expect(told(await step('code', { ticket, code: codeOf() }))).toEqual(IN)
    },
  )
  it('given what is no code, when it is compared, then it stands for no step', async () => {
    await open()
    await bindDevice()
    const codes = deviceCodesOf(seed)
    const now = server.clock.now()
    expect(codes.stepOf(codeOf(), now, 0)).toBe(Math.floor(now / STEP))
    for (const text of ['１２３４５６', '', '12345', `${codeOf()}\n`])
      expect(codes.stepOf(text, now, 1)).toBeNull()
  })
})

describe('locked codes', () => {
  it('given another password, when a code is shown, then it is refused until the lock is over', async () => {
    await open()
    await bindDevice()
    await lockCodes()
    server.clock.advance(1)
    await server.call('UpdateLoginProfile', { UserName, Password: Other })
    const { ticket } = (await signIn(Other)).body
    const refused = await step('code', { ticket, code: codeOf() })
    expect(told(refused)).toEqual(WRONG)
    expect(refused.body.detail).toContain('which another password does not change')
    server.clock.advance(15 * 60_000)
    const late = (await signIn(Other)).body
    expect(told(await step('code', { ticket: late.ticket, code: codeOf() }))).toEqual(IN)
  })
  it('given the user itself, when UnbindMFADevice, then CheckAuthenticationCodeFail', async () => {
    await open()
    await bindDevice()
    const { AccessKey } = (await server.call('CreateAccessKey', { UserName })).body
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
    const as = { accessKeyId, accessKeySecret }
    await lockCodes()
    const own = await server.call('UnbindMFADevice', { UserName: 'ALICE' }, as)
    expect([own.status, own.body.Code]).toEqual([403, 'CheckAuthenticationCodeFail'])
    expect(told(await signIn())).toEqual([200, 'CodeRequired'])
    // Somebody else with a permission may.
    expect((await server.call('UnbindMFADevice', { UserName })).status).toBe(200)
    expect(told(await signIn())).toEqual(IN)
  })
  it.each(['UnbindMFADevice', 'DisableVirtualMFA'])(
    'given the user itself by %s, when DisableVirtualMFA, then CheckAuthenticationCodeFail',
    async (operation) => {
      await open()
      await bindDevice()
      const { AccessKey } = (await server.call('CreateAccessKey', { UserName })).body
      const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
      const ask = () =>
        server.call(
          operation,
          { UserPrincipalName: principal() },
          { accessKeyId, accessKeySecret },
          {},
          'Ims',
        )
      await lockCodes()
      expect(await ask()).toMatchObject({
        status: 403,
        body: { Code: 'CheckAuthenticationCodeFail' },
      })
      server.clock.advance(15 * 60_000)
      expect((await ask()).status).toBe(200)
    },
  )
  it('given no lock, when the user itself unbinds, then it may', async () => {
    await open()
    await bindDevice()
    const { AccessKey } = (await server.call('CreateAccessKey', { UserName })).body
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
    const as = { accessKeyId, accessKeySecret }
    expect((await server.call('UnbindMFADevice', { UserName }, as)).status).toBe(200)
  })
})
