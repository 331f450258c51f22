/** Signatures that the official clients and the published pages give, made again here. */
import { createHmac, hash } from 'node:crypto'
import type { SigningSecret } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { DEFAULT_PROTOCOL_SETTINGS, type HttpRequest, RPC_BODY_BYTES_MAX } from '../http.js'
import { canonicalRequestAcs3, presentedAcs3, stringToSignAcs3 } from './acs3.js'
import { type ReceivedCall, receiveCall } from './call.js'
import { stringToSignV1 } from './v1.js'
import { checkSignature } from './verify.js'

const secretOf = (secret: string): SigningSecret => ({
  signV1: (text) => createHmac('sha1', `${secret}&`).update(text).digest('base64'),
  signAcs3: (text) => createHmac('sha256', secret).update(text).digest('hex'),
})

const received = (request: Partial<HttpRequest>): ReceivedCall => {
  const whole: HttpRequest = {
    method: 'POST',
    rawUrl: '/',
    headers: {},
    body: '',
    remoteAddress: '127.0.0.1',
    secure: false,
    ...request,
  }
  const call = receiveCall(whole, DEFAULT_PROTOCOL_SETTINGS, RPC_BODY_BYTES_MAX)
  if (E.isLeft(call)) throw new Error(call.left.type)
  return call.right
}

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const KEY = 'LTAI5tTestKeyId000000001'
const SECRET = 'TestSecret00000000000000000001'
const NONCE = '0123456789abcdef0123456789abcdef'

const acs3 = (
  url: string,
  headers: Readonly<Record<string, string>>,
  key = KEY,
  signature = '0',
): ReceivedCall => {
  const all: Record<string, string> = {
    host: '127.0.0.1:8899',
    'x-acs-content-sha256': EMPTY,
    'x-acs-date': '2024-01-02T03:04:05Z',
    'x-acs-signature-nonce': NONCE,
    'x-acs-version': '2015-05-01',
    ...headers,
  }
  const names = Object.keys(all).sort().join(';')
  const authorization =
    `ACS3-HMAC-SHA256 Credential=${key},SignedHeaders=${names},` + `Signature=${signature}`
  return received({ rawUrl: url, headers: { ...all, authorization } })
}

const CREATE_USER = '/?Comments=a%20b&DisplayName=Al*ce%20(a%26b)~%2B%C3%A9&UserName=alice'
const ASSUME_ROLE =
  '/?DurationSeconds=3600&RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fadminrole' +
  '&RoleSessionName=alice'
