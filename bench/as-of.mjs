/**
 * A decision at a position of the past, in a short and in a long history, beside the same decision
 * on the grants of now.
 */
import { authorize } from '@grantlog/policy'
import { grantsView, historyView, policiesInForce, policiesInForceAt } from '@grantlog/views'
import {
  demand,
  inRounds,
  latencyOf,
  printTable,
  ratios,
  samples,
  say,
  spread,
  spreadText,
} from './statistics.mjs'
import { ACCOUNT_ID, controlEvents, requestOf, seeded, userIdOf, usersIn } from './workload.mjs'

const SEED = 20_261
const STARTED_AT = Date.UTC(2026, 0, 1)

/** Another event every 100 ms of the account's life. */
const recordedAs = (event, position) => ({
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

/** After how many events a runner has taken the changed rows away to store them. */
const EVENTS_PER_STORING = 2_000

const takeChanges = ({ tables }) => {
  for (const rows of Object.values(tables)) rows.takeChangedKeys()
}

/** Folds the history and the grants of now; remembers when each user came. */
const fold = (events) => {
  const history = historyView.empty()
  const grants = grantsView.empty()
  const cameAt = []
  let position = 0
  const startedAt = performance.now()
  for (const event of controlEvents(events, SEED)) {
    position += 1
    const recorded = recordedAs(event, position)
    historyView.apply(history, recorded)
    grantsView.apply(grants, recorded)
    if (event.type === 'UserCreated') cameAt.push(position)
    if (position % EVENTS_PER_STORING === 0) for (const state of [history, grants]) takeChanges(state)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  return { events, history, grants, cameAt, rate: events / seconds }
}

const holderOf = (user) => ({ type: 'User', accountId: ACCOUNT_ID, id: userIdOf(user) })

const decide = (holder, request) =>
  holder === undefined ? null : authorize(request, { identity: holder.policies })

/** A random user at a random moment of its life, and something that it might want to do. */
const questionsFor = ({ events, history, cameAt }, users, count, seed) => {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const user = users[Math.floor(random() * users.length)]
    const position = cameAt[user] + Math.floor(random() * (events - cameAt[user] + 1))
    const holder = holderOf(user)
    const held = policiesInForceAt(history, holder, position)?.policies ?? []
    const names = held.map(({ source }) => source.policyName)
    return { holder, position, request: requestOf(random, user, names) }
  })
}

/** One round of questions, each timed for itself. */
const timed = (questions, answer) => {
  const taken = samples()
  let allowed = 0
  for (const question of questions) {
    const before = performance.now()
    const decision = answer(question)
    taken.add(1_000 * (performance.now() - before))
    demand(decision !== null, 'a user is not there in the middle of its life')
    if (decision.outcome === 'Allow') allowed += 1
  }
  return { ...latencyOf(taken), allowed: allowed / questions.length }
}

/** The law: an answer at a position equals that of a fold of the events up to it. */
const checkLaw = (events) => {
  const { history } = fold(events)
  const grants = grantsView.empty()
  const random = seeded(7)
  let position = 0
  let compared = 0
  for (const event of controlEvents(events, SEED)) {
    position += 1
    grantsView.apply(grants, recordedAs(event, position))
    if (position % Math.floor(events / 40) !== 0) continue
    for (let user = 0; user < usersIn(events); user += 7) {
      const request = requestOf(random, user)
      const past = decide(policiesInForceAt(history, holderOf(user), position), request)
      const then = decide(policiesInForce(grants, holderOf(user)), request)
      demand(
        JSON.stringify(past) === JSON.stringify(then),
        `asOf(${position}) is not the fold's answer`,
      )
      compared += 1
    }
  }
  return compared
}

const rowOf = (name, results, floor, goal) => [
  name,
  spreadText(spread(results.map(({ p50 }) => p50))),
  spreadText(spread(results.map(({ p99 }) => p99))),
  floor === results ? '1' : spreadText(ratios(results, floor, 'p50')),
  goal,
]

export const bench = async ({ quick }) => {
  const sizes = quick ? [10_000, 100_000] : [10_000, 1_000_000]
  const rounds = quick ? 3 : 7
  const asked = quick ? 2_000 : 10_000
  say(`as-of: a decision at a random position, ${rounds} rounds of ${asked} questions`)
  say(`checked: ${checkLaw(4_000)} answers at a position equal those of a fold up to it`)

  const folded = sizes.map(fold)
  for (const { events, rate, cameAt } of folded)
    say(
      `folded: ${events.toLocaleString('en-US')} events, ${cameAt.length} users, ${Math.round(rate).toLocaleString('en-US')} events/s into history and grants`,
    )
  globalThis.gc?.()

  const asOf =
    ({ history }) =>
    ({ holder, position, request }) =>
      decide(policiesInForceAt(history, holder, position), request)
  const now =
    ({ grants }) =>
    ({ holder, request }) =>
      decide(policiesInForce(grants, holder), request)
  const contenders = [now, asOf].flatMap((answer) =>
    folded.map((view) => (round) => timed(questionsFor(view, asked, 100 + round), answer(view))),
  )
  await inRounds(2, contenders)
  const [nowShort, nowLong, short, long] = await inRounds(rounds, contenders)

  const [few, many] = sizes.map((size) => size.toLocaleString('en-US'))
  printTable(
    ['what', 'p50 us', 'p99 us', 'p50 of its floor', 'goal'],
    [
      rowOf(`now, after ${few} (floor)`, nowShort, nowShort, ''),
      rowOf(`as of a position in ${few}`, short, nowShort, 'p99 < 100 us'),
      rowOf(`now, after ${many} (floor)`, nowLong, nowLong, ''),
      rowOf(`as of a position in ${many}`, long, nowLong, 'p99 < 100 us'),
    ],
  )
  say(
    `growth from ${few} to ${many}: p50 ${spreadText(ratios(long, short, 'p50'))}, p99 ${spreadText(ratios(long, short, 'p99'))}, goal < 1.5`,
  )
  say(
    `of the floor alone: p50 ${spreadText(ratios(nowLong, nowShort, 'p50'))}, p99 ${spreadText(ratios(nowLong, nowShort, 'p99'))}`,
  )
  say(
    `allowed: ${(100 * short[0].allowed).toFixed(1)} % and ${(100 * long[0].allowed).toFixed(1)} % of the questions\n`,
  )
}
