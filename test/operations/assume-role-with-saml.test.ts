/** AssumeRoleWithSAML by the official client, with assertions that a provider signs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSigner } from '../support/certificates.js'
import {
  assertionOf,
  base64,
  metadataOf,
  responseOf,
  signXml,
  type Told,
} from '../support/saml-provider.js'
import { type Federation, refusal, startFederation, trusting } from './federation.js'

let world: Federation
const ENTITY = 'https://idp.example/metadata'
const RECIPIENT = 'https://signin.aliyun.com/saml-role/sso'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
const stranger = makeSigner()

type Parameters = Readonly<Record<string, string | number>>

const moment = (secondsAhead: number): string =>
  new Date(Date.now() + world.ahead.ms + secondsAhead * 1000).toISOString()
const providerArn = (): string => `acs:ram::${world.accountId}:saml-provider/corp`
const roleArn = (name = 'staff'): string => `acs:ram::${world.accountId}:role/${name}`
const pair = (role = roleArn(), provider = providerArn()): string => `${role},${provider}`

const told = (more: Partial<Told> = {}): Told => ({
  entityId: ENTITY,
  id: '_assertion',
  version: '2.0',
  nameId: 'alice@corp.example',
  recipient: RECIPIENT,
  audience: 'urn:alibaba:cloudcomputing',
  notBefore: moment(-5),
  notOnOrAfter: moment(300),
  subjectNotOnOrAfter: moment(300),
  sessionNotOnOrAfter: '',
  roles: [pair()],
  sessionNames: ['alice'],
  method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
  moreSubject: '',
  moreConditions: '',
  moreAttributes: '',
  ...more,
})
const assertion = (more: Partial<Told> = {}): string => assertionOf(told(more))
/** A whole response with a signed assertion in it. */
const response = (more: Partial<Told> = {}): string =>
  signXml(responseOf(ENTITY, assertion(more)), 'Assertion', world.signer)
const assume = (xml: string, more: Parameters = {}) =>
  world.root.sts('AssumeRoleWithSAML', {
    SAMLProviderArn: providerArn(),
    RoleArn: roleArn(),
    SAMLAssertion: base64(xml),
    ...more,
  })

beforeAll(async () => {
  world = await startFederation()
  await world.root.ims('CreateSAMLProvider', {
    SAMLProviderName: 'corp',
    EncodedSAMLMetadataDocument: base64(metadataOf(ENTITY, [makeSigner(), world.signer])),
  })
  const conditions = { StringEquals: { 'saml:recipient': RECIPIENT } }
  await world.root.ram('CreateRole', {
    RoleName: 'staff',
    AssumeRolePolicyDocument: trusting(providerArn(), conditions),
  })
  await world.root.ram('CreateRole', {
    RoleName: 'other',
    AssumeRolePolicyDocument: trusting(providerArn(), {
      StringEquals: { 'saml:recipient': 'https://signin.alibabacloud.com/saml-role/sso' },
    }),
  })
}, 30_000)
afterAll(() => world.end())

const connectWith = (credentials: Readonly<Record<string, string>>) =>
  world.connect({
    accessKeyId: credentials['AccessKeyId'] ?? '',
    accessKeySecret: credentials['AccessKeySecret'] ?? '',
    securityToken: credentials['SecurityToken'] ?? '',
  })

