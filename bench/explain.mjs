/**
 * What does it cost to say why? On the three worlds of the bench of decisions, taking turns: the
 * plain decision on compiled policies, the same with the statements that made it, and both from the
 * specification, which also lists every statement that had no part in it.
 *
 * All are given the same requests, made right before they are decided, outside the clock.
 */
import {
  authorize,
  explain,
  parsePolicy,
  policyUniverse,
  requestContext,
  sourcedHolding,
} from '@grantlog/policy'
import { makeRequests } from './authorize/requests.mjs'
import { makeWorld, policyNamesOf, WORLDS } from './authorize/worlds.mjs'
import {
  demand,
  inRounds,
  medianText,
  printTable,
  ratios,
  rightOf,
  say,
  spreadText,
} from './statistics.mjs'

const CHUNK = 256

/** The explanation of each so many requests is compared with the specification's. */
const CHECKED_EVERY = 20

const ANSWERS = { ImplicitDeny: 0, Allow: 1, ExplicitDeny: 2 }

/** The policies of a world, and for each user what all of the contenders need. */
const load = (world) => {
  const universe = policyUniverse()
  const policies = new Map(
    Object.entries(world.policies).map(([policyName, { Statement }]) => {
      const text = JSON.stringify({ Version: '1', Statement })
      const document = rightOf(parsePolicy('identity', text), policyName)
      const source = { policyType: 'Custom', policyName, versionId: 'v1' }
      return [policyName, { policy: { source, document }, compiled: universe.add(document) }]
    }),
  )
  const users = new Map(
    Object.keys(world.users).map((user) => {
      const held = policyNamesOf(world, user).map((name) => policies.get(name))
      const identity = universe.holding(held.map(({ compiled }) => compiled))
      return [
        user,
        {
          compiled: { identity },
          sourced: { identity: sourcedHolding(identity, held) },
          inForce: { identity: held.map(({ policy }) => policy) },
        },
      ]
    }),
  )
  return { universe, users }
}

const requestsFrom = (world, lines) => {
  const principal = { type: 'User', accountId: world.account, userId: 'u', userName: 'u' }
  let next = 0
  return () => {
    if (next + CHUNK > lines.length) next = 0
    const parsed = JSON.parse(`[${lines.slice(next, next + CHUNK).join(',')}]`)
    next += CHUNK
    return parsed.map(({ p, a, r, c }) => [
      p,
      { principal, action: a, resources: [r], context: requestContext(c) },
    ])
  }
}

const computed = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Decisions per second of computing. */
const rateFor = (decide, fresh, milliseconds) => {
  let taken = 0
  let count = 0
  while (taken < milliseconds) {
    const requests = fresh()
    const startedAt = computed()
    for (const [user, request] of requests) decide(user, request)
    taken += computed() - startedAt
    count += requests.length
  }
  return { rate: (count / taken) * 1_000, cost: taken / count }
}

const benchWorld = async (name, { rounds, slice, requests: count }) => {
  const world = makeWorld(name)
  const { universe, users } = load(world)
  const contenders = [
    ['compiled, plain', (user, request) => universe.decide(request, users.get(user).compiled)],
    ['compiled, why', (user, request) => universe.justify(request, users.get(user).sourced)],
    ['specification, why', (user, request) => authorize(request, users.get(user).inForce)],
    ['specification, all', (user, request) => explain(request, users.get(user).inForce)],
  ]
  const principal = { type: 'User', accountId: world.account, userId: 'u', userName: 'u' }
  const asked = ({ a, r, c }) => ({
    principal,
    action: a,
    resources: [r],
    context: requestContext(c),
  })
  const [[, plain], [, why], [, specification]] = contenders
  const lines = makeRequests(world, count, (request) => {
    const decision = plain(request.p, asked(request))
    return ANSWERS[decision.outcome]
  }).map(({ request }) => JSON.stringify(request))
  for (const line of lines.filter((_, index) => index % CHECKED_EVERY === 0)) {
    const request = JSON.parse(line)
    const [mine, its] = [why, specification].map((one) =>
      JSON.stringify(one(request.p, asked(request))),
    )
    demand(mine === its, `the compiled policies explain ${line} by ${mine} instead of ${its}`)
  }
  const fresh = requestsFrom(world, lines)
  const runs = contenders.map(
    ([, decide]) =>
      () =>
        rateFor(decide, fresh, slice),
  )
  await inRounds(1, runs)
  const results = await inRounds(rounds, runs)
  say(name)
  printTable(
    ['contender', 'decisions/s', 'times the cost of the plain decision', 'goal'],
    contenders.map(([who], index) => [
      who,
      medianText(results[index], 'rate'),
      index === 0 ? '' : spreadText(ratios(results[index], results[0], 'cost')),
      index === 1 ? 'under 5' : '',
    ]),
  )
}

export const bench = async ({ quick }) => {
  const size = quick
    ? { rounds: 5, slice: 40, requests: 4_000 }
    : { rounds: 15, slice: 200, requests: 50_000 }
  say('Explanations: median over rounds; ratios as median [least .. greatest] of the rounds\n')
  for (const name of WORLDS) await benchWorld(name, size)
}
