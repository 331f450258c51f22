/**
 * Generators of policies and requests that leave no corner of the language out: every operator,
 * missing and multi-valued keys, unicode and case, wildcards at every place, names that cannot be
 * read.
 *
 * Requests are drawn from the same pieces as policies, so that they often meet.
 */
import fc from 'fast-check'
import type { PolicyKind } from '../document.js'
import type { Principal } from '../request.js'
import {
  ACCOUNT,
  namedPrincipals,
  OTHER_ACCOUNT,
  principal,
  type WrittenJson,
} from './arbitraries.js'
import { wideConditions, wildly, wildness } from './wide-conditions.js'

const few = <A>(item: fc.Arbitrary<A>, maxLength = 3): fc.Arbitrary<Array<A>> =>
  fc.array(item, { minLength: 1, maxLength })

/** Letters whose case changes their length or leaves ASCII are among them. */
const idPiece = fc.constantFrom('instance/', 'i-1', 'i-10', 'Alice', 'alice', 'role/', 'App', 'a')
const oddPiece = fc.constantFrom(
  '/',
  ':',
  '*',
  '?',
  'B',
  'İ',
  'K',
  'ß',
  '日本',
  '😀',
  '\ud800',
  ' ',
)
const idText = few(fc.oneof({ weight: 3, arbitrary: idPiece }, oddPiece), 4).map((all) =>
  all.join(''),
)

const service = fc.constantFrom('ecs', 'ecs', 'oss', 'ram', 'ram', 'sts', 'Ram', 'x', 'ťcs', 'long')
const region = fc.constantFrom('', '*', 'cn-hangzhou', 'cn-beijing', 'CN-hangzhou', 'ťn')
const account = fc.constantFrom(ACCOUNT, ACCOUNT, OTHER_ACCOUNT, 'system', '', '*')

const arnText = fc
  .tuple(service, region, account, idText)
  .map(([a, b, c, id]) => `acs:${a}:${b}:${c}:${id}`)

const unreadable = fc.constantFrom(
  '',
  'acs',
  'acs:ecs:r:a',
  'acs:ecs:r:a:',
  'acs::r:a:x',
  'arn:ecs:r:a:x',
  'Acs:ecs:cn-hangzhou:1234567890123456:instance/i-1',
  `acs:oss:*:${ACCOUNT}:${'x'.repeat(2048)}`,
)

/** What a request may name. */
export const wideResource: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: arnText },
  { weight: 1, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: unreadable },
)

const starred = fc
  .tuple(service, fc.constantFrom('*', '*', 'cn-hangzhou', '', 'cn-*'), account, idText)
  .chain(([a, b, c, id]) =>
    fc
      .array(wildness, { maxLength: 2 })
      .map((changes) => `acs:${a}:${b}:${c === '' ? '*' : c}:${wildly(id, changes)}`),
  )

const anyArnPattern = fc
  .tuple(arnText, fc.array(wildness, { maxLength: 3 }))
  .map(([text, changes]) => `acs:${wildly(text.slice(4), changes)}`)

/** Text that `parsePolicy` takes as a resource: anything else would only make cases rarer. */
const isPattern = (text: string): boolean => /^acs:[^:]+:[^:]*:[^:]*:.+$/s.test(text)

export const widePattern: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: starred },
  { weight: 4, arbitrary: arnText },
  { weight: 4, arbitrary: anyArnPattern.filter(isPattern) },
  { weight: 3, arbitrary: fc.constantFrom('*', 'acs:*:*:*:*', 'acs:ram::*:*', 'acs:*:*:*:*/App') },
)

const action = fc.constantFrom(
  'ecs:StopInstance',
  'ecs:DescribeInstances',
  'oss:GetObject',
  'ram:GetUser',
  'sts:AssumeRole',
  'STS:assumerole',
  'ECS:STOPINSTANCE',
)

export const wideAction: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: action },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'ecs',
      ':',
      'ecs:',
      ':StopInstance',
      'eKs:get:more',
      '\u212acs:Get',
      `ecs:${'x'.repeat(252)}`,
      `ecs:${'x'.repeat(253)}`,
    ),
  },
)

const isAction = (text: string): boolean =>
  /^(?:\*|[A-Za-z0-9*?_.-]{1,64}:[A-Za-z0-9*?_./-]{1,128})$/.test(text)

const actionPattern = fc.oneof(
  { weight: 3, arbitrary: action },
  {
    weight: 4,
    arbitrary: fc
      .tuple(action, fc.array(wildness, { minLength: 1, maxLength: 2 }))
      .map(([text, changes]) => wildly(text, changes))
      .filter(isAction),
  },
  { weight: 3, arbitrary: fc.constantFrom('*', '*', 'ecs:*', '*:Get*', '*:*') },
)

/** A statement that a document of the kind may hold. */
export const wideStatement = (kind: PolicyKind): fc.Arbitrary<WrittenJson> =>
  fc
    .record({
      effect: fc.constantFrom(
        'Allow' as const,
        'Allow' as const,
        'Allow' as const,
        'Deny' as const,
      ),
      actions: few(actionPattern),
      excepted: fc.nat({ max: 5 }).map((n) => n === 0),
      resources: few(widePattern),
      principals: namedPrincipals,
      condition: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, wideConditions),
    })
    .map(({ effect, actions, excepted, resources, principals, condition }) => ({
      Effect: effect,
      ...(excepted ? { NotAction: actions } : { Action: actions }),
      ...(kind === 'trust' ? {} : { Resource: resources }),
      ...(kind === 'trust' || kind === 'resource' ? { Principal: principals } : {}),
      Condition: condition,
    }))

/** Every sort of caller, also some whose names are not in lower case. */
export const widePrincipal: fc.Arbitrary<Principal> = fc.oneof(
  { weight: 5, arbitrary: principal },
  fc.constantFrom<Array<Principal>>(
    { type: 'User', accountId: ACCOUNT, userId: '222748924538412347', userName: 'ALICE' },
    { type: 'Federated', providerArn: `acs:ram::${ACCOUNT}:oidc-provider/GH` },
    { type: 'Federated', providerArn: 'not an arn' },
    { type: 'Service', service: 'oss.aliyuncs.com' },
  ),
)
