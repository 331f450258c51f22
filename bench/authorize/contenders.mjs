/**
 * Who decides: the compiled policies, the specification, CASL, and a naive walk. Each is loaded
 * from a world and then answers 0 for an implicit deny, 1 for an allow, 2 for an explicit deny.
 */

import { Ability, buildMongoQueryMatcher } from '@casl/ability'
import { authorize, matchesWildcard, parsePolicy, requestContext } from '@grantlog/policy'
import adapter from '../peers-adapter.mjs'
import { rightOf } from '../statistics.mjs'
import { ACTIONS, policyNamesOf } from './worlds.mjs'

const once = (make) => {
  const made = new Map()
  return (key) => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key)
  }
}

const statementsOf = (world, user) =>
  policyNamesOf(world, user).flatMap((name) => world.policies[name].Statement)

export const ANSWERS = { ImplicitDeny: 0, Allow: 1, ExplicitDeny: 2 }

/** `authorize`, with documents parsed ahead; a context becomes a map, as it wants one. */
const specification = (world) => {
  const inForce = once((policyName) => ({
    source: { policyType: 'Custom', policyName, versionId: 'v1' },
    document: rightOf(
      parsePolicy('identity', JSON.stringify({ ...world.policies[policyName], Version: '1' })),
      policyName,
    ),
  }))
  const policiesOf = once((user) => ({ identity: policyNamesOf(world, user).map(inForce) }))
  const principal = { type: 'User', accountId: world.account, userId: 'u', userName: 'u' }
  return ({ p, a, r, c }) => {
    const request = { principal, action: a, resources: [r], context: requestContext(c) }
    return ANSWERS[authorize(request, policiesOf(p)).outcome]
  }
}

const numberOfAddress = (text) => text.split('.').reduce((n, part) => n * 256 + Number(part), 0)

const isInNetwork = (address, network) => {
  const [base, bits = '32'] = network.split('/')
  const size = 2 ** (32 - Number(bits))
  const start = Math.floor(numberOfAddress(base) / size)
  return Math.floor(numberOfAddress(address) / size) === start
}

/** Values are alternatives, and are read anew each time. */
const holds = {
  IpAddress: (have, wants) => wants.some((want) => isInNetwork(have, want)),
  StringEquals: (have, wants) => wants.includes(have),
  Bool: (have, wants) => wants.includes(have),
  DateLessThan: (have, wants) => wants.some((want) => Date.parse(have) < Date.parse(want)),
  NumericLessThan: (have, wants) => wants.some((want) => Number(have) < Number(want)),
  StringLike: (have, wants) => wants.some((want) => matchesWildcard(want, have)),
}

const isSatisfied = (condition, context) => {
  for (const operator in condition)
    for (const key in condition[operator]) {
      const have = context[key]
      const wants = condition[operator][key]
      const isMet =
        operator === 'NotIpAddress'
          ? have === undefined || !holds.IpAddress(have, wants)
          : have !== undefined && holds[operator](have, wants)
      if (!isMet) return false
    }
  return true
}

/** Every statement of the user, one after the other, as written. */
const naive = (world) => {
  const statements = once((user) => statementsOf(world, user))
  return ({ p, a, r, c }) => {
    let answer = 0
    for (const { Effect, Action, Resource, Condition } of statements(p)) {
      if (!Action.some((pattern) => matchesWildcard(pattern, a))) continue
      if (!Resource.some((pattern) => matchesWildcard(pattern, r))) continue
      if (Condition !== undefined && !isSatisfied(Condition, c)) continue
      if (Effect === 'Deny') return 2
      answer = 1
    }
    return answer
  }
}

const EVERY_ACTION = Object.values(ACTIONS).flat()
const namesIn = once((pattern) => EVERY_ACTION.filter((name) => matchesWildcard(pattern, name)))

/** One anchored expression for several patterns. */
const expressionOf = (patterns) => {
  const sources = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
      .join('.*'),
  )
  return new RegExp(`^(?:${sources.join('|')})$`, 's')
}

const isWild = (text) => text.includes('*')

const networkOperator = (name) => ({ type: 'field', name, validate: () => {} })
const isWithin = (node, object, { get }) => {
  const have = get(object, node.field)
  return have !== undefined && node.value(have)
}
const conditionsMatcher = buildMongoQueryMatcher(
  { $within: networkOperator('$within'), $outside: networkOperator('$outside') },
  { $within: isWithin, $outside: (...all) => !isWithin(...all) },
)

/** Networks as numbers, read once. */
const networkTest = (networks) => {
  const ranges = networks.map((network) => {
    const [base, bits = '32'] = network.split('/')
    return [numberOfAddress(base), numberOfAddress(base) + 2 ** (32 - Number(bits))]
  })
  return (have) => {
    const address = numberOfAddress(have)
    return ranges.some(([from, to]) => address >= from && address < to)
  }
}

const queries = {
  IpAddress: (wants) => ({ $within: networkTest(wants) }),
  NotIpAddress: (wants) => ({ $outside: networkTest(wants) }),
  StringEquals: (wants) => ({ $in: wants }),
  Bool: (wants) => ({ $in: wants }),
  DateLessThan: (wants) => ({ $exists: true, $lt: wants.toSorted().at(-1) }),
  NumericLessThan: (wants) => ({ $exists: true, $lt: Math.max(...wants.map(Number)) }),
  StringLike: (wants) => ({ $regex: expressionOf(wants) }),
}

const ruleOf = ({ Effect, Action, Resource, Condition = {} }) => {
  const conditions = {}
  if (!Resource.includes('*'))
    conditions.arn = Resource.some(isWild) ? { $regex: expressionOf(Resource) } : { $in: Resource }
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, wants] of Object.entries(keys))
      conditions[key] = { ...conditions[key], ...queries[operator](wants) }
  return {
    action: [...new Set(Action.flatMap((one) => (isWild(one) ? namesIn(one) : [one])))],
    subject: 'arn',
    inverted: Effect === 'Deny',
    ...(Object.keys(conditions).length > 0 ? { conditions } : {}),
  }
}

/**
 * CASL as a careful user has it: an ability per user, made ahead; wildcards of actions spelled out
 * over the catalogue, those of resources as expressions, denies last.
 */
const casl = (world) => {
  const rule = once(ruleOf)
  const abilityOf = once((user) => {
    const rules = statementsOf(world, user).map(rule)
    const inOrder = [
      ...rules.filter((one) => !one.inverted),
      ...rules.filter((one) => one.inverted),
    ]
    return new Ability(inOrder, { conditionsMatcher, detectSubjectType: () => 'arn' })
  })
  return ({ p, a, r, c }) => {
    const subject = { arn: r }
    for (const key in c) subject[key] = key === 'acs:MFAAge' ? Number(c[key]) : c[key]
    const found = abilityOf(p).relevantRuleFor(a, subject)
    return found === null ? 0 : found.inverted ? 2 : 1
  }
}

export const CONTENDERS = {
  compiled: (world) => adapter.load(world).then(({ decide }) => decide),
  specification,
  CASL: casl,
  naive,
}
