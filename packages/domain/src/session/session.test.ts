/** What can become of a session: who may begin one, for how long, and that it can be ended. */
import {
  type PoliciesInForce,
  type PolicyInForce,
  type PolicyKind,
  type Principal,
  parsePolicy,
  requestContext,
} from '@grantlog/policy'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { SessionPolicyText } from '../account/policy-text.js'
import { RoleName, RoleSessionName, Sealed } from '../names.js'
import {
  allowing,
  known,
  otherAccountId,
  providerIdOf,
  roleIdOf,
  sampleAccountId,
  sessionIdOf,
  trusting,
  trustingPrincipals,
  userIdOf,
} from '../testing/index.js'
import { type AssumeRoleBasis, DEFAULT_SESSION_LIMITS, type RoleBasis } from './basis.js'
import { type AssumeRole, ExternalId, SourceIdentity } from './commands.js'
import type { CallerRef } from './events.js'
import { decideAssumeRole, decideRevokeSession } from './rules.js'

const accountId = sampleAccountId
const roleName = known(RoleName, 'deployer')
const at = 1_700_000_000_000

const inForce = (
  kind: PolicyKind,
  policyType: PolicyInForce['source']['policyType'],
  text: string,
): PolicyInForce => {
  const document = parsePolicy(kind, text)
  if (E.isLeft(document)) expect.fail(JSON.stringify(document.left))
  return { source: { policyType, policyName: 'p', versionId: 'v1' }, document: document.right }
}
const identity = (...actions: string[]) => inForce('identity', 'Custom', allowing(...actions))
const maySwitch: PoliciesInForce = { identity: [identity('sts:AssumeRole')] }
const mayNothing: PoliciesInForce = { identity: [] }

const role = (trustPolicy: string): RoleBasis => ({
  accountId,
  roleId: roleIdOf(1),
  roleName,
  maxSessionDuration: 7200,
  trust: inForce('trust', 'Trust', trustPolicy),
  trustPolicyDigest: 'a'.repeat(64),
})
const open = role(trusting(['root']))

const alice: Principal = {
  type: 'User',
  accountId,
  userId: userIdOf(1),
  userName: 'alice',
}
const aliceLink: CallerRef = { type: 'User', accountId, userId: userIdOf(1) }
const zoe: Principal = { ...alice, accountId: otherAccountId, userName: 'zoe' }
const ciRun: Principal = {
  type: 'Session',
  accountId,
  roleId: roleIdOf(9),
  roleName: 'ci',
  sessionName: 'run',
}
const ciLink = (n: number): CallerRef => ({
  type: 'Session',
  accountId,
  roleId: roleIdOf(9),
  sessionId: sessionIdOf(n),
})

const command: AssumeRole = {
  type: 'AssumeRole',
  sessionId: sessionIdOf(1),
  roleAccountId: accountId,
  roleName,
  sessionName: known(RoleSessionName, 'app'),
  at,
}
const basis: AssumeRoleBasis = {
  caller: { principal: alice, chain: [aliceLink], policies: maySwitch },
  role: open,
  accountRevision: 41,
  context: requestContext({}),
  limits: DEFAULT_SESSION_LIMITS,
}
const calledBy = (principal: Principal, change: Partial<AssumeRoleBasis['caller']> = {}) => ({
  ...basis,
  caller: { ...basis.caller, principal, ...change },
})
const fromSession = (change: Partial<AssumeRoleBasis['caller']> = {}) =>
  calledBy(ciRun, { chain: [aliceLink, ciLink(2)], ...change })

const assumed = {
  type: 'RoleAssumed',
  sessionId: command.sessionId,
  accountId,
  roleId: roleIdOf(1),
  roleName,
  sessionName: 'app',
  chain: [aliceLink],
  assumedAt: at,
  expiresAt: at + 3_600_000,
  basis: { accountRevision: 41, trustPolicyDigest: 'a'.repeat(64) },
}
const expectAssumed = (decided: unknown, change: object = {}) =>
  expect(decided).toStrictEqual(E.right([{ ...assumed, ...change }]))
