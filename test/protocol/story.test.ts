/** The story of an account over the wire: users, groups, policies, roles and sessions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ots:*","Resource":"*"}]}'
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
const ARN = `acs:ram::${ACCOUNT}:role/iot`
const SYSTEM = { PolicyType: 'System' }

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

describe('users and groups', () => {
  it('given a user with a profile, then it is shown and changed member by member', async () => {
    const created = await server.call('CreateUser', {
      UserName: 'Alice',
      DisplayName: 'Alice é',
      Email: 'alice@example.com',
      Comments: '',
    })
    expect(created.status).toBe(200)
    expect(created.body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      User: {
        UserId: expect.stringMatching(/^\d{18}$/),
        UserName: 'Alice',
        DisplayName: 'Alice é',
        MobilePhone: '',
        Email: 'alice@example.com',
        Comments: '',
        CreateDate: '2026-01-02T03:04:05Z',
      },
    })
    server.clock.advance(1000)
    const updated = await server.call('UpdateUser', {
      UserName: 'alice',
      NewUserName: 'alice2',
      NewEmail: '',
    })
    const got = await server.call('GetUser', { UserName: 'ALICE2' })
    expect(got.body.User).toMatchObject({
      UserId: created.body.User.UserId,
      UserName: 'alice2',
      DisplayName: 'Alice é',
      Email: '',
      UpdateDate: '2026-01-02T03:04:06Z',
      LastLoginDate: '',
    })
    expect(updated.body.User.UserName).toBe('alice2')
    const gone = await server.call('GetUser', { UserName: 'alice' })
    expect([gone.status, gone.body.Code]).toEqual([404, 'EntityNotExist.User'])
  })

  it('given more users than a page holds, then markers lead through all of them once', async () => {
    for (let n = 0; n < 5; n += 1) await server.call('CreateUser', { UserName: `u${n}` })
    const seen: Array<string> = []
    let marker = ''
    do {
      const { body } = await server.call('ListUsers', { MaxItems: '2', Marker: marker })
      seen.push(...body.Users.User.map((user: { UserName: string }) => user.UserName))
      expect(body.IsTruncated).toBe(body.Marker !== undefined)
      marker = body.Marker ?? ''
    } while (marker !== '')
    expect(seen).toEqual(['u0', 'u1', 'u2', 'u3', 'u4'])
    const { body } = await server.call('ListUsers', { MaxItems: '2' })
    const stolen = await server.call('ListRoles', { Marker: body.Marker })
    expect([stolen.status, stolen.body.Code]).toEqual([400, 'InvalidParameter.Marker'])
  })

  it('given a group with a member, then both lists show it and deletion is refused', async () => {
    await server.call('CreateUser', { UserName: 'alice' })
    await server.call('CreateGroup', { GroupName: 'devs', Comments: 'all of them' })
    const membership = { UserName: 'alice', GroupName: 'devs' }
    expect((await server.call('AddUserToGroup', membership)).status).toBe(200)
    const again = await server.call('AddUserToGroup', membership)
    expect([again.status, again.body.Code]).toEqual([409, 'EntityAlreadyExists.User.Group'])
    const groups = await server.call('ListGroupsForUser', { UserName: 'alice' })
    expect(groups.body.Groups.Group).toMatchObject([
      { GroupName: 'devs', Comments: 'all of them', JoinDate: '2026-01-02T03:04:05Z' },
    ])
    const users = await server.call('ListUsersForGroup', { GroupName: 'devs' })
    expect(users.body.Users.User).toEqual([
      { UserName: 'alice', DisplayName: '', JoinDate: '2026-01-02T03:04:05Z' },
    ])
    const kept = await server.call('DeleteUser', { UserName: 'alice' })
    expect([kept.status, kept.body.Code]).toEqual([409, 'DeleteConflict.User.Group'])
    await server.call('RemoveUserFromGroup', membership)
    const renamed = await server.call('UpdateGroup', { GroupName: 'devs', NewGroupName: 'ops' })
    expect(renamed.body.Group).toMatchObject({ GroupName: 'ops', Comments: 'all of them' })
    expect((await server.call('DeleteGroup', { GroupName: 'ops' })).status).toBe(200)
    expect((await server.call('ListGroups')).body.Groups).toEqual({ Group: [] })
    expect((await server.call('DeleteUser', { UserName: 'alice' })).status).toBe(200)
  })
})

describe('access keys', () => {
  it('given no user name, then the keys are those of the caller', async () => {
    const alice = await server.makeUser('alice', ['AliyunRAMFullAccess'])
    const own = await server.call('ListAccessKeys', {}, alice)
    expect(own.body.AccessKeys.AccessKey).toMatchObject([
      { AccessKeyId: alice.accessKeyId, Status: 'Active' },
    ])
    const roots = await server.call('ListAccessKeys')
    expect(roots.body.AccessKeys.AccessKey).toMatchObject([
      { AccessKeyId: server.root.accessKeyId },
    ])
    const off = { UserAccessKeyId: alice.accessKeyId, UserName: 'alice', Status: 'Inactive' }
    expect((await server.call('UpdateAccessKey', off)).status).toBe(200)
    const inactive = await server.call('GetCallerIdentity', {}, alice)
    expect(inactive.body.Code).toBe('InvalidAccessKeyId.Inactive')
    await server.call('DeleteAccessKey', { UserAccessKeyId: alice.accessKeyId, UserName: 'alice' })
    const deleted = await server.call('GetCallerIdentity', {}, alice)
    expect([deleted.status, deleted.body.Code]).toEqual([404, 'InvalidAccessKeyId.NotFound'])
  })

  it('given a key that signed, then its last use is told; others are not found', async () => {
    const { accessKeyId } = server.root
    const used = await server.call('GetAccessKeyLastUsed', { UserAccessKeyId: accessKeyId })
    expect(used.body.AccessKeyLastUsed).toEqual({ LastUsedDate: '2026-01-02T03:04:05Z' })
    const unknown = await server.call('GetAccessKeyLastUsed', {
      UserAccessKeyId: 'LTAI5tUnknownKey00000001',
    })
    expect(unknown.body.Code).toBe('EntityNotExist.User.AccessKey')
  })
})

describe('policies', () => {
  it('given versions, then the default one is in force and is kept', async () => {
    const tag = { Tag: '[{"Key":"team","Value":"dev"}]' }
    const named = { PolicyName: 'read-ots', PolicyDocument: DOCUMENT }
    const created = await server.call('CreatePolicy', { ...named, ...tag })
    expect(created.body.Policy).toMatchObject({ DefaultVersion: 'v1', PolicyType: 'Custom' })
    const second = await server.call('CreatePolicyVersion', { ...named, SetAsDefault: 'True' })
    expect(second.body.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true })
    const custom = { PolicyType: 'Custom', PolicyName: 'READ-OTS' }
    const got = await server.call('GetPolicy', custom)
    expect(got.body.DefaultPolicyVersion).toMatchObject({ VersionId: 'v2' })
    expect(got.body.Policy).toMatchObject({ AttachmentCount: 0, PolicyDocument: DOCUMENT })
    const kept = await server.call('DeletePolicyVersion', {
      PolicyName: 'read-ots',
      VersionId: 'v2',
    })
    expect(kept.body.Code).toBe('DeleteConflict.Policy.Version.Default')
    const missing = await server.call('GetPolicyVersion', { ...custom, VersionId: 'v9' })
    expect(missing.body.Code).toBe('EntityNotExist.Policy.Version')
    const versions = await server.call('ListPolicyVersions', custom)
    expect(versions.body.PolicyVersions.PolicyVersion).toHaveLength(2)
    const listed = await server.call('ListPolicies', { PolicyType: 'Custom', 'Tag.1.Key': 'team' })
    expect(listed.body.Policies.Policy).toMatchObject([
      { PolicyName: 'read-ots', Tags: { Tag: [{ TagKey: 'team', TagValue: 'dev' }] } },
    ])
    const one = { PolicyName: 'read-ots' }
    expect((await server.call('DeletePolicy', one)).body.Code).toBe('DeleteConflict.Policy.Version')
    expect((await server.call('DeletePolicy', { ...one, CascadingDelete: 'true' })).status).toBe(
      200,
    )
  })

  it('given attachments to all three, then each is listed and not made twice', async () => {
    await server.call('CreateUser', { UserName: 'alice', DisplayName: 'A' })
    await server.call('CreateGroup', { GroupName: 'devs' })
    await server.call('CreateRole', { RoleName: 'iot', AssumeRolePolicyDocument: TRUST })
    const policy = { ...SYSTEM, PolicyName: 'AliyunOTSReadOnlyAccess' }
    const targets = { User: 'alice', Group: 'devs', Role: 'iot' }
    for (const [type, name] of Object.entries(targets)) {
      const call = { ...policy, [`${type}Name`]: name }
      const group = await server.call(`AttachPolicyTo${type}`, { ...call, ResourceGroupId: 'rg-1' })
      expect([group.status, group.body.Code]).toEqual([404, 'EntityNotExists.ResourceGroup'])
      expect((await server.call(`AttachPolicyTo${type}`, call)).status).toBe(200)
      const again = await server.call(`AttachPolicyTo${type}`, call)
      expect(again.body.Code).toBe(`EntityAlreadyExists.${type}.Policy`)
      const listed = await server.call(`ListPoliciesFor${type}`, { [`${type}Name`]: name })
      expect(listed.body.Policies.Policy).toMatchObject([
        { PolicyName: 'AliyunOTSReadOnlyAccess', AttachDate: '2026-01-02T03:04:05Z' },
      ])
    }
    const entities = await server.call('ListEntitiesForPolicy', policy)
    expect(entities.body).toMatchObject({
      Users: { User: [{ UserName: 'alice', DisplayName: 'A' }] },
      Groups: { Group: [{ GroupName: 'devs' }] },
      Roles: { Role: [{ RoleName: 'iot', Arn: ARN }] },
    })
    for (const [type, name] of Object.entries(targets)) {
      const call = { ...policy, [`${type}Name`]: name }
      expect((await server.call(`DetachPolicyFrom${type}`, call)).status).toBe(200)
      const again = await server.call(`DetachPolicyFrom${type}`, call)
      expect([again.status, again.body.Code]).toEqual([404, `EntityNotExist.${type}.Policy`])
    }
  })

  it('given a document with a fault, then the answer names its place', async () => {
    const document = DOCUMENT.replace('Resource', 'Resourse')
    const refused = await server.call('CreatePolicy', {
      PolicyName: 'broken',
      PolicyDocument: document,
    })
    expect([refused.status, refused.body.Code]).toEqual([400, 'MalformedPolicyDocument'])
    expect(refused.body.Message).toContain('/Statement/0')
    const long = await server.call('CreatePolicy', {
      PolicyName: 'long',
      PolicyDocument: ' '.repeat(6145),
    })
    expect(long.body.Code).toBe('InvalidParameter.PolicyDocument.Length')
  })
})

describe('roles and sessions', () => {
  it('given the story of a role, then each step answers as it should', async () => {
    const alice = await server.makeUser('alice')
    const role = await server.call('CreateRole', {
      RoleName: 'iot',
      AssumeRolePolicyDocument: TRUST,
      Description: 'devices',
      MaxSessionDuration: '7200',
    })
    expect(role.body.Role).toMatchObject({ Arn: ARN, MaxSessionDuration: 7200 })
    await server.call('AttachPolicyToRole', {
      ...SYSTEM,
      PolicyName: 'AliyunRAMReadOnlyAccess',
      RoleName: 'iot',
    })
    const ask = { RoleArn: ARN, RoleSessionName: 'app', DurationSeconds: '900' }
    const asRoot = await server.call('AssumeRole', ask)
    expect([asRoot.status, asRoot.body.Code]).toEqual([403, 'NoPermission'])
    const tooEarly = await server.call('AssumeRole', ask, alice)
    expect(tooEarly.body).toMatchObject({
      Code: 'NoPermission',
      AccessDeniedDetail: {
        AuthAction: 'sts:AssumeRole',
        AuthPrincipalType: 'SubUser',
        NoPermissionType: 'ImplicitDeny',
        PolicyType: 'AccountLevelIdentityBasedPolicy',
      },
    })
    await server.call('AttachPolicyToUser', {
      ...SYSTEM,
      PolicyName: 'AliyunSTSAssumeRoleAccess',
      UserName: 'alice',
    })
    const long = await server.call('AssumeRole', { ...ask, DurationSeconds: '7201' }, alice)
    expect([long.status, long.body.Code]).toEqual([400, 'InvalidParameter.DurationSeconds'])
    const assumed = await server.call('AssumeRole', ask, alice)
    expect(assumed.status).toBe(200)
    expect(assumed.body).toMatchObject({
      AssumedRoleUser: {
        Arn: `${ARN}/app`,
        AssumedRoleId: `${role.body.Role.RoleId}:app`,
      },
      Credentials: { Expiration: '2026-01-02T03:19:05Z' },
    })
    const { AccessKeyId, AccessKeySecret, SecurityToken } = assumed.body.Credentials
    const session = {
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
    }
    const identity = await server.call('GetCallerIdentity', {}, session)
    expect(identity.body).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: `acs:ram::${ACCOUNT}:assumed-role/iot/app`,
      RoleId: role.body.Role.RoleId,
    })
    expect((await server.call('ListUsers', {}, session)).status).toBe(200)
    const write = await server.call('CreateUser', { UserName: 'x' }, session)
    expect(write.body.AccessDeniedDetail).toMatchObject({
      AuthPrincipalType: 'AssumedRoleUser',
      AuthPrincipalDisplayName: 'iot:app',
    })
    const keys = await server.call('ListAccessKeys', {}, session)
    expect([keys.status, keys.body.Code]).toEqual([400, 'MissingParameter.UserName'])
    const { securityToken: _, ...bare } = session
    const bareCall = await server.call('GetCallerIdentity', {}, bare)
    expect(bareCall.body.Code).toBe('MissingSecurityToken')
    server.clock.advance(900_000)
    const over = await server.call('GetCallerIdentity', {}, session)
    expect(over.body.Code).toBe('InvalidSecurityToken.Expired')
  })

  it('given a role deleted during a session, then the session ends at once', async () => {
    const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
    await server.call('CreateRole', { RoleName: 'iot', AssumeRolePolicyDocument: TRUST })
    const { body } = await server.call(
      'AssumeRole',
      { RoleArn: ARN, RoleSessionName: 'app' },
      alice,
    )
    const session = {
      accessKeyId: body.Credentials.AccessKeyId,
      accessKeySecret: body.Credentials.AccessKeySecret,
      securityToken: body.Credentials.SecurityToken,
    }
    expect((await server.call('GetCallerIdentity', {}, session)).status).toBe(200)
    await server.call('DeleteRole', { RoleName: 'iot' })
    await server.call('CreateRole', { RoleName: 'iot', AssumeRolePolicyDocument: TRUST })
    const after = await server.call('GetCallerIdentity', {}, session)
    expect(after.body.Code).toBe('InvalidSecurityToken.Expired')
  })

  it('given a role that is updated, then the answer shows its new trust policy', async () => {
    await server.call('CreateRole', { RoleName: 'iot', AssumeRolePolicyDocument: TRUST })
    const trust = TRUST.replace('root', 'user/nobody')
    const update = { RoleName: 'iot', NewAssumeRolePolicyDocument: trust }
    const nobody = await server.call('UpdateRole', update)
    expect([nobody.status, nobody.body.Code]).toEqual([400, 'MalformedPolicyDocument'])
    await server.call('CreateUser', { UserName: 'nobody' })
    const updated = await server.call('UpdateRole', { ...update, NewDescription: 'new' })
    expect(updated.body.Role).toMatchObject({
      AssumeRolePolicyDocument: trust,
      Description: 'new',
    })
    expect((await server.call('ListRoles')).body.Roles.Role).toMatchObject([
      { RoleName: 'iot', Tags: { Tag: [] } },
    ])
  })
})
