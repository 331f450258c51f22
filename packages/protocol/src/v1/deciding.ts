/** Statements and the policies they stand in, as answers show them. */
import type { DecidingStatement, PolicySource } from '@grantlog/policy'

type Members = Readonly<Record<string, unknown>>

export const sourceMembers = (source: PolicySource): Members => ({
  policyType: source.policyType,
  policyName: source.policyName,
  versionId: source.versionId,
  ...(source.policyId === undefined ? {} : { policyId: source.policyId }),
  ...(source.via === undefined ? {} : { via: source.via }),
})

export const decidingMembers = ({
  source,
  statementIndex,
  effect,
}: DecidingStatement): Members => ({
  policy: sourceMembers(source),
  statementIndex,
  effect,
})
