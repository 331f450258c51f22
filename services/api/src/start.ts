/**
 * Starts an api replica: port, log, vault, views, engine, first account.
 *
 * The log and the vault are shared with every other process, the views are this replica's own.
 */
import { natsIssueRequests, natsNonceClaims } from '@grantlog/adapters/nats'
import { openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { type Logger, randomIds, systemClock } from '@grantlog/adapters/system'
import { shardOf } from '@grantlog/engine'
import {
  deploymentOf,
  engineGauges,
  type Incidents,
  listenOn,
  type Metrics,
  nothingOpened,
  type Opened,
  openCaughtUp,
  openFederating,
  openFirstAccount,
  openFront,
  openSharedVault,
  ownDirectory,
  passwordWorkOf,
  type RootCredentials,
  type Running,
  type StartFailed,
  sentenceOfLog,
  servingOf,
} from '@grantlog/server'
import { type ClusterLog, openClusterLog } from '@grantlog/server/cluster'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'

export type Api = Running & {
  /** The root AccessKey, when this replica opened the first account. */
  readonly firstCredentials: RootCredentials | null
}

const openStores = async (
  configuration: Configuration,
  told: { readonly logger: Logger; readonly metrics: Metrics },
  opened: Opened,
) => {
  const { data: directory, vault: vaultDirectory } = configuration
  const owned = ownDirectory(directory, opened)
  if (E.isLeft(owned)) return owned
  const shared = await openClusterLog('grantlog-api', configuration, told, opened)
  if (E.isLeft(shared)) return shared
  const vault = await openSharedVault(vaultDirectory, opened, passwordWorkOf(configuration))
  if (E.isLeft(vault)) return vault
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return E.left(sentenceOfLog(viewStore.left))
  opened.add(viewStore.right.close)
  return E.right({ shared: shared.right, vault: vault.right, viewStore: viewStore.right })
}

/** Tells the worker of a session that waits, and this replica where its credential may be. */
const asksWorkers = ({ link, heed }: ClusterLog, shards: number) => {
  if (link === null) return { onAssumed: () => {} }
  const requests = natsIssueRequests(link)
  return {
    onAssumed: (accountId: Parameters<typeof shardOf>[0], sessionId: string, position: number) => {
      const shard = shardOf(accountId, shards)
      void requests.request({ shard, sessionId, position }).then((issued) => {
        if (issued !== null) heed(issued)
      })
    },
  }
}

export const startApi = async (
  configuration: Configuration,
  { onStopped, onFault, logger }: Incidents & { readonly logger: Logger },
): Promise<E.Either<StartFailed, Api>> => {
  const opened = nothingOpened(onFault)
  const told = { logger, onFault }
  const { metrics, http, observer } = await openFront('grantlog-api', configuration, told, opened)
  const endpoint = await listenOn(http, configuration)
  if (E.isLeft(endpoint)) return opened.giveUp(endpoint.left)

  const stores = await openStores(configuration, { logger, metrics }, opened)
  if (E.isLeft(stores)) return opened.giveUp(stores.left)
  const { shared, vault, viewStore } = stores.right
  const federation = openFederating(configuration, opened)
  if (E.isLeft(federation)) return opened.giveUp(federation.left)
  const deployment = deploymentOf(vault)
  const { quotas, rootCredentials, shards } = configuration
  const engine = await openCaughtUp(
    {
      log: shared.log,
      vault,
      viewStore,
      clock: systemClock,
      ids: randomIds(),
      quotas,
      federation: federation.right,
      cluster: asksWorkers(shared, shards),
      onStopped,
      observer,
    },
    opened,
  )
  if (E.isLeft(engine)) return opened.giveUp(engine.left)
  const first = await openFirstAccount(engine.right, deployment, endpoint.right, rootCredentials)
  if (E.isLeft(first)) return opened.giveUp(first.left.sentence)

  engineGauges(metrics, () => engine.right)
  const claims = shared.link === null ? null : natsNonceClaims(shared.link)
  const whenUnavailable = configuration.unclaimed
  const sharing = claims === null ? undefined : { claims, whenUnavailable }
  http.serve(servingOf(engine.right, configuration, sharing))
  return E.right({
    endpoint: endpoint.right,
    firstCredentials: first.right,
    stop: async () => {
      // The port closes first: no new call may come while the engine finishes.
      await http.stop()
      await opened.closeAll()
    },
  })
}
