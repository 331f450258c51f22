/** Signing in to a console with a device: its codes, and how one is bound where one must be. */
import { TOTP } from 'otpauth'
import { afterEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../protocol/server.js'
import {
  bindDevice,
  codeOf,
  cookieOf,
  HOUR,
  Other,
  open,
  Password,
  principal,
  REFUSED,
  STEP,
  server,
  session,
  signIn,
  step,
  told,
  UserName,
  wrongCode,
} from './console.js'

afterEach(() => server.engine.stop())

describe('sign-in with a code', () => {
  it('given a device, when SignIn, then CodeRequired', async () => {
    await open()
    await bindDevice()
    const { body } = await signIn()
    expect(body.step).toBe('CodeRequired')
    const { ticket } = body
    expect(told(await step('code', { ticket, code: wrongCode() }))).toEqual([
      403,
      'CheckAuthenticationCodeFail',
    ])
    const done = await step('code', { ticket, code: codeOf() })
    expect(told(done)).toEqual([200, 'SignedIn'])
    expect(done.body.mfaPresent).toBe(true)
  })
  it('given a device, when SignIn, then its code cannot be passed over', async () => {
    await open({ PasswordResetRequired: 'true' }, {})
    await bindDevice()
    const { ticket } = (await signIn()).body
    expect(told(await step('password', { ticket, newPassword: Other }))).toEqual([
      200,
      'CodeRequired',
    ])
    expect(told(await step('code', { ticket, code: codeOf() }))).toEqual([
      200,
      'NewPasswordRequired',
    ])
  })
  it('given wrong codes, when SignIn, then SignInRefused', async () => {
    await open({}, { MaxLoginAttemps: '2' })
    await bindDevice()
    const { ticket } = (await signIn()).body
    for (let n = 0; n < 2; n++) await step('code', { ticket, code: wrongCode() })
    expect(told(await step('code', { ticket, code: codeOf() }))).toEqual(REFUSED)
    expect(told(await signIn())).toEqual(REFUSED)
  })
  it('given that the device was bound anew after its code, when SignIn, then CodeRequired', async () => {
    await open({ PasswordResetRequired: 'true' })
    await bindDevice()
    const shown = { ticket: (await signIn()).body.ticket, code: codeOf() }
    const { ticket } = (await step('code', shown)).body
    await server.call('UnbindMFADevice', { UserName })
    server.clock.advance(2 * STEP)
    const SerialNumber = `acs:ram::${ACCOUNT}:mfa/phone`
    const codes = { AuthenticationCode1: codeOf(-1), AuthenticationCode2: codeOf() }
    await server.call('BindMFADevice', { UserName, SerialNumber, ...codes })
    expect(told(await step('password', { ticket, newPassword: Other }))).toEqual([
      200,
      'CodeRequired',
    ])
  })
})

/** The code of a seed that she was shown, so many steps from now. */
const codeOfSeed = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: server.clock.now() + steps * STEP })

