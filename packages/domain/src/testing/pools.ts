/** Small pools to draw from: so few names that commands meet, collide and come back. */
import * as fc from 'fast-check'
import type { AccessKeyOwnerName } from '../account/access-key/commands.js'
import type { AttachmentTargetName, PolicyType } from '../account/attachment/commands.js'
import type { EntityGiven, EntityRef, PrincipalName } from '../account/entity/commands.js'
import { type EntityKind, EntityName, EntityType } from '../account/entity/limits.js'
import {
  Comments,
  Description,
  MaxSessionDuration,
  ProviderDescription,
  Tags,
} from '../account/limits.js'
import {
  ClientId,
  ClientIds,
  Fingerprint,
  Fingerprints,
  IssuanceLimit,
  IssuerUrl,
} from '../account/oidc-provider/limits.js'
import type { RotateStrategy } from '../account/policy/commands.js'
import type { SamlMetadata } from '../account/saml-provider/metadata.js'
import { AccessRecording } from '../account/settings/access-recording.js'
import { PASSWORD_POLICY_DEFAULT, PasswordPolicy } from '../account/settings/password-policy.js'
import { SecurityPreferenceChanges } from '../account/settings/security-preference.js'
import type { AccessKeyStatus } from '../names.js'
import {
  GroupName,
  PolicyName,
  ProviderName,
  RoleName,
  Sealed,
  UserName,
  VersionId,
  VirtualMFADeviceName,
} from '../names.js'
import { known } from './known.js'
import {
  allowing,
  entityIdOf,
  otherAccountId,
  sampleAccountId,
  trusting,
  trustingPrincipals,
} from './samples.js'

/** One of these texts, decoded once. */
const oneOf = <A>(
  codec: Parameters<typeof known<A>>[0],
  ...inputs: ReadonlyArray<unknown>
): fc.Arbitrary<A> => fc.constantFrom(...inputs.map((input) => known(codec, input)))

export const userName = oneOf(UserName, 'alice', 'Alice', 'bob', 'carol')
export const groupName = oneOf(GroupName, 'devs', 'DEVS', 'ops')
export const roleName = oneOf(RoleName, 'deployer', 'Deployer', 'auditor')
export const policyName = oneOf(PolicyName, 'read-table', 'Read-Table', 'ship')
export const systemPolicyName = oneOf(
  PolicyName,
  'AdministratorAccess',
  'aliyunotsreadonlyaccess',
  'NoSuchAccess',
)
export const deviceName = oneOf(VirtualMFADeviceName, 'phone', 'Phone', 'token')
export const tags = oneOf(
  Tags,
  [{ key: 'team', value: 'dev' }],
  [
    { key: 'stage', value: '' },
    { key: 'team', value: 'ops' },
  ],
  Array.from({ length: 19 }, (_, n) => ({ key: `k${n}`, value: 'v' })),
)
export const versionId = oneOf(VersionId, 'v1', 'v2', 'v3', 'v5', 'v8')
export const sealed = oneOf(Sealed, 'pii1.AAAA', 'pii1.BBBB')
export const comments = oneOf(Comments, '', 'on call')
export const description = oneOf(Description, 'nightly', 'weekly')
export const maxSessionDuration = oneOf(MaxSessionDuration, 3600, 43_200)
export const status = fc.constantFrom<AccessKeyStatus>('Active', 'Inactive')
export const document = fc.constantFrom(allowing('ots:Get*'), allowing('oss:*', 'ecs:*'))

export const providerName = oneOf(ProviderName, 'ci', 'CI', 'corp')
export const issuerUrl = oneOf(IssuerUrl, 'https://issuer.example', 'https://id.example:8443/ci')
export const clientId = oneOf(ClientId, 'sts.aliyuncs.com', 'app-1', 'app-2')
export const clientIds = oneOf(ClientIds, [], ['app-1'], ['app-2', 'app-1', 'app-3'])
export const fingerprint = oneOf(Fingerprint, 'a'.repeat(40), 'b'.repeat(64), 'c'.repeat(40))
export const fingerprints = oneOf(Fingerprints, [], ['a'.repeat(40)], ['b'.repeat(64)])
export const issuanceLimit = oneOf(IssuanceLimit, 1, 12)
export const providerDescription = oneOf(ProviderDescription, '', 'builds')
export const metadata = fc.constantFrom<SamlMetadata>(
  { document: 'PEE+', entityId: 'https://idp.example', certificates: ['AAAA'] },
  { document: 'PEI+', entityId: 'https://idp.example', certificates: ['BBBB'], validUntil: 9 },
)

