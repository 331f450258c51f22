/** What the verifier accepts and refuses, over the wire and against a real engine. */

import type { HttpRequest } from '@grantlog/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openServer, START, type TestServer } from './server.js'
import { signAcs3, signV1 } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const V1 = { Action: 'GetCallerIdentity', Version: '2015-04-01' }

const acs3 = (options: Partial<Parameters<typeof signAcs3>[1]> = {}): HttpRequest =>
  signAcs3(server.root, {
    action: 'GetCallerIdentity',
    version: '2015-04-01',
    nonce: server.nextNonce(),
    now: server.clock.now(),
    ...options,
  })

const v1 = (more: Readonly<Record<string, string>> = {}, method: 'GET' | 'POST' = 'GET') =>
  signV1(
    server.root,
    { ...V1, ...more },
    { method, nonce: server.nextNonce(), now: server.clock.now() },
  )

const withHeaders = (
  request: HttpRequest,
  headers: Readonly<Record<string, string | undefined>>,
): HttpRequest => ({ ...request, headers: { ...request.headers, ...headers } })

const codeOf = async (request: HttpRequest): Promise<readonly [number, string]> => {
  const { status, body } = await server.send(request)
  return [status, body.Code ?? 'OK']
}

describe('a signed call', () => {
  it('given either signature by GET or POST, then the caller is known', async () => {
    expect(await codeOf(acs3())).toEqual([200, 'OK'])
    expect(await codeOf(acs3({ method: 'GET' }))).toEqual([200, 'OK'])
    expect(await codeOf(v1())).toEqual([200, 'OK'])
    expect(await codeOf(v1({}, 'POST'))).toEqual([200, 'OK'])
  })

  it('given the same nonce again, then it is refused, for that key alone', async () => {
    const alice = await server.makeUser('alice')
    expect(await codeOf(acs3({ nonce: 'n' }))).toEqual([200, 'OK'])
    expect(await codeOf(acs3({ nonce: 'n' }))).toEqual([400, 'SignatureNonceUsed'])
    const now = START
    const theirs = signAcs3(alice, {
      action: 'GetCallerIdentity',
      version: '2015-04-01',
      nonce: 'n',
      now,
    })
    expect(await codeOf(theirs)).toEqual([200, 'OK'])
  })

  it('given a wrong signature, then its nonce is not used up', async () => {
    const request = acs3({ nonce: 'kept' })
    const forged = withHeaders(request, {
      authorization: request.headers.authorization?.replace(/.{4}$/, '0000'),
    })
    expect(await codeOf(forged)).toEqual([400, 'SignatureDoesNotMatch'])
    expect(await codeOf(request)).toEqual([200, 'OK'])
  })

  it('given a clock off by more than a quarter of an hour, then the time is refused', async () => {
    const off = 15 * 60_000
    expect(await codeOf(acs3({ now: START + off }))).toEqual([200, 'OK'])
    expect(await codeOf(acs3({ now: START + off + 1000 }))).toEqual([
      400,
      'InvalidTimeStamp.Expired',
    ])
    server.clock.advance(off + 2000)
    expect(await codeOf(acs3({ now: START }))).toEqual([400, 'InvalidTimeStamp.Expired'])
  })

  it('given a timestamp that is none, then it is refused; milliseconds are taken', async () => {
    const request = v1()
    const bad = { ...request, rawUrl: request.rawUrl.replace(/Timestamp=[^&]*/, 'Timestamp=now') }
    expect(await codeOf(bad)).toEqual([400, 'InvalidTimeStamp.Format'])
    expect(await codeOf(v1({ Timestamp: '2026-01-02T03:04:05.678Z' }))).toEqual([200, 'OK'])
  })

  it('given no signature or half of one, then what is missing is named', async () => {
    const anonymous = { ...acs3(), rawUrl: '/?Action=ListUsers&Version=2015-05-01', headers: {} }
    const { body } = await server.send(anonymous)
    expect([body.Code, body.Message]).toEqual([
      'MissingParameter',
      'A call needs the parameter AccessKeyId.',
    ])
    const request = v1()
    const noNonce = request.rawUrl.replace(/SignatureNonce=[^&]*&/, '')
    expect((await server.send({ ...request, rawUrl: noNonce })).body.Message).toContain(
      'SignatureNonce',
    )
  })

  it('given another algorithm, then the method is refused', async () => {
    const request = acs3()
    const authorization = request.headers.authorization?.replace('HMAC-SHA256', 'RSA-SHA256')
    expect(await codeOf(withHeaders(request, { authorization }))).toEqual([
      400,
      'InvalidSignatureMethod',
    ])
    for (const [name, value] of [
      ['SignatureMethod', 'HMAC-SHA256'],
      ['SignatureVersion', '2.0'],
    ] as const)
      expect(await codeOf(v1({ [name]: value }))).toEqual([400, 'InvalidSignatureMethod'])
  })

  it('given a header that must be signed and is not, then the call is refused', async () => {
    const request = acs3()
    const without = (name: string): string | undefined =>
      request.headers.authorization?.replace(`${name};`, '')
    for (const name of ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date'])
      expect(await codeOf(withHeaders(request, { authorization: without(name) }))).toEqual([
        400,
        'IncompleteSignature',
      ])
    expect(await codeOf(withHeaders(request, { 'x-acs-security-token': 't' }))).toEqual([
      400,
      'IncompleteSignature',
    ])
  })

  it('given another body than was signed, then the signature does not match', async () => {
    const request = acs3({ body: 'signed' })
    const { body } = await server.send({ ...request, body: 'other' })
    expect(body.Code).toBe('SignatureDoesNotMatch')
    expect(body.Message).toMatch(/server StringToSign is \[ACS3.*CanonicalRequest is \[POST/s)
  })

  it('given a wrong V1 signature, then the text begins as clients parse it', async () => {
    const request = v1()
    const { body } = await server.send({
      ...request,
      rawUrl: request.rawUrl.replace(/Signature=[^&]*$/, 'Signature=AAAA'),
    })
    expect(body.Message).toMatch(
      /^Specified signature is not matched with our calculation\. server string to sign is:GET&/,
    )
  })

  it('given a token beside a long-lived key, or none, then it is refused', async () => {
    expect(await codeOf(v1({ SecurityToken: 'x' }))).toEqual([
      400,
      'InvalidSecurityToken.MismatchWithAccessKey',
    ])
    const temporary = {
      accessKeyId: 'STS.NTestTempKey000000000001',
      accessKeySecret: 's',
      securityToken: 'junk',
    }
    const request = signV1(temporary, V1, { method: 'GET', nonce: 'x', now: START })
    expect(await codeOf(request)).toEqual([400, 'InvalidSecurityToken.Malformed'])
  })
})

describe('the name of an operation', () => {
  it('given an unsigned header against a signed parameter, then the call is refused', async () => {
    const request = withHeaders(v1(), { 'x-acs-action': 'DeleteUser' })
    expect(await codeOf(request)).toEqual([400, 'InvalidParameter'])
    const agreeing = withHeaders(v1(), { 'x-acs-action': 'GetCallerIdentity' })
    expect(await codeOf(agreeing)).toEqual([200, 'OK'])
  })

  it('given an unknown action, version, method or path, then each has its code', async () => {
    expect(await codeOf(v1({ Action: 'Nope' }))).toEqual([404, 'InvalidAction.NotFound'])
    expect(await codeOf(v1({ Version: '2014-05-01' }))).toEqual([400, 'InvalidVersion'])
    expect(await codeOf({ ...v1(), method: 'PUT' })).toEqual([400, 'UnsupportedHTTPMethod'])
    expect(await codeOf({ ...v1(), rawUrl: '/x' })).toEqual([404, 'InvalidAction.NotFound'])
  })

  it('given a name twice in one source, or more than fits, then the call is refused', async () => {
    expect(await codeOf({ ...v1(), rawUrl: `${v1().rawUrl}&Action=X` })).toEqual([
      400,
      'InvalidParameter',
    ])
    expect(await codeOf({ ...v1(), rawUrl: `/?${'x'.repeat(524_288)}` })).toEqual([
      413,
      'RequestTooLarge',
    ])
    expect(await codeOf({ ...v1(), body: Buffer.alloc(1024 * 1024 + 1) })).toEqual([
      413,
      'RequestTooLarge',
    ])
  })
})
