/**
 * The envelope of every answer, in JSON or XML, for success and for error.
 */
import type { HttpAnswer } from '../http.js'
import type { ReceivedCall } from '../signature/call.js'
import type { Product } from './product.js'
import type { WireError } from './wire-error.js'
import { toXml, type XmlValue } from './xml.js'

export type Format = 'JSON' | 'XML'

/**
 * The members of an answer beside its RequestId. Never a top-level `Code`: some clients read it as
 * a failure.
 */
export type AnswerMembers = { readonly [member: string]: XmlValue }

/** What an envelope says of the call it answers. */
export type Addressee = {
  readonly requestId: string
  readonly format: Format
  readonly host: string
  readonly product: Product
  /** The operation, which names the root of a success in XML. */
  readonly action: string
}

const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  JSON: 'application/json;charset=utf-8',
  XML: 'text/xml;charset=utf-8',
}

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'

/**
 * The format that a call asks for; null when it asks for another. The parameter goes before the
 * header.
 */
export const formatOf = (call: ReceivedCall): Format | null => {
  const format = call.parameters.get('Format')
  if (format === undefined || format === '') return acceptedFormat(call.headers.accept)
  if (format.length > 4) return null
  const name = format.toUpperCase()
  return name === 'JSON' || name === 'XML' ? name : null
}

const acceptedFormat = (accept: string | undefined): Format =>
  accept !== undefined && (accept.startsWith('application/xml') || accept.startsWith('text/xml'))
    ? 'XML'
    : 'JSON'

export const successResponse = (
  to: Addressee,
  members: AnswerMembers,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => {
  const content = { RequestId: to.requestId, ...members }
  const body =
    to.format === 'JSON'
      ? JSON.stringify(content)
      : `${PROLOGUE}${toXml(`${to.action}Response`, content)}`
  return respond(200, to, body, headers)
}

export const errorResponse = (
  to: Addressee,
  error: WireError,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => {
  const { code, message, detail, retryAfterMs } = error
  const content = {
    RequestId: to.requestId,
    HostId: to.host,
    Code: code,
    Message: message,
    Recommend: recommend(to, code),
    ...(detail === undefined ? {} : { AccessDeniedDetail: detail }),
  }
  const body =
    to.format === 'JSON' ? JSON.stringify(content) : `${PROLOGUE}${toXml('Error', content)}`
  const retry: Readonly<Record<string, string>> =
    retryAfterMs === undefined ? {} : { 'x-acs-retry-after': String(retryAfterMs) }
  return respond(error.status, to, body, { ...headers, ...retry })
}

const recommend = ({ product, requestId }: Addressee, code: string): string =>
  `https://api.aliyun.com/troubleshoot?q=${code}&product=${product}&requestId=${requestId}`

const respond = (
  status: number,
  to: Addressee,
  body: string,
  headers: Readonly<Record<string, string>>,
): HttpAnswer => ({
  status,
  headers: {
    'content-type': CONTENT_TYPE[to.format],
    'cache-control': 'no-store',
    'x-acs-request-id': to.requestId,
    ...headers,
  },
  body,
})
