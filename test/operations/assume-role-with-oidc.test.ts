/** AssumeRoleWithOIDC by the official client, with tokens of real issuers. */
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Issuer,
  type IssuerKey,
  makeKey,
  signToken,
  signWithPublicKey,
  startIssuers,
  unsignedToken,
} from '../support/issuer.js'
import { type Federation, refusal, startFederation, trusting } from './federation.js'

let world: Federation
let issuer: Issuer
const key = makeKey('key-1')
const ecKey = makeKey('key-ec', 'ec')
const foreignKey = makeKey('key-1')
const AUDIENCE = 'sts.aliyuncs.com'
const SUBJECT = 'repo:acme/app:ref:refs/heads/main'

type Claims = Readonly<Record<string, unknown>>
type Parameters = Readonly<Record<string, string | number>>

const seconds = (): number => Math.floor((Date.now() + world.ahead.ms) / 1000)
const claims = (more: Claims = {}): Claims => ({
  iss: issuer.url,
  aud: AUDIENCE,
  sub: SUBJECT,
  iat: seconds() - 5,
  exp: seconds() + 600,
  ...more,
})
const token = (more: Claims = {}, by: IssuerKey = key, header: Claims = {}): string =>
  signToken(by, claims(more), header)
const providerArn = (name = 'ci'): string => `acs:ram::${world.accountId}:oidc-provider/${name}`
const roleArn = (name = 'deployer'): string => `acs:ram::${world.accountId}:role/${name}`
const assume = (OIDCToken: string, more: Parameters = {}) =>
  world.root.sts('AssumeRoleWithOIDC', {
    OIDCProviderArn: providerArn(),
    RoleArn: roleArn(),
    RoleSessionName: 'build-17',
    OIDCToken,
    ...more,
  })
const makeProvider = (name: string, of: Issuer, more: Parameters = {}) =>
  world.root.ims('CreateOIDCProvider', {
    OIDCProviderName: name,
    IssuerUrl: of.url,
    ClientIds: AUDIENCE,
    Fingerprints: world.certificates.authority.fingerprint,
    ...more,
  })
const makeRole = (name: string, document: string) =>
  world.root.ram('CreateRole', { RoleName: name, AssumeRolePolicyDocument: document })
const failed = (code: string): string => `401 AuthenticationFail.${code}`
const denied = failed('NoPermission')

beforeAll(async () => {
  world = await startFederation()
  issuer = world.issuers.issuer('ci', [key, ecKey])
  await makeProvider('ci', issuer)
  const conditions = {
    StringEquals: { 'oidc:iss': [issuer.url], 'oidc:aud': [AUDIENCE] },
    StringLike: { 'oidc:sub': ['repo:acme/*'] },
  }
  await makeRole('deployer', trusting(providerArn(), conditions))
}, 30_000)
afterAll(() => world.end())

