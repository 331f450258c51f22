/** The front door of `@grantlog/adapters/telemetry`: spans, sent to a collector. */
export { type OpenTracing, openTracing, type TracingOptions } from './open-tracing.js'
