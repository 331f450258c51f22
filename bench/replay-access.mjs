/**
 * Replay of recorded access under a proposed change: `npm run bench -- replay-access`. Also what
 * putting a decision on record costs beside making it.
 *
 * The record is written by the recorder itself, on a SQLite log, and read back from there. The
 * history changes all the while, so that grants are looked up at many positions.
 */
import { engineOn, openLog } from './engine.mjs'
import { demand, printTable, rightOf, say } from './statistics.mjs'
import { ACCOUNT_ID, seeded } from './workload.mjs'

const USERS = 200
const GOAL = 300_000

/** How often the memory is looked at. Unit: milliseconds. */
const LOOK_MS = 50

const rightNow = async (task, what) => rightOf(await task(), what)

const circumstances = (id) => ({
  commandId: id,
  requestId: id,
  actor: {
    accountId: ACCOUNT_ID,
    principalType: 'Root',
    principalId: ACCOUNT_ID,
    arn: `acs:ram::${ACCOUNT_ID}:root`,
  },
})

const policyText = (n) =>
  JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['ots:Get*', 'ots:BatchGet*', `oss:${n % 2 === 0 ? 'Get' : 'Put'}*`],
        Resource: [
          `acs:ots:*:${ACCOUNT_ID}:instance/app-${n}/*`,
          `acs:oss:*:${ACCOUNT_ID}:bucket-${n}/*`,
        ],
      },
      {
        Effect: 'Deny',
        Action: 'ots:*',
        Resource: '*',
        Condition: { IpAddress: { 'acs:SourceIp': ['192.0.2.0/24'] } },
      },
    ],
  })

/** Users with a policy each. */
const populate = async (engine) => {
  let said = 0
  const run = (command) => {
    said += 1
    const done = engine.execute(ACCOUNT_ID, command, circumstances(`setup-${said}`))
    return rightNow(done, command.type)
  }
  await run({ type: 'OpenAccount', accountId: ACCOUNT_ID })
  await run({ type: 'SetAccessRecording', recording: { type: 'All' } })
  const userIds = []
  for (let n = 0; n < USERS; n += 1) {
    const userId = engine.ids.userId()
    userIds.push(userId)
    const policyName = `app-${n}`
    await run({ type: 'CreateUser', userId, userName: `user-${n}` })
    const policyId = engine.ids.policyId()
    await run({ type: 'CreatePolicy', policyId, policyName, document: policyText(n) })
    const target = { type: 'User', userName: `user-${n}` }
    await run({ type: 'AttachPolicy', policyType: 'Custom', policyName, target })
  }
  return { run, userIds }
}

const ACTIONS = ['ots:GetRow', 'ots:PutRow', 'ots:BatchGetRow', 'oss:GetObject', 'oss:PutObject']

/** Calls of random users, most of them for one of a few things that each of them often does. */
const callsOf = (userIds, random) => {
  const pick = (count) => Math.floor(random() * count)
  return () => {
    const n = pick(USERS)
    const action = ACTIONS[pick(ACTIONS.length)]
    const thing = random() < 0.9 ? pick(20) : pick(100_000)
    const resource = action.startsWith('ots:')
      ? `acs:ots:*:${ACCOUNT_ID}:instance/app-${n}/table-${thing}`
      : `acs:oss:*:${ACCOUNT_ID}:bucket-${n}/object-${thing}`
    const address = `198.51.100.${n % 250}`
    return { n, userId: userIds[n], action, resource, address }
  }
}

const callerOf = ({ n, userId }) => ({
  type: 'User',
  accountId: ACCOUNT_ID,
  userId,
  userName: `user-${n}`,
  accessKeyId: 'LTAI5tBenchKey0000000001',
})

/**
 * Decides, and puts on record where told to; answers the processor time that it took, storing
 * included. Unit: milliseconds.
 */
