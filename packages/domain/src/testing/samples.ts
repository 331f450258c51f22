/** Ids, names and texts for tests: the same number always gives the same id. */
import { EntityId } from '../account/entity/limits.js'
import { IdentityPolicyText, TrustPolicyText } from '../account/policy-text.js'
import {
  AccessKeyId,
  AccountId,
  GroupId,
  MFADeviceId,
  PolicyId,
  ProviderId,
  RoleId,
  SecretRef,
  SessionId,
  UserId,
} from '../names.js'
import { known } from './known.js'

const digits = (n: number, length: number): string => String(n).padStart(length, '0')

export const sampleAccountId = known(AccountId, '1234567890123456')
export const otherAccountId = known(AccountId, '6543210987654321')

export const userIdOf = (n: number): UserId => known(UserId, `2${digits(n, 17)}`)
export const groupIdOf = (n: number): GroupId => known(GroupId, `g-${digits(n, 14)}`)
export const roleIdOf = (n: number): RoleId => known(RoleId, `3${digits(n, 17)}`)
export const policyIdOf = (n: number): PolicyId => known(PolicyId, `p-${digits(n, 16)}`)
export const mfaDeviceIdOf = (n: number): MFADeviceId => known(MFADeviceId, `mfa-${digits(n, 16)}`)
export const providerIdOf = (n: number): ProviderId => known(ProviderId, `idp-${digits(n, 16)}`)
export const entityIdOf = (n: number): EntityId => known(EntityId, `e-${digits(n, 32)}`)
export const sessionIdOf = (n: number): SessionId => known(SessionId, digits(n, 32))
export const accessKeyIdOf = (n: number): AccessKeyId =>
  known(AccessKeyId, `LTAI5t${digits(n, 18)}`)
export const secretRefOf = (n: number): SecretRef =>
  known(SecretRef, `access-key/${sampleAccountId}/${accessKeyIdOf(n)}`)

export const passwordRefOf = (n: number): SecretRef =>
  known(SecretRef, `password/${sampleAccountId}/${digits(n, 32)}`)

/** An identity policy that allows these actions on everything. */
export const allowing = (...actions: ReadonlyArray<string>): IdentityPolicyText =>
  known(
    IdentityPolicyText,
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
    }),
  )

/**
 * A trust policy that admits these RAM principals, each written as `root`, `user/…` or `role/…`.
 */
export const trusting = (
  principals: ReadonlyArray<string>,
  accountId: AccountId = sampleAccountId,
): TrustPolicyText =>
  trustingPrincipals({ RAM: principals.map((name) => `acs:ram::${accountId}:${name}`) })

/** A trust policy that admits these principals, by their type. */
export const trustingPrincipals = (
  principals: Readonly<Record<string, ReadonlyArray<string>>>,
): TrustPolicyText =>
  known(
    TrustPolicyText,
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principals }],
    }),
  )
