/** With which key the calls on record were made, asked over the read API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const list = (query: Readonly<Record<string, string>>) =>
  server.read({ path: `/v1/accounts/${ACCOUNT}/access`, query })
const ROLE = `acs:ram::${ACCOUNT}:role/reader`
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] },
    },
  ],
})

type Told = { readonly action: string; readonly principal: { readonly accessKeyId: string } }
const told = (body: { readonly records: ReadonlyArray<Told> }) =>
  body.records.map(({ action, principal }) => [action, principal.accessKeyId])

describe('GET /v1/accounts/{accountId}/access by key', () => {
  it('given two keys of one user, then each call says its own, and each is found by it', async () => {
    const one = await server.makeUser('alice', ['AliyunRAMReadOnlyAccess'])
    const { body } = await server.call('CreateAccessKey', { UserName: 'alice' })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = body.AccessKey
    const other = { accessKeyId, accessKeySecret }
    await server.read({
      path: `/v1/accounts/${ACCOUNT}/access-recording`,
      body: { recording: 'All' },
    })
    await server.call('ListUsers', {}, one)
    await server.call('ListGroups', {}, other)
    await server.call('DeleteUser', { UserName: 'bob' }, other)

    const first = await list({ accessKey: one.accessKeyId })
    expect(told(first.body)).toEqual([['ram:ListUsers', one.accessKeyId]])
    const second = await list({ accessKey: other.accessKeyId })
    expect(told(second.body).sort()).toEqual([
      ['ram:DeleteUser', other.accessKeyId],
      ['ram:ListGroups', other.accessKeyId],
    ])
    const narrowed = await list({ accessKey: other.accessKeyId, action: 'ram:List' })
    expect(narrowed.body.records).toHaveLength(1)
    expect((await list({ accessKey: 'LTAI5t000000000000000000' })).body.records).toEqual([])
    expect(await list({ accessKey: 'no key' })).toMatchObject({
      status: 400,
      body: { parameter: 'accessKey' },
    })
  })

  it('given a session, then its calls say its temporary key; a decision asked for says none', async () => {
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    await server.call('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: TRUST })
    const assuming = { RoleArn: ROLE, RoleSessionName: 'app' }
    const { Credentials: issued } = (await server.call('AssumeRole', assuming, alice)).body
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = issued
    const session = { accessKeyId, accessKeySecret, securityToken: issued.SecurityToken }
    await server.call('ListUsers', {}, session)
    const asked = { principal: `acs:ram::${ACCOUNT}:user/alice`, action: 'ots:X', resource: '*' }
    await server.read({ path: '/v1/decide', body: asked })
    expect(told((await list({ accessKey: accessKeyId })).body)).toEqual([
      ['ram:ListUsers', accessKeyId],
    ])
    const decided = (await list({ action: 'ots:X' })).body
    expect(told(decided)).toEqual([['ots:X', undefined]])
  })
})
