/**
 * A server that speaks as much of EventStoreDB's gRPC protocol as grantlog uses, for tests: one
 * node, no users, no projections, no deletion. Rules that a test relies on are those of a real
 * server: revisions, idempotency, positions, what reads and subscriptions include.
 *
 * Started by start.mjs, obeys messages of its parent, and ends with it. Flags are JSON in the first
 * argument.
 */
import { randomUUID } from 'node:crypto'
import { appendHandler, batchAppendHandler } from './appends.mjs'
import { openJournal } from './journal.mjs'
import { endSubscriptions, readHandler } from './reads.mjs'
import { openStore } from './store.mjs'
import { openSwitches } from './switches.mjs'
import {
  clusterOfOne,
  failure,
  GossipService,
  grpc,
  ServerFeaturesService,
  StreamsService,
  supportedMethods,
} from './wire.mjs'

const HOST = '127.0.0.1'

/** As large as a real server takes a message. */
const MESSAGE_BYTES_MAX = 17 * 1024 * 1024

const { directory, port, batchAppend, maxAppendBytes, tls, user, systemEventEvery } = JSON.parse(
  process.argv[2],
)

let boundPort = port
const switches = openSwitches(() => ({ host: HOST, port: boundPort }), user)
const journal = openJournal(directory)

/** A real $all is full of the server's own events: statistics, metadata, projections. */
const withSystemEvents = (store) => {
  const write = () =>
    store.append(`$stats-${HOST}:${boundPort}`, 'any', [
      {
        id: randomUUID(),
        type: '$statsCollected',
        contentType: 'application/json',
        data: Buffer.from('{"proc-mem":1}'),
        metadata: Buffer.alloc(0),
      },
    ])
  let appends = 0
  write()
  return {
    ...store,
    append: (name, expected, proposed) => {
      const outcome = store.append(name, expected, proposed)
      appends += 1
      if (appends % systemEventEvery === 0) write()
      return outcome
    },
  }
}

const store = withSystemEvents(
  openStore(journal, { now: () => Date.now() + switches.state.clockOffsetMs }),
)
const subscriptions = new Set()
const server = { store, switches, maxAppendBytes }

const unimplemented = (_call, callback) =>
  callback(failure(grpc.status.UNIMPLEMENTED, 'not part of this server'))

const grpcServer = new grpc.Server({
  'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_concurrent_streams': 10_000,
})
grpcServer.addService(StreamsService, {
  append: appendHandler(server),
  batchAppend: batchAppendHandler(server),
  read: readHandler(server, subscriptions),
  delete: unimplemented,
  tombstone: unimplemented,
})
grpcServer.addService(ServerFeaturesService, {
  getSupportedMethods: (_call, callback) => {
    if (switches.state.mute) return
    if (switches.due('failFeatures')) callback(failure(grpc.status.INTERNAL, 'not today'))
    else callback(null, supportedMethods(batchAppend))
  },
})
grpcServer.addService(GossipService, {
  read: (_call, callback) => callback(null, clusterOfOne(HOST, boundPort)),
})

const credentials =
  tls === undefined
    ? grpc.ServerCredentials.createInsecure()
    : grpc.ServerCredentials.createSsl(null, [
        { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) },
      ])

process.on('disconnect', () => process.exit(0))
process.on('message', ({ id, set, end }) => {
  if (set !== undefined) switches.set(set)
  if (end !== undefined) endSubscriptions(subscriptions, end)
  process.send({ id, events: store.count(), subscriptions: subscriptions.size })
})

grpcServer.bindAsync(`${HOST}:${port}`, credentials, (error, bound) => {
  if (error !== null) throw error
  boundPort = bound
  process.send({ port: bound })
})