export const recording = oneOf(
  AccessRecording,
  { type: 'All' },
  { type: 'Denials' },
  { type: 'Sampled', oneIn: 10 },
)

export const passwordPolicy = oneOf(
  PasswordPolicy,
  PASSWORD_POLICY_DEFAULT,
  { ...PASSWORD_POLICY_DEFAULT, passwordReusePrevention: 1, maxLoginAttempts: 5 },
  { ...PASSWORD_POLICY_DEFAULT, passwordReusePrevention: 3, hardExpiry: true },
)
export const securityChanges = oneOf(
  SecurityPreferenceChanges,
  {},
  { allowUserToManageAccessKeys: true, loginNetworkMasks: '10.0.0.0/8' },
  { loginNetworkMasks: '', loginSessionDuration: 1 },
)

export const rotateStrategy = fc.constantFrom<RotateStrategy>(
  'None',
  'DeleteOldestNonDefaultVersionWhenLimitExceeded',
)

/** Trust in everybody, in a user or a role by name, in another account, and in a service. */
export const trustPolicy = fc.constantFrom(
  trusting(['root']),
  trusting(['user/alice']),
  trusting(['role/deployer', 'user/bob']),
  trusting(['user/zoe'], otherAccountId),
  trustingPrincipals({ Service: ['ecs.aliyuncs.com'] }),
  trustingPrincipals({ Federated: [`acs:ram::${sampleAccountId}:oidc-provider/ci`] }),
  trustingPrincipals({ Federated: [`acs:ram::${sampleAccountId}:saml-provider/corp`] }),
)

export const owner: fc.Arbitrary<AccessKeyOwnerName> = fc.oneof(
  fc.constant({ type: 'Account' as const }),
  fc.record({ type: fc.constant('User' as const), userName }),
)

export const target: fc.Arbitrary<AttachmentTargetName> = fc.oneof(
  fc.record({ type: fc.constant('User' as const), userName }),
  fc.record({ type: fc.constant('Group' as const), groupName }),
  fc.record({ type: fc.constant('Role' as const), roleName }),
)

type NamedPolicy = { readonly policyType: PolicyType; readonly policyName: PolicyName }
export const policy: fc.Arbitrary<NamedPolicy> = fc.oneof(
  fc.record({ policyType: fc.constant('Custom' as const), policyName }),
  fc.record({ policyType: fc.constant('System' as const), policyName: systemPolicyName }),
)

const entity: fc.Arbitrary<EntityRef> = fc.record({
  kind: fc.constantFrom<EntityKind>('Subject', 'Resource'),
  entityType: oneOf(EntityType, 'user'),
  name: oneOf(EntityName, '1', 'a b'),
})
const principalName: fc.Arbitrary<PrincipalName> = fc.oneof(
  fc.record({ type: fc.constant('User' as const), userName }),
  fc.record({ type: fc.constant('Role' as const), roleName }),
)

/** Up to two entities, all with one id: whoever draws them gives each its own. */
export const entitiesGiven: fc.Arbitrary<ReadonlyArray<EntityGiven>> = fc.array(
  fc
    .tuple(entity, fc.array(principalName, { maxLength: 1 }), fc.option(sealed))
    .map(([named, actsAs, properties]) => ({
      entityId: entityIdOf(0),
      ...named,
      actsAs,
      ...(properties === null ? {} : { properties }),
    })),
  { maxLength: 2, size: 'max' },
)
export const entityRefs: fc.Arbitrary<ReadonlyArray<EntityRef>> = fc.array(entity, {
  minLength: 1,
  maxLength: 2,
})
