/**
 * Requests for a world: 60 of 100 are allowed, 30 denied by nobody's saying so, 10 by a deny. The
 * specification says which is which.
 *
 * A request is `{ p: user name, a: action, r: resource, c: context }`. Users are drawn with a skew,
 * so that some are busier, and resources are mostly seen once.
 */
import { matchesWildcard } from '@grantlog/policy'
import { chance } from './chance.mjs'
import {
  ACCOUNT,
  ACTIONS,
  ENVIRONMENTS,
  policyNamesOf,
  REGIONS,
  resourceOf,
  SERVICES,
  TEAMS,
} from './worlds.mjs'

const byte = (r) => r.below(256)
const two = (n) => String(n).padStart(2, '0')

const addressOf = (r) =>
  r.way([
    [6, () => `10.${byte(r)}.${byte(r)}.${byte(r)}`],
    [2, () => `203.0.113.${byte(r)}`],
    [2, () => `${r.between(20, 99)}.${byte(r)}.${byte(r)}.${byte(r)}`],
  ])()

const timeOf = (r, year) =>
  `${year}-${two(r.between(1, 12))}-${two(r.between(1, 28))}T${two(r.below(24))}:${two(r.below(60))}:00Z`

const contextOf = (r) => {
  const isMfa = r.happens(0.4)
  return {
    'acs:SourceIp': addressOf(r),
    'acs:CurrentTime': timeOf(r, r.between(2025, 2027)),
    'acs:SecureTransport': String(r.happens(0.9)),
    'acs:MFAPresent': String(isMfa),
    'acs:UserAgent': `${r.pick(['aliyun', 'sdk', 'terraform', 'browser'])}-${r.between(1, 9)}.${r.below(20)}`,
    ...(r.happens(0.7) ? { 'acs:ResourceTag/env': r.pick(ENVIRONMENTS) } : {}),
    ...(r.happens(0.7) ? { 'acs:ResourceTag/team': r.pick(TEAMS) } : {}),
    ...(isMfa ? { 'acs:MFAAge': String(r.between(1, 4_000)) } : {}),
  }
}

/** A value that holds under an operator. */
const holding = (r, operator, value) => {
  switch (operator) {
    case 'IpAddress':
      return value.replace(/\.0\/\d+$/, `.${r.between(1, 120)}`)
    case 'NotIpAddress':
      return `${r.between(20, 99)}.${byte(r)}.1.${byte(r)}`
    case 'DateLessThan':
      return timeOf(r, 2024)
    case 'NumericLessThan':
      return String(r.between(1, Number(value) - 1))
    case 'StringLike':
      return value.replace('*', r.word(4))
    default:
      return value
  }
}

const satisfying = (r, condition, context) => {
  for (const [operator, keys] of Object.entries(condition))
    for (const [key, values] of Object.entries(keys))
      context[key] = holding(r, operator, r.pick(values))
  return context
}

const EVERY_ACTION = Object.values(ACTIONS).flat()
const covered = new Map()

const actionIn = (r, pattern) => {
  if (!covered.has(pattern))
    covered.set(
      pattern,
      EVERY_ACTION.filter((action) => matchesWildcard(pattern, action)),
    )
  return r.pick(covered.get(pattern))
}

const resourceIn = (r, pattern, service) => {
  if (pattern === '*') return resourceOf(r, service)
  const [acs, own, region, account, ...rest] = pattern.split(':')
  const id = rest.join(':').replace(/\*/g, () => r.word(r.between(4, 7)))
  return [
    acs,
    own,
    region === '*' ? r.pick(REGIONS) : region,
    account === '*' ? ACCOUNT : account,
    id,
  ].join(':')
}

/** A request that a statement speaks about, mostly under its conditions too. */
const about = (r, p, { Action, Resource, Condition }, share) => {
  const a = actionIn(r, r.pick(Action))
  const c = contextOf(r)
  return {
    p,
    a,
    r: resourceIn(r, r.pick(Resource), a.slice(0, a.indexOf(':'))),
    c: Condition !== undefined && r.happens(share) ? satisfying(r, Condition, c) : c,
  }
}

/** A request that misses: another action, another resource, other circumstances, or anything. */
const missing = (r, p, statement) => {
  const request = about(r, p, statement, 0.5)
  const service = request.a.slice(0, request.a.indexOf(':'))
  return r.way([
    [1, () => request],
    [1, () => ({ ...request, a: r.pick(ACTIONS[service]) })],
    [1, () => ({ ...request, r: resourceOf(r, service) })],
    [
      1,
      () => {
        const other = r.pick(SERVICES)
        return { p, a: r.pick(ACTIONS[other]), r: resourceOf(r, other), c: contextOf(r) }
      },
    ],
  ])()
}

const TRIES_MAX = 400

/** `label` answers 0 for an implicit deny, 1 for an allow, 2 for an explicit deny. */
export const makeRequests = (world, count, label, seed = 1) => {
  const r = chance(seed * 104_729 + Object.keys(world.users).length)
  const users = Object.keys(world.users)
  const known = new Map()
  const statementsOf = (user) => {
    if (!known.has(user)) {
      const all = policyNamesOf(world, user).flatMap((name) => world.policies[name].Statement)
      known.set(
        user,
        Object.groupBy?.(all, ({ Effect }) => Effect) ?? {
          Allow: all.filter(({ Effect }) => Effect === 'Allow'),
          Deny: all.filter(({ Effect }) => Effect === 'Deny'),
        },
      )
    }
    return known.get(user)
  }
  const draw = (wanted) => {
    for (let tries = 0; ; tries += 1) {
      const user = users[Math.floor(users.length * r.next() ** 2)]
      const { Allow = [], Deny = [] } = statementsOf(user)
      const from = wanted === 2 ? Deny : Allow
      if (from.length === 0) continue
      const request =
        wanted === 0 ? missing(r, user, r.pick(from)) : about(r, user, r.pick(from), 0.95)
      const answer = label(request)
      if (answer === wanted || tries === TRIES_MAX) return { request, answer }
    }
  }
  const wants = Array.from({ length: count }, (_, i) => (i % 10 < 6 ? 1 : i % 10 < 9 ? 0 : 2))
  for (let i = wants.length - 1; i > 0; i -= 1) {
    const j = r.below(i + 1)
    ;[wants[i], wants[j]] = [wants[j], wants[i]]
  }
  return wants.map(draw)
}
