/** AssumeRole and GetCallerIdentity, by the official client against the started server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OfficialClient, type Parameters, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
let app: OfficialClient
let plain: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  app = await userWith(journey, root, 'app', [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  ])
  plain = await userWith(journey, root, 'plain')
  const Principal = { RAM: [`acs:ram::${journey.accountId}:root`] }
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] })
  await root.ram('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument })
})
afterAll(() => journey.end())

const visit = (others: Parameters = {}): Parameters => ({
  RoleArn: `acs:ram::${journey.accountId}:role/reader`,
  RoleSessionName: 'visit',
  ...others,
})

describe('AssumeRole', () => {
  it('given permission and trust, when AssumeRole, then the credentials are those of the role', async () => {
    const { Credentials } = await app.sts('AssumeRole', visit())
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = Credentials
    const keys = { accessKeyId, accessKeySecret, securityToken: Credentials.SecurityToken }
    const { Arn } = await connect(journey, keys).sts('GetCallerIdentity')
    expect(Arn).toBe(`acs:ram::${journey.accountId}:assumed-role/reader/visit`)
  })
  it.each([
    ['an ARN of no role', 'InvalidParameter.RoleArn', { RoleArn: 'acs:ram::1:user/x' }],
    ['a name of one letter', 'InvalidParameter.RoleSessionName', { RoleSessionName: 'x' }],
    ['less than 15 minutes', 'InvalidParameter.DurationSeconds', { DurationSeconds: 899 }],
    ['longer than the role allows', 'InvalidParameter.DurationSeconds', { DurationSeconds: 3601 }],
    ['a policy that is none', 'InvalidParameter.PolicyGrammar', { Policy: '{' }],
    ['a policy that is too long', 'InvalidParameter.PolicySize', { Policy: 'x'.repeat(4096) }],
    ['an external id with a space', 'InvalidParameter.ExternalId', { ExternalId: 'a b' }],
    [
      'a source identity with a space',
      'InvalidParameter.SourceIdentity',
      { SourceIdentity: 'a b' },
    ],
  ])('given %s, when AssumeRole, then %s', async (_, code, others) => {
    expect(await refusalOf(app.sts('AssumeRole', visit(others)))).toBe(code)
  })
  it('given no such role, when AssumeRole, then EntityNotExist.Role', async () => {
    const RoleArn = `acs:ram::${journey.accountId}:role/none`
    expect(await refusalOf(app.sts('AssumeRole', visit({ RoleArn })))).toBe('EntityNotExist.Role')
  })
  it('given root, or a user without permission, when AssumeRole, then NoPermission', async () => {
    for (const caller of [root, plain])
      expect(await refusalOf(caller.sts('AssumeRole', visit()))).toBe('NoPermission')
  })
})

describe('GetCallerIdentity', () => {
  it('given nobody with any permission, when GetCallerIdentity, then it says who calls', async () => {
    const { AccountId, IdentityType, Arn } = await plain.sts('GetCallerIdentity')
    expect({ AccountId, IdentityType, Arn }).toEqual({
      AccountId: journey.accountId,
      IdentityType: 'RAMUser',
      Arn: `acs:ram::${journey.accountId}:user/plain`,
    })
  })
})
