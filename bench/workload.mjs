/**
 * Control events of one account, in order and without end of variety: policies, groups, users,
 * then changes.
 *
 * The shape of a request does not depend on the size: each user is in two groups with three
 * policies each, and has two of its own. A larger account has more users and groups, and has seen
 * more changes; its policies have had more versions.
 */

export const ACCOUNT_ID = '1234567890123456'

const POLICIES = 100
const GROUPS_PER_USER = 2
const POLICIES_PER_GROUP = 3
const POLICIES_PER_USER = 2
const USERS_PER_GROUP = 50
const EVENTS_PER_USER = 20

/** As many as RAM lets a policy have; the oldest makes room. */
const VERSIONS_PER_POLICY = 5

/** Of the changes, the share that gives a policy another version. */
const SHARE_OF_VERSIONS = 0.02

/**
 * A small generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32).
 */
export const seeded = (seed) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const below = (random, bound) => Math.floor(random() * bound)

/** So many different numbers below a bound. */
const distinct = (random, count, bound) => {
  const chosen = new Set()
  while (chosen.size < count) chosen.add(below(random, bound))
  return [...chosen]
}

export const userIdOf = (user) => `2${String(user).padStart(17, '0')}`
export const userNameOf = (user) => `user-${user}`
const groupIdOf = (group) => `g-${String(group).padStart(14, '0')}`
const policyIdOf = (policy) => `p-${String(policy).padStart(16, '0')}`
const bucketOf = (policy) => `acs:oss:*:${ACCOUNT_ID}:bucket-${policy}`

/** What a policy of the workload may speak about: asked for by `requestOf`. */
const documentOf = (policy, version) =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['oss:GetObject', 'oss:ListObjects'],
        Resource: [bucketOf(policy), `${bucketOf(policy)}/*`],
      },
      {
        Effect: version % 2 === 0 ? 'Deny' : 'Allow',
        Action: 'oss:PutObject',
        Resource: `${bucketOf(policy)}/v${version}/*`,
        Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } },
      },
    ],
  })

/** A question about the bucket of a policy: one of those that are held, or any. */
export const requestOf = (random, user, heldNames = []) => {
  const name = heldNames[below(random, 2 * heldNames.length)]
  const policy = name === undefined ? below(random, POLICIES) : Number(name.slice('policy-'.length))
  const action = random() < 0.5 ? 'oss:GetObject' : 'oss:PutObject'
  return {
    principal: {
      type: 'User',
      accountId: ACCOUNT_ID,
      userId: userIdOf(user),
      userName: userNameOf(user),
    },
    action,
    resources: [`${bucketOf(policy)}/v${1 + below(random, 4)}/object`],
    context: new Map([['acs:sourceip', ['10.1.2.3']]]),
  }
}

const ofUser = (user) => ({ type: 'User', userId: userIdOf(user) })
const ofGroup = (group) => ({ type: 'Group', groupId: groupIdOf(group) })
const custom = (policy) => ({ type: 'Custom', policyId: policyIdOf(policy) })
const attached = (policy, target) => ({ type: 'PolicyAttached', policy: custom(policy), target })
const detached = (policy, target) => ({ type: 'PolicyDetached', policy: custom(policy), target })
const joined = (user, group) => ({
  type: 'UserAddedToGroup',
  userId: userIdOf(user),
  groupId: groupIdOf(group),
})
const left = (user, group) => ({
  type: 'UserRemovedFromGroup',
  userId: userIdOf(user),
  groupId: groupIdOf(group),
})

function* policiesAndGroups(random, groups) {
  yield { type: 'AccountCreated', accountId: ACCOUNT_ID }
  for (let policy = 0; policy < POLICIES; policy += 1)
    yield {
      type: 'PolicyCreated',
      policyId: policyIdOf(policy),
      policyName: `policy-${policy}`,
      versionId: 'v1',
      document: documentOf(policy, 1),
    }
  for (let group = 0; group < groups; group += 1) {
    yield { type: 'GroupCreated', groupId: groupIdOf(group), groupName: `group-${group}` }
    for (const policy of distinct(random, POLICIES_PER_GROUP, POLICIES))
      yield attached(policy, ofGroup(group))
  }
}

function* oneUser(random, user, groups, held) {
  held[user] = {
    groups: distinct(random, GROUPS_PER_USER, groups),
    policies: distinct(random, POLICIES_PER_USER, POLICIES),
  }
  yield { type: 'UserCreated', userId: userIdOf(user), userName: userNameOf(user) }
  for (const group of held[user].groups) yield joined(user, group)
  for (const policy of held[user].policies) yield attached(policy, ofUser(user))
}

/** Leaves the list as long as it was, with another number below the bound in one place. */
const replaced = (random, list, bound) => {
  const place = below(random, list.length)
  const before = list[place]
  let after = below(random, bound)
  while (list.includes(after)) after = (after + 1) % bound
  list[place] = after
  return { before, after }
}

function* oneChange(random, held, groups, versions) {
  if (random() < SHARE_OF_VERSIONS) {
    const policy = below(random, POLICIES)
    versions[policy] += 1
    const named = { policyId: policyIdOf(policy), versionId: `v${versions[policy]}` }
    yield { type: 'PolicyVersionCreated', ...named, document: documentOf(policy, versions[policy]) }
    yield { type: 'DefaultPolicyVersionChanged', ...named }
    const oldest = versions[policy] - VERSIONS_PER_POLICY
    if (oldest > 0)
      yield { type: 'PolicyVersionDeleted', policyId: named.policyId, versionId: `v${oldest}` }
    return
  }
  const user = below(random, held.length)
  if (random() < 0.5) {
    const { before, after } = replaced(random, held[user].groups, groups)
    yield left(user, before)
    yield joined(user, after)
    return
  }
  const { before, after } = replaced(random, held[user].policies, POLICIES)
  yield detached(before, ofUser(user))
  yield attached(after, ofUser(user))
}

/** How many users an account of so many events has. */
export const usersIn = (events) => Math.max(10, Math.floor(events / EVENTS_PER_USER))

/** So many events of one account with so many users; the same ones for the same seed. */
export function* controlEvents(count, seed, users = usersIn(count)) {
  const random = seeded(seed)
  const groups = Math.max(4, Math.floor(users / USERS_PER_GROUP))
  const held = []
  const versions = new Array(POLICIES).fill(1)
  function* all() {
    yield* policiesAndGroups(random, groups)
    for (let user = 0; user < users; user += 1) yield* oneUser(random, user, groups, held)
    for (;;) yield* oneChange(random, held, groups, versions)
  }
  let given = 0
  for (const event of all()) {
    if (given === count) return
    given += 1
    yield event
  }
}

const STARTED_AT = Date.UTC(2026, 0, 1)

/** An event as a view is given it: another every 100 ms of the account's life, all done by root. */
export const recordedAs = (event, position) => ({
  id: `00000000-0000-5000-8000-${String(position).padStart(12, '0')}`,
  stream: `account-${ACCOUNT_ID}`,
  revision: position - 1,
  position,
  recordedAt: STARTED_AT + 100 * position,
  accountId: ACCOUNT_ID,
  event,
  metadata: {
    commandId: `c-${position}`,
    requestId: `r-${position}`,
    actor: {
      accountId: ACCOUNT_ID,
      principalType: 'Root',
      principalId: ACCOUNT_ID,
      arn: `acs:ram::${ACCOUNT_ID}:root`,
    },
    critical: true,
  },
})
