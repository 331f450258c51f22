/**
 * Generators of policies and requests over a small world, so that statements and requests often
 * meet.
 *
 * Statements come as the plain JSON a person would write; a law rewrites them and parses what it
 * made.
 */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { PolicyDocument, PolicyKind } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import {
  type AuthorizationRequest,
  type Principal,
  type RequestContext,
  requestContext,
} from '../request.js'

/** A statement as written, with arrays throughout. */
export type WrittenJson = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: ReadonlyArray<string>
  readonly NotAction?: ReadonlyArray<string>
  readonly Resource?: ReadonlyArray<string>
  readonly Principal?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<string>>>>>
}

export const ACCOUNT = '1234567890123456'
export const OTHER_ACCOUNT = '6543210987654321'

const few = <A>(item: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(item, { minLength: 1, maxLength: 3 })

export const actionName: fc.Arbitrary<string> = fc.constantFrom(
  'ecs:StopInstance',
  'ecs:DescribeInstances',
  'oss:GetObject',
  'ram:GetUser',
  'sts:AssumeRole',
)

export const actionPattern: fc.Arbitrary<string> = fc.oneof(
  actionName,
  fc.constantFrom(
    '*',
    '*',
    '*',
    'ecs:*',
    'ecs:Describe*',
    '*:Get*',
    'oss:?etObject',
    'STS:assumerole',
  ),
)

export const resourceName: fc.Arbitrary<string> = fc.constantFrom(
  `acs:ecs:cn-hangzhou:${ACCOUNT}:instance/i-1`,
  `acs:ecs:cn-beijing:${ACCOUNT}:instance/i-10`,
  `acs:ecs:cn-hangzhou:${OTHER_ACCOUNT}:instance/i-1`,
  `acs:oss:*:${ACCOUNT}:bucket/folder/object:1`,
  `acs:ram:*:${ACCOUNT}:user/Alice`,
  `acs:ram::${ACCOUNT}:role/app`,
  `acs:ram:*:${OTHER_ACCOUNT}:role/app`,
  'acs:ram:*:system:policy/ReadOnlyAccess',
  '*',
)

export const resourcePattern: fc.Arbitrary<string> = fc.oneof(
  resourceName,
  fc.constantFrom(
    '*',
    '*',
    '*',
    'acs:ecs:*:*:instance/*',
    'acs:ecs:cn-hangzhou:*:instance/i-?',
    'acs:oss:*:*:bucket/*',
    'acs:oss:*:*:*:1',
    'acs:ram:*:*:user/a*',
    `acs:ram::${ACCOUNT}:*`,
    'acs:*:*:*:*/app',
  ),
)

const conditionMembers: ReadonlyArray<readonly [string, string, ReadonlyArray<string>]> = [
  ['StringEquals', 'acs:ResourceTag/team', ['dev', 'test']],
  ['StringNotEquals', 'acs:ResourceTag/team', ['prod']],
  ['StringLike', 'oss:Prefix', ['secret/*', 'open/?']],
  ['StringNotLike', 'oss:Prefix', ['secret/*']],
  ['NumericLessThan', 'kms:Days', ['10']],
  ['DateGreaterThan', 'acs:CurrentTime', ['2024-01-01T00:00:00+08:00']],
  ['Bool', 'acs:SecureTransport', ['true']],
  ['IpAddress', 'acs:SourceIp', ['10.0.0.0/8', '2001:db8::/32']],
  ['NotIpAddress', 'acs:SourceIp', ['10.0.0.0/8']],
  ['ForAllValues:StringEquals', 'acs:ResourceTag/team', ['dev', 'prod']],
  ['ForAnyValue:StringNotEquals', 'acs:ResourceTag/team', ['dev']],
]

export const conditions: fc.Arbitrary<NonNullable<WrittenJson['Condition']>> = fc
  .subarray([...conditionMembers], { maxLength: 2 })
  .map((members) =>
    Object.fromEntries(members.map(([operator, key, values]) => [operator, { [key]: values }])),
  )

export const namedPrincipals: fc.Arbitrary<NonNullable<WrittenJson['Principal']>> = fc.constantFrom<
  Array<NonNullable<WrittenJson['Principal']>>
>(
  { RAM: [`acs:ram::${ACCOUNT}:root`] },
  { RAM: [`acs:ram::${ACCOUNT}:user/alice`, `acs:ram::${OTHER_ACCOUNT}:user/bob`] },
  { RAM: [`acs:ram:*:${ACCOUNT}:role/App`], Service: ['ecs.aliyuncs.com'] },
  { RAM: [`acs:ram::${OTHER_ACCOUNT}:root`] },
  { Federated: [`acs:ram::${ACCOUNT}:oidc-provider/gh`] },
)

/** A statement that a document of the kind may hold. */
export const statement = (kind: PolicyKind): fc.Arbitrary<WrittenJson> =>
  fc
    .record({
      effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
      actions: few(actionPattern),
      excepted: fc.nat({ max: 4 }).map((n) => n === 0),
      resources: few(resourcePattern),
      principals: namedPrincipals,
      condition: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, conditions),
    })
    .map(({ effect, actions, excepted, resources, principals, condition }) => ({
      Effect: effect,
      ...(excepted ? { NotAction: actions } : { Action: actions }),
      ...(kind === 'trust' ? {} : { Resource: resources }),
      ...(kind === 'trust' || kind === 'resource' ? { Principal: principals } : {}),
      Condition: condition,
    }))