const expectRefused = (decided: unknown, refusal: object) =>
  expect(decided).toStrictEqual(E.left(refusal))
const expectDenied = (decided: unknown, unit: string, outcome = 'ImplicitDeny') =>
  expect(decided).toMatchObject(E.left({ type: 'AssumeRoleDenied', decision: { outcome, unit } }))

describe('AssumeRole', () => {
  it('given both sides allow, then the session begins and lasts an hour', () => {
    expectAssumed(decideAssumeRole(command, basis))
  })
  it('given a length, a session policy and a source identity, then they are recorded', () => {
    const sessionPolicy = known(SessionPolicyText, allowing('oss:*'))
    const sourceIdentity = known(SourceIdentity, 'alice@corp')
    const asked = { ...command, durationSeconds: 900, sessionPolicy, sourceIdentity }
    expectAssumed(decideAssumeRole(asked, basis), {
      expiresAt: at + 900_000,
      sessionPolicy,
      sourceIdentity,
    })
  })
  it('given the role in other letters, then the session bears the name of the role', () => {
    const asked = { ...command, roleName: known(RoleName, 'DEPLOYER') }
    expectAssumed(decideAssumeRole(asked, basis))
  })
  it('given the account itself, then it is refused before anything else', () => {
    const asRoot = calledBy({ type: 'Root', accountId }, { chain: [] })
    const refusal = { type: 'RootCannotAssumeRole' }
    expectRefused(decideAssumeRole({ ...command, durationSeconds: 1 }, asRoot), refusal)
    expectRefused(decideAssumeRole(command, { ...asRoot, role: undefined }), refusal)
  })
  it('given no such role, then it is refused before length and permission', () => {
    const missing = { ...calledBy(alice, { policies: mayNothing }), role: undefined }
    expectRefused(decideAssumeRole({ ...command, durationSeconds: 1 }, missing), {
      type: 'AssumedRoleNotFound',
      roleName,
    })
  })
  it('given a basis of another role, then no role is found', () => {
    const other = { ...open, roleName: known(RoleName, 'auditor') }
    const elsewhere = { ...open, accountId: otherAccountId }
    for (const wrong of [other, elsewhere])
      expectRefused(decideAssumeRole(command, { ...basis, role: wrong }), {
        type: 'AssumedRoleNotFound',
        roleName,
      })
  })
  it.each([899, 7201, 3600.5, Number.NaN, -1])('given %d seconds, then they are refused', (n) => {
    const denied = calledBy(alice, { policies: mayNothing })
    for (const given of [basis, denied])
      expectRefused(decideAssumeRole({ ...command, durationSeconds: n }, given), {
        type: 'DurationOutOfRange',
        min: 900,
        max: 7200,
      })
  })
  it.each([900, 7200])('given %d seconds, then they are granted', (n) => {
    expectAssumed(decideAssumeRole({ ...command, durationSeconds: n }, basis), {
      expiresAt: at + n * 1000,
    })
  })
})

