/**
 * A decision of an embedded decision point, beside the same question asked of the server it
 * follows, and beside its floor: looking a principal up and handing an answer out.
 */
import { openClient } from '@grantlog/client'
import { openDecisionPoint } from '@grantlog/client/decision-point'
import { startServer } from './server.mjs'
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
} from './statistics.mjs'

const POLICIES = 20

/** How many decisions are timed at once: the clock is coarser than one. */
const DECISIONS_PER_SAMPLE = 100

const documentOf = (index) =>
  JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: [`ots:Get*`, `log:Get*`], Resource: `acs:*:*:*:p${index}/*` },
      {
        Effect: 'Allow',
        Action: 'ots:PutRow',
        Resource: `acs:ots:*:*:p${index}/*`,
        Condition: { StringEquals: { 'app:Tag': ['red'] } },
      },
      { Effect: 'Deny', Action: 'ots:DeleteRow', Resource: '*' },
    ],
  })

const build = async (client, users) => {
  const ram = async (name, parameters) =>
    rightOf(await client.operation('Ram', name, parameters), name)
  for (let index = 0; index < POLICIES; index += 1)
    await ram('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument: documentOf(index) })
  for (let user = 0; user < users; user += 1) {
    const UserName = `u${user}`
    await ram('CreateUser', { UserName })
    for (let index = 0; index < 3; index += 1) {
      const PolicyName = `p${(user * 7 + index) % POLICIES}`
      await ram('AttachPolicyToUser', { PolicyType: 'Custom', PolicyName, UserName })
    }
  }
}

const questionsFor = (accountId, users, count) =>
  Array.from({ length: count }, (_, index) => ({
    principal: `acs:ram::${accountId}:user/u${(index * 31) % users}`,
    action: ['ots:GetRow', 'ots:PutRow', 'ots:DeleteRow', 'log:GetLog'][index % 4],
    resource: `acs:ots:*:${accountId}:p${(index * 13) % POLICIES}/t`,
    context: { 'app:Tag': index % 2 === 0 ? 'red' : 'blue' },
  }))

/** Runs through the questions so often; microseconds of one decision in the samples. */
const timed = (questions, rounds, answer) => {
  const taken = samples()
  let allowed = 0
  const startedAt = performance.now()
  for (let round = 0; round < rounds; round += 1)
    for (let from = 0; from < questions.length; from += DECISIONS_PER_SAMPLE) {
      const before = performance.now()
      for (let at = from; at < from + DECISIONS_PER_SAMPLE; at += 1)
        if (answer(questions[at])) allowed += 1
      taken.add(((performance.now() - before) * 1_000) / DECISIONS_PER_SAMPLE)
    }
  const seconds = (performance.now() - startedAt) / 1_000
  return { rate: (rounds * questions.length) / seconds, allowed, ...latencyOf(taken) }
}

const overHttp = async (client, questions) => {
  const taken = samples()
  const startedAt = performance.now()
  for (const question of questions) {
    const before = performance.now()
    rightOf(await client.decide(question), 'decide')
    taken.add((performance.now() - before) * 1_000)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  return { rate: questions.length / seconds, ...latencyOf(taken) }
}

const row = (name, results, floor) => [
  name,
  ...['rate', 'p50', 'p99'].map((member) => spreadText(spread(results.map((one) => one[member])))),
  spreadText(ratios(results, floor, 'rate')),
]

export const bench = async ({ directory, quick }) => {
  const server = await startServer(directory)
  const { accountId, endpoint, accessKeyId, accessKeySecret } = server.root
  const client = openClient({ endpoint, credentials: { accessKeyId, accessKeySecret } })
  const users = quick ? 50 : 500
  await build(client, users)
  const point = openDecisionPoint({ client, accountId, stalenessMsMax: 60_000 })
  const openedAt = performance.now()
  rightOf(await point.refresh(), 'the feed')
  const loadMs = performance.now() - openedAt

  const questions = questionsFor(accountId, users, 2_000)
  for (const question of questions.slice(0, 200)) {
    const here = point.decide(question)
    const there = rightOf(await client.decide(question), 'decide')
    demand(here.type === 'Decided' && here.outcome === there.outcome, 'they differ')
  }
  const known = new Map(questions.map(({ principal }) => [principal, true]))
  const rounds = quick ? 20 : 200
  const [floor, here, there] = await inRounds(quick ? 3 : 5, [
    () => timed(questions, rounds, ({ principal }) => known.get(principal) === true),
    () => timed(questions, rounds, (question) => point.decide(question).allowed),
    () => overHttp(client, questions.slice(0, quick ? 200 : 1_000)),
  ])
  const share = here[0].allowed / (rounds * questions.length)
  demand(share > 0.01 && share < 0.99, 'all questions have one answer')

  say(`${users} users, ${POLICIES} policies, read from the feed in ${loadMs.toFixed(0)} ms`)
  printTable(
    ['decision', 'per second', 'p50, µs', 'p99, µs', 'of the floor'],
    [
      row('a look-up: the floor', floor, floor),
      row('decision point', here, floor),
      row('POST /v1/decide, one at a time', there, floor),
    ],
  )
  await point.stop()
  await server.stop()
}
