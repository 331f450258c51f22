/**
 * `POST /v1/decide` over HTTP: one decision in each call, and 50 in each, beside the same HTTP port
 * with the same verified signature that answers a constant to the same requests; then with every
 * decision put on record, beside the same without.
 *
 * They take turns in one process. A rate is that of the time that its main thread computed, so
 * that the clients and others on the machine do not count.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { signedRequest } from './acs3.mjs'
import { openConnections } from './load.mjs'
import { cpuOf } from './server.mjs'
import {
  demand,
  inRounds,
  medianText,
  printTable,
  ratios,
  say,
  spread,
  spreadText,
} from './statistics.mjs'

const SERVER = fileURLToPath(new URL('./decide-http-server.mjs', import.meta.url))
const CONNECTIONS = 32
const QUESTIONS = 50
const RAM = '2015-05-01'

const SHARE = '0.8 of the constant'
const RATE = '300,000 decisions/s'
const RECORDED = '0.9 of unrecorded'

const document = (...Statement) => JSON.stringify({ Version: '1', Statement })

const TABLES = document(
  { Effect: 'Allow', Action: 'ots:Get*', Resource: 'acs:ots:*:*:instance/orders*' },
  { Effect: 'Allow', Action: ['ots:PutRow'], Resource: 'acs:ots:*:*:instance/orders-1*' },
  { Effect: 'Deny', Action: 'ots:*', Resource: 'acs:ots:*:*:instance/orders-13*' },
)
const REPORTS = document({
  Effect: 'Allow',
  Action: 'oss:GetObject',
  Resource: 'acs:oss:*:*:reports/*',
  Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } },
})

const start = (directory) =>
  new Promise((resolve, reject) => {
    const execArgv = [...process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'))]
    const child = fork(SERVER, [directory], {
      execArgv: [...execArgv, '--max-semi-space-size=64'],
    })
    child.once('exit', (code) => reject(new Error(`wrong: the server ended with ${code}`)))
    child.once('message', (told) => {
      child.removeAllListeners('exit')
      const ended = new Promise((done) => child.once('exit', done))
      resolve({
        ...told,
        cpu: () => cpuOf(`/proc/${child.pid}/task/${child.pid}/stat`),
        stop: () => {
          child.disconnect()
          return ended
        },
      })
    })
  })

/** A gate that may ask about alice, who may do some things. */
const setUp = async (connections, host, root) => {
  const call = async (action, parameters) => {
    const request = signedRequest({ host, key: root, version: RAM, action, parameters })
    const { answers } = await connections.send([request])
    const [{ status, body }] = answers
    demand(status === 200, `${action} answers ${status} ${body}`)
    return JSON.parse(body.toString())
  }
  const policies = {
    tables: ['alice', TABLES],
    reports: ['alice', REPORTS],
    asking: [
      'gate',
      document({
        Effect: 'Allow',
        Action: 'grantlog:Decide',
        Resource: `acs:grantlog:*:${root.accountId}:principal/*`,
      }),
    ],
  }
  for (const UserName of ['alice', 'gate']) await call('CreateUser', { UserName })
  for (const [PolicyName, [UserName, PolicyDocument]] of Object.entries(policies)) {
    await call('CreatePolicy', { PolicyName, PolicyDocument })
    await call('AttachPolicyToUser', { PolicyType: 'Custom', PolicyName, UserName })
  }
  const { AccessKey } = await call('CreateAccessKey', { UserName: 'gate' })
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }
}

/** The how many-th question, and what its answer must be. */
const questionAt = (accountId, n) => {
  const row = n % 40
  if (n % 4 === 3) {
    const resource = `acs:oss:cn-hangzhou:${accountId}:reports/2026/${n}.csv`
    return [{ action: 'oss:GetObject', resource }, 'Allow']
  }
  const resource = `acs:ots:cn-hangzhou:${accountId}:instance/orders-${row}`
  if (row === 13) return [{ action: 'ots:GetRow', resource }, 'ExplicitDeny']
  if (n % 4 === 2)
    return [{ action: 'ots:PutRow', resource }, String(row)[0] === '1' ? 'Allow' : 'ImplicitDeny']
  return [{ action: 'ots:GetRow', resource }, 'Allow']
}

const contextOf = (n) => ({
  'acs:SourceIp': `10.0.${n % 256}.7`,
  'acs:SecureTransport': 'true',
  'acs:CurrentTime': '2026-01-02T03:04:05Z',
})

/** Bodies with one question or several, each with a check of its answer. */
const bodies = (accountId) => {
  const principal = `acs:ram::${accountId}:user/alice`
  return {
    one: (n) => {
      const [question, outcome] = questionAt(accountId, n)
      return {
        body: JSON.stringify({ principal, ...question, context: contextOf(n) }),
        check: (answer) => answer.outcome === outcome,
      }
    },
    lean: (n) => {
      const [question, outcome] = questionAt(accountId, n)
      const context = contextOf(n)
      return {
        body: JSON.stringify({ principal, ...question, context, answer: 'outcome' }),
        check: (answer) => answer.outcome === outcome,
      }
    },
    resources: (n) => {
      const rows = Array.from({ length: QUESTIONS }, (_, i) => (n + i) % 40)
      const questions = rows.map((row) => ({
        resource: `acs:ots:cn-hangzhou:${accountId}:instance/orders-${row}`,
      }))
      const outcomes = rows.map((row) => (row === 13 ? 'ExplicitDeny' : 'Allow')).join()
      const common = { principal, action: 'ots:GetRow', context: contextOf(n), answer: 'outcome' }
      return {
        body: JSON.stringify({ ...common, questions }),
        check: (answer) => answer.outcomes.join() === outcomes,
      }
    },
    several: (n) => {
      const asked = Array.from({ length: QUESTIONS }, (_, i) => questionAt(accountId, n + i))
      const questions = asked.map(([question]) => question)
      const outcomes = asked.map(([, outcome]) => outcome).join()
      return {
        body: JSON.stringify({ principal, context: contextOf(n), answer: 'outcome', questions }),
        check: (answer) => answer.outcomes.join() === outcomes,
      }
    },
  }
}