describe('sign-in without the device that is required', () => {
  const required = { MFABindRequired: 'true' }
  const codesOf = (secret: string, steps = [-1, 0]) => ({
    authenticationCode1: codeOfSeed(secret, steps[0]),
    authenticationCode2: codeOfSeed(secret, steps[1]),
  })
  const begun = async () => {
    const { status, body } = await signIn()
    expect([status, body.step]).toEqual([200, 'MFADeviceRequired'])
    return { ticket: body.ticket as string, secret: body.base32StringSeed as string, body }
  }
  const enrol = (ticket: string, codes: object) => step('mfa-device', { ticket, ...codes })
  const devices = async () => {
    const { body } = await server.call('ListVirtualMFADevices')
    return body.VirtualMFADevices.VirtualMFADevice
  }
  const WRONG = [403, 'CheckAuthenticationCodeFail']
  const VOID = [403, 'TicketRefused']

  it('given an enrolled device, when UnbindMFADevice, then it is gone, and another is enrolled', async () => {
    await open(required)
    for (let n = 0; n < 2; n++) {
      const { ticket, secret } = await begun()
      expect(told(await enrol(ticket, codesOf(secret)))).toEqual([200, 'SignedIn'])
      const [{ SerialNumber }] = await devices()
      const { body } = await server.call('UnbindMFADevice', { UserName })
      expect(body.MFADevice).toEqual({ SerialNumber })
      expect(await devices()).toEqual([])
      server.clock.advance(2 * STEP)
    }
  })
  it('given two codes in a row, when SignIn, then the device is bound and SignedIn', async () => {
    await open(required)
    const { ticket, secret, body } = await begun()
    expect(Buffer.from(body.qrCodePNG, 'base64').subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(await devices()).toEqual([])
    const done = await enrol(ticket, codesOf(secret))
    expect(told(done)).toEqual([200, 'SignedIn'])
    expect(done.body.mfaPresent).toBe(true)
    expect((await session(cookieOf(done))).status).toBe(200)
    const [device, ...others] = await devices()
    expect(others).toEqual([])
    expect(device).toMatchObject({ User: { UserName }, ActivateDate: expect.any(String) })
    expect(device.SerialNumber).toMatch(new RegExp(`^acs:ram::${ACCOUNT}:mfa/alice-\\w{8}$`))
    server.clock.advance(2 * STEP)
    const again = await signIn()
    expect(again.body.step).toBe('CodeRequired')
    const code = codeOfSeed(secret)
    expect(told(await step('code', { ticket: again.body.ticket, code }))).toEqual([200, 'SignedIn'])
    expect(JSON.stringify(await server.log.readAll({ after: 0, limit: 1_000 })())).not.toContain(
      secret,
    )
  })
  it('given another password is required too, when SignIn, then both are asked for', async () => {
    await open({ ...required, PasswordResetRequired: 'true' })
    const { ticket, secret } = await begun()
    const next = await enrol(ticket, codesOf(secret))
    expect(told(next)).toEqual([200, 'NewPasswordRequired'])
    const done = await step('password', { ticket: next.body.ticket, newPassword: Other })
    expect(told(done)).toEqual([200, 'SignedIn'])
    expect(done.body.mfaPresent).toBe(true)
  })
  it('given such a ticket, when it is shown elsewhere, then TicketRefused', async () => {
    await open(required)
    const { ticket, secret } = await begun()
    const code = codeOfSeed(secret)
    expect(told(await step('code', { ticket, code }))).toEqual(VOID)
    expect(told(await step('password', { ticket, newPassword: Other }))).toEqual(VOID)
    expect((await session(`__Host-grantlog=${ticket}`)).status).toBe(401)
    await server.call('UpdateLoginProfile', { UserName, MFABindRequired: 'false' })
    expect(told(await enrol(ticket, codesOf(secret)))).toEqual(VOID)
  })
  it('given another ticket, when it is shown here, then TicketRefused', async () => {
    await open({ PasswordResetRequired: 'true' })
    const { ticket } = (await signIn()).body
    await server.call('UpdateLoginProfile', { UserName, ...required })
    expect(told(await enrol(ticket, codesOf('A'.repeat(32))))).toEqual(VOID)
  })
  it('given it was used, another password, or ten minutes, when SignIn, then TicketRefused', async () => {
    await open(required)
    const { ticket, secret } = await begun()
    await enrol(ticket, codesOf(secret))
    server.clock.advance(2 * STEP)
    expect(told(await enrol(ticket, codesOf(secret)))).toEqual(VOID)
    const { body } = await server.call('ListVirtualMFADevices')
    const [{ SerialNumber }] = body.VirtualMFADevices.VirtualMFADevice
    await server.call('UnbindMFADevice', { UserName })
    await server.call('DeleteVirtualMFADevice', { SerialNumber })

    const late = await begun()
    await server.call('UpdateLoginProfile', { UserName, Password: Other })
    expect(told(await enrol(late.ticket, codesOf(late.secret)))).toEqual(VOID)
    await server.call('UpdateLoginProfile', { UserName, Password })
    const slow = await begun()
    server.clock.advance(10 * 60_000)
    expect(told(await enrol(slow.ticket, codesOf(slow.secret)))).toEqual(VOID)
    expect(await devices()).toEqual([])
  })
  it('given wrong codes, when SignIn, then they are counted by the same lock', async () => {
    await open(required, { MaxLoginAttemps: '3' })
    const { ticket, secret } = await begun()
    for (const steps of [
      [0, 0],
      [0, -1],
      [-5, -4],
    ])
      expect(told(await enrol(ticket, codesOf(secret, steps)))).toEqual(WRONG)
    expect(told(await enrol(ticket, codesOf(secret)))).toEqual(REFUSED)
    expect(told(await signIn())).toEqual(REFUSED)
    expect(await devices()).toEqual([])
  })
  it('given wrong codes and no limit, when SignIn, then the fifth in a row locks', async () => {
    await open(required)
    const { ticket, secret } = await begun()
    for (let n = 0; n < 5; n++)
      expect(told(await enrol(ticket, codesOf(secret, [0, 0])))).toEqual(WRONG)
    const fresh = await begun()
    expect(told(await enrol(fresh.ticket, codesOf(fresh.secret)))).toEqual(WRONG)
    expect(await devices()).toEqual([])
  })
  it('given two who enrol at once, when SignIn, then one device is bound', async () => {
    await open(required)
    const [one, two] = [await begun(), await begun()]
    expect(one.secret).not.toBe(two.secret)
    const answers = await Promise.all(
      [one, two].map(({ ticket, secret }) => enrol(ticket, codesOf(secret))),
    )
    expect(answers.map(told)).toContainEqual([200, 'SignedIn'])
    expect(answers.map(told)).toContainEqual(VOID)
    expect(await devices()).toHaveLength(1)
  })
})

describe('sign-in with a device that is remembered', () => {
  const DAY = 24 * HOUR
  const remembering = (on: boolean) =>
    server.call('SetSecurityPreference', { EnableSaveMFATicket: String(on) })

  /** Signs in with a code; the cookie of the device, where it is remembered. */
  const withCode = async (saveMFATicket = true) => {
    const { ticket } = (await signIn()).body
    const answer = await step('code', { ticket, code: codeOf(), saveMFATicket })
    expect(told(answer)).toEqual([200, 'SignedIn'])
    server.clock.advance(2 * STEP)
    const [, cookie = ''] = answer.cookies ?? []
    return { answer, cookie: cookie.split(';')[0] ?? '', whole: cookie }
  }
  const openRemembering = async (profile = {}) => {
    await open(profile)
    await remembering(true)
    await bindDevice()
  }
  const backWith = (cookie: string, more: object = {}, password = Password) =>
    server.browse('/v1/sign-in', {
      body: { userPrincipalName: principal(), password, ...more },
      headers: { cookie },
    })
  const CODE = [200, 'CodeRequired']
  const IN = [200, 'SignedIn']

  it('given that the user wants it, when SignIn again, then no code is asked for', async () => {
    await openRemembering()
    const { answer, cookie, whole } = await withCode()
    expect(whole).toMatch(
      /^__Host-grantlog-mfa=\d+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    )
    const until = new Date(server.clock.now() - 2 * STEP + 7 * DAY).toISOString()
    expect(answer.body.mfaTicketUntil).toBe(until)
    const back = await backWith(cookie)
    expect(told(back)).toEqual(IN)
    expect(back.body).toMatchObject({ mfaPresent: false })
    expect(back.cookies).toHaveLength(1)
    expect((await session(cookieOf(back))).body.mfaPresent).toBe(false)
    expect(told(await signIn())).toEqual(CODE)
    expect(told(await backWith(cookie, { withCode: true }))).toEqual(CODE)
    expect(told(await backWith(cookie, {}, 'wrong password'))).toEqual(REFUSED)
    const user = `acs:ram::${ACCOUNT}:user/alice`
    const { body } = await server.read({ path: '/v1/sign-ins', query: { user } })
    const [first, second] = body.events.filter(
      ({ type }: { readonly type: string }) => type === 'SignedIn',
    )
    expect(first.data).toMatchObject({ mfaPresent: true, mfaTicketUntil: until })
    expect(second.data).toMatchObject({ mfaPresent: false, mfaTicketOf: first.data.signInId })
  })
  it('given that the user does not want it, or the switch is off, then nothing is kept', async () => {
    await openRemembering()
    const unwanted = await withCode(false)
    expect(unwanted.answer.cookies).toHaveLength(1)
    expect(unwanted.answer.body).not.toHaveProperty('mfaTicketUntil')
    await remembering(false)
    expect((await withCode()).answer.cookies).toHaveLength(1)
  })
  it('given seven days, when SignIn again, then CodeRequired', async () => {
    await openRemembering()
    const { cookie } = await withCode()
    server.clock.advance(7 * DAY - 2 * STEP - 1)
    expect(told(await backWith(cookie))).toEqual(IN)
    server.clock.advance(1)
    expect(told(await backWith(cookie))).toEqual(CODE)
  })
  it('given the switch was off meanwhile, when SignIn again, then CodeRequired', async () => {
    await openRemembering()
    const { cookie } = await withCode()
    await server.call('SetSecurityPreference', { LoginSessionDuration: '7' })
    expect(told(await backWith(cookie))).toEqual(IN)
    await remembering(false)
    expect(told(await backWith(cookie))).toEqual(CODE)
    await remembering(true)
    expect(told(await backWith(cookie))).toEqual(CODE)
  })
  it('given the device was unbound and bound again, when SignIn again, then CodeRequired', async () => {
    await openRemembering()
    const { cookie } = await withCode()
    await server.call('UnbindMFADevice', { UserName })
    const SerialNumber = `acs:ram::${ACCOUNT}:mfa/phone`
    const codes = { AuthenticationCode1: codeOf(-1), AuthenticationCode2: codeOf() }
    expect((await server.call('BindMFADevice', { UserName, SerialNumber, ...codes })).status).toBe(
      200,
    )
    expect(told(await backWith(cookie))).toEqual(CODE)
  })
  it('given no device any more where one is required, when SignIn again, then one is to be bound', async () => {
    await openRemembering({ MFABindRequired: 'true' })
    const { cookie } = await withCode()
    await server.call('UnbindMFADevice', { UserName })
    expect(told(await backWith(cookie))).toEqual([200, 'MFADeviceRequired'])
  })
  it('given another password, also the same word again, when SignIn again, then CodeRequired', async () => {
    await openRemembering()
    const { cookie } = await withCode()
    await server.call('UpdateLoginProfile', { UserName, Password: Other })
    expect(told(await backWith(cookie, {}, Other))).toEqual(CODE)
    await server.call('UpdateLoginProfile', { UserName, Password })
    expect(told(await backWith(cookie))).toEqual(CODE)
  })
  it('given another password is required, when SignIn again, then CodeRequired first', async () => {
    await openRemembering()
    const { cookie } = await withCode()
    await server.call('UpdateLoginProfile', { UserName, PasswordResetRequired: 'true' })
    const next = await backWith(cookie)
    expect(told(next)).toEqual(CODE)
    const shown = { ticket: next.body.ticket, code: codeOf(), saveMFATicket: true }
    const { ticket } = (await step('code', shown)).body
    const done = await step('password', { ticket, newPassword: Other })
    expect(told(done)).toEqual(IN)
    const [, renewed = ''] = done.cookies ?? []
    expect(told(await backWith(renewed.split(';')[0] ?? '', {}, Other))).toEqual(IN)
    expect(told(await backWith(cookie, {}, Other))).toEqual(CODE)
  })
  it('given an altered one, one of another user, or a session, when SignIn, then CodeRequired', async () => {
    await openRemembering()
    const { cookie, answer } = await withCode()
    const [, token = ''] = cookieOf(answer).split('=')
    for (const shown of [`${cookie}A`, `${cookie}; ${cookie}`, `__Host-grantlog-mfa=${token}`])
      expect(told(await backWith(shown))).toEqual(CODE)
    expect((await session(cookie.replace('-mfa', ''))).status).toBe(401)
    await server.call('CreateUser', { UserName: 'bob' })
    await server.call('CreateLoginProfile', { UserName: 'bob', Password })
    const { body } = await server.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'bobs' })
    const { SerialNumber, Base32StringSeed } = body.VirtualMFADevice
    const codes = {
      AuthenticationCode1: codeOfSeed(Base32StringSeed, -1),
      AuthenticationCode2: codeOfSeed(Base32StringSeed),
    }
    await server.call('BindMFADevice', { UserName: 'bob', SerialNumber, ...codes })
    const userPrincipalName = `bob@${ACCOUNT}.onaliyun.com`
    expect(told(await backWith(cookie, { userPrincipalName }))).toEqual(CODE)
  })
  it('given a lock, when SignIn again, then SignInRefused', async () => {
    await openRemembering()
    await server.call('SetPasswordPolicy', { MaxLoginAttemps: '2' })
    const { cookie } = await withCode()
    for (let n = 0; n < 2; n++) await signIn('wrong password')
    expect(told(await backWith(cookie))).toEqual(REFUSED)
  })
  it('given a device that is bound at sign-in, when SignIn, then it may be remembered too', async () => {
    await open({ MFABindRequired: 'true' })
    await remembering(true)
    const { ticket, base32StringSeed: secret } = (await signIn()).body
    const done = await step('mfa-device', {
      ticket,
      authenticationCode1: codeOfSeed(secret, -1),
      authenticationCode2: codeOfSeed(secret),
      saveMFATicket: true,
    })
    const [, cookie = ''] = done.cookies ?? []
    expect(told(await backWith(cookie.split(';')[0] ?? ''))).toEqual(IN)
  })
})
