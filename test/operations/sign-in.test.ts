/** Signing in to a console: its steps, its lock, its session, and what they refuse. */
import * as E from 'fp-ts/lib/Either.js'
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
  server,
  session,
  signIn,
  step,
  told,
  UserName,
} from './console.js'

afterEach(() => server.engine.stop())

describe('sign-in with a password', () => {
  it('given the password, when SignIn, then SignedIn', async () => {
    await open()
    const answer = await signIn()
    expect(told(answer)).toEqual([200, 'SignedIn'])
    expect(answer.cookies).toHaveLength(1)
    expect(answer.cookies?.[0]).toMatch(
      /^__Host-grantlog=\d+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=21600$/,
    )
    const { body } = await session(cookieOf(answer))
    expect(body).toMatchObject({ accountId: ACCOUNT, userName: UserName, mfaPresent: false })
    const { User } = (await server.call('GetUser', { UserName })).body
    expect(User.LastLoginDate).toBe('2026-01-02T03:04:06Z')
  })
  it('given an alias, when SignIn, then SignedIn', async () => {
    await open()
    await server.call('SetAccountAlias', { AccountAlias: 'acme' })
    for (const name of [principal('acme.onaliyun.com'), principal('acme'), 'ALICE@Acme'])
      expect(told(await signIn(Password, name))).toEqual([200, 'SignedIn'])
    await server.call('ClearAccountAlias')
    expect(told(await signIn(Password, principal('acme')))).toEqual(REFUSED)
  })
  it('given a wrong password, nobody, or no profile, when SignIn, then SignInRefused', async () => {
    await open()
    await server.call('CreateUser', { UserName: 'bob' })
    const { body } = await signIn('wrong password')
    const refusals = [
      await signIn(Password, `bob@${ACCOUNT}`),
      await signIn(Password, `nobody@${ACCOUNT}`),
      await signIn(Password, `alice@${ACCOUNT}.example.com`),
      await signIn(Password, 'alice'),
      await signIn('x'.repeat(1024)),
    ]
    for (const refusal of refusals)
      expect({ ...refusal.body, requestId: '' }).toEqual({ ...body, requestId: '' })
  })
  it('given masks that came later, when SignIn goes on, then AddressNotAllowed', async () => {
    await open({ PasswordResetRequired: 'true' })
    const { ticket } = (await signIn()).body
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '192.168.0.0/16' })
    const answer = await step('password', { ticket, newPassword: Other })
    expect(told(answer)).toEqual([403, 'AddressNotAllowed'])
  })
  it('given a body that is none, when SignIn, then InvalidBody', async () => {
    await open()
    const { status, body } = await server.browse('/v1/sign-in', { body: { password: 1 } })
    expect([status, body.code]).toEqual([400, 'InvalidBody'])
    expect((await signIn('x'.repeat(1025))).status).toBe(400)
  })
  it('given a page of another origin, or a form, when SignIn, then refused', async () => {
    await open()
    const from = (headers: object) => signIn(Password, principal(), { headers })
    expect(told(await from({ origin: 'https://evil.example' }))).toEqual([403, 'ForeignOrigin'])
    expect(told(await from({ 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'ForeignOrigin'])
    expect(told(await from({ 'content-type': 'text/plain' }))).toEqual([415, 'JsonNeeded'])
    expect(told(await from({ origin: 'https://iam.example' }))).toEqual([200, 'SignedIn'])
  })
  it('given another address than the masks have, when SignIn, then AddressNotAllowed', async () => {
    await open()
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '192.168.0.0/16' })
    const elsewhere = [
      await signIn(),
      await signIn('wrong password'),
      await signIn(Password, `nobody@${ACCOUNT}`),
    ]
    for (const answer of elsewhere) expect(told(answer)).toEqual([403, 'AddressNotAllowed'])
    expect(told(await signIn(Password, 'alice@other'))).toEqual(REFUSED)
    const inside = { remoteAddress: '192.168.7.8' }
    expect(told(await signIn(Password, principal(), inside))).toEqual([200, 'SignedIn'])
  })
  it.each(['/v1/sign-in', '/v1/sign-in/code', '/v1/sign-in/password', '/v1/sign-out'])(
    'given GET %s, then 405, and which method it answers',
    async (path) => {
      await open()
      const answer = await server.browse(path)
      expect(told(answer)).toEqual([405, 'MethodNotAllowed'])
      expect(answer.headers.allow).toBe('POST')
      expect(answer.body).not.toHaveProperty('allow')
    },
  )
  it('given POST to the session, then 405, and which method it answers', async () => {
    await open()
    const answer = await server.browse('/v1/sign-in/session', { body: {} })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET'])
  })
  it('given many wrong passwords from one address, when SignIn, then Throttling', async () => {
    await open()
    const domains = [ACCOUNT, `${ACCOUNT}.onaliyun.com`]
    for (let n = 0; n < 10; n++) await signIn(Password, `Nobody@${domains[n % 2]}`)
    expect(told(await signIn(Password, `nobody@${ACCOUNT}`))).toEqual([429, 'Throttling'])
    expect(told(await signIn())).toEqual([200, 'SignedIn'])
  })
})