const STATIC = { 'x-acs-credentials-provider': 'static_ak' }
const CASES = [
  {
    name: 'A, CreateUser',
    url: CREATE_USER,
    headers: { ...STATIC, 'x-acs-action': 'CreateUser' },
    key: KEY,
    secret: SECRET,
    digest: '2bd81be74591e6af2e91d2863ca31f2c95640089d5e7668ab2b4e84e149c5675',
    signature: '5e9b3b76b119c406d986ba0d2b916e566e9bc8ee36a1a70e06355ab91c81613f',
  },
  {
    name: 'B, ListUsers without arguments',
    url: '/',
    headers: { ...STATIC, 'x-acs-action': 'ListUsers' },
    key: KEY,
    secret: SECRET,
    digest: '8839d081e430b81608453601d3d636bd221419204f04003c85e98510cf377408',
    signature: 'f649fcc922ce660362172ea017c82c135c03dbff8794df25c99fab3fc596ac1a',
  },
  {
    name: 'C, AssumeRole with temporary credentials',
    url: ASSUME_ROLE,
    headers: {
      'x-acs-credentials-provider': 'static_sts',
      'x-acs-action': 'AssumeRole',
      'x-acs-version': '2015-04-01',
      'x-acs-accesskey-id': 'STS.NTestTempKey0001',
      'x-acs-security-token': 'CAISTok+en/==',
    },
    key: 'STS.NTestTempKey0001',
    secret: 'TempSecret0001',
    digest: '46a4253aa862a6593d6d926a1c17d694e9c83a44f22127aec5dfa0c2cde3ad9c',
    signature: 'c00f8d4fab1174975d2de90b7f30545b4d4d7b2ac43ac3e5ef0139a7a7ccebe4',
  },
  {
    name: 'D, the published one',
    url: '/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
    headers: {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-version': '2014-05-26',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    },
    key: 'YourAccessKeyId',
    secret: 'YourAccessKeySecret',
    digest: '7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
    signature: '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  },
] as const

describe('ACS3-HMAC-SHA256', () => {
  it('given the call of vector A, then the canonical request is the one the client signed', () => {
    const call = acs3(CREATE_USER, { ...STATIC, 'x-acs-action': 'CreateUser' })
    const proof = presentedAcs3(call)
    if (E.isLeft(proof)) throw new Error(proof.left.type)
    expect(canonicalRequestAcs3(call, proof.right.signedHeaders)).toBe(
      [
        'POST',
        '/',
        'Comments=a%20b&DisplayName=Al%2Ace%20%28a%26b%29~%2B%C3%A9&UserName=alice',
        'host:127.0.0.1:8899',
        'x-acs-action:CreateUser',
        `x-acs-content-sha256:${EMPTY}`,
        'x-acs-credentials-provider:static_ak',
        'x-acs-date:2024-01-02T03:04:05Z',
        `x-acs-signature-nonce:${NONCE}`,
        'x-acs-version:2015-05-01',
        '',
        'host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;' +
          'x-acs-signature-nonce;x-acs-version',
        EMPTY,
      ].join('\n'),
    )
  })

  for (const { name, url, headers, key, secret, digest, signature } of CASES)
    it(`given vector ${name}, then digest and signature agree`, () => {
      const call = acs3(url, headers, key, signature)
      const proof = presentedAcs3(call)
      if (E.isLeft(proof)) throw new Error(proof.left.type)
      const canonical = canonicalRequestAcs3(call, proof.right.signedHeaders)
      expect(hash('sha256', canonical, 'hex')).toBe(digest)
      expect(secretOf(secret).signAcs3(stringToSignAcs3(canonical))).toBe(signature)
      expect(checkSignature(call, proof.right, secretOf(secret))).toEqual(E.right(undefined))
      expect(checkSignature(call, proof.right, secretOf('another'))).toMatchObject(
        E.left({ type: 'SignatureMismatch', canonicalRequest: canonical }),
      )
    })
})

type V1Parameters = Readonly<Record<string, string>>

const COMMON: V1Parameters = {
  AccessKeyId: KEY,
  SignatureMethod: 'HMAC-SHA1',
  SignatureVersion: '1.0',
  SignatureNonce: NONCE,
  Timestamp: '2024-01-02T03:04:05Z',
  Version: '2015-05-01',
}
const USER = { Action: 'CreateUser', UserName: 'alice', DisplayName: 'Al*ce (a&b)~+é' }
const E_TEXT =
  'POST&%2F&AccessKeyId%3DLTAI5tTestKeyId000000001%26Action%3DCreateUser%26DisplayName%3DAl' +
  '%252Ace%2520%2528a%2526b%2529~%252B%25C3%25A9%26Format%3Djson%26SignatureMethod%3DHMAC-SHA1%26' +
  'SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26' +
  'Timestamp%3D2024-01-02T03%253A04%253A05Z%26UserName%3Dalice%26Version%3D2015-05-01'
const F_TEXT =
  'POST&%2F&AccessKeyId%3DSTS.NTestTempKey0001%26Action%3DGetCallerIdentity%26Format%3Djson%26' +
  'SecurityToken%3DCAISTok%252Ben%252F%253D%253D%26SignatureMethod%3DHMAC-SHA1%26' +
  'SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26' +
  'Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2015-04-01'
const I_TEXT =
  'GET&%2F&AccessKeyId%3DLTAI5tTestKeyId000000001%26Action%3DListUsers%26Format%3DJSON%26' +
  'Marker%3D%26MaxItems%3D5%26SignatureMethod%3DHMAC-SHA1%26' +
  'SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26' +
  'Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2015-05-01'
const J_TEXT =
  'GET&%2F&AccessKeyId%3Dtestid%26Action%3DCreateUser%26Format%3DJSON%26' +
  'SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2%26' +
  'SignatureVersion%3D1.0%26' +
  'Timestamp%3D2015-08-18T03%253A15%253A45Z%26UserName%3Dtest%26Version%3D2015-05-01'

const V1_CASES: ReadonlyArray<{
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly parameters: V1Parameters
  readonly secret: string
  readonly text: string | undefined
  readonly signature: string
}> = [
  {
    name: 'E, CreateUser by POST',
    method: 'POST',
    parameters: { ...COMMON, ...USER, Format: 'json' },
    secret: SECRET,
    text: E_TEXT,
    signature: '3JJvX4zlrSYIRD7RmIDFWJYKf0Y=',
  },
  {
    name: 'F, GetCallerIdentity with temporary credentials',
    method: 'POST',
    parameters: {
      ...COMMON,
      Action: 'GetCallerIdentity',
      AccessKeyId: 'STS.NTestTempKey0001',
      SecurityToken: 'CAISTok+en/==',
      Version: '2015-04-01',
      Format: 'json',
    },
    secret: 'TempSecret0001',
    text: F_TEXT,
    signature: '7tz9tHWad1mKhJTMNivnLCVkKEY=',
  },
  {
    name: 'G, CreateUser by GET',
    method: 'GET',
    parameters: { ...COMMON, ...USER, Format: 'JSON' },
    secret: SECRET,
    text: E_TEXT.replace('POST', 'GET').replace('Djson', 'DJSON'),
    signature: 'FI7aPdIkgT8NmOBw8VRmSjJRJYo=',
  },
  {
    name: 'H, CreateUser as a form',
    method: 'POST',
    parameters: { ...COMMON, ...USER, Format: 'JSON' },
    secret: SECRET,
    text: E_TEXT.replace('Djson', 'DJSON'),
    signature: 'vkLtVPb//hbQDaA8/J0C1b5HjSY=',
  },
  {
    name: 'I, ListUsers with an empty marker',
    method: 'GET',
    parameters: { ...COMMON, Action: 'ListUsers', Format: 'JSON', MaxItems: '5', Marker: '' },
    secret: SECRET,
    text: I_TEXT,
    signature: 'cUmFrEWbEdOhIc9i3MjiJ1BNH+A=',
  },
  {
    name: 'J, the published one',
    method: 'GET',
    parameters: {
      ...COMMON,
      AccessKeyId: 'testid',
      Action: 'CreateUser',
      UserName: 'test',
      Format: 'JSON',
      Timestamp: '2015-08-18T03:15:45Z',
      SignatureNonce: '6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2',
    },
    secret: 'testsecret',
    text: J_TEXT,
    signature: 'kRA2cnpJVacIhDMzXnoNZG9tDCI=',
  },
  {
    name: 'K, the published one of the newer user API',
    method: 'GET',
    parameters: {
      ...COMMON,
      AccessKeyId: 'testid',
      Action: 'CreateUser',
      UserPrincipalName: 'test@example.onaliyun.com',
      DisplayName: 'test',
      Format: 'JSON',
      Timestamp: '2021-01-15T06:02:28Z',
      SignatureNonce: '3f6b4e80-56f7-11eb-a256-a9f756ea7e85',
      Version: '2019-08-15',
    },
    secret: 'testsecret',
    text: undefined,
    signature: '02heLegtw4+BFamznl1Ltj+vJ4A=',
  },
]

describe('Signature version 1.0', () => {
  for (const { name, method, parameters, secret, text, signature } of V1_CASES)
    it(`given vector ${name}, then string to sign and signature agree`, () => {
      const map = new Map(Object.entries({ ...parameters, Signature: signature }))
      const stringToSign = stringToSignV1(method, '/', map)
      if (text !== undefined) expect(stringToSign).toBe(text)
      expect(secretOf(secret).signV1(stringToSign)).toBe(signature)
    })

  it('given the wire form of vector E, then the verifier accepts it, and not when altered', () => {
    const wire = (name: string): ReceivedCall =>
      received({
        rawUrl:
          '/?Action=CreateUser&Format=json&Version=2015-05-01&Timestamp=2024-01-02T03%3A04%3A05Z' +
          `&SignatureNonce=${NONCE}&DisplayName=Al*ce%20(a%26b)~%2B%C3%A9&UserName=${name}` +
          `&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=${KEY}` +
          '&Signature=3JJvX4zlrSYIRD7RmIDFWJYKf0Y%3D',
      })
    const proof = {
      accessKeyId: KEY,
      securityToken: undefined,
      timestamp: '2024-01-02T03:04:05Z',
      nonce: NONCE,
      signature: '3JJvX4zlrSYIRD7RmIDFWJYKf0Y=',
    }
    expect(checkSignature(wire('alice'), proof, secretOf(SECRET))).toEqual(E.right(undefined))
    expect(checkSignature(wire('mallory'), proof, secretOf(SECRET))).toMatchObject(
      E.left({ type: 'SignatureMismatch' }),
    )
  })

  it('given parameters split over query and form, then the signature covers their union', () => {
    const inQuery = new URLSearchParams({ ...COMMON, Action: 'CreateUser', Format: 'JSON' })
    const inForm = new URLSearchParams({ UserName: 'alice', DisplayName: 'Al*ce (a&b)~+é' })
    const call = received({
      rawUrl: `/?${inQuery}&Signature=vkLtVPb%2F%2FhbQDaA8%2FJ0C1b5HjSY%3D`,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body: Buffer.from(inForm.toString()),
    })
    expect(stringToSignV1('POST', '/', call.parameters)).toBe(E_TEXT.replace('Djson', 'DJSON'))
  })
})
