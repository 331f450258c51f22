/** The catalogue of system policies: complete, readable, and found by name. */
import { parsePolicy } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { nameKey } from '../names.js'
import { findSystemPolicy, SYSTEM_POLICIES } from './system-policies.js'

const policies = [...SYSTEM_POLICIES.values()]

describe('the catalogue of system policies', () => {
  it('given the catalogue, then these are its names', () => {
    expect(policies.map((policy) => policy.policyName)).toEqual([
      'AdministratorAccess',
      'ReadOnlyAccess',
      'PowerUserAccess',
      'AliyunSTSAssumeRoleAccess',
      'AliyunRAMFullAccess',
      'AliyunRAMReadOnlyAccess',
      'AliyunOTSFullAccess',
      'AliyunOTSReadOnlyAccess',
      'AliyunOTSWriteOnlyAccess',
      'AliyunOSSFullAccess',
      'AliyunOSSReadOnlyAccess',
      'AliyunIOTFullAccess',
      'AliyunIOTReadOnlyAccess',
      'AliyunECSFullAccess',
      'AliyunECSReadOnlyAccess',
    ])
  })
  it.each(policies)('given $policyName, then each version parses', ({ versions }) => {
    for (const { document } of versions)
      expect(parsePolicy('identity', document)).toSatisfy(E.isRight)
  })
  it.each(policies)('given $policyName, then its default version is there', (policy) => {
    expect(policy.versions.map((version) => version.versionId)).toContain(policy.defaultVersion)
    expect(SYSTEM_POLICIES.get(nameKey(policy.policyName))).toBe(policy)
  })
  it('given a name in other letters, then the policy is found', () => {
    const found = findSystemPolicy('ALIYUNOTSreadonlyACCESS')
    expect(found?.policyName).toBe('AliyunOTSReadOnlyAccess')
    expect(found?.defaultVersion).toBe('v2')
  })
  it('given an unknown name, then nothing is found', () => {
    expect(findSystemPolicy('constructor')).toBeUndefined()
  })
})