describe('a lock', () => {
  const policy = { MaxLoginAttemps: '3' }
  it('given too many wrong passwords, when SignIn, then SignInRefused for an hour', async () => {
    await open({}, policy)
    for (let n = 0; n < 3; n++) expect(told(await signIn('wrong password'))).toEqual(REFUSED)
    expect(told(await signIn())).toEqual(REFUSED)
    server.clock.advance(HOUR)
    expect(told(await signIn())).toEqual(REFUSED)
    server.clock.advance(1)
    expect(told(await signIn())).toEqual([200, 'SignedIn'])
  })
  it('given guesses at the same time, when SignIn, then no more are told than are allowed', async () => {
    await open({}, policy)
    const guesses = ['one wrong', 'two wrong', 'three wrong', 'four wrong', 'five wrong']
    await Promise.all(guesses.map((guess) => signIn(guess)))
    const read = await server.log.readAll({ after: 0, limit: 1_000 })()
    const failures = E.isRight(read) ? read.right.filter(({ type }) => type === 'SignInFailed') : []
    expect(failures).toHaveLength(3)
    expect(told(await signIn())).toEqual(REFUSED)
  })
  it('given a new password by an administrator, when SignIn, then SignedIn', async () => {
    await open({}, policy)
    for (let n = 0; n < 3; n++) await signIn('wrong password')
    server.clock.advance(1)
    await server.call('UpdateLoginProfile', { UserName, Password: Other })
    expect(told(await signIn(Other))).toEqual([200, 'SignedIn'])
  })
})