describe('AssumeRoleWithSAML', () => {
  it('given an assertion, when AssumeRoleWithSAML, then its credentials act as the role', async () => {
    const body = await assume(response(), { DurationSeconds: 900 })
    expect(body).toMatchObject({
      AssumedRoleUser: { Arn: `${roleArn()}/alice` },
      SAMLAssertionInfo: {
        Issuer: ENTITY,
        Recipient: RECIPIENT,
        Subject: 'alice@corp.example',
        SubjectType: 'persistent',
      },
    })
    expect(await connectWith(body.Credentials).sts('GetCallerIdentity')).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: `acs:ram::${world.accountId}:assumed-role/staff/alice`,
    })
  })
  it('given response and assertion signed, when AssumeRoleWithSAML, then it is taken', async () => {
    const { AssumedRoleUser } = await assume(signXml(response(), 'Response', world.signer))
    expect(AssumedRoleUser.Arn).toBe(`${roleArn()}/alice`)
  })
  it('given a declaration, when AssumeRoleWithSAML, then it is taken', async () => {
    const { AssumedRoleUser } = await assume(`${DECLARATION}\n${response()}`)
    expect(AssumedRoleUser.Arn).toBe(`${roleArn()}/alice`)
  })
  it('given a response signed with its declaration, when AssumeRoleWithSAML, then it is taken', async () => {
    const xml = `${DECLARATION}\n${responseOf(ENTITY, assertion())}`
    const signed = signXml(signXml(xml, 'Assertion', world.signer), 'Response', world.signer)
    const { AssumedRoleUser } = await assume(signed)
    expect(AssumedRoleUser.Arn).toBe(`${roleArn()}/alice`)
  })
  it('given an international site, when AssumeRoleWithSAML, then trust sees the recipient', async () => {
    const xml = (role: string) =>
      response({
        recipient: 'https://signin.alibabacloud.com/saml-role/sso',
        audience: 'urn:alibaba:cloudcomputing:international',
        roles: [pair(role), pair(roleArn('more'))],
      })
    const RoleArn = roleArn('other')
    const { SAMLAssertionInfo } = await assume(xml(RoleArn), { RoleArn })
    expect(SAMLAssertionInfo.Recipient).toBe('https://signin.alibabacloud.com/saml-role/sso')
    expect(await refusal(assume(xml(roleArn())))).toBe('401 AuthenticationFail.NoPermission')
  })
  it('given a name with = , +, when AssumeRoleWithSAML, then the session bears it', async () => {
    const { AssumedRoleUser } = await assume(response({ sessionNames: ['a=b,c+d'] }))
    expect(AssumedRoleUser.Arn).toBe(`${roleArn()}/a=b,c+d`)
  })
  it('given an end at the provider, when AssumeRoleWithSAML, then none goes on after it', async () => {
    const end = moment(1200)
    const { Credentials } = await assume(response({ sessionNotOnOrAfter: end }))
    expect(Credentials.Expiration).toBe(`${end.slice(0, 19)}Z`)
  })
  it('given a source identity, when AssumeRoleWithSAML, then it is told', async () => {
    const moreAttributes =
      '<saml:Attribute Name="https://www.aliyun.com/SAML-Role/Attributes/SourceIdentity">' +
      '<saml:AttributeValue>alice@corp</saml:AttributeValue></saml:Attribute>'
    const body = await assume(response({ moreAttributes }))
    expect(body.SourceIdentity).toBe('alice@corp')
  })
  it('given a session, when its provider is deleted, then the session ends with it', async () => {
    const document = base64(metadataOf(ENTITY, [world.signer]))
    const SAMLProviderName = 'passing'
    await world.root.ims('CreateSAMLProvider', {
      SAMLProviderName,
      EncodedSAMLMetadataDocument: document,
    })
    const arn = `acs:ram::${world.accountId}:saml-provider/passing`
    await world.root.ram('CreateRole', {
      RoleName: 'guest',
      AssumeRolePolicyDocument: trusting(arn),
    })
    const { Credentials } = await assume(response({ roles: [pair(roleArn('guest'), arn)] }), {
      SAMLProviderArn: arn,
      RoleArn: roleArn('guest'),
    })
    const session = connectWith(Credentials)
    await session.sts('GetCallerIdentity')
    await world.root.ims('DeleteSAMLProvider', { SAMLProviderName })
    expect(await refusal(session.sts('GetCallerIdentity'))).toBe('400 InvalidSecurityToken.Expired')
  })
})

const INVALID = '401 AuthenticationFail.SAMLAssertion.Invalid'
const EXPIRED = '401 AuthenticationFail.SAMLAssertion.Expired'

/** The signed assertion out of a response. */
const signedAssertion = (): string =>
  response().match(/<saml:Assertion.*<\/saml:Assertion>/)?.[0] ?? ''
