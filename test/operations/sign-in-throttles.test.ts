/** How fast it may be guessed at signing in, and that nobody is kept out by another's guesses. */
import { afterEach, describe, expect, it } from 'vitest'
import {
  WRONG_OF_ADDRESS_MAX,
  WRONG_OF_USER_MAX,
} from '../../packages/protocol/src/v1/sign-in-throttles.js'
import { ACCOUNT } from '../protocol/server.js'
import {
  bindDevice,
  codeOf,
  cookieOf,
  Other,
  open,
  Password,
  principal,
  REFUSED,
  server,
  session,
  signIn,
  step,
  told,
  UserName,
  wrongCode,
} from './console.js'

afterEach(() => server.engine.stop())

const THROTTLED = [429, 'Throttling']
const VOID = [403, 'TicketRefused']
const IN = [200, 'SignedIn']
const MINUTE = 60_000
const from = (remoteAddress: string, password = Password, name = principal()) =>
  signIn(password, name, { remoteAddress })
const stepFrom = (remoteAddress: string, name: string, body: object) =>
  server.browse(`/v1/sign-in/${name}`, { body, remoteAddress })

describe('steps with a ticket', () => {
  it('given garbage for tickets, however often, then nobody of that address has to wait', async () => {
    await open({ PasswordResetRequired: 'true' })
    for (let n = 0; n < 30; n++) {
      expect(told(await step('code', { ticket: 'garbage', code: '123456' }))).toEqual(VOID)
      expect(told(await step('password', { ticket: `${n}.x`, newPassword: Other }))).toEqual(VOID)
    }
    const { ticket } = (await signIn()).body
    expect(told(await step('password', { ticket, newPassword: Other }))).toEqual(IN)
  })
  it('given tickets that lead nowhere, then whose they are waits there, and nobody else', async () => {
    await open({ PasswordResetRequired: 'true' })
    await server.call('CreateUser', { UserName: 'bob' })
    await server.call('CreateLoginProfile', {
      UserName: 'bob',
      Password,
      PasswordResetRequired: 'true',
    })
    const { ticket } = (await signIn()).body
    for (let n = 0; n < 10; n++)
      expect(told(await step('code', { ticket, code: '123456' }))).toEqual(VOID)
    expect(told(await step('code', { ticket, code: '123456' }))).toEqual(THROTTLED)
    expect(told(await step('password', { ticket, newPassword: Other }))).toEqual(THROTTLED)
    const bobs = (await signIn(Password, `bob@${ACCOUNT}`)).body.ticket
    expect(told(await step('password', { ticket: bobs, newPassword: Other }))).toEqual(IN)
    const elsewhere = await stepFrom('10.1.2.4', 'password', { ticket, newPassword: Other })
    expect(told(elsewhere)).toEqual(IN)
  })
  it('given wrong codes from many addresses, then the fifth locks all the same', async () => {
    await open()
    await bindDevice()
    const { ticket } = (await signIn()).body
    for (let n = 0; n < 5; n++) {
      const answer = await stepFrom(`10.0.0.${n}`, 'code', { ticket, code: wrongCode() })
      expect(told(answer)).toEqual([403, 'CheckAuthenticationCodeFail'])
    }
    const right = await stepFrom('10.0.1.1', 'code', { ticket, code: codeOf() })
    expect(told(right)).toEqual([403, 'CheckAuthenticationCodeFail'])
  })
})

describe('guesses at passwords', () => {
  it('given guesses at a user from many addresses, then all who are strangers wait', async () => {
    await open()
    expect(told(await from('10.9.9.9'))).toEqual(IN)
    for (let n = 0; n < WRONG_OF_USER_MAX; n++)
      expect(told(await from(`10.0.0.${n}`, 'wrong password'))).toEqual(REFUSED)
    const late = await from('10.0.1.1')
    expect(told(late)).toEqual(THROTTLED)
    expect(late.headers['retry-after']).toBe('60')
    expect(told(await from('10.0.1.1', Password, `ALICE@${ACCOUNT}`))).toEqual(THROTTLED)
    // From where she signed in before she still does, but guesses there are held as ever.
    expect(told(await from('10.9.9.9'))).toEqual(IN)
    for (let n = 0; n < 10; n++)
      expect(told(await from('10.9.9.9', 'wrong password'))).toEqual(REFUSED)
    expect(told(await from('10.9.9.9'))).toEqual(THROTTLED)
    server.clock.advance(MINUTE)
    expect(told(await from('10.0.1.1'))).toEqual(IN)
  })
  it('given guesses from many addresses of one network of IPv6, then they are from one', async () => {
    await open()
    for (let n = 0; n < 10; n++)
      expect(told(await from(`2001:db8:0:1::${n}`, 'wrong password'))).toEqual(REFUSED)
    expect(told(await from('2001:db8:0:1:ffff::1'))).toEqual(THROTTLED)
    expect(told(await from('2001:db8:0:2::1'))).toEqual(IN)
  })
  it('given guesses at a name of another account, then the user here does not wait', async () => {
    await open()
    for (let n = 0; n < WRONG_OF_USER_MAX + 5; n++)
      await from(`10.0.0.${n}`, 'wrong password', `${UserName}@9999999999999999`)
    expect(told(await from('10.0.1.1'))).toEqual(IN)
  })
  it('given one password tried on many names, then the address waits, sessions do not', async () => {
    await open()
    const cookie = cookieOf(await signIn())
    // No password is hashed for who comes from elsewhere, so that this takes no time.
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '192.168.0.0/16' })
    for (let n = 0; n < WRONG_OF_ADDRESS_MAX; n++)
      expect((await signIn(Password, `user-${n}@${ACCOUNT}`)).status).toBe(403)
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '0.0.0.0/0' })
    expect(told(await signIn(Password, `another@${ACCOUNT}`))).toEqual(THROTTLED)
    expect(told(await signIn())).toEqual(THROTTLED)
    expect((await session(cookie)).status).toBe(200)
    expect(told(await from('10.1.2.4'))).toEqual(IN)
    server.clock.advance(MINUTE)
    expect(told(await signIn())).toEqual(IN)
  })
  it('given guesses at the same time, then no more are looked at than in a row', async () => {
    await open()
    const guesses = await Promise.all(
      Array.from({ length: 15 }, (_, n) => signIn(`wrong password ${n}`)),
    )
    const answers = guesses.map(({ status }) => status)
    expect(answers.filter((status) => status === 403)).toHaveLength(10)
    expect(answers.filter((status) => status === 429)).toHaveLength(5)
  })
  it('given right passwords, however many, then nobody waits', async () => {
    await open()
    for (let n = 0; n < 25; n++) expect(told(await signIn())).toEqual(IN)
  })
})
