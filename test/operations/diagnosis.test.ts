/** Diagnostic messages of refusals, by the official client against the started server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type OfficialClient, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect, refusedBody, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
let other: Journey
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  other = await startJourney()
})
afterAll(async () => {
  await journey.end()
  await other.end()
})

/** The message that came with a refusal. */
const messageOf = async (call: Promise<unknown>): Promise<string> =>
  (await refusedBody(call)).accessDeniedDetail.EncodedDiagnosticMessage

const decode = async (EncodedDiagnosticMessage: string, by = root): Promise<Body> =>
  (await by.ram('DecodeDiagnosticMessage', { EncodedDiagnosticMessage })).DecodedDiagnosticMessage

const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource })
const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource })

const createRole = (RoleName: string, principal: string) =>
  root.ram('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [principal] } }],
    }),
  })

describe('DecodeDiagnosticMessage', () => {
  it('given a deny, when DecodeDiagnosticMessage, then the policy that said no, where it comes from and why', async () => {
    const alice = await userWith(journey, root, 'alice', [allow('ram:*'), deny('ram:DeleteUser')])
    const message = await messageOf(alice.ram('DeleteUser', { UserName: 'bob' }))
    expect(message).toMatch(/^AQEAAAAA/)
    expect(message.length).toBeLessThan(1500)
    const { User } = await root.ram('GetUser', { UserName: 'alice' })
    const said = await decode(message)
    expect(said).toEqual({
      AuthAction: 'ram:DeleteUser',
      AuthResource: `acs:ram:*:${journey.accountId}:user/bob`,
      ExplicitDeny: true,
      NoPermissionPolicyType: 'AccountLevelIdentityBasedPolicy',
      AuthPrincipal: {
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: journey.accountId,
        AuthPrincipalDisplayName: User.UserId,
      },
      AuthConditions: expect.arrayContaining([
        { ConditionKey: 'acs:sourceip', ConditionValues: ['127.0.0.1'] },
        { ConditionKey: 'acs:securetransport', ConditionValues: ['false'] },
      ]),
      MatchedPolicies: ['Allow', 'Deny'].map((Effect) => ({
        PolicyIdentifier: 'of-alice',
        PolicyType: 'Custom',
        PolicyVersion: 'v1',
        Effect,
        AttachedEntityType: 'User',
        AttachedScope: 'Account',
      })),
    })
  })
  it('given policies that changed since, when DecodeDiagnosticMessage, then those of the refusal are told', async () => {
    const erin = await userWith(journey, root, 'erin', [deny('ram:*')])
    const message = await messageOf(erin.ram('ListUsers'))
    const attached = { PolicyType: 'Custom', PolicyName: 'of-erin', UserName: 'erin' }
    await root.ram('DetachPolicyFromUser', attached)
    await root.ram('DeletePolicy', { PolicyName: 'of-erin' })
    expect((await decode(message)).MatchedPolicies).toMatchObject([
      { PolicyIdentifier: 'of-erin', Effect: 'Deny' },
    ])
  })
  it('given no policy at all, when DecodeDiagnosticMessage, then nothing matched', async () => {
    const carol = await userWith(journey, root, 'carol')
    const message = await messageOf(carol.ram('ListUsers'))
    expect(await decode(message)).toMatchObject({ ExplicitDeny: false, MatchedPolicies: [] })
  })
  it('given two resources, when DecodeDiagnosticMessage, then the one that was refused', async () => {
    const dave = await userWith(journey, root, 'dave', [
      allow('ram:AddUserToGroup', 'acs:ram:*:*:user/*'),
    ])
    const joined = { UserName: 'dave', GroupName: 'devs' }
    const message = await messageOf(dave.ram('AddUserToGroup', joined))
    const resource = `acs:ram:*:${journey.accountId}:group/devs`
    expect(await decode(message)).toMatchObject({ AuthResource: resource })
  })
  it('given a refused AssumeRole, when DecodeDiagnosticMessage, then which side did not allow', async () => {
    const frank = await userWith(journey, root, 'frank', [allow('sts:AssumeRole')])
    await createRole('vault', `acs:ram::${journey.accountId}:user/carol`)
    const RoleArn = `acs:ram::${journey.accountId}:role/vault`
    const message = await messageOf(
      frank.sts('AssumeRole', { RoleArn, RoleSessionName: 'app', ExternalId: 'e-1' }),
    )
    const said = await decode(message)
    expect(said).toMatchObject({
      AuthAction: 'sts:AssumeRole',
      AuthResource: RoleArn.replace('::', ':*:'),
      NoPermissionPolicyType: 'AssumeRolePolicy',
      MatchedPolicies: [{ PolicyIdentifier: 'of-frank', Effect: 'Allow' }],
    })
    expect(said.AuthConditions).toContainEqual({
      ConditionKey: 'sts:externalid',
      ConditionValues: ['e-1'],
    })
  })
  it('given a session with a policy of its own, when DecodeDiagnosticMessage, then that policy did not allow', async () => {
    const gina = await userWith(journey, root, 'gina', [allow('sts:AssumeRole')])
    await createRole('ops', `acs:ram::${journey.accountId}:root`)
    await root.ram('AttachPolicyToRole', {
      PolicyType: 'System',
      PolicyName: 'AdministratorAccess',
      RoleName: 'ops',
    })
    const { Credentials } = await gina.sts('AssumeRole', {
      RoleArn: `acs:ram::${journey.accountId}:role/ops`,
      RoleSessionName: 'app',
      Policy: JSON.stringify({ Version: '1', Statement: [allow('ots:*')] }),
    })
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = Credentials
    const keys = { accessKeyId, accessKeySecret, securityToken: Credentials.SecurityToken }
    const message = await messageOf(connect(journey, keys).ram('ListUsers'))
    expect(await decode(message)).toMatchObject({
      NoPermissionPolicyType: 'SessionPolicy',
      AuthPrincipal: {
        AuthPrincipalType: 'AssumedRoleUser',
        AuthPrincipalDisplayName: 'ops:app',
      },
      MatchedPolicies: [
        {
          PolicyIdentifier: 'AdministratorAccess',
          PolicyType: 'System',
          AttachedEntityType: 'Role',
        },
      ],
    })
  })
  it('given a switch that is off, when DecodeDiagnosticMessage, then that it was the switch', async () => {
    const user = await userWith(journey, root, 'switched', [allow('ram:ChangePassword')])
    const change = () => user.ram('ChangePassword', { OldPassword: 'a', NewPassword: 'b' })
    const SecurityPreference = 'SecurityPreference.AllowUserToChangePassword'
    await root.ram('SetSecurityPreference', { AllowUserToChangePassword: false })
    const refused = await refusedBody(change())
    const switchedOff = await messageOf(change())
    await root.ram('SetSecurityPreference', { AllowUserToChangePassword: true })
    expect(refused).toMatchObject({ code: 'NoPermission', statusCode: 403 })
    expect(refused.message).toContain('"AllowUserToChangePassword" of its security preference')
    expect(await decode(switchedOff)).toMatchObject({
      AuthAction: 'ram:ChangePassword',
      AuthResource: `acs:ram:*:${journey.accountId}:user/switched`,
      NoPermissionPolicyType: SecurityPreference,
      MatchedPolicies: [],
    })
    expect(await refusalOf(change())).not.toBe('NoPermission')
  })
  it('given a policy that denies it too, when DecodeDiagnosticMessage, then that policy', async () => {
    const user = await userWith(journey, root, 'denied', [deny('ram:ChangePassword')])
    await root.ram('SetSecurityPreference', { AllowUserToChangePassword: false })
    const change = { OldPassword: 'a', NewPassword: 'b' }
    const message = await messageOf(user.ram('ChangePassword', change))
    await root.ram('SetSecurityPreference', { AllowUserToChangePassword: true })
    expect(await decode(message)).toMatchObject({
      NoPermissionPolicyType: 'AccountLevelIdentityBasedPolicy',
      MatchedPolicies: [{ PolicyIdentifier: 'of-denied', Effect: 'Deny' }],
    })
  })
  it('given a service linked role, when DecodeDiagnosticMessage, then that it is one', async () => {
    const call = createRole('AliyunServiceRoleForEcs', `acs:ram::${journey.accountId}:root`)
    const message = await messageOf(call)
    expect(await decode(message)).toMatchObject({
      AuthAction: 'ram:CreateRole',
      AuthResource: `acs:ram:*:${journey.accountId}:role/*`,
      NoPermissionPolicyType: 'ServiceLinkedRole',
      AuthPrincipal: { AuthPrincipalType: 'Account' },
    })
  })
  it('given fifty long names, when DecodeDiagnosticMessage, then the message is still small', async () => {
    const hugo = await userWith(journey, root, 'hugo', [deny('ram:*')])
    const ResourceNames = Array.from({ length: 50 }, (_, n) => `${'p'.repeat(120)}${n}`)
    const Tag = [{ Key: 'k', Value: 'v' }]
    const message = await messageOf(
      hugo.ram('TagResources', { ResourceType: 'policy', ResourceNames, Tag }),
    )
    expect(message.length).toBeLessThan(8192)
    expect(await decode(message)).toMatchObject({
      AuthAction: 'ram:TagResources',
      ExplicitDeny: true,
      MatchedPolicies: [{ PolicyIdentifier: 'of-hugo' }],
    })
  })
  it('given a message that is not one, or of another account, when DecodeDiagnosticMessage, then InvalidParameter.EncodedDiagnosticMessage', async () => {
    const stranger = await userWith(other, connect(other, other.root), 'stranger')
    const foreign = await messageOf(stranger.ram('ListUsers'))
    const page = await root.ram('ListUsers', { MaxItems: 1 })
    for (const text of ['AQEAAAAA', 'made up', foreign, `AQEAAAAA${page.Marker}`])
      expect(await refusalOf(decode(text))).toBe('InvalidParameter.EncodedDiagnosticMessage')
  })
  it('given no message, when DecodeDiagnosticMessage, then MissingParameter.EncodedDiagnosticMessage', async () => {
    expect(await refusalOf(root.ram('DecodeDiagnosticMessage', {}))).toBe(
      'MissingParameter.EncodedDiagnosticMessage',
    )
  })
  it('given no permission, when DecodeDiagnosticMessage, then NoPermission, also about oneself', async () => {
    const ivan = await userWith(journey, root, 'ivan')
    const message = await messageOf(ivan.ram('ListUsers'))
    expect(await refusalOf(decode(message, ivan))).toBe('NoPermission')
    const judge = await userWith(journey, root, 'judge', [allow('ram:DecodeDiagnosticMessage')])
    expect(await decode(message, judge)).toMatchObject({ AuthAction: 'ram:ListUsers' })
  })
})