const signatureOf = (xml: string): string => xml.match(/<Signature.*<\/Signature>/)?.[0] ?? ''
const evil = (more: Partial<Told> = {}): string =>
  assertion({ id: '_evil', nameId: 'mallory', sessionNames: ['mallory'], ...more })

/** A response that is wrong in one way, and the code that it is refused with. */
const BAD: ReadonlyArray<readonly [what: string, make: () => string, code: string]> = [
  ['nobody signed', () => responseOf(ENTITY, assertion()), INVALID],
  [
    'whose signature was taken off',
    () => {
      const xml = response()
      return xml.replace(signatureOf(xml), '')
    },
    INVALID,
  ],
  [
    'that a stranger signed',
    () => signXml(responseOf(ENTITY, assertion()), 'Assertion', stranger),
    INVALID,
  ],
  [
    'signed with SHA-1',
    () => signXml(responseOf(ENTITY, assertion()), 'Assertion', world.signer, 'sha1'),
    INVALID,
  ],
  [
    'signed around the assertion alone',
    () => signXml(responseOf(ENTITY, assertion()), 'Response', world.signer),
    INVALID,
  ],
  [
    'changed after it was signed',
    () => response().replace('alice@corp.example', 'mallory@corp.example'),
    INVALID,
  ],
  [
    'whose role was changed',
    () => response({ roles: [pair(roleArn('guest'))] }).replace('role/guest', 'role/staff'),
    INVALID,
  ],
  [
    'that says HMAC',
    () => response().replace('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'),
    INVALID,
  ],
  ['with a second assertion before', () => responseOf(ENTITY, evil() + signedAssertion()), INVALID],
  ['with a second assertion behind', () => responseOf(ENTITY, signedAssertion() + evil()), INVALID],
  [
    'with two signed assertions',
    () => {
      const first = signedAssertion()
      const second = first.replaceAll('_assertion', '_second')
      return responseOf(ENTITY, first + second)
    },
    INVALID,
  ],
  [
    'wrapped into an extension',
    () => responseOf(ENTITY, `<samlp:Extensions>${signedAssertion()}</samlp:Extensions>${evil()}`),
    INVALID,
  ],
  [
    'wrapped into its own signature',
    () => {
      const signed = signedAssertion()
      const signature = signatureOf(signed).replace(
        '</Signature>',
        `<Object>${signed.replace(signatureOf(signed), '')}</Object></Signature>`,
      )
      return responseOf(ENTITY, evil().replace('</saml:Issuer>', `</saml:Issuer>${signature}`))
    },
    INVALID,
  ],
  [
    'with the signature of another assertion',
    () =>
      responseOf(
        ENTITY,
        evil().replace('</saml:Issuer>', `</saml:Issuer>${signatureOf(response())}`),
      ),
    INVALID,
  ],
  [
    'with that signature and its id',
    () =>
      responseOf(
        ENTITY,
        evil({ id: '_assertion' }).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureOf(response())}`,
        ),
      ),
    INVALID,
  ],
  ['with one id twice', () => response().replace('ID="_response"', 'ID="_assertion"'), INVALID],
  ['inside another response', () => responseOf(ENTITY, response()), INVALID],
  ['inside a SOAP envelope', () => `<Envelope>${response()}</Envelope>`, INVALID],
  [
    'with two signatures on it',
    () => {
      const xml = response()
      return xml.replace(signatureOf(xml), signatureOf(xml).repeat(2))
    },
    INVALID,
  ],
  ['with a document type', () => `<!DOCTYPE a>${response()}`, INVALID],
  ['with entities of its own', () => `<!DOCTYPE a [<!ENTITY n "alice">]>${response()}`, INVALID],
  [
    'with an entity from outside',
    () => `<!DOCTYPE a [<!ENTITY n SYSTEM "file:///etc/passwd">]>${response()}`,
    INVALID,
  ],
  [
    'with entities that grow',
    () => `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(50)}"><!ENTITY c "&b;&b;&b;&b;">]>${response()}`,
    INVALID,
  ],
  [
    'with a comment in the subject',
    () => response().replace('alice@corp.example', 'alice@corp.example<!---->.evil'),
    INVALID,
  ],
  [
    'signed with a comment in the subject',
    () => response({ nameId: 'alice@corp.example<!---->.evil.example' }),
    INVALID,
  ],
  ['with CDATA', () => response().replace('>alice<', '><![CDATA[alice]]><'), INVALID],
  ['with a processing instruction', () => response().replace('>alice<', '>alice<?x y?><'), INVALID],
  [
    'declared, and changed after it was signed',
    () => DECLARATION + response().replace('alice@corp.example', 'mallory@corp.example'),
    INVALID,
  ],
  ['that is no XML', () => 'an assertion', INVALID],
  ['that is cut', () => response().slice(0, -20), INVALID],
  ['without an assertion', () => responseOf(ENTITY, ''), INVALID],
  [
    'with an encrypted assertion',
    () =>
      responseOf(
        ENTITY,
        '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>',
      ),
    INVALID,
  ],
  [
    'whose status is a failure',
    () => signXml(responseOf(ENTITY, assertion(), 'Responder'), 'Assertion', world.signer),
    INVALID,
  ],
  [
    'that was to be sent elsewhere',
    () => response().replace('ID="_response"', 'ID="_response" Destination="https://evil.example"'),
    INVALID,
  ],
  ['of version 1.1', () => response({ version: '1.1' }), INVALID],
  ['of another issuer', () => response({ entityId: 'https://evil.example' }), INVALID],
  ['for another audience', () => response({ audience: 'urn:other' }), INVALID],
  [
    'for the audience of the other site',
    () => response({ audience: 'urn:alibaba:cloudcomputing:international' }),
    INVALID,
  ],
  ['for another recipient', () => response({ recipient: 'https://evil.example/sso' }), INVALID],
  ['that is over', () => response({ notOnOrAfter: moment(-1) }), EXPIRED],
  ['whose subject is over', () => response({ subjectNotOnOrAfter: moment(-1) }), EXPIRED],
  ['whose session is over', () => response({ sessionNotOnOrAfter: moment(-1) }), EXPIRED],
  ['that does not hold yet', () => response({ notBefore: moment(90) }), INVALID],
  ['with an end that is no moment', () => response({ notOnOrAfter: 'soon' }), INVALID],
  [
    'with an end in a zone of its own',
    () => response({ notOnOrAfter: '2099-01-01T00:00:00+08:00' }),
    INVALID,
  ],
  [
    'that is no bearer',
    () => response({ method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
    INVALID,
  ],
  [
    'with a second confirmation',
    () =>
      response({
        moreSubject: '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>',
      }),
    INVALID,
  ],
  [
    'with a condition unheard of',
    () => response({ moreConditions: '<saml:OneTimeUse/>' }),
    INVALID,
  ],
  [
    'for a second audience elsewhere',
    () =>
      response({
        moreConditions:
          '<saml:AudienceRestriction><saml:Audience>urn:x</saml:Audience></saml:AudienceRestriction>',
      }),
    INVALID,
  ],
  ['without a subject', () => response({ nameId: '' }), INVALID],
  ['without a role', () => response({ roles: [] }), INVALID],
  ['for another role', () => response({ roles: [pair(roleArn('guest'))] }), INVALID],
  [
    'of another provider',
    () => response({ roles: [pair(roleArn(), providerArn().replace('corp', 'else'))] }),
    INVALID,
  ],
  [
    'whose pair is turned round',
    () => response({ roles: [`${providerArn()},${roleArn()}`] }),
    INVALID,
  ],
  ['without a session name', () => response({ sessionNames: [] }), INVALID],
  ['with two session names', () => response({ sessionNames: ['alice', 'bob'] }), INVALID],
  [
    'with an attribute twice',
    () =>
      response({
        moreAttributes:
          '<saml:Attribute Name="https://www.aliyun.com/SAML-Role/Attributes/RoleSessionName">' +
          '<saml:AttributeValue>bob</saml:AttributeValue></saml:Attribute>',
      }),
    INVALID,
  ],
  [
    'with a bad session name',
    () => response({ sessionNames: ['a b'] }),
    '400 InvalidParameter.RoleSessionName',
  ],
]

describe('bad assertions', () => {
  it.each(BAD.map(([what, make, code]) => ({ what, make, code })))(
    'given a response $what, when AssumeRoleWithSAML, then $code',
    async ({ make, code }) => {
      expect(await refusal(assume(make()))).toBe(code)
    },
  )
})

describe('bad calls', () => {
  const CALLS: ReadonlyArray<readonly [string, () => Promise<unknown>, string]> = [
    ['no base64', () => assume('', { SAMLAssertion: `${base64(response())}*` }), INVALID],
    ['base64 of no text', () => assume('', { SAMLAssertion: '/////w==' }), INVALID],
    [
      'too long a response',
      () => assume('', { SAMLAssertion: 'A'.repeat(100_001) }),
      '400 InvalidParameter.SAMLAssertion.Length',
    ],
    [
      'an unknown provider',
      () => assume(response(), { SAMLProviderArn: `${providerArn()}x` }),
      '404 EntityNotExist.SAMLProvider',
    ],
    [
      'an OIDC provider',
      () => assume(response(), { SAMLProviderArn: providerArn().replace('saml', 'oidc') }),
      '400 InvalidParameter.SAMLProviderArn',
    ],
    [
      'an unknown role',
      () => assume(response({ roles: [pair(roleArn('none'))] }), { RoleArn: roleArn('none') }),
      '404 EntityNotExist.RoleArn',
    ],
    ['a bad role', () => assume(response(), { RoleArn: 'x' }), '400 InvalidParameter.RoleArn'],
    [
      'too short a session',
      () => assume(response(), { DurationSeconds: 899 }),
      '400 InvalidParameter.DurationSeconds',
    ],
    [
      'a longer session than the role gives',
      () => assume(response(), { DurationSeconds: 3601 }),
      '400 InvalidParameter.DurationSeconds',
    ],
    [
      'a bad session policy',
      () => assume(response(), { Policy: '{}' }),
      '400 InvalidParameter.PolicyGrammar',
    ],
    [
      'too long a session policy',
      () => assume(response(), { Policy: ' '.repeat(2049) }),
      '400 InvalidParameter.PolicySize',
    ],
  ]
  it.each(CALLS.map(([what, call, code]) => ({ what, call, code })))(
    'given $what, when AssumeRoleWithSAML, then $code',
    async ({ call, code }) => {
      expect(await refusal(call())).toBe(code)
    },
  )
  it.each(['SAMLProviderArn', 'RoleArn', 'SAMLAssertion'])(
    'given no %s, when AssumeRoleWithSAML, then MissingParameter',
    async (name) => {
      const whole: Record<string, string> = {
        Action: 'AssumeRoleWithSAML',
        Version: '2015-04-01',
        SAMLProviderArn: providerArn(),
        RoleArn: roleArn(),
        SAMLAssertion: base64(response()),
      }
      delete whole[name]
      const body = new URLSearchParams(whole)
      const answer = await fetch(`${world.endpoint}/`, { method: 'POST', body })
      const { Code } = (await answer.json()) as { readonly Code: string }
      expect([answer.status, Code]).toEqual([400, `MissingParameter.${name}`])
    },
  )
  it('given old metadata, when AssumeRoleWithSAML, then IDPMetadata.Invalid', async () => {
    const end = ` validUntil="${moment(60)}"`
    await world.root.ims('UpdateSAMLProvider', {
      SAMLProviderName: 'corp',
      NewEncodedSAMLMetadataDocument: base64(metadataOf(ENTITY, [world.signer], end)),
    })
    await assume(response())
    world.ahead.ms += 61_000
    expect(await refusal(assume(response()))).toBe('401 AuthenticationFail.IDPMetadata.Invalid')
  })
})
