/**
 * What each kind of process shows of its state, read when somebody asks for the metrics. A state
 * that is not there yet shows nothing.
 */
import type { NatsLink } from '@grantlog/adapters/nats'
import type { Engine, Relay, StsWorkers, ViewProgress } from '@grantlog/engine'
import type { Registering, Row } from './registering.js'

const MS_PER_SECOND = 1_000

type Progress = () => ReadonlyArray<ViewProgress>

const viewGauges = ({ gauges }: Registering, progress: Progress): void => {
  const each = (name: string, help: string, value: (view: ViewProgress) => number): void =>
    gauges(name, help, ['view'], () => progress().map((view): Row => [[view.view], value(view)]))
  each('grantlog_view_position', 'Position that the view has applied.', ({ applied }) => applied)
  each(
    'grantlog_view_stored_position',
    'Position that the stored rows of the view are of: where a new process goes on.',
    ({ stored }) => stored,
  )
  each(
    'grantlog_view_lag_seconds',
    'For how long the log is known to go further than the view; 0 when the view has everything.',
    ({ msBehind }) => msBehind / MS_PER_SECOND,
  )
  gauges(
    'grantlog_view_lag_events',
    'Events that the view lacks: counted up to 500, and extrapolated beyond.',
    ['view'],
    async () => {
      const rows: Row[] = []
      for (const { view, eventsBehind } of progress()) {
        const events = await eventsBehind()
        if (events !== null) rows.push([[view], events])
      }
      return rows
    },
  )
}

const HEAD = ['grantlog_log_head_position', 'Position of the last event of the log.'] as const
const ACTIVE = [
  'grantlog_sts_sessions_active',
  'Sessions with credentials and no recorded end.',
] as const

/** Of a process with an engine. */
export const engineGauges = (metrics: Registering, engine: () => Engine | undefined): void => {
  viewGauges(metrics, () => engine()?.progress() ?? [])
  const { gauge } = metrics
  gauge(...HEAD, () => engine()?.status().head)
  gauge(...ACTIVE, () => engine()?.status().liveSessions)
  gauge(
    'grantlog_commands_waiting',
    'Commands that wait for their account to decide them.',
    () => engine()?.status().commandsWaiting,
  )
  gauge(
    'grantlog_quarantined_accounts',
    'Accounts that decide to deny because an event could not be read.',
    () => engine()?.status().quarantinedAccounts.length,
  )
  gauge(
    'grantlog_unknown_events',
    'Events of unknown types that were passed over because they are not critical.',
    () => engine()?.status().unknownEvents,
  )
}

/** Of a process that works on shards of sessions. */
export const workerGauges = (metrics: Registering, workers: () => StsWorkers | undefined): void => {
  viewGauges(metrics, () => workers()?.progress() ?? [])
  metrics.gauge(...ACTIVE, () => workers()?.openSessions())
  metrics.gauge(
    'grantlog_sts_sessions_waiting',
    'Sessions that were assumed and have no credentials yet.',
    () => workers()?.waitingSessions(),
  )
}

/** Of a process that copies the log to a feed. */
export const relayGauges = (metrics: Registering, relay: () => Relay | undefined): void => {
  metrics.gauge(...HEAD, () => relay()?.status().head)
  metrics.gauge(
    'grantlog_relay_position',
    'Position of the last event that the feed has.',
    () => relay()?.status().published,
  )
  metrics.gauge(
    'grantlog_relay_lag_seconds',
    'For how long the log is known to go further than the feed; 0 when the feed has everything.',
    () => {
      const running = relay()
      return running === undefined ? undefined : running.msBehind() / MS_PER_SECOND
    },
  )
  metrics.gauges(
    'grantlog_relay_lag_events',
    'Events that the feed lacks: counted up to 500, and extrapolated beyond.',
    [],
    async () => {
      const events = (await relay()?.eventsBehind()) ?? null
      return events === null ? [] : [[[], events]]
    },
  )
}

/** Of a process with a line to NATS. */
export const natsGauges = (metrics: Registering, link: () => NatsLink | undefined): void => {
  metrics.gauge('grantlog_nats_up', '1 while NATS is connected, 0 while it is away.', () => {
    const status = link()?.status()
    return status === undefined ? undefined : Number(status.isUp)
  })
  metrics.counts(
    'grantlog_nats_dropped_messages_total',
    'Messages of NATS that were not understood.',
    [],
    () => {
      const status = link()?.status()
      return status === undefined ? [] : [[[], status.dropped]]
    },
  )
}

/** Passing faults of a log in EventStoreDB, by type. */
export const logFaultCounts = (metrics: Registering, faults: ReadonlyMap<string, number>): void =>
  metrics.counts(
    'grantlog_log_faults_total',
    'Passing faults of EventStoreDB, by type.',
    ['type'],
    () => [...faults].map(([type, count]): Row => [[type], count]),
  )
