/**
 * The decision, case by case: ownership, other accounts, who is meant by a principal, and what is
 * reported.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  ACTION_CHARACTERS_MAX,
  authorize,
  type ForeignResource,
  type PoliciesInForce,
  type PolicyInForce,
} from './authorize.js'
import type { PolicyKind } from './document.js'
import { explain } from './explain.js'
import { parsePolicy } from './parse-policy.js'
import { type Principal, requestContext } from './request.js'

const U = '1234567890123456'
const V = '6543210987654321'

const alice: Principal = {
  type: 'User',
  accountId: U,
  userId: '222748924538412345',
  userName: 'alice',
}
const victor: Principal = {
  type: 'User',
  accountId: V,
  userId: '222748924538412346',
  userName: 'victor',
}
const session: Principal = {
  type: 'Session',
  accountId: U,
  roleId: '368101631399122462',
  roleName: 'App',
  sessionName: 'nightly',
}
const root: Principal = { type: 'Root', accountId: U }
const otherRoot: Principal = { type: 'Root', accountId: V }
const service: Principal = { type: 'Service', service: 'ecs.aliyuncs.com' }

const policy = (kind: PolicyKind, ...statements: ReadonlyArray<unknown>): PolicyInForce => {
  const document = parsePolicy(kind, JSON.stringify({ Version: '1', Statement: statements }))
  if (E.isLeft(document)) throw new Error(JSON.stringify(document.left))
  return {
    source: { policyType: 'Custom', policyName: kind, versionId: 'v1' },
    document: document.right,
  }
}

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
const denyAll = { ...allowAll, Effect: 'Deny' }
const everything = policy('identity', allowAll)
const bucketFor = (...RAM: ReadonlyArray<string>) =>
  policy('resource', { ...allowAll, Principal: { RAM } })
const trustIn = (Principal: unknown) =>
  policy('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal })

const ask = (
  principal: Principal,
  action: string,
  resource: string,
  policies: PoliciesInForce,
  context: Readonly<Record<string, string>> = {},
) =>
  authorize(
    { principal, action, resources: [resource], context: requestContext(context) },
    policies,
  )

const object = `acs:oss:*:${U}:bucket/object`
const role = `acs:ram::${U}:role/app`
const implicit = (unit: string) => ({ outcome: 'ImplicitDeny', unit, deciding: [] })
const foreign = (reason: ForeignResource) => ({ ...implicit('ResourcePolicy'), reason })
const allowed = (unit: string) => expect.objectContaining({ outcome: 'Allow', unit })

describe('the root of an account', () => {
  const nothing = { identity: [] }

  it('given what the account owns, then it is allowed without policies', () => {
    expect(ask(root, 'oss:GetObject', object, nothing)).toEqual(allowed('Root'))
    expect(ask(root, 'oss:GetObject', object, nothing).deciding).toEqual([])
    expect(ask(root, 'ram:ListUsers', '*', nothing)).toEqual(allowed('Root'))
    expect(ask(root, 'ram:GetPolicy', 'acs:ram:*:system:policy/ReadOnlyAccess', nothing)).toEqual(
      allowed('Root'),
    )
  })

  it('given what another account owns, then the policy of the target must name it', () => {
    expect(ask(otherRoot, 'oss:GetObject', object, { identity: [everything] })).toEqual(
      foreign('ResourceOfOtherAccount'),
    )
    expect(ask(otherRoot, 'ram:GetRole', role, nothing)).toEqual(foreign('ResourceOfOtherAccount'))
    const named = { identity: [], resource: [bucketFor(`acs:ram::${V}:root`)] }
    expect(ask(otherRoot, 'oss:GetObject', object, named)).toEqual(allowed('ResourcePolicy'))
  })

  it('given a name without an owner or beyond reading, then it is not allowed', () => {
    const answers = (resource: string) => expect(ask(root, 'oss:GetObject', resource, nothing))
    for (const resource of ['acs:oss:*:*:bucket', 'acs:oss:::bucket', 'acs:oss:*:12*:bucket'])
      answers(resource).toEqual(foreign('ResourceOfNoAccount'))
    for (const resource of ['acs:oss', '']) answers(resource).toEqual(implicit('ResourcePolicy'))
    answers('acs:oss:*:system:bucket').toEqual(foreign('ResourceOfOtherAccount'))
  })

  it('given a role that trusts it, then it cannot assume it, however the action is spelt', () => {
    const trusted = { identity: [everything], resource: [trustIn({ RAM: `acs:ram::${U}:root` })] }
    expect(ask(root, 'sts:AssumeRole', role, trusted)).toEqual(implicit('AssumeRolePolicy'))
    expect(ask(root, 'STS:assumerole', role, trusted)).toEqual(implicit('AssumeRolePolicy'))
  })
})

describe('the resources of another account', () => {
  it('given an identity policy that allows all, then it opens nothing there', () => {
    const other = foreign('ResourceOfOtherAccount')
    expect(ask(victor, 'oss:GetObject', object, { identity: [everything] })).toEqual(other)
    const byGroup = { identity: [], resourceGroup: [everything] }
    expect(ask(victor, 'oss:GetObject', object, byGroup)).toEqual(other)
  })

  it('given a name without an account, then it says why an allow opens nothing', () => {
    for (const principal of [alice, session])
      expect(
        ask(principal, 'ots:GetRow', 'acs:ots:*:*:instance/x', { identity: [everything] }),
      ).toEqual(foreign('ResourceOfNoAccount'))
    const denied = { identity: [policy('identity', denyAll)] }
    expect(ask(alice, 'ots:GetRow', 'acs:ots:*:*:instance/x', denied).reason).toBeUndefined()
    expect(
      ask(alice, 'sts:AssumeRole', `acs:ram::${V}:role/app`, { identity: [everything] }),
    ).toEqual(implicit('AssumeRolePolicy'))
  })

  it('given a policy of the target that names the user, then it is allowed', () => {
    const named = { identity: [], resource: [bucketFor(`acs:ram::${V}:user/Victor`)] }
    const decision = ask(victor, 'oss:GetObject', object, named)
    expect(decision).toEqual(allowed('ResourcePolicy'))
    expect(decision.reason).toBeUndefined()
  })

  it('given an identity policy that denies, then being named does not help', () => {
    const denied = {
      identity: [policy('identity', denyAll)],
      resource: [bucketFor(`acs:ram::${V}:user/victor`)],
    }
    expect(ask(victor, 'oss:GetObject', object, denied)).toMatchObject({
      outcome: 'ExplicitDeny',
      unit: 'AccountLevelIdentityBasedPolicy',
    })
  })
})

describe('a policy of the target that denies', () => {
  const denied = policy('resource', { ...denyAll, Principal: { RAM: `acs:ram::${U}:user/alice` } })

  it('given an identity policy that allows, then the deny wins', () => {
    const policies = { identity: [everything], resource: [denied] }
    expect(ask(alice, 'oss:GetObject', object, policies)).toMatchObject({
      outcome: 'ExplicitDeny',
      unit: 'ResourcePolicy',
    })
    expect(ask(session, 'oss:GetObject', object, policies).outcome).toBe('Allow')
  })

  it('given a trust policy that denies and no right to assume, then the deny is what is told', () => {
    const Principal = { RAM: `acs:ram::${U}:root` }
    const trust = policy('trust', { Effect: 'Deny', Action: 'sts:*', Principal })
    expect(ask(alice, 'sts:AssumeRole', role, { identity: [], resource: [trust] })).toMatchObject({
      outcome: 'ExplicitDeny',
      unit: 'AssumeRolePolicy',
    })
  })
})

describe('who is meant by a principal', () => {
  const admits = (value: string, principal: Principal): boolean =>
    ask(principal, 'oss:GetObject', object, { identity: [], resource: [bucketFor(value)] })
      .outcome === 'Allow'

  it('given the root of an account, then every identity of that account is meant', () => {
    expect([alice, session, victor].map((who) => admits(`acs:ram::${U}:root`, who))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('given a user, then that user is meant and no other, whatever the case', () => {
    expect([alice, session].map((who) => admits(`acs:ram::${U}:user/ALICE`, who))).toEqual([
      true,
      false,
    ])
    expect(admits(`acs:ram::${V}:user/alice`, alice)).toBe(false)
    expect(admits(`acs:ram::${U}:role/alice`, alice)).toBe(false)
  })

  it('given the root of an account, then its services and providers are not meant', () => {
    const provider: Principal = { type: 'Federated', providerArn: `acs:ram::${U}:oidc-provider/gh` }
    for (const who of [service, provider]) expect(admits(`acs:ram::${U}:root`, who)).toBe(false)
  })

  it('given several, then each of them is meant', () => {
    const both = bucketFor(`acs:ram::${U}:user/alice`, `acs:ram::${V}:user/victor`)
    for (const who of [alice, victor])
      expect(ask(who, 'oss:GetObject', object, { identity: [], resource: [both] })).toEqual(
        allowed('ResourcePolicy'),
      )
  })

  it('given a role, then its sessions are meant and not those of another', () => {
    expect(admits(`acs:ram::${U}:role/other`, session)).toBe(false)
    expect([alice, session].map((who) => admits(`acs:ram:*:${U}:role/app`, who))).toEqual([
      false,
      true,
    ])
    expect(admits(`acs:ram::${U}:user/app`, session)).toBe(false)
  })
})

describe('callers without identity policies', () => {
  it('given a service, then the trust policy alone decides', () => {
    const trust = (Service: string) => ({
      identity: [],
      session: [],
      resource: [trustIn({ Service })],
    })
    expect(ask(service, 'sts:AssumeRole', role, trust('ecs.aliyuncs.com'))).toEqual(
      allowed('AssumeRolePolicy'),
    )
    expect(ask(service, 'sts:AssumeRole', role, trust('oss.aliyuncs.com'))).toEqual(
      implicit('AssumeRolePolicy'),
    )
  })

  it('given a provider in other case and region, then it is the same provider', () => {
    const caller: Principal = { type: 'Federated', providerArn: `acs:ram:*:${U}:oidc-provider/GH` }
    const trust = {
      identity: [],
      resource: [trustIn({ Federated: `acs:ram::${U}:oidc-provider/gh` })],
    }
    expect(ask(caller, 'sts:AssumeRole', role, trust)).toEqual(allowed('AssumeRolePolicy'))
    for (const providerArn of [
      'gh',
      `acs:ram::${U}:oidc-provider/gh2`,
      `acs:ram::${V}:oidc-provider/gh`,
    ])
      expect(ask({ type: 'Federated', providerArn }, 'sts:AssumeRole', role, trust)).toEqual(
        implicit('AssumeRolePolicy'),
      )
  })

  it('given a provider whose name is the same in capitals only, then it is another one', () => {
    const caller: Principal = {
      type: 'Federated',
      providerArn: `acs:ram::${U}:oidc-provider/\u017F`,
    }
    const trust = trustIn({ Federated: `acs:ram::${U}:oidc-provider/s` })
    expect(ask(caller, 'sts:AssumeRole', role, { identity: [], resource: [trust] }).outcome).toBe(
      'ImplicitDeny',
    )
  })

  it('given identity policies all the same, then they are not consulted', () => {
    const provider: Principal = { type: 'Federated', providerArn: `acs:ram::${V}:oidc-provider/gh` }
    for (const who of [service, provider]) {
      const decision = ask(who, 'oss:GetObject', object, { identity: [everything] })
      expect(decision).toEqual(implicit('ResourcePolicy'))
      expect(Object.keys(decision)).toEqual(['outcome', 'unit', 'deciding'])
    }
  })
})

describe('units that are present but silent', () => {
  it('given an empty session or control unit, then nothing is allowed', () => {
    const base = { identity: [everything] }
    expect(ask(session, 'oss:GetObject', object, { ...base, session: [] })).toEqual(
      implicit('SessionPolicy'),
    )
    expect(ask(alice, 'oss:GetObject', object, { ...base, control: [] })).toEqual(
      implicit('ControlPolicy'),
    )
  })

  it('given a silent resource group unit, then it is the one that ended the evaluation', () => {
    expect(ask(alice, 'oss:GetObject', object, { identity: [], resourceGroup: [] })).toEqual(
      implicit('ResourceGroupLevelIdentityBasedPolicy'),
    )
  })

  it('given a role without a trust policy, then nobody can assume it', () => {
    expect(ask(alice, 'sts:AssumeRole', role, { identity: [everything] })).toEqual(
      implicit('AssumeRolePolicy'),
    )
  })
})

describe('units that allow', () => {
  it('given a control or session policy that allows, then the identity policies still decide', () => {
    const silent = implicit('AccountLevelIdentityBasedPolicy')
    for (const unit of ['control', 'session'] as const)
      expect(ask(session, 'oss:GetObject', object, { identity: [], [unit]: [everything] })).toEqual(
        silent,
      )
  })

  it('given both the caller and the target allow, then it is the caller who does', () => {
    const both = { identity: [everything], resource: [bucketFor(`acs:ram::${U}:root`)] }
    expect(ask(alice, 'oss:GetObject', object, both)).toEqual(
      allowed('AccountLevelIdentityBasedPolicy'),
    )
  })
})

describe('a request about several resources', () => {
  const [first, second] = [`${object}-1`, `${object}-2`] as const
  const about = (...statements: ReadonlyArray<unknown>) =>
    authorize(
      {
        principal: alice,
        action: 'oss:GetObject',
        resources: [first, second],
        context: requestContext({}),
      },
      { identity: [policy('identity', ...statements)] },
    )
  const one = (Effect: string, Resource: string) => ({ ...allowAll, Effect, Resource })
  const indexes = (...statements: ReadonlyArray<unknown>) =>
    about(...statements).deciding.map(({ statementIndex }) => statementIndex)

  it('given one of them allowed, then the whole is not', () => {
    expect(about(one('Allow', first)).outcome).toBe('ImplicitDeny')
    expect(about(one('Allow', second)).outcome).toBe('ImplicitDeny')
  })

  it('given one of them denied, then that is what is told, whichever comes first', () => {
    expect(about(one('Deny', first)).outcome).toBe('ExplicitDeny')
    expect(about(one('Deny', second)).outcome).toBe('ExplicitDeny')
  })

  it('given each allowed, then every statement that allows is named, and once', () => {
    expect(indexes(one('Allow', first), one('Allow', second))).toEqual([0, 1])
    expect(indexes(allowAll)).toEqual([0])
    expect(indexes(allowAll, one('Allow', first))).toEqual([0, 1])
    expect(indexes(one('Allow', second), allowAll)).toEqual([1, 0])
  })
})

describe('policies in the wrong place', () => {
  const trust = policy('trust', {
    Effect: 'Allow',
    Action: '*',
    Principal: { RAM: `acs:ram::${U}:root` },
  })

  it('given a trust policy as identity policy, then it grants nothing', () => {
    expect(
      ask(alice, 'sts:AssumeRole', role, { identity: [trust], resource: [trust] }).outcome,
    ).toBe('ImplicitDeny')
  })

  it('given a trust policy and another action than assuming, then it admits nobody', () => {
    expect(ask(alice, 'ram:DeleteRole', role, { identity: [], resource: [trust] }).outcome).toBe(
      'ImplicitDeny',
    )
  })

  it('given a trust policy and no role to assume, then it admits nobody', () => {
    const policies = { identity: [everything], resource: [trust] }
    expect(ask(alice, 'sts:AssumeRole', role, policies).outcome).toBe('Allow')
    for (const resource of ['*', 'acs:ram'])
      expect(ask(alice, 'sts:AssumeRole', resource, policies).outcome).toBe('ImplicitDeny')
  })

  it('given an identity policy as resource policy, then it admits nobody', () => {
    expect(
      ask(victor, 'oss:GetObject', object, { identity: [], resource: [everything] }).outcome,
    ).toBe('ImplicitDeny')
  })
})

describe('what is reported', () => {
  const source = { policyType: 'Custom', policyName: 'identity', versionId: 'v1' }

  it('given an allow by two units, then the statements of both are named', () => {
    const policies = { identity: [everything], session: [policy('session', denyAll, allowAll)] }
    const narrow = { ...policies, session: [policy('session', allowAll)] }
    expect(ask(session, 'oss:GetObject', object, narrow)).toEqual({
      outcome: 'Allow',
      unit: 'AccountLevelIdentityBasedPolicy',
      deciding: [
        { source: { ...source, policyName: 'session' }, statementIndex: 0, effect: 'Allow' },
        { source, statementIndex: 0, effect: 'Allow' },
      ],
    })
    expect(ask(session, 'oss:GetObject', object, policies)).toMatchObject({
      outcome: 'ExplicitDeny',
      deciding: [{ statementIndex: 0, effect: 'Deny' }],
    })
  })

  it('given an action of more characters than any has, then it is denied', () => {
    const action = `ecs:${'x'.repeat(ACTION_CHARACTERS_MAX)}`
    expect(ask(alice, action, '*', { identity: [everything] }).outcome).toBe('ImplicitDeny')
    expect(ask(root, action, '*', { identity: [] }).outcome).toBe('ImplicitDeny')
    const named = { identity: [], resource: [bucketFor(`acs:ram::${U}:root`)] }
    expect(ask(alice, action, object, named).outcome).toBe('ImplicitDeny')
    const longest = action.slice(0, ACTION_CHARACTERS_MAX)
    expect(ask(alice, longest, '*', { identity: [everything] }).outcome).toBe('Allow')
  })

  it('given statements that fail, then each says which element and why', () => {
    const statements = [
      { ...allowAll, Action: 'ecs:*' },
      { Effect: 'Allow', NotAction: 'oss:*', Resource: '*' },
      { ...allowAll, Resource: 'acs:oss:*:*:other/*' },
      { ...allowAll, Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } } },
      { ...allowAll, Condition: { Bool: { 'acs:MFAPresent': 'true' } } },
    ]
    const request = {
      principal: alice,
      action: 'oss:GetObject',
      resources: [object] as const,
      context: requestContext({ 'acs:SourceIp': '192.0.2.1' }),
    }
    const resource = [bucketFor(`acs:ram::${U}:user/bob`)]
    const { statements: verdicts } = explain(request, {
      identity: [policy('identity', ...statements)],
      resource,
    })
    expect(verdicts.map(({ unit, failed, detail }) => [unit, failed, detail])).toEqual([
      ['AccountLevelIdentityBasedPolicy', 'Action', 'no action matches'],
      ['AccountLevelIdentityBasedPolicy', 'Action', 'the action is excepted'],
      ['AccountLevelIdentityBasedPolicy', 'Resource', 'no resource matches'],
      ['AccountLevelIdentityBasedPolicy', 'Condition', 'IpAddress acs:SourceIp does not hold'],
      ['AccountLevelIdentityBasedPolicy', 'Condition', 'Bool acs:MFAPresent finds no value'],
      ['ResourcePolicy', 'Principal', 'the caller is not named'],
    ])
  })
})
