/**
 * What a span says, as attributes of OpenTelemetry.
 *
 * Invariant: each value passes the list of the operators' log first, so a span carries nothing
 * that a log line may not.
 */
import type { SpanFields } from '@grantlog/engine'
import type { Attributes } from '@opentelemetry/api'
import { shownFields } from '../system/log-fields.js'

/** The names that its conventions for HTTP have; all others are grantlog's own. */
const CONVENTIONAL: Readonly<Record<string, string>> = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  errorCode: 'error.type',
}

const ownName = (field: string): string =>
  `grantlog.${field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)}`

export const attributesOf = (fields: SpanFields): Attributes => {
  const attributes: Attributes = {}
  for (const [field, value] of Object.entries(shownFields(fields)))
    if (typeof value === 'string' || typeof value === 'number')
      attributes[CONVENTIONAL[field] ?? ownName(field)] = value
  return attributes
}
