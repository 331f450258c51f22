/**
 * A cluster in trouble: under load, each of its processes, NATS and the log among them, is killed
 * and started again, and paused and resumed. Then everything that was promised is checked against
 * the log and the feed.
 *
 * node test/cluster/trouble.mjs [rounds]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startNatsServer } from '../support/nats-server.mjs'
import {
  checkAcknowledged,
  checkFeed,
  checkReplicas,
  checkSessions,
  checkStreams,
  readLog,
} from './check-log.mjs'
import { clientAt, makeRole, makeUser } from './clients.mjs'
import { startCluster } from './cluster.mjs'
import { startLoad } from './load.mjs'
import { startRevocations, withdrawWhilePaused } from './revocations.mjs'
import { until } from './service.mjs'

/** How long a process is paused: several times what a node may take for the present. */
const PAUSE_MS = 1_500

/** How long a process that was killed is missed before it starts again. */
const AWAY_MS = 500

/**
 * The workers' clocks run ahead, so that sessions of 900 s end 20 s after they began, and at the
 * end by a day, so that all of them end.
 */
const WORKERS_AHEAD_MS = 880_000
const DAY_MS = 86_400_000

/** NATS as one more process that can be killed and paused. */
const restartableNats = async () => {
  let server = await startNatsServer({ jetstream: true })
  const { port, directory, url } = server
  return {
    name: 'NATS',
    url,
    kill: () => server.kill(),
    restart: async () => {
      server = await startNatsServer({ jetstream: true, port, directory })
    },
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    ready: async () => undefined,
    stop: () => server.stop(),
  }
}

const makeTrouble = async (victim, report) => {
  const startedAt = performance.now()
  await victim.kill()
  await sleep(AWAY_MS)
  await victim.restart()
  await victim.ready()
  victim.pause()
  await sleep(PAUSE_MS)
  victim.resume()
  await victim.ready()
  report({ victim: victim.name, ms: Math.round(performance.now() - startedAt) })
}

/** With nobody left to write, workers with clocks of tomorrow end every session. */
const endAllSessions = async (cluster) => {
  for (const worker of cluster.workers) await worker.kill()
  const last = [
    await cluster.addWorker('last-1', DAY_MS),
    await cluster.addWorker('last-2', DAY_MS),
  ]
  for (const worker of last)
    await until('every session has ended', async () => {
      const status = await worker.status()
      return status?.openSessions === 0 && status.waitingSessions === 0
    })
}

const check = async (cluster, nats, rootKeys, { acknowledged }, { breaches }) => {
  const events = await readLog(cluster.log.connectionString)
  checkStreams(events)
  checkAcknowledged(events, acknowledged)
  const sessions = checkSessions(events)
  await checkReplicas(events, cluster.apis, rootKeys)
  await checkFeed(nats.url, events)
  if (breaches.length > 0)
    throw new Error(`wrong: withdrawn and allowed ${JSON.stringify(breaches)}`)
  return { events: events.length, sessions }
}

/** Runs it and answers what was seen; throws at the first broken promise. */
export const clusterInTrouble = async ({ rounds = 1, report = () => {} } = {}) => {
  const nats = await restartableNats()
  let cluster
  try {
    cluster = await startCluster({ natsUrl: nats.url, workersAheadMs: WORKERS_AHEAD_MS })
    report({ cluster: 'ready' })
    const { apis, root, log, services } = cluster
    const rootKeys = { accessKeyId: root.accessKeyId, accessKeySecret: root.accessKeySecret }
    const client = clientAt(apis[0].endpoint, rootKeys)
    const appKeys = await makeUser(client, 'app', 'AliyunSTSAssumeRoleAccess')
    const userKeys = await makeUser(client, 'probe')
    const roleArn = await makeRole(client, root.accountId, 'reader')

    const load = startLoad({ apis, rootKeys, appKeys, roleArn })
    const stage = { apis, rootKeys, userName: 'probe', userKeys }
    const revocations = startRevocations(stage)
    for (let round = 1; round <= rounds; round += 1)
      for (const victim of [...services, nats, log]) await makeTrouble(victim, report)
    await revocations.stop()
    const whilePaused = await withdrawWhilePaused(stage)
    await load.stop()
    report({ users: load.acknowledged.users.length, faults: load.faults(), ...revocations.seen })

    await endAllSessions(cluster)
    const seen = await check(cluster, nats, rootKeys, load, revocations.seen)
    const { users, sessions } = load.acknowledged
    return {
      ...seen,
      acknowledgedUsers: users.length,
      acknowledgedSessions: sessions.length,
      withdrawals: revocations.seen.withdrawals,
      denied: revocations.seen.denied,
      whilePaused,
    }
  } finally {
    await cluster?.stop()
    await nats.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now()
  const say = (line) => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    process.stdout.write(`${seconds} ${JSON.stringify(line)}\n`)
  }
  say(await clusterInTrouble({ rounds: Number(process.argv[2] ?? 20), report: say }))
}
