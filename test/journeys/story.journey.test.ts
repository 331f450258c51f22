/**
 * The whole story of users, a role and its sessions, told through each official client against
 * the started server.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CLIENT_KINDS, type Keys, refusalOf } from './official-clients.js'
import { type Journey, startJourney } from './server.js'

let journey: Journey
afterEach(() => {
  vi.useRealTimers()
})

const trustOf = (accountId: string): string =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: [`acs:ram::${accountId}:root`] },
      },
    ],
  })
const iotQueryOnly = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'iot:Query*', Resource: '*' }],
})

const keysOf = (body: {
  readonly AccessKey: { readonly AccessKeyId: string; readonly AccessKeySecret: string }
}): Keys => ({
  accessKeyId: body.AccessKey.AccessKeyId,
  accessKeySecret: body.AccessKey.AccessKeySecret,
})

/** Decides for a principal through the engine, as a service that asks grantlog would. */
const can = async (
  roleOrUser: 'User' | 'Role',
  name: string,
  action: string,
  { resource = '*', time }: { readonly resource?: string; readonly time?: number } = {},
) => {
  const accountId = journey.accountId as never
  const principal =
    roleOrUser === 'User'
      ? ({ type: 'User', accountId, userName: name } as const)
      : ({ type: 'Role', accountId, roleName: name } as const)
  const answer = await journey.standalone.engine.ask({
    principal,
    action,
    resources: [resource],
    context: new Map(),
    moment: time === undefined ? { type: 'Now' } : { type: 'AtTime', time },
  })()
  return answer._tag === 'Right' ? answer.right.explanation.outcome : answer.left.type
}

