/** What can become of a role, and whom it may trust. */
import { describe, it } from 'vitest'
import { PolicyName, ProviderName, RoleName, UserName } from '../../names.js'
import {
  known,
  otherAccountId,
  providerIdOf,
  roleIdOf,
  sampleAccountId,
  specify,
  trusting,
  trustingPrincipals,
  userIdOf,
} from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { Description, MaxSessionDuration, Tags } from '../limits.js'
import { DEFAULT_QUOTAS } from '../quotas.js'

const given = specify(accountDecider({ ...DEFAULT_QUOTAS, rolesPerAccount: 2 }))
const deployer = known(RoleName, 'deployer')
const auditor = known(RoleName, 'auditor')
const alice = known(UserName, 'alice')
const roleId = roleIdOf(1)
const userId = userIdOf(1)
const trustPolicy = trusting(['root'])
const maxSessionDuration = known(MaxSessionDuration, 3600)
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const user = { type: 'UserCreated', userId, userName: alice } as const
const created = {
  type: 'RoleCreated',
  roleId,
  roleName: deployer,
  trustPolicy,
  maxSessionDuration,
  trustees: [],
} as const
const auditorCreated = { ...created, roleId: roleIdOf(2), roleName: auditor } as const
const linked = { ...created, roleName: known(RoleName, 'AliyunServiceRoleForEcs') } as const
const deleted = { type: 'RoleDeleted', roleId, roleName: deployer } as const
const attached = {
  type: 'PolicyAttached',
  policy: { type: 'System', policyName: known(PolicyName, 'ReadOnlyAccess') },
  target: { type: 'Role', roleId },
} as const
const missing = (principal: string) => ({ type: 'TrustedPrincipalNotFound', principal }) as const

describe('CreateRole', () => {
  const create = {
    type: 'CreateRole',
    roleId,
    roleName: deployer,
    trustPolicy,
    maxSessionDuration,
  } as const

  it('given no such role, then it is created', () => {
    const description = known(Description, 'nightly')
    const tags = known(Tags, [{ key: 'team', value: 'dev' }])
    given(opened)
      .when({ ...create, description, tags })
      .thenEmits({ ...created, description, tags })
  })
  it('given trust in a user and a role, then their ids are recorded', () => {
    const trust = trusting(['user/Alice', 'role/auditor', 'root'])
    given(opened, user, auditorCreated)
      .when({ ...create, trustPolicy: trust })
      .thenEmits({
        ...created,
        trustPolicy: trust,
        trustees: [
          { type: 'User', userId, name: 'alice' },
          { type: 'Role', roleId: roleIdOf(2), name: 'auditor' },
        ],
      })
  })
  it('given trust in a service and in another account, then they are taken as they are', () => {
    const trust = trustingPrincipals({
      RAM: [`acs:ram::${otherAccountId}:root`],
      Service: ['ecs.aliyuncs.com'],
      Federated: [`acs:ram::${otherAccountId}:saml-provider/corp`],
    })
    given(opened)
      .when({ ...create, trustPolicy: trust })
      .thenEmits({ ...created, trustPolicy: trust })
  })
  it('given trust in principals of another account, then the ids found there are recorded', () => {
    const trust = trusting(['user/Zoe', 'role/ci'], otherAccountId)
    const zoe = {
      type: 'User',
      accountId: otherAccountId,
      userId: userIdOf(7),
      name: 'zoe',
    } as const
    const ci = { type: 'Role', accountId: otherAccountId, roleId: roleIdOf(7), name: 'ci' } as const
    const eve = { ...zoe, userId: userIdOf(8), name: 'eve' }
    given(opened)
      .when({ ...create, trustPolicy: trust, trusteesElsewhere: [eve, ci, zoe] })
      .thenEmits({ ...created, trustPolicy: trust, trustees: [zoe, ci] })
  })
  it('given trust in principals of another account that were not found, then it is refused', () => {
    const trust = trusting(['user/zoe'], otherAccountId)
    const role = {
      type: 'Role',
      accountId: otherAccountId,
      roleId: roleIdOf(7),
      name: 'zoe',
    } as const
    const own = { type: 'User', userId, name: 'zoe' } as const
    for (const trusteesElsewhere of [[], [role], [own]])
      given(opened)
        .when({ ...create, trustPolicy: trust, trusteesElsewhere })
        .thenRefused(missing(`acs:ram::${otherAccountId}:user/zoe`))
  })
  it('given the name of a service-linked role, then it is refused', () => {
    given(opened)
      .when({ ...create, roleName: linked.roleName })
      .thenRefused({ type: 'ServiceLinkedRoleProtected', roleName: linked.roleName })
  })
  it('given trust in a user, a role or a provider that is not there, then it is refused', () => {
    for (const name of ['user/bob', 'role/deployer', 'user/alice'])
      given(opened)
        .when({ ...create, trustPolicy: trusting(['root', name]) })
        .thenRefused(missing(`acs:ram::${sampleAccountId}:${name}`))
    const provider = `acs:ram::${sampleAccountId}:oidc-provider/ci`
    given(opened)
      .when({ ...create, trustPolicy: trustingPrincipals({ Federated: [provider] }) })
      .thenRefused(missing(provider))
  })
  it('given a missing principal and a taken name, then the principal is what is refused', () => {
    given(opened, created)
      .when({ ...create, roleId: roleIdOf(3), trustPolicy: trusting(['user/bob']) })
      .thenRefused(missing(`acs:ram::${sampleAccountId}:user/bob`))
  })
  it('given a role of that name in a full account, then the name is what is refused', () => {
    const roleName = known(RoleName, 'Deployer')
    given(opened, created, auditorCreated)
      .when({ ...create, roleId: roleIdOf(3), roleName })
      .thenRefused({ type: 'RoleAlreadyExists', roleName })
  })
  it('given a full account, then it is refused', () => {
    given(opened, created, auditorCreated)
      .when({ ...create, roleId: roleIdOf(3), roleName: known(RoleName, 'third') })
      .thenRefused({ type: 'RoleLimitExceeded', limit: 2 })
  })
  it('given the same role, then nothing changes', () => {
    given(opened, created, auditorCreated).when(create).thenUnchanged()
  })
})

