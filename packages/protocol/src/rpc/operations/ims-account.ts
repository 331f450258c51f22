/**
 * The operations of IMS on an account as a whole: the domain that its users sign in under, and how
 * much it has of what it may have.
 */
import { AccountAlias } from '@grantlog/domain'
import { POLICY_DOCUMENT_CHARACTERS_MAX } from '@grantlog/policy'
import { accountNameIn, defaultDomainOf, entityCounts } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked } from '../answers.js'
import { invalid, needed, type Reader } from '../fields.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { changeAlias } from './account-settings.js'

/** Source: IMS, SetDefaultDomain. Unit: characters. */
const DEFAULT_DOMAIN_CHARACTERS_MAX = 64

/** The part of a domain that is the account's own. */
const accountNameText: Reader<string> = (value, name) => {
  if (value.length > DEFAULT_DOMAIN_CHARACTERS_MAX) return invalid(name, 'Length')
  const own = accountNameIn(value)
  return own === value.toLowerCase() || own === '' ? invalid(name, 'Format') : E.right(own)
}

const getDefaultDomain = operation({
  product: 'Ims',
  name: 'GetDefaultDomain',
  kind: 'question',
  parameters: {},
  authorizes: (_, caller) => ({
    action: 'ram:GetDefaultDomain',
    resources: [ramResource(caller, '*')],
  }),
  run: (_, scene) =>
    asked(scene, (directory, accountId) =>
      E.right({ DefaultDomainName: defaultDomainOf(directory, accountId) }),
    ),
})

const setFields = { accountName: needed('DefaultDomainName', accountNameText) }

/** A domain is an alias with what all domains end in, so to set the one is to set the other. */
const setDefaultDomain = operation({
  product: 'Ims',
  name: 'SetDefaultDomain',
  kind: 'command',
  parameters: setFields,
  authorizes: (_, caller) => ({
    action: 'ram:SetDefaultDomain',
    resources: [ramResource(caller, '*')],
  }),
  run: ({ accountName }, scene) => {
    const { accountId } = scene.caller
    const { directory } = scene.engine.views
    if (accountName !== accountId && !AccountAlias.is(accountName))
      return TE.fromEither(invalid('DefaultDomainName', 'Format'))
    return pipe(
      AccountAlias.is(accountName)
        ? changeAlias(scene, { type: 'SetAccountAlias', accountId, alias: accountName })
        : changeAlias(scene, { type: 'ClearAccountAlias', accountId }),
      TE.map((answer) => ({
        ...answer,
        members: { DefaultDomainName: defaultDomainOf(directory, accountId) },
      })),
    )
  },
})

const getAccountSummary = operation({
  product: 'Ims',
  name: 'GetAccountSummary',
  kind: 'question',
  parameters: {},
  authorizes: (_, caller) => ({
    action: 'ram:GetAccountSummary',
    resources: [ramResource(caller, '*')],
  }),
  run: (_, scene) =>
    asked(scene, (directory, accountId) => {
      const { quotas } = scene.engine
      const counts = entityCounts(directory, accountId)
      const SummaryMap = {
        Users: counts.users,
        UsersQuota: quotas.usersPerAccount,
        Groups: counts.groups,
        GroupsQuota: quotas.groupsPerAccount,
        Roles: counts.roles,
        RolesQuota: quotas.rolesPerAccount,
        Policies: counts.policies,
        PoliciesQuota: quotas.policiesPerAccount,
        PolicySizeQuota: POLICY_DOCUMENT_CHARACTERS_MAX,
        VersionsPerPolicyQuota: quotas.versionsPerPolicy,
        MFADevices: counts.mfaDevices,
        MFADevicesInUse: counts.mfaDevicesInUse,
        VirtualMFADevicesQuota: quotas.virtualMFADevicesPerAccount,
        AccessKeysPerUserQuota: quotas.accessKeysPerUser,
        AccountAccessKeysPerAccountQuota: quotas.accessKeysPerAccount,
        GroupsPerUserQuota: quotas.groupsPerUser,
        AttachedPoliciesPerUserQuota: quotas.customPoliciesPerTarget,
        AttachedPoliciesPerGroupQuota: quotas.customPoliciesPerTarget,
        AttachedPoliciesPerRoleQuota: quotas.customPoliciesPerTarget,
        AttachedSystemPoliciesPerUserQuota: quotas.systemPoliciesPerTarget,
        AttachedSystemPoliciesPerGroupQuota: quotas.systemPoliciesPerTarget,
        AttachedSystemPoliciesPerRoleQuota: quotas.systemPoliciesPerTarget,
      }
      return E.right({ SummaryMap })
    }),
})

/** The account itself does not sign in, so no device guards that, and none can be bound to it. */
const getAccountMFAInfo = operation({
  product: 'Ims',
  name: 'GetAccountMFAInfo',
  kind: 'question',
  parameters: {},
  authorizes: (_, caller) => ({
    action: 'ram:GetAccountMFAInfo',
    resources: [ramResource(caller, '*')],
  }),
  run: (_, scene) => asked(scene, () => E.right({ IsMFAEnable: false })),
})

export const IMS_ACCOUNT_OPERATIONS: ReadonlyArray<Operation> = [
  getDefaultDomain,
  setDefaultDomain,
  getAccountSummary,
  getAccountMFAInfo,
]
