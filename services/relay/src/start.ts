/**
 * Starts the relay: port, log, NATS, and the copying of the one to the other.
 */
import { natsFeed } from '@grantlog/adapters/nats'
import { type Logger, systemClock } from '@grantlog/adapters/system'
import { type Relay, startRelay } from '@grantlog/engine'
import {
  type Incidents,
  listenOn,
  nothingOpened,
  openFront,
  type Running,
  reasonOfSilence,
  relayGauges,
  type StartFailed,
} from '@grantlog/server'
import { openClusterLog } from '@grantlog/server/cluster'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'

/** For how long the feed may be away before the relay says that it is not ready. Milliseconds. */
const FAULT_MS_MAX = 10_000

const statusOf = (relay: Relay, stopped: string | null) => {
  const { published, head, fault } = relay.status()
  const away = fault !== null && systemClock.now() - fault.since > FAULT_MS_MAX
  const reason =
    stopped ??
    (away ? `nothing can be published: ${fault.reason}` : reasonOfSilence(relay.msSilent()))
  return { ready: reason === null, ...(reason === null ? {} : { reason }), published, head }
}

export const startFeedRelay = async (
  configuration: Configuration,
  { onStopped, onFault, logger }: Incidents & { readonly logger: Logger },
): Promise<E.Either<StartFailed, Running>> => {
  const opened = nothingOpened(onFault)
  const told = { logger, onFault }
  const { metrics, http, observer } = await openFront('grantlog-relay', configuration, told, opened)
  const endpoint = await listenOn(http, configuration)
  if (E.isLeft(endpoint)) return opened.giveUp(endpoint.left)
  const shared = await openClusterLog('grantlog-relay', configuration, { logger, metrics }, opened)
  if (E.isLeft(shared)) return opened.giveUp(shared.left)
  const { log, link } = shared.right
  if (link === null) return opened.giveUp('The relay needs NATS.')

  let stopped: string | null = null
  const relay = startRelay({
    log,
    feed: natsFeed(link),
    clock: systemClock,
    observer,
    onStopped: (reason) => {
      stopped = reason
      onStopped(reason)
    },
  })
  opened.add(relay.stop)
  relayGauges(metrics, () => relay)
  http.serve({ status: () => statusOf(relay, stopped) })
  return E.right({ endpoint: endpoint.right, stop: opened.closeAll })
}