export const policyText = (statements: ReadonlyArray<unknown>): string =>
  JSON.stringify({ Version: '1', Statement: statements })

export const policyDocument = (kind: PolicyKind): fc.Arbitrary<PolicyDocument> =>
  few(statement(kind))
    .map((statements) => parsePolicy(kind, policyText(statements)))
    .filter(E.isRight)
    .map(({ right }) => right)

const alice: Principal = {
  type: 'User',
  accountId: ACCOUNT,
  userId: '222748924538412345',
  userName: 'alice',
}
const nightly: Principal = {
  type: 'Session',
  accountId: ACCOUNT,
  roleId: '368101631399122462',
  roleName: 'app',
  sessionName: 'nightly',
}

/** Every sort of caller; those with policies of their own more often. */
export const principal: fc.Arbitrary<Principal> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Array<Principal>>(alice, nightly) },
  fc.constantFrom<Array<Principal>>(
    { type: 'User', accountId: OTHER_ACCOUNT, userId: '222748924538412346', userName: 'Bob' },
    { type: 'Root', accountId: ACCOUNT },
    { type: 'Root', accountId: OTHER_ACCOUNT },
    { type: 'Service', service: 'ecs.aliyuncs.com' },
    { type: 'Federated', providerArn: `acs:ram::${ACCOUNT}:oidc-provider/gh` },
  ),
)

const contextValues: Readonly<Record<string, fc.Arbitrary<string | Array<string>>>> = {
  'acs:ResourceTag/team': fc.oneof(
    fc.constantFrom('dev', 'test', 'prod'),
    fc.subarray(['dev', 'test', 'prod']),
  ),
  'oss:Prefix': fc.constantFrom('secret/a', 'open/b', ''),
  'kms:Days': fc.constantFrom('7', '30', 'soon'),
  'acs:CurrentTime': fc.constantFrom('2023-12-31T15:59:59Z', '2024-06-01T00:00:00Z', 'today'),
  'acs:SecureTransport': fc.constantFrom('true', 'false'),
  'acs:SourceIp': fc.constantFrom('10.1.2.3', '192.0.2.1', '2001:db8::1', 'unknown'),
}

export const context: fc.Arbitrary<RequestContext> = fc
  .record(contextValues, { requiredKeys: [] })
  .map((members) =>
    requestContext(
      Object.fromEntries(
        Object.entries(members).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value] as const],
        ),
      ),
    ),
  )

export const authorizationRequest: fc.Arbitrary<AuthorizationRequest> = fc
  .record({
    principal,
    action: actionName,
    first: resourceName,
    others: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      fc.array(resourceName, { maxLength: 2 }),
    ),
    context,
  })
  .map(({ first, others, ...rest }) => ({ ...rest, resources: [first, ...others] as const }))
