/**
 * ACS3-HMAC-SHA256 as a client signs it, written apart from the product so that a test can also
 * sign wrongly.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

const encode = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Parameters in the order and the spelling in which they are signed. */
export const queryOf = (parameters) =>
  Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .sort()
    .join('&')

/**
 * The headers of a signed request. `overrides` replace headers before they are signed, so the
 * result is well signed; a header that is undefined is left out.
 */
export const signedHeaders = ({
  host,
  path = '/',
  query,
  action,
  version,
  keys,
  now,
  method = 'POST',
  body = '',
  overrides = {},
}) => {
  const headers = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': `${new Date(now).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomBytes(16).toString('hex'),
    'x-acs-version': version,
    ...(keys.securityToken === undefined
      ? {}
      : { 'x-acs-accesskey-id': keys.accessKeyId, 'x-acs-security-token': keys.securityToken }),
    ...overrides,
  }
  for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name]
  const names = Object.keys(headers).sort()
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    headers['x-acs-content-sha256'] ?? '',
  ].join('\n')
  const signature = createHmac('sha256', keys.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  return {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
  }
}