for (const [index, kind] of CLIENT_KINDS.entries())
  describe(`the story through ${kind.name}`, () => {
    const named = (name: string): string => `${name}-${index}`
    const [userA, userB, roleC] = [named('alice'), named('bob'), named('iot')]
    let keysA: Keys
    // Each client has a server of its own: the story moves the clock, and recorded time never
    // goes back.
    beforeAll(async () => {
      journey = await startJourney()
    })
    afterAll(() => journey.end())
    const root = () => kind.connect(journey.endpoint, journey.root)
    const as = (keys: Keys) => kind.connect(journey.endpoint, keys)
    const roleArn = () => `acs:ram::${journey.accountId}:role/${roleC}`
    const assume = (keys: Keys, more: Record<string, string | number> = {}) =>
      as(keys).sts('AssumeRole', { RoleArn: roleArn(), RoleSessionName: 'app', ...more })

    it('1: root makes two users with keys, and they have no rights', async () => {
      const created = await root().ram('CreateUser', {
        UserName: userA,
        DisplayName: 'Alice 爱丽丝',
        Comments: "Al*ce (a&b)~+é!'",
      })
      expect(created.User).toMatchObject({
        UserName: userA,
        DisplayName: 'Alice 爱丽丝',
        Comments: "Al*ce (a&b)~+é!'",
      })
      expect(created.User.UserId).toMatch(/^2\d{17}$/)
      await root().ram('CreateUser', { UserName: userB })
      keysA = keysOf(await root().ram('CreateAccessKey', { UserName: userA }))
      expect(keysA.accessKeyId).toMatch(/^LTAI5t[A-Za-z0-9]{18}$/)
      await root().ram('CreateAccessKey', { UserName: userB })
      expect(await refusalOf(as(keysA).ram('ListUsers'))).toBe('NoPermission')
      expect(await can('User', userA, 'ots:GetRow')).toBe('ImplicitDeny')
    })

    it('2: system policies are attached, and A reads while B writes', async () => {
      const attach = (UserName: string, PolicyName: string) =>
        root().ram('AttachPolicyToUser', { PolicyType: 'System', PolicyName, UserName })
      await attach(userA, 'AliyunOTSReadOnlyAccess')
      await attach(userB, 'AliyunOTSWriteOnlyAccess')
      expect(await can('User', userA, 'ots:GetRow')).toBe('Allow')
      expect(await can('User', userA, 'ots:PutRow')).toBe('ImplicitDeny')
      expect(await can('User', userB, 'ots:PutRow')).toBe('Allow')
      expect(await refusalOf(attach(userA, 'aliyunotsreadonlyaccess'))).toBe(
        'EntityAlreadyExists.User.Policy',
      )
    })

    it('3 and 4: a role that may use IoT comes into being', async () => {
      const { Role } = await root().ram('CreateRole', {
        RoleName: roleC,
        AssumeRolePolicyDocument: trustOf(journey.accountId),
      })
      expect(Role).toMatchObject({ RoleName: roleC, Arn: roleArn(), MaxSessionDuration: 3600 })
      await root().ram('AttachPolicyToRole', {
        PolicyType: 'System',
        PolicyName: 'AliyunIOTFullAccess',
        RoleName: roleC,
      })
      expect(await can('Role', roleC, 'iot:QueryDevice')).toBe('Allow')
    })

    it('5 and 6: neither root nor A may assume it yet', async () => {
      expect(await refusalOf(assume(journey.root))).toBe('NoPermission')
      expect(await refusalOf(assume(keysA))).toBe('NoPermission')
    })

    it('7 to 9: with sts:AssumeRole A gets the rights of the role, and only those', async () => {
      await root().ram('AttachPolicyToUser', {
        PolicyType: 'System',
        PolicyName: 'AliyunSTSAssumeRoleAccess',
        UserName: userA,
      })
      const assumed = await assume(keysA, { DurationSeconds: 900 })
      expect(assumed.AssumedRoleUser.Arn).toBe(`${roleArn()}/app`)
      const session: Keys = sessionKeys(assumed)
      expect(session.accessKeyId).toMatch(/^STS\./)
      const identity = await as(session).sts('GetCallerIdentity')
      expect(identity).toMatchObject({
        IdentityType: 'AssumedRoleUser',
        AccountId: journey.accountId,
        Arn: `acs:ram::${journey.accountId}:assumed-role/${roleC}/app`,
      })
      expect(await refusalOf(as(session).ram('ListUsers'))).toBe('NoPermission')
      expect(await can('Role', roleC, 'iot:QueryDevice')).toBe('Allow')
      expect(await can('Role', roleC, 'ots:GetRow')).toBe('ImplicitDeny')
    })

    it('a policy is described anew, and says so from then on', async () => {
      const PolicyName = named('ship')
      const update = (NewDescription: string, name = PolicyName) =>
        root().ram('UpdatePolicyDescription', { PolicyName: name, NewDescription })
      await root().ram('CreatePolicy', { PolicyName, PolicyDocument: iotQueryOnly })
      const { Policy } = await update('for the fleet')
      expect(Policy).toMatchObject({
        PolicyName,
        PolicyType: 'Custom',
        Description: 'for the fleet',
        DefaultVersion: 'v1',
        UpdateDate: expect.stringMatching(/Z$/),
      })
      const shown = await root().ram('GetPolicy', { PolicyType: 'Custom', PolicyName })
      expect(shown.Policy.Description).toBe('for the fleet')
      expect(await refusalOf(update('x', 'AdministratorAccess'))).toBe('EntityNotExist.Policy')
      expect(await refusalOf(update('x'.repeat(1_025)))).toBe(
        'InvalidParameter.NewDescription.Length',
      )
      expect(await refusalOf(as(keysA).ram('UpdatePolicyDescription', { PolicyName }))).toBe(
        'MissingParameter.NewDescription',
      )
      const denied = { PolicyName, NewDescription: 'x' }
      expect(await refusalOf(as(keysA).ram('UpdatePolicyDescription', denied))).toBe('NoPermission')
    })

    it('10: a session policy narrows the session, never widens it', async () => {
      await root().ram('AttachPolicyToRole', {
        PolicyType: 'System',
        PolicyName: 'AliyunRAMReadOnlyAccess',
        RoleName: roleC,
      })
      const wide = as(sessionKeys(await assume(keysA)))
      expect((await wide.ram('ListUsers')).Users.User.length).toBeGreaterThan(1)
      const narrow = as(sessionKeys(await assume(keysA, { Policy: iotQueryOnly })))
      expect(await refusalOf(narrow.ram('ListUsers'))).toBe('NoPermission')
      expect(await refusalOf(assume(keysA, { Policy: '{"Version":"1"}' }))).toBe(
        'InvalidParameter.PolicyGrammar',
      )
    })

    it('11: after its 900 seconds the session is over, and its end is recorded', async () => {
      const session = sessionKeys(await assume(keysA, { DurationSeconds: 900 }))
      await as(session).sts('GetCallerIdentity')
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 899_000 })
      await as(session).sts('GetCallerIdentity')
      const { engine } = journey.standalone
      const openAtFirst = engine.status().liveSessions
      vi.setSystemTime(Date.now() + 2_000)
      expect(await refusalOf(as(session).sts('GetCallerIdentity'))).toBe(
        'InvalidSecurityToken.Expired',
      )
      await vi.waitFor(() => expect(engine.status().liveSessions).toBeLessThan(openAtFirst), 30_000)
    })

    it('12: what is taken from A ends at once', async () => {
      const before = Date.now()
      await new Promise((resolve) => setTimeout(resolve, 5))
      await root().ram('DetachPolicyFromUser', {
        PolicyType: 'System',
        PolicyName: 'AliyunSTSAssumeRoleAccess',
        UserName: userA,
      })
      expect(await refusalOf(assume(keysA))).toBe('NoPermission')
      expect(await can('User', userA, 'sts:AssumeRole', { resource: roleArn() })).toBe(
        'ImplicitDeny',
      )
      expect(
        await can('User', userA, 'sts:AssumeRole', { resource: roleArn(), time: before }),
      ).toBe('Allow')
      await root().ram('DeleteAccessKey', {
        UserName: userA,
        UserAccessKeyId: keysA.accessKeyId,
      })
      expect(await refusalOf(as(keysA).sts('GetCallerIdentity'))).toBe(
        'InvalidAccessKeyId.NotFound',
      )
    })
  })

const sessionKeys = (body: {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly AccessKeySecret: string
    readonly SecurityToken: string
  }
}): Keys => ({
  accessKeyId: body.Credentials.AccessKeyId,
  accessKeySecret: body.Credentials.AccessKeySecret,
  securityToken: body.Credentials.SecurityToken,
})