describe('what is on record of attempts that are turned away', () => {
  const recorded = async (user?: string) => {
    const { status, body } = await server.read({
      path: '/v1/sign-ins',
      query: user === undefined ? {} : { user: `acs:ram::${ACCOUNT}:user/${user}` },
    })
    expect(status).toBe(200)
    return body.events.map(
      ({ type, data }: { readonly type: string; readonly data: { readonly fault?: string } }) =>
        type === 'SignInFailed' ? data.fault : type === 'SignInsTurnedAway' ? data : type,
    )
  }
  const turned = (reason: string, attempts: number, names: number, since = server.clock.now()) => ({
    reason,
    attempts,
    names,
    since: new Date(since).toISOString(),
  })
  const storedText = async () => {
    const read = await server.log.readAll({ after: 0, limit: 1_000 })()
    return JSON.stringify(read)
  }

  it('given names that nobody has, then each time that there were twice as many is told', async () => {
    await open()
    for (let n = 0; n < 9; n++) await signIn(Password, `Nob0dy-${n % 3}@${ACCOUNT}`)
    const reason = 'NameUnknown'
    expect(await recorded()).toEqual([
      turned(reason, 1, 1),
      turned(reason, 2, 2),
      turned(reason, 4, 3),
      turned(reason, 8, 3),
    ])
    const first = server.clock.now()
    expect((await storedText()).toLowerCase()).not.toContain('nob0dy')
    server.clock.advance(HOUR)
    await signIn(Password, `Nob0dy-1@${ACCOUNT}`)
    expect((await recorded()).slice(3)).toEqual([turned(reason, 8, 3, first), turned(reason, 1, 1)])
  })
  it('given a flood, then it is told in as many events as its number has digits', async () => {
    await open()
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '192.168.0.0/16' })
    for (let n = 0; n < 300; n++)
      await signIn(Password, `${n}@${ACCOUNT}`, { remoteAddress: `10.0.0.${n % 256}` })
    expect(await recorded()).toHaveLength(9)
    expect((await recorded()).at(-1)).toEqual(turned('NetworkNotAllowed', 256, 256))
  })
  it('given a user that is locked, then it is told beside what locked it', async () => {
    await open({}, { MaxLoginAttemps: '2' })
    for (let n = 0; n < 5; n++) await signIn('wrong password')
    const { User } = (await server.call('GetUser', { UserName })).body
    const data = { userId: User.UserId, ...turned('UserLocked', 1, 1) }
    expect(await recorded('alice')).toEqual([
      'PasswordWrong',
      'PasswordWrong',
      data,
      { ...data, attempts: 2 },
    ])
    server.clock.advance(HOUR + 1)
    expect(told(await signIn())).toEqual([200, 'SignedIn'])
    expect((await recorded('alice')).at(-1)).toBe('SignedIn')
    expect(await recorded()).toEqual([])
  })
  it('given no permission, another account or no user, then ListSignIns is refused', async () => {
    await open()
    const bob = await server.makeUser('bob')
    const ask = async (query: Readonly<Record<string, string>>, as = server.root) => {
      const { status, body } = await server.read({ path: '/v1/sign-ins', query }, as)
      return [status, body.code]
    }
    expect(await ask({}, bob)).toEqual([403, 'NoPermission'])
    expect(await ask({ user: `acs:ram::${ACCOUNT}:user/alice` }, bob)).toEqual([
      403,
      'NoPermission',
    ])
    expect(await ask({ user: 'acs:ram::9999999999999999:user/alice' })).toEqual([
      403,
      'NoPermission',
    ])
    expect(await ask({ user: `acs:ram::${ACCOUNT}:role/alice` })).toEqual([400, 'InvalidQuery'])
    expect(await ask({ user: `acs:ram::${ACCOUNT}:user/carol` })).toEqual([
      404,
      'EntityNotExist.Principal',
    ])
  })
})

describe('sign-in with a new password', () => {
  it('given a reset is required, when SignIn, then NewPasswordRequired', async () => {
    await open({ PasswordResetRequired: 'true' })
    const { body } = await signIn()
    expect(body.step).toBe('NewPasswordRequired')
    const { ticket } = body
    const weak = await step('password', { ticket, newPassword: 'short' })
    expect(told(weak)).toEqual([400, 'InvalidParameter.NewPassword.TooWeak'])
    const same = await step('password', { ticket, newPassword: Password })
    expect(told(same)).toEqual([400, 'InvalidParameter.NewPassword.ReusePrevention'])
    const done = await step('password', { ticket, newPassword: Other })
    expect(told(done)).toEqual([200, 'SignedIn'])
    expect(told(await step('password', { ticket, newPassword: 'a third password' }))).toEqual([
      403,
      'TicketRefused',
    ])
    expect(told(await signIn(Other))).toEqual([200, 'SignedIn'])
  })
  it('given a password grew too old, when SignIn, then NewPasswordRequired', async () => {
    await open({}, { MaxPasswordAge: '1' })
    server.clock.advance(24 * HOUR)
    expect(told(await signIn())).toEqual([200, 'NewPasswordRequired'])
    await server.call('SetPasswordPolicy', { MaxPasswordAge: '1', HardExpiry: 'true' })
    expect(told(await signIn())).toEqual([403, 'PasswordTooOld'])
  })
  it('given ten minutes, an altered ticket or a lock, when SignIn, then refused', async () => {
    await open({ PasswordResetRequired: 'true' }, { MaxLoginAttemps: '2' })
    const { ticket } = (await signIn()).body
    const renew = (text: string) => step('password', { ticket: text, newPassword: Other })
    expect(told(await renew(`${ticket.slice(0, -2)}AA`))).toEqual([403, 'TicketRefused'])
    for (let n = 0; n < 2; n++) await signIn('wrong password')
    expect(told(await renew(ticket))).toEqual(REFUSED)
    server.clock.advance(HOUR + 1)
    expect(told(await renew(ticket))).toEqual([403, 'TicketRefused'])
  })
})