describe('AssumeRole by a session', () => {
  it('given both sides allow, then the chain grows by the caller', () => {
    expectAssumed(decideAssumeRole(command, fromSession()), {
      chain: [aliceLink, ciLink(2)],
    })
  })
  it('given more than an hour, then it is refused though the role allows it', () => {
    expectRefused(decideAssumeRole({ ...command, durationSeconds: 3601 }, fromSession()), {
      type: 'DurationOutOfRange',
      min: 900,
      max: 3600,
    })
  })
  it('given shorter chained sessions, then the default is shorter too', () => {
    const limits = { chainDepthMax: 5, chainedSecondsMax: 1800 }
    expectAssumed(decideAssumeRole(command, { ...fromSession(), limits }), {
      chain: [aliceLink, ciLink(2)],
      expiresAt: at + 1_800_000,
    })
  })
  it('given a chain of five, then it is the last, and one of six is refused', () => {
    const five = [aliceLink, ...[1, 2, 3, 4].map(ciLink)]
    expectAssumed(decideAssumeRole(command, fromSession({ chain: five })), { chain: five })
    const six = fromSession({ chain: [...five, ciLink(5)], policies: mayNothing })
    expectRefused(decideAssumeRole(command, six), { type: 'ChainTooDeep', limit: 5 })
  })
  it('given a source identity, then it is carried on and may be said again', () => {
    const sourceIdentity = known(SourceIdentity, 'alice@corp')
    const given = fromSession({ sourceIdentity })
    const change = { chain: [aliceLink, ciLink(2)], sourceIdentity }
    expectAssumed(decideAssumeRole(command, given), change)
    expectAssumed(decideAssumeRole({ ...command, sourceIdentity }, given), change)
  })
  it('given a source identity, then another one is refused', () => {
    const sourceIdentity = known(SourceIdentity, 'bob@corp')
    const given = fromSession({ sourceIdentity: 'alice@corp', policies: mayNothing })
    expectRefused(decideAssumeRole({ ...command, sourceIdentity }, given), {
      type: 'SourceIdentityChanged',
    })
  })
  it('given a session policy without AssumeRole, then it is denied', () => {
    const narrowed = { ...maySwitch, session: [identity('oss:*')] }
    expectDenied(decideAssumeRole(command, fromSession({ policies: narrowed })), 'SessionPolicy')
  })
})

describe('AssumeRole and the policies of both sides', () => {
  it('given a caller without permission, then it is denied by its own side', () => {
    expectDenied(
      decideAssumeRole(command, calledBy(alice, { policies: mayNothing })),
      'AccountLevelIdentityBasedPolicy',
    )
  })
  it('given a role that trusts someone else, then it is denied by the role', () => {
    const given = { ...basis, role: role(trusting(['user/bob'])) }
    expectDenied(decideAssumeRole(command, given), 'AssumeRolePolicy')
  })
  it('given a trust that asks for an external id, then the command must bring it', () => {
    const trust = JSON.parse(trusting(['root']))
    trust.Statement[0].Condition = { StringEquals: { 'sts:ExternalId': 'abc' } }
    const given = {
      ...basis,
      role: role(JSON.stringify(trust)),
      context: requestContext({ 'sts:ExternalId': 'abc' }),
    }
    expectDenied(decideAssumeRole(command, given), 'AssumeRolePolicy')
    expectAssumed(decideAssumeRole({ ...command, externalId: known(ExternalId, 'abc') }, given))
  })
  it('given trust in a user by name, then a later holder of the name is not trusted', () => {
    const named = {
      ...role(trusting(['user/alice'])),
      trustees: [{ type: 'User', userId: userIdOf(1), name: 'alice' } as const],
    }
    expectAssumed(decideAssumeRole(command, { ...basis, role: named }))
    const later = calledBy({ ...alice, userId: userIdOf(2) })
    expectDenied(decideAssumeRole(command, { ...later, role: named }), 'AssumeRolePolicy')
    const also = { ...named, trust: role(trusting(['user/alice', 'root'])).trust }
    expectAssumed(decideAssumeRole(command, { ...later, role: also }))
  })
  it('given trust in a role by name, then a later holder of the name is not trusted', () => {
    const named = {
      ...role(trusting(['role/ci'])),
      trustees: [{ type: 'Role', roleId: roleIdOf(8), name: 'ci' } as const],
    }
    expectDenied(decideAssumeRole(command, { ...fromSession(), role: named }), 'AssumeRolePolicy')
  })
})

