/**
 * How fast a relay copies a log that is there already to a feed that is empty.
 */
import { FEED_STREAM } from '@grantlog/adapters/nats'
import { connect } from 'nats'
import { freePort, startService, until } from '../test/cluster/service.mjs'
import { startNatsServer } from '../test/support/nats-server.mjs'
import { demand, say } from './statistics.mjs'

/** A second NATS, whose relay has everything before it. */
export const printRelay = async ({ cluster, directory, nats }) => {
  const lengthAt = async ({ url }) => {
    const connection = await connect({ servers: url })
    const { streams } = await connection.jetstreamManager()
    return {
      length: async () => {
        try {
          return (await streams.info(FEED_STREAM)).state.last_seq
        } catch {
          return 0
        }
      },
      close: () => connection.close(),
    }
  }
  const first = await lengthAt(nats)
  await until('the relay of the cluster has everything', async () => {
    const { published, head } = await cluster.relay.status()
    return published === head
  })
  const all = await first.length()
  const otherNats = await startNatsServer({ jetstream: true })
  const other = await lengthAt(otherNats)
  const relay = startService({
    name: 'relay-again',
    directory,
    port: await freePort(),
    script: cluster.relay.script,
    args: [],
    env: { GRANTLOG_LOG: cluster.log.connectionString, GRANTLOG_NATS: otherNats.url },
  })
  await until('the first event is copied', async () => (await other.length()) > 0)
  const [begun, startedAt] = [await other.length(), performance.now()]
  await until('everything is copied', async () => (await other.length()) >= all)
  const copied = (await other.length()) - begun
  const rate = (copied * 1_000) / (performance.now() - startedAt)
  demand((await other.length()) === all, 'the second feed is as long as the first')
  say(
    `relay: ${copied.toLocaleString('en-US')} events to an empty feed, ${rate.toFixed(0)} a second\n`,
  )
  await relay.stop()
  await first.close()
  await other.close()
  await otherNats.stop()
}