describe('UpdateRole', () => {
  const update = { type: 'UpdateRole', roleName: deployer } as const
  const trust = trusting(['user/alice'])
  const trustee = { type: 'User', userId, name: 'alice' } as const
  const trustChanged = {
    type: 'RoleTrustChanged',
    roleId,
    trustPolicy: trust,
    trustees: [trustee],
  } as const

  it('given the role, then trust and settings are recorded apart', () => {
    given(opened, user, created)
      .when({
        ...update,
        newTrustPolicy: trust,
        newDescription: known(Description, 'weekly'),
        newMaxSessionDuration: known(MaxSessionDuration, 7200),
      })
      .thenEmits(trustChanged, {
        type: 'RoleUpdated',
        roleId,
        description: 'weekly',
        maxSessionDuration: 7200,
      })
  })
  it('given no such role, then it is refused', () => {
    given(opened).when(update).thenRefused({ type: 'RoleNotFound', roleName: deployer })
  })
  it('given a service-linked role, then it is refused', () => {
    given(opened, linked)
      .when({ ...update, roleName: linked.roleName, newTrustPolicy: trusting(['user/bob']) })
      .thenRefused({ type: 'ServiceLinkedRoleProtected', roleName: linked.roleName })
  })
  it('given trust in a user that is not there, then it is refused', () => {
    given(opened, created)
      .when({ ...update, newTrustPolicy: trust })
      .thenRefused(missing(`acs:ram::${sampleAccountId}:user/alice`))
  })
  it('given a role that is to trust itself, then it does', () => {
    const itself = trusting(['role/deployer'])
    given(opened, created)
      .when({ ...update, newTrustPolicy: itself })
      .thenEmits({
        ...trustChanged,
        trustPolicy: itself,
        trustees: [{ type: 'Role', roleId, name: 'deployer' }],
      })
  })
  it('given what is asked already, then nothing changes', () => {
    given(opened, user, created, trustChanged)
      .when({ ...update, newTrustPolicy: trust, newMaxSessionDuration: maxSessionDuration })
      .thenUnchanged()
  })
  it('given the same text and a later holder of the name, then trust passes on request', () => {
    const gone = { type: 'UserDeleted', userId, userName: alice } as const
    const again = { ...user, userId: userIdOf(2) } as const
    given(opened, user, created, trustChanged, gone, again)
      .when({ ...update, newTrustPolicy: trust })
      .thenEmits({ ...trustChanged, trustees: [{ ...trustee, userId: userIdOf(2) }] })
  })
})

describe('trust in an identity provider', () => {
  const trustChanged = { type: 'RoleTrustChanged', roleId } as const
  const providerId = providerIdOf(1)
  const providerName = known(ProviderName, 'CI')
  const provider = {
    type: 'OIDCProviderCreated',
    providerId,
    providerName,
    issuerUrl: 'https://issuer.example',
    clientIds: [],
    fingerprints: [],
    issuanceLimitHours: 12,
  } as const
  const arn = `acs:ram::${sampleAccountId}:oidc-provider/ci`
  const change = {
    type: 'UpdateRole',
    roleName: deployer,
    newTrustPolicy: trustingPrincipals({ Federated: [arn] }),
  } as const
  const trusted = { type: 'Provider', providerId, name: 'oidc-provider/ci' } as const

  it('given the provider, then trust means that very provider', () => {
    given(opened, created, provider)
      .when(change)
      .thenEmits({ ...trustChanged, trustPolicy: change.newTrustPolicy, trustees: [trusted] })
  })
  it('given no such provider, or one of the other kind, then it is refused', () => {
    given(opened, created).when(change).thenRefused(missing(arn))
    const saml = arn.replace('oidc', 'saml')
    given(opened, created, provider)
      .when({ ...change, newTrustPolicy: trustingPrincipals({ Federated: [saml] }) })
      .thenRefused(missing(saml))
  })
  it('given a provider of another account, then nothing is known of it', () => {
    const newTrustPolicy = trustingPrincipals({
      Federated: [`acs:ram::${otherAccountId}:oidc-provider/ci`],
    })
    given(opened, created)
      .when({ ...change, newTrustPolicy })
      .thenEmits({ ...trustChanged, trustPolicy: newTrustPolicy, trustees: [] })
  })
})

describe('DeleteRole', () => {
  const remove = { type: 'DeleteRole', roleName: deployer } as const

  it('given a role without policies, then it is deleted', () => {
    given(opened, created).when(remove).thenEmits(deleted)
  })
  it('given no such role, then it is refused', () => {
    given(opened).when(remove).thenRefused({ type: 'RoleNotFound', roleName: deployer })
  })
  it('given a service-linked role with policies, then it is refused as such', () => {
    given(opened, linked, attached)
      .when({ ...remove, roleName: linked.roleName })
      .thenRefused({ type: 'ServiceLinkedRoleProtected', roleName: linked.roleName })
  })
  it('given policies, then it is refused', () => {
    given(opened, created, attached)
      .when(remove)
      .thenRefused({ type: 'RoleHasPolicies', roleName: deployer })
  })
  it('given it was deleted before, then it is refused', () => {
    given(opened, created, deleted)
      .when(remove)
      .thenRefused({ type: 'RoleNotFound', roleName: deployer })
  })
})