describe('AssumeRole from another account', () => {
  const trustingZoe = role(trusting(['user/zoe'], otherAccountId))

  it('given both sides allow, then the session belongs to the account of the role', () => {
    expectAssumed(decideAssumeRole(command, { ...calledBy(zoe), role: trustingZoe }))
  })
  it('given trust in who bore the name before, then a later holder of it is not trusted', () => {
    const meant = { type: 'User', accountId: otherAccountId, name: 'zoe' } as const
    const other = { ...trustingZoe, trustees: [{ ...meant, userId: userIdOf(99) }] }
    const same = { ...trustingZoe, trustees: [{ ...meant, userId: userIdOf(1) }] }
    const elsewhere = { ...meant, accountId, userId: userIdOf(99) }
    expectDenied(decideAssumeRole(command, { ...calledBy(zoe), role: other }), 'AssumeRolePolicy')
    expectAssumed(decideAssumeRole(command, { ...calledBy(zoe), role: same }))
    const unrelated = { ...trustingZoe, trustees: [elsewhere] }
    expectAssumed(decideAssumeRole(command, { ...calledBy(zoe), role: unrelated }))
  })
  it('given trust and no permission of her own, then it is denied', () => {
    const given = { ...calledBy(zoe, { policies: mayNothing }), role: trustingZoe }
    expectDenied(decideAssumeRole(command, given), 'AccountLevelIdentityBasedPolicy')
  })
  it('given trust, then a length out of range is told', () => {
    const given = { ...calledBy(zoe), role: trustingZoe }
    expectRefused(decideAssumeRole({ ...command, durationSeconds: 1 }, given), {
      type: 'DurationOutOfRange',
      min: 900,
      max: 7200,
    })
  })
  it('given a role that denies her, then it cannot be told from one that is not there', () => {
    const denying = JSON.parse(trusting(['user/zoe'], otherAccountId))
    denying.Statement[0].Effect = 'Deny'
    for (const policies of [maySwitch, mayNothing])
      for (const asked of [command, { ...command, durationSeconds: 43_200 }]) {
        const given = calledBy(zoe, { policies })
        const absent = decideAssumeRole(asked, { ...given, role: undefined })
        expectDenied(
          absent,
          policies === maySwitch ? 'AssumeRolePolicy' : 'AccountLevelIdentityBasedPolicy',
        )
        for (const hidden of [open, role(JSON.stringify(denying))])
          expect(decideAssumeRole(asked, { ...given, role: hidden })).toStrictEqual(absent)
      }
  })
})

