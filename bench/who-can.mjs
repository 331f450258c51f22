/**
 * Who of 10,000 principals may do something, at a random position and at the end, in a short and in
 * a long history: where few hold a policy that matters, and at worst, where everybody does and
 * nobody is allowed.
 */
import { whoCan } from '@grantlog/engine'
import { grantsView, historyView } from '@grantlog/views'
import {
  demand,
  inRounds,
  latencyOf,
  printTable,
  ratios,
  rightOf,
  samples,
  say,
  spread,
  spreadText,
  waitingFor,
} from './statistics.mjs'
import { ACCOUNT_ID, controlEvents, recordedAs, seeded, userIdOf } from './workload.mjs'

const SEED = 20_261
const PRINCIPALS = 10_000
const EVERYBODY = 'g-99999999999999'

const statement = (effect) => ({ Effect: effect, Action: 'ots:GetRow', Resource: '*' })

/** A group of everybody, whose policy allows something and denies it as well. */
function* everybody() {
  const policyId = 'p-9999999999999999'
  const document = JSON.stringify({
    Version: '1',
    Statement: [statement('Allow'), statement('Deny')],
  })
  yield { type: 'PolicyCreated', policyId, policyName: 'idle', versionId: 'v1', document }
  yield { type: 'GroupCreated', groupId: EVERYBODY, groupName: 'everybody' }
  yield {
    type: 'PolicyAttached',
    policy: { type: 'Custom', policyId },
    target: { type: 'Group', groupId: EVERYBODY },
  }
  for (let user = 0; user < PRINCIPALS; user += 1)
    yield { type: 'UserAddedToGroup', userId: userIdOf(user), groupId: EVERYBODY }
}

const fold = (events) => {
  const history = historyView.empty()
  let position = 0
  const take = (event) => {
    position += 1
    historyView.apply(history, recordedAs(event, position))
  }
  for (const event of controlEvents(events - PRINCIPALS - 3, SEED, PRINCIPALS)) take(event)
  for (const event of everybody()) take(event)
  return { history, events: position }
}

const ask = ({ history, events }, question) =>
  rightOf(
    whoCan(
      { history, grants: grantsView.empty() },
      { accountId: ACCOUNT_ID, context: new Map(), ...question },
      { applied: events, now: Number.MAX_SAFE_INTEGER },
    ),
    'a question of who can',
  )

const bucket = (policy) => `acs:oss:*:${ACCOUNT_ID}:bucket-${policy}/object`
const now = () => ({ type: 'Now' })
/** In the last tenth, when all users are there, in a long history too. */
const past =
  ({ events }) =>
  (random) => ({ type: 'AtPosition', position: Math.floor(events * (0.9 + 0.09 * random())) })

const CASES = [
  {
    name: 'few hold it, first 100, now',
    momentOf: () => now,
    questionOf: (random) => ({
      action: 'oss:GetObject',
      resources: [bucket(Math.floor(100 * random()))],
      limit: 100,
    }),
    isRight: ({ hits }) => hits.length === 100,
  },
  {
    name: 'few hold it, all of them, at a past position',
    momentOf: past,
    questionOf: (random) => ({
      action: 'oss:GetObject',
      resources: [bucket(Math.floor(100 * random()))],
      limit: 100_000,
    }),
    isRight: ({ hits, next }) => hits.length > 100 && next === null,
  },
  {
    name: 'everybody holds it, nobody may, now',
    momentOf: () => now,
    questionOf: () => ({ action: 'ots:GetRow', resources: ['*'], limit: 100 }),
    isRight: ({ hits }) => hits.length === 1,
  },
]

/** One round of one case. Unit: milliseconds. */
const timed = (world, { name, momentOf, questionOf, isRight }, count, seed) => {
  const random = seeded(seed)
  const moment = momentOf(world)
  const taken = samples()
  for (let asked = 0; asked < count; asked += 1) {
    const question = { ...questionOf(random), moment: moment(random) }
    const before = performance.now()
    const answer = ask(world, question)
    taken.add(performance.now() - before)
    demand(isRight(answer), `${name}: ${answer.hits.length} hits`)
  }
  const { p50, p99 } = latencyOf(taken)
  return { p50, p99, waiting: waitingFor(p50, count) }
}

const numeral = (value) => Math.round(value).toLocaleString('en-US')

export const bench = async ({ quick }) => {
  const sizes = quick ? [150_000, 300_000] : [150_000, 1_000_000]
  const rounds = quick ? 3 : 5
  const count = quick ? 10 : 40
  say(`who-can: ${numeral(PRINCIPALS)} users, ${rounds} rounds of ${count} questions`)
  const worlds = sizes.map(fold)
  globalThis.gc?.()
  say(`memory: ${numeral(process.memoryUsage().heapUsed / 2 ** 20)} MiB for both histories`)
  const subjects = CASES.flatMap((one) => worlds.map((world) => ({ one, world })))
  const contenders = subjects.map(
    ({ one, world }) =>
      (round) =>
        timed(world, one, count, 100 + round),
  )
  await inRounds(1, contenders)
  const results = await inRounds(rounds, contenders)
  const rows = subjects.map(({ one, world }, index) => [
    `${one.name}, ${numeral(world.events)} events`,
    spreadText(spread(results[index].map(({ p50 }) => p50))),
    spreadText(spread(results[index].map(({ p99 }) => p99))),
    spreadText(spread(results[index].map(({ waiting }) => waiting))),
    'p99 < 50 ms',
  ])
  printTable(['what', 'p50 ms', 'p99 ms', 'p99 of waiting', 'goal'], rows)
  CASES.forEach(({ name }, index) => {
    const growth = spreadText(ratios(results[2 * index + 1], results[2 * index], 'p50'))
    say(`growth, ${name}: ${growth}`)
  })
}
