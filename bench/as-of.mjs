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
  waitingFor,
} from './statistics.mjs'
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

/** Random users at random moments of their lives, and something that they might want to do. */
const questionsFor = ({ history, cameAt }, { users, from, to }, count, seed) => {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const user = users[Math.floor(random() * users.length)]
    const first = Math.max(from, cameAt[user])
    const position = first + Math.floor(random() * (to - first + 1))
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
  const { p50, p99 } = latencyOf(taken)
  const waiting = 1_000 * waitingFor(p50 / 1_000, questions.length)
  return { p50, p99, waiting, allowed: allowed / questions.length }
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
  spreadText(spread(results.map(({ waiting }) => waiting))),
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

const numeral = (value) => Math.round(value).toLocaleString('en-US')

/** Few enough that everything which an answer needs stays in the caches of the processor. */
const WARM_USERS = 50
const WARM_POSITIONS = 2_000

/**
 * Who is asked about and when. A few users in one stretch of time show how an answer grows with the
 * past alone; any user at any time also reaches memory that no cache holds.
 */
const warm = ({ cameAt, events }) => ({
  users: Array.from({ length: WARM_USERS }, (_, index) =>
    Math.floor((index * cameAt.length) / WARM_USERS),
  ),
  from: Math.floor(0.6 * events),
  to: Math.floor(0.6 * events) + WARM_POSITIONS,
})
const anywhere = ({ cameAt, events }) => ({
  users: cameAt.map((_, user) => user),
  from: 0,
  to: events,
})

const sayGrowth = (name, few, many) =>
  say(
    `growth, ${name}: p50 ${spreadText(ratios(many, few, 'p50'))}, ` +
      `p99 ${spreadText(ratios(many, few, 'p99'))}`,
  )

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

  const subjects = [warm, anywhere].flatMap((choose) =>
    [short, long].map((view) => ({ view, choice: choose(view), choose })),
  )
  const contenders = [answers.now, answers.asOf].flatMap((answer) =>
    subjects.map(
      ({ view, choice }) =>
        (round) =>
          timed(questionsFor(view, choice, asked, 100 + round), answer(view)),
    ),
  )
  await inRounds(2, contenders)
  const results = await inRounds(rounds, contenders)
  const [now, asOf] = [results.slice(0, subjects.length), results.slice(subjects.length)]

  const rows = subjects.flatMap(({ view, choose, choice }, index) => {
    const whom =
      choose === warm ? `${WARM_USERS} warm users` : `any of ${choice.users.length} users`
    const where = `${numeral(view.events)} events, ${whom}`
    return [
      rowOf(`now (floor), ${where}`, now[index], now[index], ''),
      rowOf(`as of, ${where}`, asOf[index], now[index], 'p99 < 100 us'),
    ]
  })
  printTable(['what', 'p50 us', 'p99 us', 'p99 of waiting', 'p50 of its floor', 'goal'], rows)
  sayGrowth('warm users (goal < 1.5)', asOf[0], asOf[1])
  sayGrowth('any user (goal < 1.5)', asOf[2], asOf[3])
  sayGrowth('now, warm users', now[0], now[1])
  sayGrowth('now, any user', now[2], now[3])
  const allowed = asOf.map(([{ allowed }]) => `${(100 * allowed).toFixed(1)} %`)
  say(`allowed: ${allowed.join(', ')} of the questions\n`)
}