describe('AssumeRole through an identity provider', () => {
  const providerId = providerIdOf(1)
  const named = (kind: 'oidc' | 'saml', owner = accountId) =>
    `acs:ram::${owner}:${kind}-provider/ci`
  const bearer = (providerArn: string, id = providerId): Principal => ({
    type: 'Federated',
    providerArn,
    providerId: id,
  })
  const link: CallerRef = {
    type: 'Federated',
    accountId,
    providerId,
    subject: known(Sealed, 'pii1.AAAA'),
  }
  const meant = (kind: 'oidc' | 'saml') =>
    ({ type: 'Provider', providerId, name: `${kind}-provider/ci` }) as const
  const trustful = (kind: 'oidc' | 'saml', trustees = [meant(kind)]): RoleBasis => ({
    ...role(trustingPrincipals({ Federated: [named(kind)] })),
    trustees,
  })
  const given = (kind: 'oidc' | 'saml', change: Partial<AssumeRoleBasis> = {}) => ({
    ...calledBy(bearer(named(kind)), { chain: [link], policies: mayNothing }),
    role: trustful(kind),
    ...change,
  })

  it('given trust in the provider, then no policy of the caller is needed', () => {
    for (const kind of ['oidc', 'saml'] as const)
      expectAssumed(decideAssumeRole(command, given(kind)), { chain: [link] })
  })
  it('given another provider of that name, then it is denied', () => {
    for (const trustees of [[], [{ ...meant('oidc'), providerId: providerIdOf(2) }]])
      expectDenied(
        decideAssumeRole(command, given('oidc', { role: trustful('oidc', trustees) })),
        'AssumeRolePolicy',
      )
  })
  it('given a provider without an id, then it is denied', () => {
    const { providerId: _, ...nobody } = bearer(named('oidc')) as { providerId: string }
    const asked = { ...given('oidc').caller, principal: nobody as unknown as Principal }
    expectDenied(decideAssumeRole(command, given('oidc', { caller: asked })), 'AssumeRolePolicy')
  })
  it('given trust in the provider of another account, then it is denied', () => {
    const foreign = named('oidc', otherAccountId)
    const basisThere = {
      ...given('oidc'),
      ...calledBy(bearer(foreign), { chain: [link], policies: mayNothing }),
      role: { ...role(trustingPrincipals({ Federated: [foreign] })), trustees: [] },
    }
    expectDenied(decideAssumeRole(command, basisThere), 'AssumeRolePolicy')
  })
  it('given trust in the provider that denies as well, then the denial is told', () => {
    const both = JSON.parse(trustingPrincipals({ Federated: [named('saml')] }))
    both.Statement.push({ ...both.Statement[0], Effect: 'Deny' })
    const denying = { ...role(JSON.stringify(both)), trustees: [meant('saml')] }
    expectDenied(
      decideAssumeRole(command, given('saml', { role: denying })),
      'AssumeRolePolicy',
      'ExplicitDeny',
    )
  })
  it('given no such role, then an assertion is told so, and a token is not', () => {
    expectRefused(decideAssumeRole(command, given('saml', { role: undefined })), {
      type: 'AssumedRoleNotFound',
      roleName,
    })
    expectDenied(decideAssumeRole(command, given('oidc', { role: undefined })), 'AssumeRolePolicy')
  })
  it('given an end of what vouches for the caller, then the session ends by then', () => {
    expectAssumed(decideAssumeRole({ ...command, endsBefore: at + 60_000 }, given('saml')), {
      chain: [link],
      expiresAt: at + 60_000,
    })
    for (const endsBefore of [at, at - 1, Number.NaN])
      expectRefused(decideAssumeRole({ ...command, endsBefore }, given('saml')), {
        type: 'ProofOver',
      })
  })
})

describe('every session', () => {
  it('keeps within the bounds of its role, of its chain and of chained sessions', () => {
    const any = fc.record({
      seconds: fc.option(fc.integer({ min: 0, max: 50_000 }), { nil: undefined }),
      max: fc.integer({ min: 3600, max: 43_200 }),
      chained: fc.integer({ min: 900, max: 43_200 }),
      depth: fc.integer({ min: 0, max: 7 }),
    })
    fc.assert(
      fc.property(any, ({ seconds, max, chained, depth }) => {
        const links = Array.from({ length: depth }, (_, n) => ciLink(n + 1))
        const caller = depth === 0 ? alice : ciRun
        const decided = decideAssumeRole(
          { ...command, ...(seconds !== undefined && { durationSeconds: seconds }) },
          {
            ...calledBy(caller, { chain: [aliceLink, ...links] }),
            role: { ...open, maxSessionDuration: max },
            limits: { chainDepthMax: 5, chainedSecondsMax: chained },
          },
        )
        if (E.isLeft(decided)) return
        for (const { chain, assumedAt, expiresAt } of decided.right) {
          const lasts = (expiresAt - assumedAt) / 1000
          expect(lasts).toBeGreaterThanOrEqual(900)
          expect(lasts).toBeLessThanOrEqual(depth === 0 ? max : Math.min(max, chained))
          expect(lasts).toBe(seconds ?? Math.min(3600, lasts))
          expect(chain.length).toBeLessThanOrEqual(5)
        }
      }),
    )
  })
})

describe('RevokeSession', () => {
  it('given a session, then it is ended', () => {
    expect(
      decideRevokeSession({ type: 'RevokeSession', accountId, sessionId: sessionIdOf(1) }),
    ).toStrictEqual(E.right([{ type: 'SessionRevoked', accountId, sessionId: sessionIdOf(1) }]))
  })
})
