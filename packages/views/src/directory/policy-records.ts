/**
 * How policies are shown: custom policies from their rows, system policies from the domain's
 * catalogue.
 */
import { findSystemPolicy, SYSTEM_POLICIES } from '@grantlog/domain'
import type { CustomPolicyRow, PolicyRecord } from './rows.js'

type SystemPolicy = NonNullable<ReturnType<typeof findSystemPolicy>>

const systemRecord = (policy: SystemPolicy): PolicyRecord => {
  const { policyName, description, defaultVersion } = policy
  const createdAt = Date.parse(policy.createdAt)
  return {
    policyType: 'System',
    ref: { type: 'System', policyName },
    policyName,
    description,
    defaultVersion,
    versions: policy.versions.map(({ versionId, document }) => ({
      versionId,
      document,
      isDefault: versionId === defaultVersion,
      createdAt,
    })),
    createdAt,
    updatedAt: createdAt,
  }
}

/** All system policies, in the order of the catalogue. */
export const SYSTEM_RECORDS: ReadonlyArray<PolicyRecord> = [...SYSTEM_POLICIES.values()].map(
  systemRecord,
)

const recordsByName = new Map(SYSTEM_RECORDS.map((record) => [record.policyName, record]))

/** The name is compared without case. */
export const systemPolicyRecord = (policyName: string): PolicyRecord | undefined => {
  const policy = findSystemPolicy(policyName)
  return policy && recordsByName.get(policy.policyName)
}

export const customPolicyRecord = (row: CustomPolicyRow): PolicyRecord => ({
  policyType: 'Custom',
  ref: { type: 'Custom', policyId: row.policyId },
  policyName: row.policyName,
  ...(row.description === undefined ? {} : { description: row.description }),
  ...(row.tags === undefined ? {} : { tags: row.tags }),
  defaultVersion: row.defaultVersion,
  versions: row.versions,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
