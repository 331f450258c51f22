/**
 * What Prometheus reads of a process. No label holds what a caller chose.
 */
import type { Meter } from '@grantlog/engine'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { meterOn } from './meter.js'
import { declaring, type Registering, type Row, registeringOn } from './registering.js'

/** The parts of the HTTP interface, as metrics and traces tell them apart. */
export type HandlerName = 'rpc' | 'v1' | 'oauth2' | 'authzen'

export type Metrics = Registering & {
  readonly countRequest: (handler: HandlerName, status: number, seconds: number) => void
  readonly meter: Meter
  readonly text: () => Promise<string>
  readonly contentType: string
  /** Every metric of grantlog's own, by name, with its labels. */
  readonly declared: () => ReadonlyMap<string, ReadonlyArray<string>>
}

export const processMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const declared = new Map<string, ReadonlyArray<string>>()
  const registering = declaring(registeringOn(registry), declared)
  const requests = new Map<string, { count: number; readonly labels: readonly [string, string] }>()
  registering.counts(
    'grantlog_http_requests_total',
    'Requests answered, by handler and status.',
    ['handler', 'status'],
    () => [...requests.values()].map(({ labels, count }): Row => [labels, count]),
  )
  const seconds = registering.seconds(
    'grantlog_http_request_duration_seconds',
    'Time from the request to its answer.',
    ['handler'],
  )
  const observe = {
    rpc: seconds('rpc'),
    v1: seconds('v1'),
    oauth2: seconds('oauth2'),
    authzen: seconds('authzen'),
  }
  return {
    ...registering,
    countRequest: (handler, status, duration) => {
      const key = handler + status
      const known = requests.get(key)
      if (known === undefined) requests.set(key, { count: 1, labels: [handler, String(status)] })
      else known.count += 1
      observe[handler](duration)
    },
    meter: meterOn(registering),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    declared: () => declared,
  }
}
