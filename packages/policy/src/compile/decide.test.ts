/**
 * What the units say together, on compiled policies: every combination of answers decides as the
 * specification does.
 */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { ACTION_CHARACTERS_MAX, authorize, type PolicyInForce, type Units } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import { parsePolicy } from '../parse-policy.js'
import type { AuthorizationRequest, Principal } from '../request.js'
import type { HeldPolicies } from './decide.js'
import { policyUniverse } from './universe.js'

const SAYINGS = ['Nothing', 'Allow', 'Deny'] as const
type Saying = (typeof SAYINGS)[number]

/** What each unit says; one that is not named is absent. */
type Answers = Units<Saying>

const EVERYBODY = {
  RAM: ['acs:ram::1:root'],
  Service: ['ecs.aliyuncs.com'],
  Federated: ['acs:ram::1:oidc-provider/gh'],
}

const documentsFor = (unit: string, Effect: Saying): ReadonlyArray<PolicyDocument> => {
  if (Effect === 'Nothing') return []
  const named = unit === 'resource' ? { Principal: EVERYBODY } : {}
  const statement = { Effect, Action: '*', Resource: '*', ...named }
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  const parsed = parsePolicy(unit === 'resource' ? 'resource' : 'identity', text)
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return [parsed.right]
}

const unitsOf = <Unit>(
  { identity, ...others }: Answers,
  hold: (unit: string, saying: Saying) => Unit,
): Units<Unit> => ({
  ...Object.fromEntries(
    Object.entries(others).map(([unit, saying]) => [unit, hold(unit, saying)] as const),
  ),
  identity: hold('identity', identity),
})

const universe = policyUniverse()

/** A set of policies that says this, as the specification and as the universe hold it. */
const unitOf = (unit: string, saying: Saying) => {
  const documents = documentsFor(unit, saying)
  const compiled = documents.map(universe.add)
  const inForce = documents.map((document): PolicyInForce => {
    return { source: { policyType: 'Custom', policyName: 'p', versionId: 'v1' }, document }
  })
  const isNamed = unit === 'resource'
  return { inForce, held: isNamed ? universe.namedHolding(compiled) : universe.holding(compiled) }
}

const UNITS = ['identity', 'resourceGroup', 'session', 'control', 'resource']
const made = new Map(
  UNITS.flatMap((unit) =>
    SAYINGS.map((saying) => [`${unit} ${saying}`, unitOf(unit, saying)] as const),
  ),
)
const known = (unit: string, saying: Saying) =>
  made.get(`${unit} ${saying}`) ?? unitOf(unit, saying)

const sayingsOf = (unit: keyof Answers): ReadonlyArray<Partial<Answers>> => [
  {},
  ...SAYINGS.map((saying) => ({ [unit]: saying })),
]

const everyAnswers: ReadonlyArray<Answers> = SAYINGS.flatMap((identity) =>
  sayingsOf('resourceGroup').flatMap((resourceGroup) =>
    sayingsOf('resource').flatMap((resource) =>
      [...sayingsOf('session'), ...sayingsOf('control').slice(1)].map((narrowing) => ({
        identity,
        ...resourceGroup,
        ...resource,
        ...narrowing,
      })),
    ),
  ),
)

const principals: ReadonlyArray<Principal> = [
  { type: 'User', accountId: '1', userId: '2', userName: 'alice' },
  { type: 'Session', accountId: '1', roleId: '3', roleName: 'app', sessionName: 'nightly' },
  { type: 'Root', accountId: '1' },
  { type: 'Service', service: 'ecs.aliyuncs.com' },
  { type: 'Federated', providerArn: 'acs:ram::1:oidc-provider/gh' },
]

const MINE = 'acs:ecs:r:1:instance/i-1'
const THEIRS = 'acs:ecs:r:2:instance/i-1'
const resources = [MINE, THEIRS, '*', 'acs:ram::system:policy/P', 'acs:ecs::system:i', 'nothing']

const TOO_LONG = `ecs:${'x'.repeat(ACTION_CHARACTERS_MAX)}`
const actions = ['ecs:Stop', 'sts:AssumeRole', TOO_LONG]

const expectAgreement = (requests: ReadonlyArray<AuthorizationRequest>, answers: Answers): void => {
  const policies = unitsOf(answers, (unit, saying) => known(unit, saying).inForce)
  const held: HeldPolicies = unitsOf(answers, (unit, saying) => known(unit, saying).held)
  const disputed = requests.filter((request) => {
    const { outcome, unit } = authorize(request, policies)
    const verdict = universe.decide(request, held)
    return verdict.outcome !== outcome || verdict.unit !== unit
  })
  expect(disputed).toEqual([])
}

const asking = (
  principal: Principal,
  action: string,
  ...[first = MINE, ...others]: ReadonlyArray<string>
): AuthorizationRequest => ({
  principal,
  action,
  resources: [first, ...others],
  context: new Map(),
})

describe('the order of the units', () => {
  it('given any answers of them, then any caller gets the decision of the specification', () => {
    const requests = principals.flatMap((principal) =>
      actions.flatMap((action) => resources.map((one) => asking(principal, action, one))),
    )
    for (const answers of everyAnswers) expectAgreement(requests, answers)
  })

  it('given a name that cannot be read after one of the caller, then nobody owns it', () => {
    const unreadable = MINE.replace('acs', 'arn')
    const requests = principals.flatMap((principal) => [
      asking(principal, 'ecs:Stop', MINE),
      asking(principal, 'ecs:Stop', unreadable),
      asking(principal, 'ecs:Stop', MINE, unreadable),
      asking(principal, 'ecs:Stop', MINE, THEIRS, unreadable),
    ])
    for (const identity of SAYINGS) expectAgreement(requests, { identity })
  })
})
