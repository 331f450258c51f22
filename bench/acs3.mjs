/**
 * Calls signed with ACS3-HMAC-SHA256, as the bytes of an HTTP/1.1 request that goes on a kept
 * connection.
 */
import { createHmac, hash, randomBytes } from 'node:crypto'

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const SIGNED_HEADERS =
  'host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version'

/** RFC 3986, where `encodeURIComponent` leaves five characters bare. */
const encoded = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const queryOf = (parameters) =>
  Object.entries(parameters)
    .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
    .sort()
    .join('&')

/** A request with a nonce of its own and the time of now: to `/`, or with a body to a path. */
export const signedRequest = ({
  host,
  key,
  version,
  action,
  parameters = {},
  path = '/',
  body = '',
}) => {
  const query = queryOf(parameters)
  const digest = body === '' ? EMPTY_SHA256 : hash('sha256', body, 'hex')
  const nonce = randomBytes(32).toString('hex')
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  const headers =
    `host:${host}\nx-acs-action:${action}\nx-acs-content-sha256:${digest}\n` +
    `x-acs-credentials-provider:static_ak\nx-acs-date:${date}\n` +
    `x-acs-signature-nonce:${nonce}\nx-acs-version:${version}\n`
  const canonical = `POST\n${path}\n${query}\n${headers}\n${SIGNED_HEADERS}\n${digest}`
  const signature = createHmac('sha256', key.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${hash('sha256', canonical, 'hex')}`)
    .digest('hex')
  const authorization = `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${SIGNED_HEADERS},Signature=${signature}`
  const target = query === '' ? path : `${path}?${query}`
  return Buffer.from(
    `POST ${target} HTTP/1.1\r\nhost: ${host}\r\nx-acs-version: ${version}\r\nx-acs-action: ${action}\r\n` +
      `user-agent: grantlog-bench\r\nx-acs-date: ${date}\r\nx-acs-signature-nonce: ${nonce}\r\n` +
      `accept: application/json\r\nx-acs-content-sha256: ${digest}\r\n` +
      `x-acs-credentials-provider: static_ak\r\nAuthorization: ${authorization}\r\n` +
      `Connection: keep-alive\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** A request that nobody signed. */
export const plainRequest = (host, path) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nConnection: keep-alive\r\n\r\n`)
