/**
 * A whole cluster on this machine: calls through one replica and through both, beside what its log
 * can append; the time from an append to another node's views; and the relay.
 *
 * The log is the EventStoreDB test server with its journal on disk, not EventStoreDB: rates are to
 * be read beside the floor of the same rounds, and say nothing about a real cluster of servers.
 */
import { join } from 'node:path'
import { openEventStoreLog } from '@grantlog/adapters/eventstoredb'
import { clientAt, makeRole, makeUser } from '../test/cluster/clients.mjs'
import { startCluster } from '../test/cluster/cluster.mjs'
import { startEventStoreServer } from '../test/eventstoredb-server/start.mjs'
import { startNatsServer } from '../test/support/nats-server.mjs'
import { signedRequest } from './acs3.mjs'
import { printLatencies } from './cluster-latency.mjs'
import { printRelay } from './cluster-relay.mjs'
import { newEvent } from './events.mjs'
import { openConnections } from './load.mjs'
import {
  demand,
  inRounds,
  printTable,
  ratios,
  rightOf,
  say,
  spread,
  spreadText,
} from './statistics.mjs'

const CONNECTIONS = 32

/** What the test server appends by itself: so many writers on one stream, as an account has it. */
const openFloor = async (directory) => {
  const server = await startEventStoreServer({ directory: join(directory, 'floor') })
  const { connectionString } = server
  const log = rightOf(await openEventStoreLog({ connectionString }), 'the log does not open')
  return {
    run: async (calls) => {
      const startedAt = performance.now()
      let left = calls
      const write = async () => {
        while (left-- > 0)
          rightOf(await log.append('account-floor', 'any', [newEvent()])(), 'an append')
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, write))
      return { rate: (calls * 1_000) / (performance.now() - startedAt) }
    },
    stop: async () => {
      await log.close()
      await server.stop()
    },
  }
}

/** Calls spread over some replicas at the same time; of their latencies, the worse ones. */
const sendTo = async (replicas, calls, make) => {
  const share = Math.ceil(calls / replicas.length)
  const prepared = replicas.map(({ port }) =>
    Array.from({ length: share }, () => signedRequest({ host: `127.0.0.1:${port}`, ...make() })),
  )
  const startedAt = performance.now()
  const results = await Promise.all(
    replicas.map(({ connections }, index) => connections.send(prepared[index])),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  for (const { refused } of results)
    demand(
      refused.length === 0,
      `${refused.length} calls refused, the first with ${refused[0]?.status} ${refused[0]?.body}`,
    )
  return {
    rate: (share * replicas.length) / seconds,
    p50: Math.max(...results.map(({ p50 }) => p50)),
    p99: Math.max(...results.map(({ p99 }) => p99)),
  }
}

const printCalls = async ({ cluster, directory, rounds, calls }) => {
  const { apis, root } = cluster
  const rootKey = { accessKeyId: root.accessKeyId, accessKeySecret: root.accessKeySecret }
  const client = clientAt(apis[0].endpoint, rootKey)
  const appKey = await makeUser(client, 'app', 'AliyunSTSAssumeRoleAccess')
  const roleArn = await makeRole(client, root.accountId, 'reader')
  const replicas = []
  for (const { port } of apis)
    replicas.push({ port, connections: await openConnections(port, CONNECTIONS) })
  const [one] = replicas

  let users = 0
  const createUser = () => {
    users += 1
    const parameters = { UserName: `bench-${users}` }
    return { key: rootKey, version: '2015-05-01', action: 'CreateUser', parameters }
  }
  const assumed = { RoleArn: roleArn, RoleSessionName: 'bench', DurationSeconds: 3_600 }
  const assumeRole = () => ({
    key: appKey,
    version: '2015-04-01',
    action: 'AssumeRole',
    parameters: assumed,
  })
  const floor = await openFloor(directory)
  const contenders = [
    { name: 'append, the test server alone (floor)', run: () => floor.run(4 * calls) },
    { name: 'CreateUser, one replica', run: () => sendTo([one], calls, createUser) },
    { name: 'CreateUser, both, one account', run: () => sendTo(replicas, calls, createUser) },
    { name: 'AssumeRole, one replica', run: () => sendTo([one], calls, assumeRole) },
    { name: 'AssumeRole, both, one account', run: () => sendTo(replicas, calls, assumeRole) },
  ]
  const runs = contenders.map(({ run }) => run)
  await inRounds(1, runs)
  const results = await inRounds(rounds, runs)
  for (const { connections } of replicas) connections.close()
  await floor.stop()
  const text = (index, member) =>
    index === 0 && member !== 'rate'
      ? '-'
      : spreadText(spread(results[index].map((result) => result[member])))
  printTable(
    ['what', 'per second', 'p50 ms', 'p99 ms', 'of the floor'],
    contenders.map(({ name }, index) => [
      name,
      text(index, 'rate'),
      text(index, 'p50'),
      text(index, 'p99'),
      index === 0 ? '1' : spreadText(ratios(results[index], results[0], 'rate')),
    ]),
  )
  say(
    `two replicas by one, round by round: CreateUser ${spreadText(ratios(results[2], results[1], 'rate'))}, AssumeRole ${spreadText(ratios(results[4], results[3], 'rate'))}\n`,
  )
}

export const bench = async ({ directory, quick }) => {
  const rounds = quick ? 2 : 5
  const calls = quick ? 100 : 300
  say(
    `cluster: two api replicas, two STS workers, a relay and NATS on this machine; the log is the test server, not EventStoreDB. ${CONNECTIONS} connections to each replica, ${rounds} rounds of ${calls} signed calls`,
  )
  const nats = await startNatsServer({ jetstream: true })
  const cluster = await startCluster({ natsUrl: nats.url })
  await printCalls({ cluster, directory, rounds, calls })
  await printRelay({ cluster, directory, nats })
  await cluster.stop()
  await printLatencies({ directory, natsUrl: nats.url, count: quick ? 200 : 1_000 })
  await nats.stop()
}
