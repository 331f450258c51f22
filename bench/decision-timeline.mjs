/**
 * When a user could do something and when not, over its whole life and up to a moment, with what
 * turned it each time; and a whole account set side by side at two moments.
 */
import { decisionTimeline, sinceWhen } from '@grantlog/engine'
import { authorize } from '@grantlog/policy'
import {
  diffOfAccount,
  diffOfPrincipal,
  grantsView,
  historyView,
  policiesInForce,
} from '@grantlog/views'
import { demand, latencyOf, printTable, samples, say, waitingFor } from './statistics.mjs'
import {
  ACCOUNT_ID,
  controlEvents,
  recordedAs,
  requestOf,
  seeded,
  userIdOf,
  usersIn,
} from './workload.mjs'

const SEED = 20_261

/** How many changes the user of the bench has lived through. */
const CHANGES = 1_000

/** The events of the workload, and then a thousand that turn one policy of one user on and off. */
function* eventsOf(count, target, policy) {
  yield* controlEvents(count, SEED)
  for (let change = 0; change < CHANGES; change += 1)
    yield { type: change % 2 === 0 ? 'PolicyAttached' : 'PolicyDetached', policy, target }
}

const BENCH_POLICY = { type: 'Custom', policyId: 'p-0000000000bench0' }
const BENCH_USER = '299999999999999999'

/** A user of its own and a policy that it is given and loses again, over and over. */
function* prologue() {
  yield {
    type: 'PolicyCreated',
    policyId: BENCH_POLICY.policyId,
    policyName: 'bench',
    versionId: 'v1',
    document: JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }],
    }),
  }
  yield { type: 'UserCreated', userId: BENCH_USER, userName: 'bench' }
}

const fold = (count) => {
  const history = historyView.empty()
  const target = { type: 'User', userId: BENCH_USER }
  let position = 0
  const apply = (event) => {
    position += 1
    historyView.apply(history, recordedAs(event, position))
  }
  const [opening, ...others] = [...controlEvents(101, SEED)]
  apply(opening)
  for (const event of others) apply(event)
  for (const event of prologue()) apply(event)
  for (let policy = 0; policy < 8; policy += 1)
    apply({
      type: 'PolicyAttached',
      policy: { type: 'Custom', policyId: `p-${String(policy).padStart(16, '0')}` },
      target,
    })
  let skipped = 0
  for (const event of eventsOf(count, target, BENCH_POLICY)) {
    skipped += 1
    if (skipped > 101) apply(event)
  }
  return { history, head: position }
}

/** How long an answer took, and how much of the processor: other work on the machine counts not. */
const timed = (rounds, ask) => {
  for (let round = 0; round < 10; round += 1) ask(round)
  const taken = samples()
  const used = process.cpuUsage()
  for (let round = 0; round < rounds; round += 1) {
    const before = performance.now()
    ask(round)
    taken.add(performance.now() - before)
  }
  const { user, system } = process.cpuUsage(used)
  const { p50, p99 } = latencyOf(taken)
  const waiting = waitingFor(p50, rounds)
  return { p50, p99, waiting, cpu: (user + system) / 1_000 / rounds }
}

/** The law: each stretch has the outcome that a fold of the events up to it answers. */
const checkLaw = (events) => {
  const history = historyView.empty()
  const grants = grantsView.empty()
  const random = seeded(11)
  const asked = Array.from({ length: 10 }, (_, user) => requestOf(random, user))
  const outcomes = asked.map(() => [])
  let position = 0
  for (const event of controlEvents(events, SEED)) {
    position += 1
    historyView.apply(history, recordedAs(event, position))
    grantsView.apply(grants, recordedAs(event, position))
    for (const [user, request] of asked.entries()) {
      const held = policiesInForce(grants, holderOf(user))
      const outcome = held && authorize(request, { identity: held.policies }).outcome
      const now = outcome ?? 'Absent'
      const last = outcomes[user].at(-1)?.outcome ?? 'Absent'
      if (now !== last) outcomes[user].push({ outcome: now, position })
    }
  }
  let turns = 0
  for (const [user, request] of asked.entries()) {
    const span = { after: 0, upTo: position, limit: 100_000 }
    const { stretches } = decisionTimeline(history, questionOf(user, request), span)
    const told = stretches.map(({ outcome, from }) => ({ outcome, position: from.position }))
    demand(
      JSON.stringify(told) === JSON.stringify(outcomes[user]),
      `the timeline of user ${user} is not the fold's`,
    )
    turns += told.length
  }
  return turns
}

const holderOf = (user) => ({ type: 'User', accountId: ACCOUNT_ID, id: userIdOf(user) })
const questionOf = (user, { action, resources, context }) => ({
  who: holderOf(user),
  action,
  resources,
  context,
})

const rowOf = (name, { cpu, p50, p99, waiting }, goal) => [
  name,
  cpu.toFixed(2),
  p50.toFixed(2),
  p99.toFixed(2),
  waiting.toFixed(2),
  goal,
]

const BENCH_HOLDER = { type: 'User', accountId: ACCOUNT_ID, id: BENCH_USER }

export const bench = async ({ quick }) => {
  const events = quick ? 100_000 : 1_000_000
  const rounds = quick ? 60 : 200
  say(`decision-timeline: ${CHANGES} changes among ${events} events, ${rounds} rounds`)
  say(`checked: ${checkLaw(4_000)} turns are those of a fold of the events`)
  const { history, head } = fold(events)
  const question = {
    who: BENCH_HOLDER,
    action: 'ecs:StartInstance',
    resources: [`acs:ecs:*:${ACCOUNT_ID}:instance/i-1`],
    context: new Map(),
  }
  const whole = { after: 0, upTo: head, limit: 1_000 }
  const { stretches } = decisionTimeline(history, question, whole)
  demand(stretches.length >= 1_000, `only ${stretches.length} stretches`)
  demand(sinceWhen(history, question, head).outcome !== 'Absent', 'nobody is there')
  const users = usersIn(events)
  const halfway = { before: Math.floor(head / 2), after: head }
  const rows = [
    rowOf(
      `decision timeline, ${stretches.length} stretches`,
      timed(rounds, () => decisionTimeline(history, question, whole)),
      '< 20 ms',
    ),
    rowOf(
      'decision timeline, page of 100',
      timed(rounds, () => decisionTimeline(history, question, { ...whole, limit: 100 })),
      '',
    ),
    rowOf(
      'since when',
      timed(rounds, () => sinceWhen(history, question, head)),
      '',
    ),
    rowOf(
      'diff of a user, half a life apart',
      timed(rounds, (round) => diffOfPrincipal(history, holderOf((97 * round) % users), halfway)),
      '',
    ),
    rowOf(
      `diff of the account, first 100 of ${users} users`,
      timed(Math.ceil(rounds / 10), () =>
        diffOfAccount(history, ACCOUNT_ID, halfway, { after: 0, limit: 100 }),
      ),
      '',
    ),
  ]
  printTable(['what', 'processor ms', 'p50 ms', 'p99 ms', 'p99 of waiting', 'goal'], rows)
}
