/**
 * Worlds of policies, groups and users, from a seed.
 *
 * A world is `{ account, users: { name: { groups, policies } }, groups: { name: { policies } },
 * policies: { name: { Statement } } }`, with lists throughout. Half of the statements carry
 * wildcards, in the action or in the resource; some carry conditions, some deny.
 *
 * | world | users  | groups | policies x statements | a principal has                            |
 * | ----- | ------ | ------ | --------------------- | ------------------------------------------ |
 * | W1    | 100    | 10     | 30 x 3                | 1-2 groups of 3-4, every second one more   |
 * | W2    | 10,000 | 500    | 2,000 x 5             | 3 groups of 3, and 2 of its own            |
 * | W3    | 1      | 0      | 200 x 10              | all of them                                |
 */
import { chance } from './chance.mjs'

export const ACCOUNT = '1234567890123456'

/** Verbs, nouns and kinds of resources, in the manner of RAM. */
const CATALOGUE = {
  ecs: [
    'Describe Create Delete Modify Attach Detach Start Stop',
    'Instances Disks Images Snapshots KeyPairs SecurityGroups Tags',
    'instance disk image snapshot',
  ],
  oss: [
    'Get Put Delete List Restore Append',
    'Object ObjectAcl ObjectTagging Bucket BucketAcl BucketPolicy BucketLogging',
    '',
  ],
  ram: [
    'Get List Create Delete Update Attach Detach',
    'User Group Role Policy AccessKey LoginProfile',
    'user group role policy',
  ],
  rds: [
    'Describe Create Delete Modify Restart',
    'DBInstances Backups Accounts Databases SlowLogs Parameters',
    'dbinstance',
  ],
  vpc: [
    'Describe Create Delete Modify Associate',
    'Vpcs VSwitches RouteTables EipAddresses NatGateways Acls',
    'vpc vswitch routetable eip',
  ],
  slb: [
    'Describe Create Delete Set Add',
    'LoadBalancers Listeners BackendServers Certificates Rules',
    'loadbalancer certificate',
  ],
  log: [
    'Get List Create Delete Update Post',
    'Project LogStore Index Shards ConsumerGroup Dashboard',
    'project',
  ],
  kms: [
    'Describe List Create Delete Update Generate',
    'Key KeyVersion Alias Secret SecretValue DataKey',
    'key alias secret',
  ],
  mns: [
    'Get List Create Delete Send Receive',
    'Message Queue QueueAttributes Topic Subscription',
    'queue topic',
  ],
  fc: [
    'Get List Create Delete Update Invoke',
    'Function Service Trigger Alias Layer',
    'function service layer',
  ],
  cs: [
    'Describe Create Delete Modify Scale',
    'Clusters Nodes Templates NodePools Addons',
    'cluster',
  ],
  cms: [
    'Describe Get Put Delete Enable Disable',
    'Metric Alarm Event SiteMonitor Contact',
    'alarm group',
  ],
}

export const SERVICES = Object.keys(CATALOGUE)
const words = (service, index) => CATALOGUE[service][index].split(' ')
const verbs = (service) => words(service, 0)
const nouns = (service) => words(service, 1)
const kinds = (service) => words(service, 2)
export const ACTIONS = Object.fromEntries(
  SERVICES.map((service) => [
    service,
    verbs(service).flatMap((verb) => nouns(service).map((noun) => `${service}:${verb}${noun}`)),
  ]),
)
const REGIONS = [
  'cn-hangzhou',
  'cn-shanghai',
  'cn-beijing',
  'cn-shenzhen',
  'ap-southeast-1',
  'eu-central-1',
  'us-west-1',
  'us-east-1',
]
const FOLDERS = ['logs', 'public', 'private', 'backup', 'images', 'tmp']

const padded = (n, width) => String(n).padStart(width, '0')
const bucket = (r) => `bucket-${padded(r.below(300), 3)}`

/** The relative id of something that may exist. */
const idOf = (r, service) => {
  if (service === 'oss')
    return r.happens(0.2)
      ? bucket(r)
      : `${bucket(r)}/${r.pick(FOLDERS)}/${r.between(2024, 2026)}/${r.word(6)}.bin`
  if (service === 'log')
    return `project/p-${padded(r.below(60), 2)}/logstore/s-${padded(r.below(40), 2)}`
  const id = r.happens(0.5) ? `id-${padded(r.below(2_000), 4)}` : `x-${r.word(10)}`
  return `${r.pick(kinds(service))}/${id}`
}

export const resourceOf = (r, service) =>
  `acs:${service}:${r.pick(REGIONS)}:${ACCOUNT}:${idOf(r, service)}`

const actionPatterns = (r, service) => {
  const byVerb = () => `${service}:${r.pick(verbs(service))}*`
  return r.way([
    [35, () => [byVerb()]],
    [25, () => r.some(ACTIONS[service], r.between(1, 3))],
    [12, () => [`${service}:*`]],
    [16, () => [`${service}:*${r.pick(nouns(service))}`]],
    [12, () => [...new Set([byVerb(), byVerb()])]],
  ])()
}

