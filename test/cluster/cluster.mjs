/**
 * A whole cluster on this machine: the EventStoreDB test server with its journal on disk, two api
 * replicas, two STS workers, and a relay where there is NATS.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEventStoreServer } from '../eventstoredb-server/start.mjs'
import { freePort, startService, until } from './service.mjs'

const mainOf = (service) =>
  fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url))

const WORKER_AHEAD = fileURLToPath(new URL('./worker-ahead.mjs', import.meta.url))

/** The server of the log, behind one port for all of its lives. */
const startLog = async (directory) => {
  let server = await startEventStoreServer({ directory })
  const { port, connectionString } = server
  return {
    name: 'the log',
    connectionString,
    kill: () => server.kill(),
    restart: async () => {
      server = await startEventStoreServer({ directory, port })
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    ready: () => until('the log answers', async () => (await server.state()).events >= 0),
    stop: () => {
      server.resume()
      return server.stop()
    },
  }
}

const credentialsIn = (files) => {
  const file = files.find((path) => existsSync(path))
  return file === undefined ? null : JSON.parse(readFileSync(file, 'utf8'))
}

/** A worker: the real one, or the same with a clock that runs ahead by so many milliseconds. */
const startWorker = async ({ env, directory }, name, aheadMs) =>
  startService({
    name,
    directory,
    port: await freePort(),
    script: aheadMs === 0 ? mainOf('sts-worker') : WORKER_AHEAD,
    args: ['--data', join(directory, name)],
    env: { ...env, GRANTLOG_TEST_AHEAD_MS: String(aheadMs) },
  })

/** Starts everything and waits for it. Without a URL there is no NATS, and no relay. */
export const startCluster = async ({ natsUrl = null, workersAheadMs = 0 } = {}) => {
  const directory = mkdtempSync(join(tmpdir(), 'grantlog-cluster-'))
  const log = await startLog(join(directory, 'log'))
  const env = {
    GRANTLOG_LOG: log.connectionString,
    GRANTLOG_LOG_LEVEL: 'warn',
    ...(natsUrl === null ? {} : { GRANTLOG_NATS: natsUrl }),
  }
  const place = { env, directory }
  const rootFiles = [1, 2].map((n) => join(directory, `root-${n}.json`))
  const apis = []
  for (const n of [1, 2])
    apis.push(
      startService({
        name: `api-${n}`,
        directory,
        port: await freePort(),
        script: mainOf('api'),
        args: ['--data', join(directory, `api-${n}`), '--root-credentials', rootFiles[n - 1]],
        env: { ...env, GRANTLOG_VAULT: join(directory, 'vault') },
      }),
    )
  const workers = []
  for (const n of [1, 2]) workers.push(await startWorker(place, `worker-${n}`, workersAheadMs))
  const relay =
    natsUrl === null
      ? null
      : startService({
          name: 'relay',
          directory,
          port: await freePort(),
          script: mainOf('relay'),
          args: [],
          env,
        })
  const services = [...apis, ...workers, ...(relay === null ? [] : [relay])]
  const stop = async () => {
    const codes = await Promise.all(services.map((service) => service.stop()))
    await log.stop()
    rmSync(directory, { recursive: true, force: true })
    return codes
  }
  try {
    await Promise.all(services.map((service) => service.ready()))
  } catch (fault) {
    await stop()
    throw fault
  }
  return {
    directory,
    log,
    apis,
    workers,
    relay,
    services,
    root: credentialsIn(rootFiles),
    /** Adds workers whose clocks run ahead. */
    addWorker: async (name, aheadMs) => {
      const worker = await startWorker(place, name, aheadMs)
      services.push(worker)
      await worker.ready()
      return worker
    },
    stop,
  }
}