describe('a console session', () => {
  const ended = [401, 'NotSignedIn']
  it('given its hours are over, when GetSession, then NotSignedIn', async () => {
    await open()
    await server.call('SetSecurityPreference', { LoginSessionDuration: '1' })
    const cookie = cookieOf(await signIn())
    server.clock.advance(HOUR - 1)
    expect((await session(cookie)).status).toBe(200)
    server.clock.advance(1)
    expect(told(await session(cookie))).toEqual(ended)
  })
  it.each([
    ['UpdateLoginProfile', { UserName, Password: Other }],
    ['DeleteLoginProfile', { UserName }],
  ])('given %s, when GetSession, then NotSignedIn', async (operation, parameters) => {
    await open()
    const cookie = cookieOf(await signIn())
    await server.call(operation, parameters)
    expect(told(await session(cookie))).toEqual(ended)
  })
  it('given the user was deleted and is there again, when GetSession, then NotSignedIn', async () => {
    await open()
    const cookie = cookieOf(await signIn())
    await server.call('DeleteLoginProfile', { UserName })
    await server.call('DeleteUser', { UserName })
    await server.call('CreateUser', { UserName })
    await server.call('CreateLoginProfile', { UserName, Password })
    expect(told(await session(cookie))).toEqual(ended)
  })
  it('given a sign-out, when GetSession, then NotSignedIn', async () => {
    await open()
    const [one, two] = [cookieOf(await signIn()), cookieOf(await signIn())]
    const out = (cookie: string) => server.browse('/v1/sign-out', { body: {}, headers: { cookie } })
    const unsaid = { cookie: one, origin: undefined }
    const unasked = await server.browse('/v1/sign-out', { body: {}, headers: unsaid })
    expect(told(unasked)).toEqual([403, 'ForeignOrigin'])
    expect((await session(one)).status).toBe(200)
    const answer = await out(one)
    expect(answer.body).toEqual({ signedOut: true })
    expect(answer.cookies).toEqual([expect.stringMatching(/^__Host-grantlog=; .*Max-Age=0$/)])
    expect(told(await session(one))).toEqual(ended)
    expect((await session(two)).status).toBe(200)
    expect((await out(one)).body).toEqual({ signedOut: false })
  })
  it('given masks that came later, when GetSession, then NotSignedIn from elsewhere alone', async () => {
    await open()
    const cookie = cookieOf(await signIn())
    await server.call('SetSecurityPreference', { LoginNetworkMasks: '192.168.0.0/16' })
    const from = (remoteAddress: string, path = '/v1/sign-in/session') =>
      server.browse(path, { headers: { cookie }, remoteAddress })
    for (const address of ['10.1.2.3', '', 'unknown', '::ffff:10.1.2.3'])
      expect(told(await from(address))).toEqual(ended)
    expect(told(await from('10.1.2.3', '/v1/accounts'))).toEqual(ended)
    for (const address of ['192.168.7.8', '::ffff:192.168.7.8'])
      expect((await from(address)).status).toBe(200)
    const out = await server.browse('/v1/sign-out', { body: {}, headers: { cookie } })
    expect(out.body).toEqual({ signedOut: true })
    expect(told(await from('192.168.7.8'))).toEqual(ended)
  })
  it('given no cookie, two cookies or an altered one, when GetSession, then NotSignedIn', async () => {
    await open()
    const cookie = cookieOf(await signIn())
    for (const shown of ['', `${cookie}; ${cookie}`, `${cookie}A`, 'a=b'])
      expect(told(await session(shown))).toEqual(ended)
    expect((await session(`a=b; ${cookie}`)).status).toBe(200)
  })
})

