/**
 * How fast is a decision? The compiled policies beside the specification, CASL and a naive walk,
 * on three worlds, taking turns; then how long the compiled ones take to load and what they weigh,
 * single calls, and inputs chosen to be slow.
 *
 * Requests are parsed from text right before they are decided, outside the clock, so that nobody
 * meets a text twice, as in a server; what a contender keeps per user is made ahead. Every
 * contender's answers are compared with the specification's.
 */
import { CONTENDERS } from './authorize/contenders.mjs'
import { makeRequests } from './authorize/requests.mjs'
import { slowInputs } from './authorize/slow-inputs.mjs'
import { makeWorld, WORLDS } from './authorize/worlds.mjs'
import {
  demand,
  inRounds,
  latencyOf,
  medianText,
  printTable,
  ratios,
  samples,
  say,
  spreadText,
} from './statistics.mjs'

/** As many requests are made, and then decided, at a time. */
const CHUNK = 256

/** The time that this process has computed: others on the machine do not count. Milliseconds. */
const computed = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** What is alive on the heap and beside it. */
const liveMiB = () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

/** Hands out requests as nobody has seen them before. */
const freshRequests = (lines) => {
  let next = 0
  return () => {
    if (next + CHUNK > lines.length) next = 0
    const requests = JSON.parse(`[${lines.slice(next, next + CHUNK).join(',')}]`)
    next += CHUNK
    return requests
  }
}

const decideAll = (decide, requests) => {
  let allowed = 0
  for (let i = 0; i < requests.length; i += 1) if (decide(requests[i]) === 1) allowed += 1
  return allowed
}

/** Decisions per second of computing. */
const rateFor = (decide, fresh, milliseconds) => {
  let taken = 0
  let count = 0
  while (taken < milliseconds) {
    const requests = fresh()
    const startedAt = computed()
    decideAll(decide, requests)
    taken += computed() - startedAt
    count += requests.length
  }
  return { rate: (count / taken) * 1_000 }
}

const latencyFor = (decide, fresh, count) => {
  const taken = samples()
  for (let done = 0; done < count; done += CHUNK)
    for (const request of fresh()) {
      const startedAt = performance.now()
      decide(request)
      taken.add((performance.now() - startedAt) * 1_000)
    }
  return latencyOf(taken)
}

/** On the same parsed requests again and again: hashes are known and all is in the caches. */
const keptRate = (decide, lines) => {
  const kept = JSON.parse(`[${lines.slice(0, 1_000).join(',')}]`)
  for (let i = 0; i < 20; i += 1) decideAll(decide, kept)
  const startedAt = computed()
  for (let i = 0; i < 100; i += 1) decideAll(decide, kept)
  return (100 * kept.length * 1_000) / (computed() - startedAt)
}

const checkAnswers = (name, decide, lines, answers, share) => {
  for (let i = 0; i < lines.length; i += share) {
    const request = JSON.parse(lines[i])
    const answer = decide(request)
    demand(
      answer === answers[i],
      `${name} answers ${answer} instead of ${answers[i]} to ${lines[i]}`,
    )
  }
}

const loadCompiled = async (world) => {
  const before = liveMiB()
  const startedAt = computed()
  const decide = await CONTENDERS.compiled(world)
  const milliseconds = computed() - startedAt
  return { decide, milliseconds, megabytes: liveMiB() - before }
}

const benchWorld = async (name, { rounds, slice, requests: count }) => {
  const world = makeWorld(name)
  const { decide, milliseconds, megabytes } = await loadCompiled(world)
  const label = CONTENDERS.specification(world)
  const labelled = makeRequests(world, count, label)
  const lines = labelled.map(({ request }) => JSON.stringify(request))
  const answers = labelled.map(({ answer }) => answer)
  const contenders = [
    ['compiled', decide],
    ['specification', label],
    ['CASL', CONTENDERS.CASL(world)],
    ['naive', CONTENDERS.naive(world)],
  ]
  const first = new Map(labelled.map(({ request }) => [request.p, request]))
  for (const [, decides] of contenders) for (const request of first.values()) decides(request)
  for (const [who, decides] of contenders)
    checkAnswers(who, decides, lines, answers, who === 'compiled' ? 1 : 7)

  const fresh = freshRequests(lines)
  const results = await inRounds(
    rounds,
    contenders.map(
      ([, decides]) =>
        () =>
          rateFor(decides, fresh, slice),
    ),
  )
  const { p50, p99 } = latencyFor(decide, fresh, count)
  const mix = [1, 0, 2].map((kind) => answers.filter((answer) => answer === kind).length)
  say(`${name}: ${mix.join(' / ')} requests are allowed / implicitly / explicitly denied`)
  printTable(
    ['contender', 'decisions/s', 'compiled is faster by'],
    contenders.map(([who], index) => [
      who,
      medianText(results[index], 'rate'),
      index === 0 ? '' : spreadText(ratios(results[0], results[index], 'rate')),
    ]),
  )
  say(
    `${name}, compiled: loaded in ${milliseconds.toFixed(0)} ms, ${megabytes.toFixed(0)} MiB more; ` +
      `a single call p50 ${p50.toFixed(2)} us, p99 ${p99.toFixed(2)} us; ` +
      `on kept requests ${Math.round(keptRate(decide, lines)).toLocaleString('en-US')}/s\n`,
  )
}

export const bench = async ({ quick }) => {
  const size = quick
    ? { rounds: 9, slice: 40, requests: 30_000 }
    : { rounds: 21, slice: 200, requests: 100_000 }
  say('Decisions: median over rounds; ratios as median [least .. greatest] of the rounds\n')
  for (const name of WORLDS) await benchWorld(name, size)
  slowInputs()
}