/** Chooses which decisions are put on record. */
const recordingOf = (connections, host, root) => async (recording) => {
  const path = `/v1/accounts/${root.accountId}/access-recording`
  const body = JSON.stringify({ recording })
  const call = { host, key: root, version: 'v1', action: 'Record', path, body }
  const { answers } = await connections.send([signedRequest(call)])
  demand(answers[0].status === 200, `recording answers ${answers[0].body}`)
}

/** Connections answer in any order, so what each answer must be is looked at one by one. */
const checkAnswers = async (connections, host, key, made) => {
  for (const makeBody of made)
    for (let n = 0; n < 200; n += 1) {
      const { body, check } = makeBody(n)
      const path = '/v1/decide'
      const request = signedRequest({ host, key, version: 'v1', action: 'Decide', path, body })
      const { answers } = await connections.send([request])
      demand(check(JSON.parse(answers[0].body.toString())), `${body} has ${answers[0].body}`)
    }
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 3 : 9
  const calls = quick ? 2_000 : 8_000
  const server = await start(directory)
  const host = `127.0.0.1:${server.port}`
  const real = await openConnections(server.port, CONNECTIONS)
  const constant = await openConnections(server.constantPort, CONNECTIONS)
  const key = await setUp(real, host, server.root)
  const { one, lean, several, resources } = bodies(server.root.accountId)

  /** Calls with many decisions take longer, so there are fewer of them. */
  const callsWith = (decisions) => (decisions === 1 ? calls : calls / 4)

  const run = async (connections, makeBody, decisions, isReal) => {
    const count = callsWith(decisions)
    const made = Array.from({ length: count }, (_, n) => makeBody(n))
    const requests = made.map(({ body }) =>
      signedRequest({ host, key, version: 'v1', action: 'Decide', path: '/v1/decide', body }),
    )
    const before = server.cpu()
    const { answers, refused, rate } = await connections.send(requests)
    const seconds = (server.cpu() - before) / 1_000_000
    demand(refused.length === 0, `refused: ${refused[0]?.status} ${refused[0]?.body}`)
    const outcomes = new Set(answers.map(({ body }) => body.toString()))
    demand(!isReal || outcomes.size > 1, 'all answers are alike')
    return {
      rate,
      computed: count / seconds,
      decisions: (decisions * count) / seconds,
      clock: decisions * rate,
    }
  }
  await checkAnswers(real, host, key, [one, lean, several, resources])

  const record = recordingOf(real, host, server.root)
  const recorded = (makeBody, decisions) => async () => {
    await record('All')
    const result = await run(real, makeBody, decisions, true)
    await record('Off')
    return result
  }
  await record('Off')

  const contenders = [
    ['constant, one question', () => run(constant, one, 1, false)],
    ['decided, with its statements', () => run(real, one, 1, true)],
    ['decided, the outcome', () => run(real, lean, 1, true)],
    [`constant, ${QUESTIONS} questions`, () => run(constant, several, QUESTIONS, false)],
    ['decided, the outcomes', () => run(real, several, QUESTIONS, true)],
    [`constant, ${QUESTIONS} resources`, () => run(constant, resources, QUESTIONS, false)],
    ['decided, the outcomes', () => run(real, resources, QUESTIONS, true)],
    ['one outcome, recorded', recorded(lean, 1)],
    [`${QUESTIONS} resources, recorded`, recorded(resources, QUESTIONS)],
  ]
  const besides = [0, 0, 0, 3, 3, 5, 5, 2, 6]
  const goals = ['', SHARE, SHARE, '', RATE, '', RATE, RECORDED, RECORDED]
  const runs = contenders.map(([, contender]) => contender)
  await inRounds(1, runs)
  const results = await inRounds(rounds, runs)
  real.close()
  constant.close()
  demand((await server.stop()) === 0, 'the server did not stop cleanly')

  say(
    `decide-http: ${CONNECTIONS} connections, ${rounds} rounds of ${calls} signed calls, ${callsWith(QUESTIONS)} of ${QUESTIONS} decisions`,
  )
  printTable(
    [
      'what',
      'calls/s',
      'calls/s computed',
      'decisions/s computed',
      'of what it stands beside',
      'goal',
    ],
    contenders.map(([name], index) => [
      name,
      spreadText(spread(results[index].map(({ rate }) => rate))),
      spreadText(spread(results[index].map(({ computed }) => computed))),
      goals[index] === RATE ? medianText(results[index], 'decisions') : '',
      goals[index] === ''
        ? '1'
        : spreadText(ratios(results[index], results[besides[index]], 'computed')),
      goals[index],
    ]),
  )
}
