/** Bad input against the started server: each gets its documented error, and nothing changes. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { queryOf, signedHeaders } from '../signing/acs3.mjs'
import { type Journey, startJourney } from './server.js'

let journey: Journey
beforeAll(async () => {
  journey = await startJourney()
})
afterAll(() => journey.end())

type Answer = { readonly status: number; readonly code: string; readonly message: string }
type Wire = {
  readonly method?: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Sends a request exactly as given. */
const send = ({ method = 'POST', path, headers, body = '' }: Wire): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(journey.endpoint)
    const sent = request({ method, hostname, port, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const parsed = text.startsWith('{') ? JSON.parse(text) : {}
        resolve({
          status: response.statusCode ?? 0,
          code: parsed.Code ?? '',
          message: parsed.Message ?? text,
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })

type Changes = {
  readonly action?: string
  readonly version?: string
  readonly now?: number
  readonly secret?: string
  readonly accessKeyId?: string
  readonly overrides?: Readonly<Record<string, string | undefined>>
  /** Headers that are set after signing. */
  readonly after?: Readonly<Record<string, string>>
}
type Parameters = Readonly<Record<string, string | number>>

const call = (parameters: Parameters, changes: Changes = {}): Promise<Answer> => {
  const query = queryOf(parameters)
  const headers = signedHeaders({
    host: new URL(journey.endpoint).host,
    query,
    action: changes.action ?? 'CreateUser',
    version: changes.version ?? '2015-05-01',
    keys: {
      accessKeyId: changes.accessKeyId ?? journey.root.accessKeyId,
      accessKeySecret: changes.secret ?? journey.root.accessKeySecret,
    },
    now: changes.now ?? Date.now(),
    overrides: changes.overrides ?? {},
  })
  return send({
    path: query === '' ? '/' : `/?${query}`,
    headers: { ...headers, ...changes.after },
  })
}

const head = async (): Promise<string> => {
  const { engine } = journey.standalone
  const events = await engine.accountEvents(journey.accountId as never, { limit: 1_000 })()
  return events._tag === 'Right' ? JSON.stringify(events.right.map(({ id }) => id)) : 'unreadable'
}
/** The call is answered with the code and status, and the account's stream is as it was. */
const expectRefusal = async (
  answer: () => Promise<Answer>,
  code: string,
  status: number,
): Promise<Answer> => {
  const before = await head()
  const got = await answer()
  expect({ code: got.code, status: got.status }).toEqual({ code, status })
  expect(await head()).toBe(before)
  return got
}

const user = { UserName: 'mallory' }
const policyText = (document: unknown) => ({
  PolicyName: 'p',
  PolicyDocument: typeof document === 'string' ? document : JSON.stringify(document),
})
const allow = { Effect: 'Allow', Action: '*', Resource: '*' }

describe('a request whose signature can not stand', () => {
  it.each<[string, Changes, string, number]>([
    ['a wrong secret', { secret: 'x'.repeat(30) }, 'SignatureDoesNotMatch', 400],
    [
      'an unknown key',
      { accessKeyId: 'LTAI5tNobodyKnowsThis01' },
      'InvalidAccessKeyId.NotFound',
      404,
    ],
    ['a date of 16 minutes ago', { now: Date.now() - 960_000 }, 'InvalidTimeStamp.Expired', 400],
    ['a date 16 minutes ahead', { now: Date.now() + 960_000 }, 'InvalidTimeStamp.Expired', 400],
    [
      'an unreadable date',
      { overrides: { 'x-acs-date': 'yesterday' } },
      'InvalidTimeStamp.Format',
      400,
    ],
    [
      'a header changed after signing',
      { after: { 'x-acs-action': 'DeleteUser' } },
      'SignatureDoesNotMatch',
      400,
    ],
    [
      'a foreign algorithm',
      { after: { authorization: 'ACS3-HMAC-SM3 Credential=a,SignedHeaders=host,Signature=00' } },
      'InvalidSignatureMethod',
      400,
    ],
    [
      'a malformed Authorization',
      { after: { authorization: 'ACS3-HMAC-SHA256 nonsense' } },
      'IncompleteSignature',
      400,
    ],
    [
      'a body hash that is not the body’s',
      { overrides: { 'x-acs-content-sha256': 'a'.repeat(64) } },
      'SignatureDoesNotMatch',
      400,
    ],
  ])('given %s, then it is refused', async (_, changes, code, status) => {
    await expectRefusal(() => call(user, changes), code, status)
  })

  it('given no signature at all, then the missing parameter is named', async () => {
    const answer = await expectRefusal(
      () => send({ path: '/?Action=CreateUser&Version=2015-05-01&UserName=x', headers: {} }),
      'MissingParameter',
      400,
    )
    expect(answer.message).toContain('AccessKeyId')
  })

  it('given the same nonce twice, then the second is refused and the user is made once', async () => {
    const overrides = { 'x-acs-signature-nonce': 'ab'.repeat(16) }
    expect((await call({ UserName: 'once' }, { overrides })).status).toBe(200)
    await expectRefusal(() => call({ UserName: 'twice' }, { overrides }), 'SignatureNonceUsed', 400)
  })

  it('given a nonce with a wrong signature first, then the right one still passes', async () => {
    const overrides = { 'x-acs-signature-nonce': 'cd'.repeat(16) }
    await expectRefusal(
      () => call(user, { overrides, secret: 'wrong' }),
      'SignatureDoesNotMatch',
      400,
    )
    expect((await call({ UserName: 'not-burnt' }, { overrides })).status).toBe(200)
  })
})

describe('a request that asks for what there is not', () => {
  it.each<[string, Parameters, Changes, string, number]>([
    ['an unknown operation', {}, { action: 'CreateUnicorn' }, 'InvalidAction.NotFound', 404],
    [
      'an operation of the other product',
      {},
      { action: 'AssumeRole' },
      'InvalidAction.NotFound',
      404,
    ],
    ['an unknown version', user, { version: '1999-01-01' }, 'InvalidVersion', 400],
    ['no name', {}, {}, 'MissingParameter.UserName', 400],
    ['a name with a space', { UserName: 'a b' }, {}, 'InvalidParameter.UserName.InvalidChars', 400],
    [
      'a name of 65 characters',
      { UserName: 'a'.repeat(65) },
      {},
      'InvalidParameter.UserName.Length',
      400,
    ],
    [
      'an e-mail that is none',
      { UserName: 'm', Email: 'nobody' },
      {},
      'InvalidParameter.Email.Format',
      400,
    ],
    [
      'MaxItems that is no number',
      { MaxItems: 'many' },
      { action: 'ListUsers' },
      'InvalidParameter.MaxItems',
      400,
    ],
    ['MaxItems of 0', { MaxItems: 0 }, { action: 'ListUsers' }, 'InvalidParameter.MaxItems', 400],
    [
      'a made-up Marker',
      { Marker: 'abc' },
      { action: 'ListUsers' },
      'InvalidParameter.Marker',
      400,
    ],
    ['an absent user', { UserName: 'nobody' }, { action: 'GetUser' }, 'EntityNotExist.User', 404],
  ])('given %s, then it is refused', async (_, parameters, changes, code, status) => {
    await expectRefusal(() => call(parameters, changes), code, status)
  })

  it('given another method, then it is refused', async () => {
    const answer = await send({ method: 'PUT', path: '/?Action=ListUsers', headers: {} })
    expect(answer.code).toBe('UnsupportedHTTPMethod')
  })
})

describe('a policy that can not stand', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{"Version":', 'MalformedPolicyDocument'],
    ['a wrong version', { Version: '2', Statement: [allow] }, 'MalformedPolicyDocument'],
    ['no statement', { Version: '1', Statement: [] }, 'MalformedPolicyDocument'],
    [
      'a misspelt Condition',
      { Version: '1', Statement: [{ ...allow, Conditon: {} }] },
      'MalformedPolicyDocument',
    ],
    [
      'a member given twice',
      '{"Version":"1","Version":"1","Statement":[]}',
      'MalformedPolicyDocument',
    ],
    [
      'an IfExists operator',
      { Version: '1', Statement: [{ ...allow, Condition: { StringEqualsIfExists: { a: 'b' } } }] },
      'MalformedPolicyDocument',
    ],
    [
      'a Principal',
      { Version: '1', Statement: [{ ...allow, Principal: { RAM: '*' } }] },
      'MalformedPolicyDocument',
    ],
    [
      '6,145 characters',
      `{"Version":"1","Statement":[${' '.repeat(6_117)}]}`,
      'InvalidParameter.PolicyDocument.Length',
    ],
    [
      'a hundred thousand characters',
      'x'.repeat(100_000),
      'InvalidParameter.PolicyDocument.Length',
    ],
    ['five thousand brackets', '['.repeat(5_000), 'MalformedPolicyDocument'],
  ])('given %s, then it is refused', async (_, document, code) => {
    await expectRefusal(() => call(policyText(document), { action: 'CreatePolicy' }), code, 400)
  })

  it('given a trust policy naming a user that does not exist, then the role is refused', async () => {
    const trust = {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: `acs:ram::${journey.accountId}:user/ghost` },
        },
      ],
    }
    const parameters = { RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(trust) }
    await expectRefusal(
      () => call(parameters, { action: 'CreateRole' }),
      'MalformedPolicyDocument',
      400,
    )
  })
})
