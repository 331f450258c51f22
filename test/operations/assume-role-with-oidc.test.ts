/** AssumeRoleWithOIDC by the official client, with tokens of real issuers. */
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Issuer,
  type IssuerKey,
  makeKey,
  signToken,
  signWithPublicKey,
  unsignedToken,
} from '../support/issuer.js'
import { type Federation, refusal, startFederation, trusting } from './federation.js'
import {
  AUDIENCE,
  type Claims,
  failed,
  type OidcCalls,
  oidcCalls,
  type Parameters,
  SUBJECT,
} from './oidc-calls.js'

const SOURCE_IDENTITY = 'https://www.aliyun.com/source_identity'

let world: Federation
let issuer: Issuer
let calls: OidcCalls
const key = makeKey('key-1')
const ecKey = makeKey('key-ec', 'ec')
const foreignKey = makeKey('key-1')

const token = (more: Claims = {}, by: IssuerKey = key, header: Claims = {}): string =>
  calls.token(issuer, by, more, header)
const claims = (more: Claims = {}): Claims => calls.claims(issuer, more)
const roleArn = (name = 'deployer'): string => calls.roleArn(name)
const providerArn = (name = 'ci'): string => calls.providerArn(name)
const assume = (OIDCToken: string, more: Parameters = {}) =>
  calls.assume({ OIDCToken, OIDCProviderArn: providerArn(), RoleArn: roleArn(), ...more })

beforeAll(async () => {
  world = await startFederation()
  calls = oidcCalls(world)
  issuer = world.issuers.issuer('ci', [key, ecKey])
  await calls.makeProvider('ci', issuer)
  const conditions = {
    StringEquals: { 'oidc:iss': [issuer.url], 'oidc:aud': [AUDIENCE] },
    StringLike: { 'oidc:sub': ['repo:acme/*'] },
  }
  await calls.makeRole('deployer', trusting(providerArn(), conditions))
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
  it('given a token that says who is behind it, when AssumeRoleWithOIDC, then the session says so too', async () => {
    const body = await assume(token({ [SOURCE_IDENTITY]: 'alice@acme' }))
    expect(body.SourceIdentity).toBe('alice@acme')
    expect((await assume(token())).SourceIdentity).toBeUndefined()
  })
  it('given a token of another kind of key, when AssumeRoleWithOIDC, then it is taken', async () => {
    expect((await assume(token({}, ecKey))).OIDCTokenInfo.Subject).toBe(SUBJECT)
  })
  it('given no key of the caller, when AssumeRoleWithOIDC in a form, then it is taken', async () => {
    const { body, status } = await calls.post({
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
    await calls.makeProvider('rotating', rotating)
    await calls.makeRole('rotator', trusting(providerArn('rotating')))
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
    await calls.makeProvider('passing', passing)
    await calls.makeRole('guest', trusting(providerArn('passing')))
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
    await calls.makeProvider('passing', passing)
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

const denied = failed('NoPermission')
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
  ['that is over', () => token({ exp: calls.seconds() - 1 }), failed('OIDCToken.Expired')],
  ['that is over this second', () => token({ exp: calls.seconds() }), failed('OIDCToken.Expired')],
  [
    'issued too long ago',
    () => token({ iat: calls.seconds() - 12 * 3600 - 1 }),
    failed('OIDCToken.Expired'),
  ],
  ['issued in the future', () => token({ iat: calls.seconds() + 90 }), invalid],
  ['not yet valid', () => token({ nbf: calls.seconds() + 90 }), invalid],
  ['without an end', () => token({ exp: undefined }), invalid],
  ['without a beginning', () => token({ iat: undefined }), invalid],
  ['without a subject', () => token({ sub: undefined }), invalid],
  ['with an empty subject', () => token({ sub: '' }), invalid],
  ['with a subject too long', () => token({ sub: 'x'.repeat(256) }), invalid],
  ['with a number for a subject', () => token({ sub: 7 }), invalid],
  ['with an empty source identity', () => token({ [SOURCE_IDENTITY]: '' }), invalid],
  ['with a number for a source identity', () => token({ [SOURCE_IDENTITY]: 7 }), invalid],
  ['with null for a source identity', () => token({ [SOURCE_IDENTITY]: null }), invalid],
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
      const { status, body } = await calls.post({ ...action, ...whole })
      expect([status, body.Code]).toEqual([400, `MissingParameter.${name}`])
    },
  )
  it('given a denial, when AssumeRoleWithOIDC, then it says which policy denied', async () => {
    const { body } = await calls.post({
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
