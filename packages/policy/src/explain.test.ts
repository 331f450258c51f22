/** What is told about each statement, whether it mattered or not. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { PolicyInForce } from './authorize.js'
import type { PolicyKind } from './document.js'
import { explain } from './explain.js'
import { parsePolicy } from './parse-policy.js'
import { type Principal, requestContext } from './request.js'
import { ACCOUNT, policyText } from './testing/arbitraries.js'

const policy = (kind: PolicyKind, statement: unknown): PolicyInForce => {
  const document = parsePolicy(kind, policyText([statement]))
  if (E.isLeft(document)) throw new Error(JSON.stringify(document.left))
  return {
    source: { policyType: 'Custom', policyName: kind, versionId: 'v1' },
    document: document.right,
  }
}

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
const everything = [policy('identity', allowAll)]
const root = { RAM: `acs:ram::${ACCOUNT}:root` }
const units = {
  control: everything,
  session: everything,
  identity: everything,
  resourceGroup: everything,
}
const trust = [policy('trust', { Effect: 'Allow', Action: 'sts:*', Principal: root })]
const ofTarget = [policy('resource', { ...allowAll, Principal: root })]

const role = `acs:ram::${ACCOUNT}:role/app`
const other = `acs:ram::${ACCOUNT}:role/other`
const session: Principal = {
  type: 'Session',
  accountId: ACCOUNT,
  roleId: '368101631399122462',
  roleName: 'app',
  sessionName: 'nightly',
}

const asked = (principal: Principal, action: string, ...others: ReadonlyArray<string>) => ({
  principal,
  action,
  resources: [role, ...others] as const,
  context: requestContext({}),
})

describe('explain', () => {
  const names = (principal: Principal, action: string, resource: ReadonlyArray<PolicyInForce>) =>
    explain(asked(principal, action), { ...units, resource }).statements.map(({ unit }) => unit)

  it('given all that binds a session, then each unit is heard, in the order it is asked', () => {
    expect(names(session, 'ram:GetRole', ofTarget)).toEqual([
      'ControlPolicy',
      'SessionPolicy',
      'AccountLevelIdentityBasedPolicy',
      'ResourceGroupLevelIdentityBasedPolicy',
      'ResourcePolicy',
    ])
    expect(names(session, 'sts:AssumeRole', trust).at(-1)).toBe('AssumeRolePolicy')
  })

  it('given a caller without identity policies, then those are not heard', () => {
    const callers: ReadonlyArray<Principal> = [
      { type: 'Root', accountId: ACCOUNT },
      { type: 'Service', service: 'ecs.aliyuncs.com' },
      { type: 'Federated', providerArn: `acs:ram::${ACCOUNT}:oidc-provider/gh` },
    ]
    for (const caller of callers)
      expect(names(caller, 'ram:GetRole', ofTarget)).toEqual(['ControlPolicy', 'ResourcePolicy'])
  })

  it('given several resources, then each statement is told about each, and whether it matched', () => {
    const identity = [policy('identity', { ...allowAll, Resource: role })]
    const { statements } = explain(asked(session, 'ram:GetRole', other), { identity })
    expect(statements.map(({ resource, matched, failed }) => [resource, matched, failed])).toEqual([
      [role, true, undefined],
      [other, false, 'Resource'],
    ])
    expect(statements.map((verdict) => Object.hasOwn(verdict, 'failed'))).toEqual([false, true])
  })
})
