/**
 * What every process opens before anything else: tracing where it is asked for, metrics, and the
 * HTTP port. Tracing is closed last, when all spans have ended.
 */
import type { Logger } from '@grantlog/adapters/system'
import { openTracing } from '@grantlog/adapters/telemetry'
import { NO_TRACING, type Observer, type Tracing } from '@grantlog/engine'
import { type HttpPort, httpPort } from './http-port.js'
import { type Metrics, processMetrics } from './metrics.js'
import type { Incidents, Opened } from './starting.js'
import { VERSION } from './version.js'

export type Front = {
  readonly metrics: Metrics
  readonly http: HttpPort
  /** For whoever works: what it tells is measured and traced. */
  readonly observer: Observer
}

const tracingTo = async (
  endpoint: string,
  service: string,
  { info, warn }: Logger,
  opened: Opened,
): Promise<Tracing> => {
  const tracing = await openTracing({
    endpoint,
    service,
    version: VERSION,
    onCollector: (isThere, detail) =>
      isThere
        ? info('the collector takes spans again')
        : warn('the collector does not take spans; nothing else is lost', { detail }),
  })
  opened.add(tracing.stop)
  return tracing
}

export type FrontSettings = {
  readonly otlp?: string | null
  readonly trustedProxies?: ReadonlyArray<string>
}

export const openFront = async (
  service: string,
  { otlp = null, trustedProxies = [] }: FrontSettings,
  { logger, onFault }: Pick<Incidents, 'onFault'> & { readonly logger: Logger },
  opened: Opened,
): Promise<Front> => {
  const tracing = otlp === null ? NO_TRACING : await tracingTo(otlp, service, logger, opened)
  const metrics = processMetrics()
  const http = httpPort({ metrics, tracing, logger, onFault, trustedProxies })
  opened.add(http.stop)
  return { metrics, http, observer: { meter: metrics.meter, tracing } }
}