describe('AssumeRoleWithOIDC', () => {
  it('given a token, when AssumeRoleWithOIDC, then its credentials act as the role', async () => {
    const body = await assume(token(), { DurationSeconds: 900 })
    expect(body).toMatchObject({
      AssumedRoleUser: {
        Arn: `${roleArn()}/build-17`,
        AssumedRoleId: expect.stringMatching(/^\d+:build-17$/),
      },
      OIDCTokenInfo: {
        Issuer: issuer.url,
        Subject: SUBJECT,
        ClientIds: AUDIENCE,
        VerificationInfo: 'Success',
      },
    })
    const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials
    const session = world.connect({
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
    })
    expect(await session.sts('GetCallerIdentity')).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: `acs:ram::${world.accountId}:assumed-role/deployer/build-17`,
    })
    // The role has no policy, and a token brings none along.
    expect(await refusal(session.ram('ListUsers'))).toBe('403 NoPermission')
  })
  it('given a token of another kind of key, when AssumeRoleWithOIDC, then it is taken', async () => {
    expect((await assume(token({}, ecKey))).OIDCTokenInfo.Subject).toBe(SUBJECT)
  })
  it('given no key of the caller, when AssumeRoleWithOIDC in a form, then it is taken', async () => {
    const { body, status } = await post({
      Action: 'AssumeRoleWithOIDC',
      Version: '2015-04-01',
      Format: 'JSON',
      OIDCProviderArn: providerArn(),
      RoleArn: roleArn(),
      RoleSessionName: 'build-18',
      OIDCToken: token(),
    })
    expect([status, body.AssumedRoleUser?.Arn]).toEqual([200, `${roleArn()}/build-18`])
  })
  it('given a rotated key, when AssumeRoleWithOIDC, then the new one is taken in time', async () => {
    const [old, next] = [makeKey('old'), makeKey('next')]
    const rotating = world.issuers.issuer('rotating', [old])
    await makeProvider('rotating', rotating)
    await makeRole('rotator', trusting(providerArn('rotating')))
    const by = (one: IssuerKey) =>
      assume(token({ iss: rotating.url }, one), {
        OIDCProviderArn: providerArn('rotating'),
        RoleArn: roleArn('rotator'),
      })
    await by(old)
    rotating.keys = [next]
    expect(await refusal(by(next))).toBe(failed('OIDCToken.InvalidSignature'))
    expect(rotating.asked).toBe(1)
    world.ahead.ms += 31_000
    await by(next)
    expect(rotating.asked).toBe(2)
    expect(await refusal(by(old))).toBe(failed('OIDCToken.InvalidSignature'))
  })
  it('given a session, when its provider is deleted, then the session ends with it', async () => {
    const passing = world.issuers.issuer('passing', [key])
    await makeProvider('passing', passing)
    await makeRole('guest', trusting(providerArn('passing')))
    const { Credentials } = await assume(token({ iss: passing.url }), {
      OIDCProviderArn: providerArn('passing'),
      RoleArn: roleArn('guest'),
    })
    const session = world.connect({
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    })
    await session.sts('GetCallerIdentity')
    await world.root.ims('DeleteOIDCProvider', { OIDCProviderName: 'passing' })
    expect(await refusal(session.sts('GetCallerIdentity'))).toBe('400 InvalidSecurityToken.Expired')
    // A later provider of that name is another one: the role never meant it.
    await makeProvider('passing', passing)
    const again = assume(token({ iss: passing.url }), {
      OIDCProviderArn: providerArn('passing'),
      RoleArn: roleArn('guest'),
    })
    expect(await refusal(again)).toBe(denied)
  })
  it('given a token, when AssumeRoleWithOIDC, then the log names provider and subject sealed', async () => {
    await assume(token())
    const { AssumedRoleUser } = await assume(token())
    expect(AssumedRoleUser.AssumedRoleId).toMatch(/:build-17$/)
    const [session] = [...world.engine.views.credentials.tables.sessions.entries()]
      .map(([, row]) => row)
      .filter(({ roleName }) => roleName === 'deployer')
    const [link, ...others] = session?.chain ?? []
    expect(others).toEqual([])
    if (link?.type !== 'Federated') return expect.fail('the chain begins elsewhere')
    expect(link.providerId).toMatch(/^idp-/)
    expect(link.subject).not.toContain('acme')
    const { accountId } = world
    const opened = await world.engine.vault.openPersonal(
      accountId,
      accountId,
      'subject',
      link.subject,
    )()
    expect(opened).toEqual(E.right(SUBJECT))
  })
})

