/**
 * Tracing with OpenTelemetry: spans go in batches to a collector, as OTLP in JSON over HTTP.
 *
 * The libraries are loaded here and only when tracing is asked for. Nothing waits for a collector:
 * while it is away spans are dropped, and it is told once that it went and once that it is back.
 */
import {
  parseTraceparent,
  type Span,
  type SpanKind,
  type SpanStart,
  type Tracing,
  traceparentOf,
} from '@grantlog/engine'
import type { Context, Link, SpanContext, Span as TelemetrySpan } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import { attributesOf } from './attributes.js'

export type TracingOptions = {
  /** Where the collector takes OTLP over HTTP, e.g. `http://127.0.0.1:4318`. */
  readonly endpoint: string
  readonly service: string
  readonly version: string
  /** Told when spans are lost, and when they arrive again. */
  readonly onCollector: (isThere: boolean, detail: string) => void
}

export type OpenTracing = Tracing & {
  /** Sends what is waiting, for a few seconds at most. */
  readonly stop: () => Promise<void>
}

/** How long a batch may take. Unit: milliseconds. A stop waits for little more. */
const EXPORT_MS_MAX = 3_000
const STOP_MS_MAX = 4_000

const SEND_EVERY_MS = 2_000
const SPANS_WAITING_MAX = 8_192
const SPANS_PER_BATCH_MAX = 1_024

/** Of a result of the exporter. */
const SUCCESS = 0

const telling = (exporter: SpanExporter, tell: TracingOptions['onCollector']): SpanExporter => {
  let isThere = true
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const arrived = result.code === SUCCESS
        if (arrived !== isThere) tell(arrived, result.error?.message ?? '')
        isThere = arrived
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}

const load = () =>
  Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])

/** The provider's own settings, such as the sampler, come from the `OTEL_` variables. */
const providerFor = (
  [, sdk, resources, otlp]: Awaited<ReturnType<typeof load>>,
  { endpoint, service, version, onCollector }: TracingOptions,
) => {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = new otlp.OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS_MAX })
  const named = resources.resourceFromAttributes({
    'service.name': service,
    'service.version': version,
  })
  const said = resources.detectResources({ detectors: [resources.envDetector] })
  return new sdk.BasicTracerProvider({
    resource: named.merge(said),
    spanProcessors: [
      new sdk.BatchSpanProcessor(telling(exporter, onCollector), {
        scheduledDelayMillis: SEND_EVERY_MS,
        maxQueueSize: SPANS_WAITING_MAX,
        maxExportBatchSize: SPANS_PER_BATCH_MAX,
        exportTimeoutMillis: EXPORT_MS_MAX,
      }),
    ],
  })
}

const soon = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms).unref())

export const openTracing = async (options: TracingOptions): Promise<OpenTracing> => {
  const libraries = await load()
  const [api] = libraries
  const provider = providerFor(libraries, options)
  const tracer = provider.getTracer('grantlog', options.version)
  const kinds: Readonly<Record<SpanKind, number>> = {
    Server: api.SpanKind.SERVER,
    Internal: api.SpanKind.INTERNAL,
    Producer: api.SpanKind.PRODUCER,
    Consumer: api.SpanKind.CONSUMER,
  }

  const contextOf = (traceparent: string): SpanContext | null => {
    const known = parseTraceparent(traceparent)
    if (known === null) return null
    const { traceId, spanId, isSampled } = known
    const traceFlags = isSampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE
    return { traceId, spanId, traceFlags, isRemote: true }
  }
  const under = (parent: string | undefined): Context => {
    const context = parent === undefined ? null : contextOf(parent)
    return context === null ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, context)
  }
  const linksTo = (traceparents: ReadonlyArray<string>): Link[] =>
    traceparents.flatMap((traceparent) => {
      const context = contextOf(traceparent)
      return context === null ? [] : [{ context }]
    })
  const shown = (span: TelemetrySpan): Span => {
    const { traceId, spanId, traceFlags } = span.spanContext()
    const isSampled = (traceFlags & api.TraceFlags.SAMPLED) !== 0
    return {
      traceparent: traceparentOf({ traceId, spanId, isSampled }),
      end: (fields = {}) => span.setAttributes(attributesOf(fields)).end(),
      fail: (fields = {}) => {
        const status = { code: api.SpanStatusCode.ERROR }
        span.setAttributes(attributesOf(fields)).setStatus(status).end()
      },
    }
  }

  return {
    isOn: true,
    start: (name, { kind = 'Internal', parent, links = [], fields = {} }: SpanStart) => {
      const from = { kind: kinds[kind], links: linksTo(links), attributes: attributesOf(fields) }
      return shown(tracer.startSpan(name, from, under(parent)))
    },
    stop: () => Promise.race([provider.shutdown().catch(() => undefined), soon(STOP_MS_MAX)]),
  }
}
