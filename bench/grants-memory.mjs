/**
 * What the grants of now weigh for very many users: each is in three groups, the groups hold
 * policies, and each policy is there once, whoever holds it. Then users are asked about, each for
 * the first time, which compiles what they hold.
 *
 * Events are parsed from text one by one, as a log hands them over, so that no text is shared that
 * would not be shared in a server.
 */
import { decideOnGrants, grantsView } from '@grantlog/views'
import { demand, printTable, say } from './statistics.mjs'
import { ACCOUNT_ID, seeded } from './workload.mjs'

const POLICIES = 2_000
const USERS_PER_GROUP = 100
const GROUPS_PER_USER = 3
const POLICIES_PER_GROUP = 3

/** After how many events the changed rows are taken away, as a server does to store them. */
const EVENTS_PER_STORING = 2_000

const idOf = (kind, number) => `${kind}${String(number).padStart(17, '0')}`
const userIdOf = (number) => idOf('2', number)
const groupIdOf = (number) => `g-${idOf('3', number)}`
const policyIdOf = (number) => `p-${idOf('4', number)}`

const documentOf = (number) =>
  JSON.stringify({
    Version: '1',
    Statement: Array.from({ length: 5 }, (_, i) => ({
      Effect: 'Allow',
      Action: [`ecs:Start${i}*`, 'ecs:Describe*'],
      Resource: `acs:ecs:*:*:instance/i-${number}-${i}-*`,
    })),
  })

function* events(users) {
  const random = seeded(20_264)
  const below = (bound) => Math.floor(random() * bound)
  const groups = Math.ceil((users * GROUPS_PER_USER) / USERS_PER_GROUP)
  for (let policy = 0; policy < POLICIES; policy += 1)
    yield {
      type: 'PolicyCreated',
      policyId: policyIdOf(policy),
      policyName: `policy-${policy}`,
      versionId: 'v1',
      document: documentOf(policy),
    }
  for (let group = 0; group < groups; group += 1) {
    const groupId = groupIdOf(group)
    yield { type: 'GroupCreated', groupId, groupName: `group-${group}` }
    const first = below(POLICIES)
    for (let i = 0; i < POLICIES_PER_GROUP; i += 1)
      yield {
        type: 'PolicyAttached',
        policy: { type: 'Custom', policyId: policyIdOf((first + 7 * i) % POLICIES) },
        target: { type: 'Group', groupId },
      }
  }
  for (let user = 0; user < users; user += 1) {
    const userId = userIdOf(user)
    yield { type: 'UserCreated', userId, userName: `user-${user}` }
    const first = below(groups)
    for (let i = 0; i < GROUPS_PER_USER; i += 1)
      yield { type: 'UserAddedToGroup', userId, groupId: groupIdOf((first + 13 * i) % groups) }
  }
}

const takeChanges = ({ tables }) => {
  for (const rows of Object.values(tables)) rows.takeChangedKeys()
}

const weight = () => {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 }
}

const fold = (users) => {
  const grants = grantsView.empty()
  const startedAt = process.cpuUsage()
  let position = 0
  for (const event of events(users)) {
    position += 1
    grantsView.apply(grants, JSON.parse(JSON.stringify({ accountId: ACCOUNT_ID, position, event })))
    if (position % EVENTS_PER_STORING === 0) takeChanges(grants)
  }
  takeChanges(grants)
  const { user, system } = process.cpuUsage(startedAt)
  return { grants, events: position, seconds: (user + system) / 1e6 }
}

const askAll = (grants, users) => {
  const startedAt = process.cpuUsage()
  let allowed = 0
  for (let user = 0; user < users; user += 1) {
    const id = userIdOf(user)
    const request = {
      principal: { type: 'User', accountId: ACCOUNT_ID, userId: id, userName: `user-${user}` },
      action: 'ecs:DescribeInstances',
      resources: [`acs:ecs:cn-hangzhou:${ACCOUNT_ID}:instance/i-${user % POLICIES}-0-x`],
      context: new Map(),
    }
    const { outcome } = decideOnGrants(grants, request, {
      holder: { type: 'User', accountId: ACCOUNT_ID, id },
    })
    if (outcome === 'Allow') allowed += 1
  }
  const { user, system } = process.cpuUsage(startedAt)
  return { allowed, seconds: (user + system) / 1e6 }
}

const figure = (number) => number.toLocaleString('en-US', { maximumFractionDigits: 1 })

export const bench = ({ quick }) => {
  const users = quick ? 100_000 : 1_000_000
  const before = weight()
  const { grants, events: folded, seconds } = fold(users)
  const after = weight()
  const { allowed, seconds: asking } = askAll(grants, users)
  const asked = weight()
  demand(allowed > 0 && allowed < users, 'some are allowed and some are not')
  say(
    `${users.toLocaleString('en-US')} users in ${GROUPS_PER_USER} groups each, ` +
      `${folded.toLocaleString('en-US')} events\n`,
  )
  const row = (what, { rss, heap }, taken) => [
    what,
    figure(rss),
    figure(heap),
    figure(((heap - before.heap) * 2 ** 20) / users),
    taken === undefined ? '' : taken.toFixed(1),
  ]
  printTable(
    ['when', 'RSS MiB', 'heap MiB', 'bytes a user', 'CPU s'],
    [
      row('before', before),
      row('folded', after, seconds),
      row('every user asked about', asked, asking),
    ],
  )
}
