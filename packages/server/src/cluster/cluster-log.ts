/**
 * What the processes of a cluster share: the log in EventStoreDB, and NATS, which wakes whoever
 * follows it. NATS may be away at any time, and may be left out.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type EventStoreFault,
  type EventStoreLogOptions,
  openEventStoreLog,
} from '@grantlog/adapters/eventstoredb'
import { type NatsLink, type NatsLinkEvent, natsHints, natsLink } from '@grantlog/adapters/nats'
import type { Logger } from '@grantlog/adapters/system'
import { announcing, type EventLog, heeding, type Position } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { logFaultCounts, natsGauges } from '../gauges.js'
import type { Metrics } from '../metrics.js'
import { sentenceOfEventStore } from '../sentences.js'
import type { Opened } from '../starting.js'

export type ClusterLog = {
  /** Announces what it appends, and heeds what others announce. */
  readonly log: EventLog
  /** To be told that the log is known to go up to a position. */
  readonly heed: (position: Position) => void
  /** Null where there is no NATS. */
  readonly link: NatsLink | null
}

type ClusterConfiguration = {
  readonly log: string
  readonly logCa: string | null
  readonly nats: ReadonlyArray<string> | null
}

/** Who is told how the log and NATS are doing. */
type Told = { readonly logger: Logger; readonly metrics: Metrics }

const logFault = ({ logger, metrics }: Told): ((fault: EventStoreFault) => void) => {
  const faults = new Map<string, number>()
  logFaultCounts(metrics, faults)
  return ({ type, detail }) => {
    faults.set(type, (faults.get(type) ?? 0) + 1)
    logger.warn('the log has a passing fault', { detail: `${type}: ${detail}` })
  }
}

const logLink =
  ({ info, warn, error }: Logger) =>
  (event: NatsLinkEvent): void => {
    if (event.type === 'Connected') info('connected to NATS')
    if (event.type === 'Disconnected') warn('NATS is away; nothing but time is lost')
    if (event.type === 'MessageDropped')
      warn('a NATS message was dropped', { detail: event.subject })
    if (event.type === 'ListenerFailed') error('a NATS listener failed', { error: event.cause })
  }

/** The client takes credentials beside the addresses; in URLs, people expect them inside. */
const natsAccess = (servers: ReadonlyArray<string>) => {
  const urls = servers.map((server) => new URL(server))
  const credentials = urls.find(({ username }) => username !== '')
  return {
    hosts: urls.map(({ host }) => host),
    security: {
      ...(credentials === undefined
        ? {}
        : {
            user: decodeURIComponent(credentials.username),
            pass: decodeURIComponent(credentials.password),
          }),
      ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
    },
  }
}

/** The line to NATS, closed with everything else. It connects by itself. */
const openLink = (
  name: string,
  servers: ReadonlyArray<string>,
  { logger, metrics }: Told,
  opened: Opened,
): NatsLink => {
  const { hosts, security } = natsAccess(servers)
  const link = natsLink({ servers: hosts, name, security, onEvent: logLink(logger) })
  natsGauges(metrics, () => link)
  opened.add(link.close)
  return link
}

/**
 * How long a start waits for a log that does not answer, and the pause between two attempts: what
 * starts together with the log need not be started twice. Unit: milliseconds.
 */
const LOG_MS_MAX = 30_000
const LOG_EVERY_MS = 250

const openPatiently = async (options: EventStoreLogOptions, { warn }: Logger) => {
  const deadline = performance.now() + LOG_MS_MAX
  for (;;) {
    const stored = await openEventStoreLog(options)
    if (E.isRight(stored) || stored.left.type !== 'ServerUnreachable') return stored
    if (performance.now() > deadline) return stored
    warn('the log does not answer yet', { detail: stored.left.detail })
    await sleep(LOG_EVERY_MS)
  }
}

/** The log as every process of the cluster has it. */
export const openClusterLog = async (
  name: string,
  { log: connectionString, logCa, nats }: ClusterConfiguration,
  told: Told,
  opened: Opened,
): Promise<E.Either<string, ClusterLog>> => {
  const options = {
    connectionString,
    ...(logCa === null ? {} : { tlsCaFile: logCa }),
    onFault: logFault(told),
  }
  const stored = await openPatiently(options, told.logger)
  if (E.isLeft(stored)) return E.left(sentenceOfEventStore(stored.left))
  opened.add(stored.right.close)
  if (nats === null) return E.right({ log: stored.right, heed: () => {}, link: null })

  const link = openLink(name, nats, told, opened)
  const hints = natsHints(link)
  const heedful = heeding(announcing(stored.right, hints), hints)
  opened.add(heedful.stop)
  return E.right({ log: heedful.log, heed: heedful.heed, link })
}