const decideMany = async (engine, next, count, isRecorded) => {
  const before = process.cpuUsage()
  for (let done = 0; done < count; ) {
    for (let i = 0; i < 2_000 && done < count; i += 1, done += 1) {
      const call = next()
      const caller = callerOf(call)
      const { action } = call
      const context = new Map([
        ['acs:currenttime', [new Date().toISOString()]],
        ['acs:sourceip', [call.address]],
      ])
      const asked = { caller, action, resources: [call.resource], context }
      const judged = await engine.authorize(asked)()
      const { decision, position } = rightOf(judged, 'a decision')
      if (!isRecorded) continue
      const outcome = decision.outcome === 'Allow' ? 'Allowed' : 'Denied'
      const requestId = engine.ids.requestId()
      engine.noteAccess(ACCOUNT_ID, { outcome, requestId }, () => ({
        requestId,
        principal: { type: 'User', userId: call.userId },
        subject: call.userId,
        action,
        resources: asked.resources,
        context,
        outcome,
        code: '',
        position,
      }))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1_048_576)

const windowOf = { from: { type: 'Now' }, to: { type: 'Now' } }

const replayOnce = async (engine, changes) => {
  const before = megabytes()
  let peak = before
  const looking = setInterval(() => {
    peak = Math.max(peak, megabytes())
  }, LOOK_MS)
  const startedAt = performance.now()
  const worked = process.cpuUsage()
  const asked = { window: windowOf, changes, filter: {}, limit: 10 }
  const answer = await rightNow(engine.replay(ACCOUNT_ID, asked), 'the replay')
  const { user, system } = process.cpuUsage(worked)
  const seconds = (performance.now() - startedAt) / 1_000
  clearInterval(looking)
  return { answer, seconds, worked: (user + system) / 1_000_000, peak: peak - before }
}

const CHANGES = [
  { type: 'Edit', policyType: 'Custom', policyName: 'app-3', document: policyText(4) },
  {
    type: 'Detach',
    policyType: 'Custom',
    policyName: 'app-7',
    target: { type: 'User', name: 'user-7' },
  },
]

const PER_ROUND = 20_000
const ROUNDS_OFF = 5

/** Makes the records, a policy changing in between; answers what a decision took, in µs. */
const fillRecord = async (engine, count) => {
  const { run, userIds } = await populate(engine)
  const next = callsOf(userIds, seeded(7))
  let [off, on] = [0, 0]
  for (let round = 0; round < count / PER_ROUND; round += 1) {
    on += await decideMany(engine, next, PER_ROUND, true)
    if (round < ROUNDS_OFF) off += await decideMany(engine, next, PER_ROUND, false)
    await run({
      type: 'CreatePolicyVersion',
      policyName: `app-${round % USERS}`,
      document: policyText(round),
      setAsDefault: true,
      rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
    })
  }
  return { off: (1_000 * off) / (ROUNDS_OFF * PER_ROUND), on: (1_000 * on) / count }
}

const replayRow = async (engine, count, name, changes) => {
  const { answer, seconds, worked, peak } = await replayOnce(engine, changes)
  const { totals, coverage } = answer
  const kept = count - coverage.lost
  demand(totals.judged === kept, `${totals.judged} of ${kept} were judged`)
  demand(totals.drift === 0, `${totals.drift} calls drift`)
  demand(changes.length === 0 || totals.allowToDeny > 0, 'the change turns nothing')
  if (coverage.lost > 0) say(`(${coverage.lost} records were shed while they were made)`)
  const rate = totals.judged / seconds
  return [
    name,
    String(totals.judged),
    seconds.toFixed(2),
    String(Math.round(rate)),
    String(Math.round(totals.judged / worked)),
    String(totals.allowToDeny + totals.denyToAllow),
    `${peak} MiB`,
  ]
}

export const bench = async ({ directory, quick }) => {
  const count = quick ? 100_000 : 10_000_000
  const log = await openLog(directory)
  const { engine, stop } = await engineOn({ directory, log })
  const { off, on } = await fillRecord(engine, count)
  const rows = [
    await replayRow(engine, count, 'as it was', []),
    await replayRow(engine, count, 'two policies changed', CHANGES),
  ]
  printTable(
    [
      'replay',
      'calls',
      's',
      `calls/s (goal ${GOAL})`,
      'per s of processor time',
      'turned',
      'RSS more, at most',
    ],
    rows,
  )
  say(
    `A decision in the engine takes ${off.toFixed(2)} µs of processor time, and ${on.toFixed(2)} µs ` +
      `when it is put on record: ${(on - off).toFixed(2)} µs more.`,
  )
  await stop()
  await log.close()
}
