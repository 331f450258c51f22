/**
 * Starts an STS worker: port, log, its one view, a worker for each of its shards, and an ear for
 * the questions of the api replicas.
 */
import { natsIssueRequests } from '@grantlog/adapters/nats'
import { openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { type Logger, randomIds, systemClock } from '@grantlog/adapters/system'
import { type Clock, openStsWorkers, type StsWorkers } from '@grantlog/engine'
import {
  httpPort,
  type Incidents,
  listenOn,
  type Metrics,
  nothingOpened,
  openClusterLog,
  ownDirectory,
  processMetrics,
  type Running,
  type StartFailed,
  sentenceOfLog,
} from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'

const workerGauges = (metrics: Metrics, workers: StsWorkers): void => {
  metrics.gauge('grantlog_view_position', 'Position that every view has applied.', workers.applied)
  metrics.gauge(
    'grantlog_sts_sessions_active',
    'Sessions with credentials and no recorded end.',
    workers.openSessions,
  )
  metrics.gauge(
    'grantlog_sts_sessions_waiting',
    'Sessions that were assumed and have no credentials yet.',
    workers.waitingSessions,
  )
}

/** The clock is that of the system when left out. */
export type StartOptions = Incidents & { readonly logger: Logger; readonly clock?: Clock }

export const startWorker = async (
  configuration: Configuration,
  { onStopped, onFault, logger, clock = systemClock }: StartOptions,
): Promise<E.Either<StartFailed, Running>> => {
  const opened = nothingOpened(onFault)
  const metrics = processMetrics()
  const http = httpPort(metrics, onFault)
  opened.add(http.stop)
  const endpoint = await listenOn(http, configuration)
  if (E.isLeft(endpoint)) return opened.giveUp(endpoint.left)

  const { data: directory, shards } = configuration
  const owned = ownDirectory(directory, opened)
  if (E.isLeft(owned)) return opened.giveUp(owned.left)
  const shared = await openClusterLog('grantlog-sts-worker', configuration, logger, opened)
  if (E.isLeft(shared)) return opened.giveUp(shared.left)
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return opened.giveUp(sentenceOfLog(viewStore.left))
  opened.add(viewStore.right.close)

  const { log, heed, link } = shared.right
  const own = configuration.ownShards ?? Array.from({ length: shards }, (_, shard) => shard)
  const workers = await openStsWorkers({
    log,
    viewStore: viewStore.right,
    clock,
    ids: randomIds(),
    shards,
    own,
    onStopped,
  })
  if (E.isLeft(workers))
    return opened.giveUp(`The worker can't start: ${JSON.stringify(workers.left)}`)
  opened.add(workers.right.stop)
  if (link !== null)
    for (const shard of own) {
      const serving = natsIssueRequests(link).serve(shard, ({ position }) => {
        heed(position)
        return workers.right.whenConsumed(shard, position)
      })
      opened.add(serving.stop)
    }

  workerGauges(metrics, workers.right)
  http.serve({ status: () => statusOf(workers.right, own) })
  return E.right({ endpoint: endpoint.right, stop: opened.closeAll })
}

const statusOf = (workers: StsWorkers, own: ReadonlyArray<number>) => {
  const reason = workers.stopped()
  return {
    ready: reason === null,
    ...(reason === null ? {} : { reason }),
    applied: workers.applied(),
    shards: own,
    openSessions: workers.openSessions(),
    waitingSessions: workers.waitingSessions(),
  }
}