/** A call in a form, as the credentials library of the official clients sends it. */
const post = async (form: Readonly<Record<string, string>>) => {
  const response = await fetch(`${world.endpoint}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  return { status: response.status, body: await response.json() }
}

const invalid = failed('OIDCToken.Invalid')
const swapped = (one: string, place: number, part: string): string =>
  one
    .split('.')
    .map((each, index) => (index === place ? part : each))
    .join('.')
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that is wrong in one way, and the code that it is refused with. */
const BAD_TOKENS: ReadonlyArray<readonly [what: string, make: () => string, code: string]> = [
  ['nobody signed', () => unsignedToken(claims(), 'none'), invalid],
  ['nobody signed and says so aloud', () => `${unsignedToken(claims(), 'NONE')}AA`, invalid],
  ['with alg none and a signature', () => token({}, key, { alg: 'none' }), invalid],
  ['signed by HS256 with the public key', () => signWithPublicKey(key, claims()), invalid],
  ['that says PS512', () => token({}, key, { alg: 'PS512' }), invalid],
  ['that says HS512', () => token({}, key, { alg: 'HS512' }), invalid],
  [
    'that says ES256 of an RSA key',
    () => token({}, key, { alg: 'ES256' }),
    failed('OIDCToken.InvalidSignature'),
  ],
  [
    'of another key with that id',
    () => token({}, foreignKey),
    failed('OIDCToken.InvalidSignature'),
  ],
  [
    'of an unknown key id',
    () => token({}, key, { kid: 'other' }),
    failed('OIDCToken.InvalidSignature'),
  ],
  ['with a critical header', () => token({}, key, { crit: ['exp2'], exp2: 1 }), invalid],
  [
    'with a key of its own',
    () => token({}, foreignKey, { jwk: foreignKey.jwk }),
    failed('OIDCToken.InvalidSignature'),
  ],
  [
    'that says where keys are',
    () => token({}, foreignKey, { jku: `${issuer.url}/keys` }),
    failed('OIDCToken.InvalidSignature'),
  ],
  ['that is over', () => token({ exp: seconds() - 1 }), failed('OIDCToken.Expired')],
  ['that is over this second', () => token({ exp: seconds() }), failed('OIDCToken.Expired')],
  [
    'issued too long ago',
    () => token({ iat: seconds() - 12 * 3600 - 1 }),
    failed('OIDCToken.Expired'),
  ],
  ['issued in the future', () => token({ iat: seconds() + 90 }), invalid],
  ['not yet valid', () => token({ nbf: seconds() + 90 }), invalid],
  ['without an end', () => token({ exp: undefined }), invalid],
  ['without a beginning', () => token({ iat: undefined }), invalid],
  ['without a subject', () => token({ sub: undefined }), invalid],
  ['with an empty subject', () => token({ sub: '' }), invalid],
  ['with a subject too long', () => token({ sub: 'x'.repeat(256) }), invalid],
  ['with a number for a subject', () => token({ sub: 7 }), invalid],
  ['whose end is a text', () => token({ exp: '9999999999' }), invalid],
  [
    'of another issuer',
    () => token({ iss: 'https://evil.example' }),
    failed('OIDCToken.IssuerNotMatch'),
  ],
  [
    'of an issuer with a slash more',
    () => token({ iss: `${issuer.url}/` }),
    failed('OIDCToken.IssuerNotMatch'),
  ],
  ['without an issuer', () => token({ iss: undefined }), invalid],
  ['for somebody else', () => token({ aud: 'other' }), failed('OIDCToken.AudienceNotMatch')],
  [
    'for us and somebody else',
    () => token({ aud: [AUDIENCE, 'other'] }),
    failed('OIDCToken.AudienceNotMatch'),
  ],
  ['for nobody', () => token({ aud: [] }), failed('OIDCToken.AudienceNotMatch')],
  ['without an audience', () => token({ aud: undefined }), invalid],
  ['of four parts', () => `${token()}.more`, invalid],
  ['of two parts', () => token().split('.').slice(0, 2).join('.'), invalid],
  ['without its signature', () => swapped(token(), 2, ''), invalid],
  [
    'with other claims',
    () => swapped(token(), 1, encoded(claims({ sub: 'repo:acme/x' }))),
    failed('OIDCToken.InvalidSignature'),
  ],
  ['with claims that are no JSON', () => signToken(key, 'not json'), invalid],
  ['with a header that is no JSON', () => swapped(token(), 0, 'bm90IGpzb24'), invalid],
  ['in base64 with signs of its own', () => token().replace('.', '=.'), invalid],
  ['encrypted, of five parts', () => 'a.b.c.d.e', invalid],
]

describe('bad tokens', () => {
  it.each(BAD_TOKENS.map(([what, make, code]) => ({ what, make, code })))(
    'given a token $what, when AssumeRoleWithOIDC, then $code',
    async ({ make, code }) => {
      expect(await refusal(assume(make()))).toBe(code)
    },
  )
})

describe('bad calls', () => {
  const CALLS: ReadonlyArray<readonly [string, () => Promise<unknown>, string]> = [
    ['a token too long', () => assume('a'.repeat(20_001)), '400 InvalidParameter.OIDCToken.Length'],
    ['a token too short', () => assume('abc'), '400 InvalidParameter.OIDCToken.Length'],
    ['a bad role', () => assume(token(), { RoleArn: 'x' }), '400 InvalidParameter.RoleArn'],
    [
      'a SAML provider',
      () => assume(token(), { OIDCProviderArn: providerArn().replace('oidc', 'saml') }),
      '400 InvalidParameter.OIDCProviderArn',
    ],
    [
      'a bad session name',
      () => assume(token(), { RoleSessionName: 'a b' }),
      '400 InvalidParameter.RoleSessionName',
    ],
    [
      'a session name of an assertion',
      () => assume(token(), { RoleSessionName: 'a=b' }),
      '400 InvalidParameter.RoleSessionName',
    ],
    [
      'too short a session',
      () => assume(token(), { DurationSeconds: 899 }),
      '400 InvalidParameter.DurationSeconds',
    ],
    [
      'a longer session than the role gives',
      () => assume(token(), { DurationSeconds: 3601 }),
      '400 InvalidParameter.DurationSeconds',
    ],
    [
      'a bad session policy',
      () => assume(token(), { Policy: '{}' }),
      '400 InvalidParameter.PolicyGrammar',
    ],
    [
      'an unknown provider',
      () => assume(token(), { OIDCProviderArn: providerArn('none') }),
      denied,
    ],
    ['an unknown role', () => assume(token(), { RoleArn: roleArn('none') }), denied],
    ['a subject that is not trusted', () => assume(token({ sub: 'repo:evil/app' })), denied],
  ]
  it.each(CALLS.map(([what, call, code]) => ({ what, call, code })))(
    'given $what, when AssumeRoleWithOIDC, then $code',
    async ({ call, code }) => {
      expect(await refusal(call())).toBe(code)
    },
  )
  it.each(['OIDCProviderArn', 'RoleArn', 'OIDCToken', 'RoleSessionName'])(
    'given no %s, when AssumeRoleWithOIDC, then MissingParameter',
    async (name) => {
      const whole: Record<string, string> = {
        OIDCProviderArn: providerArn(),
        RoleArn: roleArn(),
        OIDCToken: token(),
        RoleSessionName: 'build',
      }
      delete whole[name]
      const action = { Action: 'AssumeRoleWithOIDC', Version: '2015-04-01' }
      const { status, body } = await post({ ...action, ...whole })
      expect([status, body.Code]).toEqual([400, `MissingParameter.${name}`])
    },
  )
  it('given a denial, when AssumeRoleWithOIDC, then it says which policy denied', async () => {
    const { body } = await post({
      Action: 'AssumeRoleWithOIDC',
      Version: '2015-04-01',
      OIDCProviderArn: providerArn(),
      RoleArn: roleArn(),
      OIDCToken: token({ sub: 'repo:evil/app' }),
      RoleSessionName: 'build',
    })
    expect(body.AccessDeniedDetail).toMatchObject({
      AuthAction: 'sts:AssumeRole',
      PolicyType: 'AssumeRolePolicy',
      NoPermissionType: 'ImplicitDeny',
      AuthPrincipalDisplayName: providerArn(),
    })
  })
})

describe('bad issuers', () => {
  const json = (value: unknown) => ({ status: 200, body: JSON.stringify(value) })
  const well = '.well-known/openid-configuration'
  const broken = failed('OIDCToken.IssuerConfigurationBroken')
  type Spoil = (one: Issuer) => void
  const ISSUERS: ReadonlyArray<readonly [string, Spoil, Parameters, string]> = [
    [
      'with another certificate',
      () => {},
      { Fingerprints: 'a'.repeat(40) },
      failed('OIDCToken.PublicKeyFingerprintMismatch'),
    ],
    [
      'without a fingerprint',
      () => {},
      { Fingerprints: '' },
      failed('OIDCToken.PublicKeyFingerprintMismatch'),
    ],
    [
      'that names another',
      (one) => {
        one.discovery = { issuer: 'https://evil.example' }
      },
      {},
      broken,
    ],
    [
      'that names no keys',
      (one) => {
        one.discovery = { jwks_uri: undefined }
      },
      {},
      broken,
    ],
    [
      'whose keys are not behind https',
      (one) => {
        one.discovery = { jwks_uri: one.url.replace('https', 'http') }
      },
      {},
      broken,
    ],
    [
      'that redirects',
      (one) => {
        one.answers = { [well]: { status: 302, headers: { location: `${one.url}/x` }, body: '' } }
      },
      {},
      broken,
    ],
    [
      'whose keys redirect',
      (one) => {
        one.answers = {
          keys: { status: 302, headers: { location: `${issuer.url}/keys` }, body: '' },
        }
      },
      {},
      broken,
    ],
    [
      'that is not found',
      (one) => {
        one.answers = { [well]: { status: 404, body: '{}' } }
      },
      {},
      broken,
    ],
    [
      'that says no JSON',
      (one) => {
        one.answers = { [well]: { status: 200, body: '<html>' } }
      },
      {},
      broken,
    ],
    [
      'that says too much',
      (one) => {
        one.answers = { [well]: { status: 200, body: `"${'x'.repeat(1_048_577)}"` } }
      },
      {},
      broken,
    ],
    [
      'with a key set that is none',
      (one) => {
        one.answers = { keys: json({ keys: 'many' }) }
      },
      {},
      broken,
    ],
    [
      'with too many keys',
      (one) => {
        one.answers = { keys: json({ keys: Array.from({ length: 101 }, () => key.jwk) }) }
      },
      {},
      broken,
    ],
    [
      'whose key is a secret',
      (one) => {
        one.answers = { keys: json({ keys: [{ kty: 'oct', kid: 'key-1', k: 'AAAA' }] }) }
      },
      {},
      failed('OIDCToken.InvalidSignature'),
    ],
    [
      'without keys',
      (one) => {
        one.keys = []
      },
      {},
      failed('OIDCToken.InvalidSignature'),
    ],
  ]
  it.each(ISSUERS.map(([what, spoil, more, code], index) => ({ what, spoil, more, code, index })))(
    'given an issuer $what, when AssumeRoleWithOIDC, then $code',
    async ({ spoil, more, code, index }) => {
      const name = `bad-${index}`
      const one = world.issuers.issuer(name, [key])
      spoil(one)
      await makeProvider(name, one, more)
      await makeRole(name, trusting(providerArn(name)))
      const call = assume(token({ iss: one.url }), {
        OIDCProviderArn: providerArn(name),
        RoleArn: roleArn(name),
      })
      expect(await refusal(call)).toBe(code)
    },
  )
})

describe('issuers that may not be asked', () => {
  const asked = async (one: Federation, url: string): Promise<string> => {
    const arn = `acs:ram::${one.accountId}:oidc-provider/inside`
    await one.root.ims('CreateOIDCProvider', {
      OIDCProviderName: 'inside',
      IssuerUrl: url,
      ClientIds: AUDIENCE,
      Fingerprints: one.certificates.authority.fingerprint,
    })
    await one.root.ram('CreateRole', { RoleName: 'inner', AssumeRolePolicyDocument: trusting(arn) })
    const call = one.root.sts('AssumeRoleWithOIDC', {
      OIDCProviderArn: arn,
      RoleArn: `acs:ram::${one.accountId}:role/inner`,
      RoleSessionName: 'build',
      OIDCToken: token({ iss: url }),
    })
    return refusal(call)
  }
  it('given an issuer inside, when AssumeRoleWithOIDC, then IssuerConfigurationBroken', async () => {
    const outside = await startFederation({ insideIssuers: false })
    const inner = outside.issuers.issuer('inside', [key])
    expect(await asked(outside, inner.url)).toBe(failed('OIDCToken.IssuerConfigurationBroken'))
    expect(inner.asked).toBe(0)
    await outside.end()
  })
  it('given an unproved server, when AssumeRoleWithOIDC, then HttpsUrlInvalid', async () => {
    const alone = await startIssuers(world.certificates.alone)
    const one = alone.issuer('alone', [key])
    expect(await asked(world, one.url)).toBe(failed('OIDCToken.HttpsUrlInvalid'))
    expect(one.asked).toBe(0)
    await alone.stop()
  })
})
