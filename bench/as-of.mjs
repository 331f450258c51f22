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
    if (position % EVENTS_PER_STORING === 0)
      for (const state of [history, grants]) takeChanges(state)
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

const answers = {
  now:
    ({ grants }) =>
    ({ holder, request }) =>
      decide(policiesInForce(grants, holder), request),
  asOf:
    ({ history }) =>
    ({ holder, position, request }) =>
      decide(policiesInForceAt(history, holder, position), request),
}

const everyone = ({ cameAt }) => cameAt.map((_, user) => user)

/** So many users, spread evenly over all. */
const some = ({ cameAt }, count) =>
  Array.from({ length: count }, (_, index) => Math.floor((index * cameAt.length) / count))

const numeral = (value) => Math.round(value).toLocaleString('en-US')

/**
 * Who is asked about: in the long history about as many users as the short one has, which shows how
 * an answer grows with the past alone; and about all of its users, which also reaches memory that
 * no cache holds.
 */
const subjectsOf = (short, long) => [
  { view: short, users: everyone(short) },
  { view: long, users: some(long, short.cameAt.length) },
  { view: long, users: everyone(long) },
]

const sayGrowth = (name, [short, long, longAny]) => {
  for (const [whom, results] of [
    ['the same number of users', long],
    ['all users', longAny],
  ])
    say(
      `growth, ${name}, ${whom}: p50 ${spreadText(ratios(results, short, 'p50'))}, ` +
        `p99 ${spreadText(ratios(results, short, 'p99'))}`,
    )
}

export const bench = async ({ quick }) => {
  const sizes = quick ? [10_000, 100_000] : [10_000, 1_000_000]
  const rounds = quick ? 3 : 7
  const asked = quick ? 2_000 : 10_000
  say(`as-of: a decision at a random position, ${rounds} rounds of ${asked} questions`)
  say(`checked: ${checkLaw(4_000)} answers at a position equal those of a fold up to it`)

  const [short, long] = sizes.map(fold)
  for (const { events, rate, cameAt } of [short, long])
    say(
      `folded: ${numeral(events)} events, ${numeral(cameAt.length)} users, ` +
        `${numeral(rate)} events/s into history and grants`,
    )
  globalThis.gc?.()
  say(
    `memory: ${numeral(process.memoryUsage().heapUsed / 2 ** 20)} MiB for both histories and grants`,
  )

  const subjects = subjectsOf(short, long)
  const contenders = [answers.now, answers.asOf].flatMap((answer) =>
    subjects.map(
      ({ view, users }) =>
        (round) =>
          timed(questionsFor(view, users, asked, 100 + round), answer(view)),
    ),
  )
  await inRounds(2, contenders)
  const results = await inRounds(rounds, contenders)
  const [now, asOf] = [results.slice(0, 3), results.slice(3)]

  const rows = subjects.flatMap(({ view, users }, index) => {
    const where = `${numeral(view.events)} events, ${numeral(users.length)} users asked about`
    return [
      rowOf(`now (floor), ${where}`, now[index], now[index], ''),
      rowOf(`as of, ${where}`, asOf[index], now[index], 'p99 < 100 us'),
    ]
  })
  printTable(['what', 'p50 us', 'p99 us', 'p50 of its floor', 'goal'], rows)
  sayGrowth('as of (goal < 1.5)', asOf)
  sayGrowth('now', now)
  const allowed = asOf.map(([{ allowed }]) => `${(100 * allowed).toFixed(1)} %`)
  say(`allowed: ${allowed.join(', ')} of the questions\n`)
}
