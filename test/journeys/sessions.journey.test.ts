/**
 * A session as its owner meets it: issued to the official client, asked about under `/v1/`, and
 * ended before its time, also across a restart.
 */
import * as core from '@alicloud/openapi-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, CLIENT_KINDS, type Keys, refusalOf } from './official-clients.js'
import { type Journey, startJourney } from './server.js'

const [acs3] = CLIENT_KINDS
if (acs3 === undefined) throw new Error('there is no official client')
let journey: Journey
let alice: Keys
beforeAll(async () => {
  journey = await startJourney()
  const { ram } = as(journey.root)
  await ram('CreateUser', { UserName: 'alice' })
  const { AccessKey } = await ram('CreateAccessKey', { UserName: 'alice' })
  alice = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }
  const attached = { PolicyType: 'System', PolicyName: 'AliyunSTSAssumeRoleAccess' }
  await ram('AttachPolicyToUser', { ...attached, UserName: 'alice' })
  const Principal = { RAM: [`acs:ram::${journey.accountId}:root`] }
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] })
  await ram('CreateRole', { RoleName: 'iot', AssumeRolePolicyDocument })
  const full = { PolicyType: 'System', PolicyName: 'AliyunIOTFullAccess', RoleName: 'iot' }
  await ram('AttachPolicyToRole', full)
})
afterAll(() => journey.end())

const as = (keys: Keys) => acs3.connect(journey.endpoint, keys)

type ApiClient = {
  readonly callApi: (params: object, request: object, runtime: object) => Promise<Body>
}
const loaded = core.default as unknown as { readonly default?: unknown }
const Client = (loaded.default ?? loaded) as new (config: object) => ApiClient

/** A call of the read API, signed by the official client. */
const call = async (
  method: 'GET' | 'POST',
  pathname: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Body> => {
  const { Config, OpenApiRequest, Params } = core.$OpenApiUtil
  const client = new Client(
    new Config({
      ...journey.root,
      endpoint: journey.endpoint.replace('http://', ''),
      protocol: 'HTTP',
    }),
  )
  const how = { protocol: 'HTTP', method, authType: 'AK', style: 'ROA' }
  const types = { reqBodyType: 'json', bodyType: 'json' }
  const params = new Params({ action: 'Ask', version: 'v1', pathname, ...how, ...types })
  return (await client.callApi(params, new OpenApiRequest({ query }), {})).body
}

describe('a session', () => {
  it('given a session policy, then /v1/can is narrowed, and revoking ends it for good', async () => {
    const Statement = [{ Effect: 'Allow', Action: 'iot:Query*', Resource: '*' }]
    const { AssumedRoleUser, Credentials } = await as(alice).sts('AssumeRole', {
      RoleArn: `acs:ram::${journey.accountId}:role/iot`,
      RoleSessionName: 'app',
      Policy: JSON.stringify({ Version: '1', Statement }),
    })
    const session: Keys = {
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    }
    const { Arn } = await as(session).sts('GetCallerIdentity')
    const can = (principal: string, action: string) =>
      call('GET', '/v1/can', { principal, action, resource: '*' })
    for (const arn of [Arn, AssumedRoleUser.Arn]) {
      expect((await can(arn, 'iot:QueryDevice')).allowed).toBe(true)
      expect(await can(arn, 'iot:DeleteProduct')).toMatchObject({
        allowed: false,
        unit: 'SessionPolicy',
      })
    }

    const { session: known } = await can(Arn, 'iot:QueryDevice')
    const revoked = await call('POST', `/v1/sessions/${known.sessionIds[0]}/revoke`)
    expect(revoked).toMatchObject({ revoked: true })
    const whoAmI = () => refusalOf(as(session).sts('GetCallerIdentity'))
    expect(await whoAmI()).toBe('InvalidSecurityToken.Expired')
    journey = await journey.restart()
    expect(await whoAmI()).toBe('InvalidSecurityToken.Expired')
  })
})
