/**
 * Signs a request with ACS3-HMAC-SHA256, as RAM's own clients do.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Credentials } from '../settings/credentials.js'

const ALGORITHM = 'ACS3-HMAC-SHA256'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The parameters in the order and the spelling in which they are signed and sent. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')

export type Signable = {
  readonly method: string
  readonly host: string
  readonly path: string
  /** As `queryText` writes it. */
  readonly query: string
  readonly body: string
  readonly action: string
  readonly version: string
}

/** The headers to send, with the signature among them. `now` is in milliseconds since the epoch. */
export const signedHeaders = (
  credentials: Credentials,
  { method, host, path, query, body, action, version }: Signable,
  now: number,
): Readonly<Record<string, string>> => {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const headers: Readonly<Record<string, string>> = {
    host,
    ...(securityToken === undefined
      ? {}
      : { 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': securityToken }),
    'x-acs-action': action,
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': `${new Date(now).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomBytes(16).toString('hex'),
    'x-acs-version': version,
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const digest = headers['x-acs-content-sha256']
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names.join(';')}\n${digest}`
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest('hex')
  const credential = `Credential=${accessKeyId},SignedHeaders=${names.join(';')}`
  return { ...headers, authorization: `${ALGORITHM} ${credential},Signature=${signature}` }
}
