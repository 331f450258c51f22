/**
 * How many of each thing one account may hold. Configuration: the defaults are RAM's current
 * figures.
 */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

/** Highest value that a quota can be configured to. Unit: entities. Source: our own bound. */
export const QUOTA_MAX = 1_000_000_000

const isQuota = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= QUOTA_MAX

/** One quota: a whole number from 0 to 1,000,000,000. */
export const Quota = new t.Type<number, number, unknown>(
  'Quota',
  isQuota,
  (input, context) => (isQuota(input) ? t.success(input) : t.failure(input, context)),
  t.identity,
)

/**
 * Every quota of an account. Lowering one takes nothing away: it only refuses what would be added.
 */
export const Quotas = t.strict(
  {
    usersPerAccount: Quota,
    groupsPerAccount: Quota,
    rolesPerAccount: Quota,
    /** Custom policies; system policies are not an account's. */
    policiesPerAccount: Quota,
    groupsPerUser: Quota,
    versionsPerPolicy: Quota,
    /** On one user, group or role, counted apart from the custom ones. */
    systemPoliciesPerTarget: Quota,
    /** On one user, group or role, counted apart from the system ones. */
    customPoliciesPerTarget: Quota,
    accessKeysPerUser: Quota,
    /** Keys of the account itself, that is of its root identity. */
    accessKeysPerAccount: Quota,
    virtualMFADevicesPerAccount: Quota,
    oidcProvidersPerAccount: Quota,
    clientIdsPerOIDCProvider: Quota,
    fingerprintsPerOIDCProvider: Quota,
    samlProvidersPerAccount: Quota,
    /** Subjects, resources and actions of applications, all together. */
    entitiesPerAccount: Quota,
  },
  'Quotas',
)
export type Quotas = Readonly<t.TypeOf<typeof Quotas>>

/**
 * Quotas of an account that asked for nothing else. Source: RAM's current published quotas; for
 * entities, ours. */
export const DEFAULT_QUOTAS: Quotas = {
  usersPerAccount: 5000,
  groupsPerAccount: 300,
  rolesPerAccount: 1000,
  policiesPerAccount: 1500,
  groupsPerUser: 10,
  versionsPerPolicy: 5,
  systemPoliciesPerTarget: 20,
  customPoliciesPerTarget: 10,
  accessKeysPerUser: 2,
  accessKeysPerAccount: 2,
  virtualMFADevicesPerAccount: 5000,
  oidcProvidersPerAccount: 100,
  clientIdsPerOIDCProvider: 50,
  fingerprintsPerOIDCProvider: 5,
  samlProvidersPerAccount: 100,
  entitiesPerAccount: 10_000,
}

/** The defaults with some of them replaced. Fails when the result is not a set of quotas. */
export const quotasWith = (changes: Readonly<Partial<Quotas>>): E.Either<t.Errors, Quotas> =>
  Quotas.decode({ ...DEFAULT_QUOTAS, ...changes })