/** Patterns of one service: everything, a kind, a prefix, a region, the middle, one thing. */
const resourcePattern = (r, service) => {
  const kind = service === 'oss' ? bucket(r) : r.pick(kinds(service))
  const inside =
    service === 'oss'
      ? `${kind}/${r.pick(FOLDERS)}/*`
      : service === 'log'
        ? `${kind}/p-${padded(r.below(60), 2)}/*`
        : `${kind}/id-${padded(r.below(20), 2)}*`
  const middle =
    service === 'oss'
      ? `bucket-${r.below(3)}*/${r.pick(FOLDERS)}/*`
      : service === 'log'
        ? `${kind}/*/logstore/s-${padded(r.below(40), 2)}`
        : `*/id-${padded(r.below(2_000), 4)}`
  return r.way([
    [6, '*'],
    [18, `acs:${service}:*:*:${kind}/*`],
    [28, `acs:${service}:*:*:${inside}`],
    [20, `acs:${service}:${r.pick(REGIONS)}:${service === 'oss' ? '*' : ACCOUNT}:${kind}/*`],
    [14, `acs:${service}:*:*:${middle}`],
    [14, `acs:${service}:*:*:${idOf(r, service)}`],
  ])
}

export const NETWORKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '203.0.113.0/24',
  '198.51.100.0/25',
]
export const ENVIRONMENTS = ['prod', 'stage', 'dev', 'test']
export const TEAMS = ['core', 'data', 'web', 'infra', 'billing', 'search']

const oneCondition = (r, denies) =>
  r.way([
    [
      40,
      () => [
        denies && r.happens(0.5) ? 'NotIpAddress' : 'IpAddress',
        'acs:SourceIp',
        r.some(NETWORKS, r.between(1, 2)),
      ],
    ],
    [12, () => ['StringEquals', 'acs:ResourceTag/env', r.some(ENVIRONMENTS, r.between(1, 2))]],
    [12, () => ['StringEquals', 'acs:ResourceTag/team', r.some(TEAMS, r.between(1, 3))]],
    [
      14,
      () => [
        'DateLessThan',
        'acs:CurrentTime',
        [`202${r.between(5, 7)}-0${r.between(1, 9)}-01T00:00:00Z`],
      ],
    ],
    [10, () => ['Bool', r.pick(['acs:SecureTransport', 'acs:MFAPresent']), ['true']]],
    [6, () => ['StringLike', 'acs:UserAgent', [`${r.pick(['aliyun', 'sdk', 'terraform'])}-*`]]],
    [6, () => ['NumericLessThan', 'acs:MFAAge', [String(r.pick([300, 900, 3_600]))]]],
  ])()

const conditionOf = (r, denies) => {
  const condition = {}
  for (let i = r.happens(0.15) ? 2 : 1; i > 0; i -= 1) {
    const [operator, key, values] = oneCondition(r, denies)
    condition[operator] = { ...condition[operator], [key]: values }
  }
  return condition
}

const statementOf = (r, { denies, conditions }) => {
  const service = r.pick(SERVICES)
  const isDeny = r.happens(denies)
  const isWild = r.happens(0.5)
  const Action = isWild ? actionPatterns(r, service) : r.some(ACTIONS[service], r.between(1, 4))
  const Resource = Array.from({ length: r.between(1, isWild ? 2 : 3) }, () =>
    isWild ? resourcePattern(r, service) : resourceOf(r, service),
  )
  return {
    Effect: isDeny ? 'Deny' : 'Allow',
    // A deny of a whole service would leave nothing to allow.
    Action: isDeny && Action[0].endsWith(':*') ? [`${service}:${verbs(service)[2]}*`] : Action,
    Resource: [...new Set(Resource)],
    ...(r.happens(conditions) ? { Condition: conditionOf(r, isDeny) } : {}),
  }
}

const named = (prefix, count, made) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}-${padded(i, 5)}`, made()]))

const policiesOf = (r, count, statements, mix) =>
  named('policy', count, () => ({
    Version: '1',
    Statement: Array.from({ length: statements }, () => statementOf(r, mix)),
  }))

const MAKERS = {
  W1: (r) => {
    const policies = policiesOf(r, 30, 3, { denies: 0.08, conditions: 0.2 })
    const names = Object.keys(policies)
    const groups = named('group', 10, () => ({ policies: r.some(names, r.between(3, 4)) }))
    const users = named('user', 100, () => ({
      groups: r.some(Object.keys(groups), r.between(1, 2)),
      policies: r.happens(0.5) ? [r.pick(names)] : [],
    }))
    return { account: ACCOUNT, users, groups, policies }
  },
  W2: (r) => {
    const policies = policiesOf(r, 2_000, 5, { denies: 0.05, conditions: 0.2 })
    const names = Object.keys(policies)
    const groups = named('group', 500, () => ({ policies: r.some(names, 3) }))
    const groupNames = Object.keys(groups)
    const users = named('user', 10_000, () => ({
      groups: r.some(groupNames, 3),
      policies: r.some(names, 2),
    }))
    return { account: ACCOUNT, users, groups, policies }
  },
  W3: (r) => {
    const policies = policiesOf(r, 200, 10, { denies: 0.05, conditions: 0.3 })
    return {
      account: ACCOUNT,
      users: { heavy: { groups: [], policies: Object.keys(policies) } },
      groups: {},
      policies,
    }
  },
}

export const WORLDS = Object.keys(MAKERS)

export const makeWorld = (name, seed = 1) => MAKERS[name](chance(seed * 7_919 + name.charCodeAt(1)))

/** The names of all policies that a user holds. */
export const policyNamesOf = (world, userName) => {
  const user = world.users[userName]
  return [...new Set([...user.policies, ...user.groups.flatMap((g) => world.groups[g].policies)])]
}

export { REGIONS }
