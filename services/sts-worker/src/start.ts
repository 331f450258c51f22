/**
 * Starts an STS worker: port, log, its one view, a worker for each of its shards, and an ear for
 * the questions of the api replicas.
 */
import { natsIssueRequests } from '@grantlog/adapters/nats'
import { openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { type Logger, randomIds, systemClock } from '@grantlog/adapters/system'
import { type Clock, openStsWorkers, type StsWorkers } from '@grantlog/engine'
import {
  type Incidents,
  listenOn,
  nothingOpened,
  openFront,
  ownDirectory,
  type Running,
  reasonOfSilence,
  type StartFailed,
  sentenceOfLog,
  workerGauges,
} from '@grantlog/server'
import { type ClusterLog, openClusterLog } from '@grantlog/server/cluster'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'

/** Hears who asks for a credential of a shard; answers how to stop. */
const hearRequests = ({ link, heed }: ClusterLog, workers: StsWorkers, shard: number) => {
  if (link === null) return async () => undefined
  return natsIssueRequests(link).serve(shard, ({ position }) => {
    heed(position)
    return workers.whenConsumed(shard, position)
  }).stop
}

/** The clock is that of the system when left out. */
export type StartOptions = Incidents & { readonly logger: Logger; readonly clock?: Clock }

export const startWorker = async (
  configuration: Configuration,
  { onStopped, onFault, logger, clock = systemClock }: StartOptions,
): Promise<E.Either<StartFailed, Running>> => {
  const opened = nothingOpened(onFault)
  const told = { logger, onFault }
  const { metrics, http, observer } = await openFront(
    'grantlog-sts-worker',
    configuration,
    told,
    opened,
  )
  const endpoint = await listenOn(http, configuration)
  if (E.isLeft(endpoint)) return opened.giveUp(endpoint.left)

  const { data: directory, shards } = configuration
  const owned = ownDirectory(directory, opened)
  if (E.isLeft(owned)) return opened.giveUp(owned.left)
  const shared = await openClusterLog(
    'grantlog-sts-worker',
    configuration,
    { logger, metrics },
    opened,
  )
  if (E.isLeft(shared)) return opened.giveUp(shared.left)
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return opened.giveUp(sentenceOfLog(viewStore.left))
  opened.add(viewStore.right.close)

  const { log } = shared.right
  const own = configuration.ownShards ?? Array.from({ length: shards }, (_, shard) => shard)
  const workers = await openStsWorkers({
    log,
    viewStore: viewStore.right,
    clock,
    ids: randomIds(),
    shards,
    own,
    onStopped,
    observer,
  })
  if (E.isLeft(workers))
    return opened.giveUp(`The worker can't start: ${JSON.stringify(workers.left)}`)
  opened.add(workers.right.stop)
  for (const shard of own) opened.add(hearRequests(shared.right, workers.right, shard))

  workerGauges(metrics, () => workers.right)
  http.serve({ status: () => statusOf(workers.right, own) })
  return E.right({ endpoint: endpoint.right, stop: opened.closeAll })
}

const statusOf = (workers: StsWorkers, own: ReadonlyArray<number>) => {
  const reason = workers.stopped() ?? reasonOfSilence(workers.msSilent())
  return {
    ready: reason === null,
    ...(reason === null ? {} : { reason }),
    applied: workers.applied(),
    shards: own,
    openSessions: workers.openSessions(),
    waitingSessions: workers.waitingSessions(),
  }
}
