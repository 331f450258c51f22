/**
 * What Prometheus reads: counts and times of requests, and how far a process has got. No label
 * names a user.
 */
import type { Engine } from '@grantlog/engine'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = {
  readonly countRequest: (handler: 'rpc' | 'v1', status: number, seconds: number) => void
  /** A value read whenever somebody looks; undefined while there is none. */
  readonly gauge: (name: string, help: string, read: () => number | undefined) => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

export const processMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'grantlog_http_requests_total',
    help: 'Requests answered, by handler and status.',
    labelNames: ['handler', 'status'] as const,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'grantlog_http_request_duration_seconds',
    help: 'Time from the request to its answer.',
    labelNames: ['handler'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  return {
    countRequest: (handler, status, duration) => {
      requests.inc({ handler, status })
      seconds.observe({ handler }, duration)
    },
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          const value = read()
          if (value !== undefined) this.set(value)
        },
      })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** What a process with an engine shows of it. */
export const engineGauges = (metrics: Metrics, engine: () => Engine | undefined): void => {
  const gauge = (name: string, help: string, read: (engine: Engine) => number): void =>
    metrics.gauge(name, help, () => {
      const running = engine()
      return running === undefined ? undefined : read(running)
    })
  gauge(
    'grantlog_log_head_position',
    'Position of the last event of the log.',
    (e) => e.status().head,
  )
  gauge(
    'grantlog_view_position',
    'Position that every view has applied.',
    (e) => e.status().applied,
  )
  gauge('grantlog_view_lag_events', 'Events between the head of the log and the views.', (e) => {
    const { head, applied } = e.status()
    return Math.max(0, head - applied)
  })
  gauge(
    'grantlog_sts_sessions_active',
    'Sessions with credentials and no recorded end.',
    (e) => e.status().liveSessions,
  )
  gauge(
    'grantlog_quarantined_accounts',
    'Accounts that decide to deny because an event could not be read.',
    (e) => e.status().quarantinedAccounts.length,
  )
  gauge(
    'grantlog_unknown_events',
    'Events of unknown types that were passed over because they are not critical.',
    (e) => e.status().unknownEvents,
  )
}