describe('what a console session may do', () => {
  const question = (resource = `acs:ram:*:${ACCOUNT}:user/*`) =>
    `/v1/can?principal=acs:ram::${ACCOUNT}:user/alice&action=ram:GetUser&resource=${resource}`
  const allowWithMfa = async (mfa: string) => {
    const PolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'grantlog:Decide',
          Resource: '*',
          Condition: { Bool: { 'acs:MFAPresent': mfa } },
        },
      ],
    })
    await server.call('CreatePolicy', { PolicyName: 'mfa', PolicyDocument })
    await server.call('AttachPolicyToUser', { PolicyType: 'Custom', PolicyName: 'mfa', UserName })
  }
  it.each([
    ['true', 403],
    ['false', 200],
  ])(
    'given acs:MFAPresent must be %s, when Decide without a code, then %i',
    async (mfa, status) => {
      await open()
      await allowWithMfa(mfa)
      const cookie = cookieOf(await signIn())
      expect((await server.browse(question(), { headers: { cookie } })).status).toBe(status)
    },
  )
  it('given acs:MFAPresent must be true, when Decide with a code, then 200', async () => {
    await open()
    await bindDevice()
    await allowWithMfa('true')
    const { ticket } = (await signIn()).body
    const cookie = cookieOf(await step('code', { ticket, code: codeOf() }))
    expect((await server.browse(question(), { headers: { cookie } })).status).toBe(200)
  })
  it('given a page of another origin, or none, when Decide by POST, then ForeignOrigin', async () => {
    await open()
    await allowWithMfa('false')
    const cookie = cookieOf(await signIn())
    const principal = `acs:ram::${ACCOUNT}:user/alice`
    const resource = `acs:ram:*:${ACCOUNT}:user/*`
    const body = { principal, action: 'ram:GetUser', resource }
    const ask = (headers: Readonly<Record<string, string | undefined>>) =>
      server.browse('/v1/decide', { body, headers: { cookie, origin: undefined, ...headers } })
    const foreign = [403, 'ForeignOrigin']
    expect(told(await ask({ origin: 'https://evil.example' }))).toEqual(foreign)
    expect(told(await ask({}))).toEqual(foreign)
    expect(told(await ask({ 'sec-fetch-site': 'none' }))).toEqual(foreign)
    const own = { origin: 'https://iam.example' }
    expect(told(await ask({ ...own, 'sec-fetch-site': 'same-site' }))).toEqual(foreign)
    expect(told(await ask({ ...own, 'content-type': 'text/plain' }))).toEqual([415, 'JsonNeeded'])
    expect((await ask(own)).status).toBe(200)
    expect((await ask({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })
  it('given a cookie that is over, altered or there twice, when Decide, then NotSignedIn', async () => {
    await open()
    const cookie = cookieOf(await signIn())
    const ask = (shown: string) => server.browse(question(), { headers: { cookie: shown } })
    for (const shown of [`${cookie}A`, `${cookie}; ${cookie}`]) {
      const { status, body, headers } = await ask(shown)
      expect([status, body.code]).toEqual([401, 'NotSignedIn'])
      expect(headers).not.toHaveProperty('www-authenticate')
    }
    expect(told(await ask('a=b'))).toEqual([401, 'MissingCredentials'])
    await server.browse('/v1/sign-out', { body: {}, headers: { cookie } })
    expect(told(await ask(cookie))).toEqual([401, 'NotSignedIn'])
  })
})
