/**
 * What the tests of signing in to a console stand on: a server with one user, alice, whose password
 * is known, and the calls of a page by which she signs in.
 */
import { TOTP } from 'otpauth'
import { expect } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from '../protocol/server.js'

export const UserName = 'alice'
export const Password = 'correct horse battery'
export const Other = 'another long password'
export const HOUR = 3_600_000

export let server: TestServer

/** The seed of alice's device. */
export let seed = ''
export const STEP = 30_000

/** Her code of a step so many from now. */
export const codeOf = (steps = 0): string =>
  new TOTP({ secret: seed }).generate({ timestamp: server.clock.now() + steps * STEP })

/** Six digits that are no code of hers near now. */
export const wrongCode = (): string => {
  const near = [-2, -1, 0, 1, 2].map(codeOf)
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (code) => !near.includes(code),
  ) as string
}

/** Gives alice a device, and waits until its codes are new again. */
export const bindDevice = async () => {
  const created = await server.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const { SerialNumber, Base32StringSeed } = created.body.VirtualMFADevice
  seed = Base32StringSeed
  const codes = { AuthenticationCode1: codeOf(-1), AuthenticationCode2: codeOf() }
  const { status } = await server.call('BindMFADevice', { UserName, SerialNumber, ...codes })
  expect(status).toBe(200)
  server.clock.advance(2 * STEP)
}

export const open = async (profile = {}, policy = {}) => {
  server = await openServer()
  await server.call('CreateUser', { UserName })
  await server.call('SetPasswordPolicy', policy)
  await server.call('CreateLoginProfile', { UserName, Password, ...profile })
  server.clock.advance(1_000)
}
export const principal = (domain = `${ACCOUNT}.onaliyun.com`) => `${UserName}@${domain}`
export const signIn = (password = Password, userPrincipalName = principal(), more = {}) =>
  server.browse('/v1/sign-in', { body: { userPrincipalName, password }, ...more })
export const step = (name: string, body: object) => server.browse(`/v1/sign-in/${name}`, { body })
export const told = ({
  status,
  body,
}: {
  status: number
  body: { step?: string; code?: string }
}) => [status, body.step ?? body.code]
export const REFUSED = [403, 'SignInRefused']
type Cookies = { readonly cookies?: ReadonlyArray<string> }
export const cookieOf = ({ cookies }: Cookies) => cookies?.[0]?.split(';')[0] ?? ''
export const session = (cookie: string) =>
  server.browse('/v1/sign-in/session', { headers: { cookie } })
