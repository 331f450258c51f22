/**
 * A cluster whose NATS is away, comes, and then treats every message badly; and one without NATS.
 */
import { startNatsServer } from '../support/nats-server.mjs'
import { checkFeed, checkStreams, readLog } from './check-log.mjs'
import { clientAt, makeRole, makeUser } from './clients.mjs'
import { startCluster } from './cluster.mjs'
import { startNatsProxy } from './nats-proxy.mjs'
import { freePort } from './service.mjs'
import { tellStory, writeAtFullSpeed } from './story.mjs'

/** How many names, and how many clients of each replica write them. */
const FULL_SPEED = { count: 40, writers: 8 }

/** Everything that a story needs. */
const stageOf = async ({ apis, root }) => {
  const rootKeys = { accessKeyId: root.accessKeyId, accessKeySecret: root.accessKeySecret }
  const client = clientAt(apis[0].endpoint, rootKeys)
  const appKeys = await makeUser(client, 'app', 'AliyunSTSAssumeRoleAccess')
  const roleArn = await makeRole(client, root.accountId, 'reader')
  return { apis, rootKeys, appKeys, roleArn }
}

/** The stories under each treatment, then two replicas at full speed; log and feed are checked. */
export const clusterUnderMessageFaults = async (report = () => {}) => {
  const port = await freePort()
  const proxy = await startNatsProxy(port)
  let [cluster, nats] = []
  try {
    cluster = await startCluster({ natsUrl: proxy.url })
    const stage = await stageOf(cluster)
    const stories = {}
    const tell = async (name) => {
      const startedAt = performance.now()
      stories[name] = await tellStory({ ...stage, name })
      report({ name, ms: Math.round(performance.now() - startedAt), ...stories[name] })
    }
    await tell('away')
    nats = await startNatsServer({ jetstream: true, port })
    for (const treatment of ['whole', 'dropped', 'doubled', 'delayed', 'swapped']) {
      proxy.treat(treatment)
      await tell(treatment)
    }
    proxy.treat('whole')
    const outcomes = await writeAtFullSpeed({ ...stage, ...FULL_SPEED })
    const events = await readLog(cluster.log.connectionString)
    checkStreams(events)
    await checkFeed(nats.url, events)
    return { stories, messages: proxy.messages(), outcomes, fullSpeed: FULL_SPEED }
  } finally {
    await cluster?.stop()
    await proxy.stop()
    await nats?.stop()
  }
}

export const clusterWithoutNats = async () => {
  const cluster = await startCluster()
  try {
    return await tellStory({ ...(await stageOf(cluster)), name: 'without' })
  } finally {
    await cluster.stop()
  }
}
