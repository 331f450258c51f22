/**
 * The compiled policies as an adapter of a bench of authorization libraries, side by side. That
 * bench hands over worlds and requests as described in `bench/authorize/worlds.mjs`:
 * `node run.mjs --extra <this file>`, in its folder; here, `npm run build` first.
 */
import { policyUniverse, readPolicy } from '@grantlog/policy'
import { rightOf } from './statistics.mjs'

/** How the requests of a world spell the keys that its policies name. */
const spellingsOf = (policies) => {
  const spellings = {}
  for (const { Statement } of Object.values(policies))
    for (const { Condition = {} } of Statement)
      for (const keys of Object.values(Condition))
        for (const key of Object.keys(keys)) spellings[key.toLowerCase()] = key
  return spellings
}

const load = (world) => {
  const universe = policyUniverse()
  const policies = new Map(
    Object.entries(world.policies).map(([name, { Statement }]) => {
      const document = readPolicy('identity', { Version: '1', Statement })
      return [name, universe.add(rightOf(document, name))]
    }),
  )
  const nobody = { identity: universe.holding([]) }
  const heldBy = new Map(
    Object.entries(world.users).map(([userName, user]) => {
      const names = [...user.policies, ...user.groups.flatMap((g) => world.groups[g].policies)]
      const identity = universe.holding(names.map((name) => policies.get(name)))
      return [userName, { identity }]
    }),
  )
  const spellings = spellingsOf(world.policies)
  const context = {
    members: {},
    get: (key) => context.members[spellings[key]],
  }
  const principal = { type: 'User', accountId: world.account, userId: 'u', userName: 'u' }
  const request = { principal, action: '', resources: [''], context }
  const decide = (question) => {
    context.members = question.c
    request.action = question.a
    request.resources[0] = question.r
    const { outcome } = universe.decide(request, heldBy.get(question.p) ?? nobody)
    return outcome === 'Allow' ? 1 : outcome === 'ExplicitDeny' ? 2 : 0
  }
  return { decide }
}

export default {
  name: 'grantlog, compiled',
  pkg: '@grantlog/policy',
  how: 'policies compiled once and shared, a principal is a list of bit words; contexts read in place',
  distinguishes: true,
  load: async (world) => load(world),
}
