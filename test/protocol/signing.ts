/**
 * Signing for tests, as the official clients of either kind do it.
 */
import { createHmac, hash } from 'node:crypto'
import type { HttpRequest } from '@grantlog/protocol'
import { encodePercent, stringToSignV1 } from '@grantlog/protocol'

export type Credentials = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

export type Names = Readonly<Record<string, string>>

const timestampOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Signs a call as the current clients do: everything in the query and in signed headers. */
export const signAcs3 = (
  credentials: Credentials,
  options: {
    readonly action: string
    readonly version: string
    readonly query?: Names
    readonly headers?: Names
    readonly nonce: string
    readonly now: number
    readonly method?: string
    readonly path?: string
    readonly body?: string
  },
): HttpRequest => {
  const { method = 'POST', path = '/', body = '' } = options
  const query = Object.entries(options.query ?? {})
    .map(([name, value]) => `${encodePercent(name)}=${encodePercent(value)}`)
    .sort()
    .join('&')
  const { securityToken: token, accessKeyId } = credentials
  const headers: Record<string, string> = {
    host: '127.0.0.1:8899',
    'x-acs-action': options.action,
    'x-acs-version': options.version,
    'x-acs-date': timestampOf(options.now),
    'x-acs-signature-nonce': options.nonce,
    'x-acs-content-sha256': hash('sha256', body, 'hex'),
    ...(token === undefined
      ? {}
      : { 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': token }),
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const digest = headers['x-acs-content-sha256']
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names.join(';')}\n${digest}`
  const text = `ACS3-HMAC-SHA256\n${hash('sha256', canonical, 'hex')}`
  const signature = createHmac('sha256', credentials.accessKeySecret).update(text).digest('hex')
  const authorization =
    `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},` +
    `Signature=${signature}`
  const rawUrl = query === '' ? path : `${path}?${query}`
  return {
    method,
    rawUrl,
    headers: { ...headers, authorization, ...options.headers },
    body,
    remoteAddress: '::ffff:10.1.2.3',
    secure: false,
  }
}

/** Signs a call as the older clients do. */
export const signV1 = (
  credentials: Credentials,
  parameters: Names,
  options: { readonly method: 'GET' | 'POST'; readonly nonce: string; readonly now: number },
): HttpRequest => {
  const all = new Map(
    Object.entries({
      AccessKeyId: credentials.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: options.nonce,
      Timestamp: timestampOf(options.now),
      ...(credentials.securityToken === undefined
        ? {}
        : { SecurityToken: credentials.securityToken }),
      ...parameters,
    }),
  )
  const text = stringToSignV1(options.method, '/', all)
  const key = `${credentials.accessKeySecret}&`
  all.set('Signature', createHmac('sha1', key).update(text).digest('base64'))
  const encoded = [...all].map(([name, value]) => `${name}=${encodePercent(value)}`).join('&')
  const isGet = options.method === 'GET'
  return {
    method: options.method,
    rawUrl: isGet ? `/?${encoded}` : '/',
    headers: {
      host: '127.0.0.1:8899',
      ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: isGet ? '' : Buffer.from(encoded),
    remoteAddress: '10.1.2.3',
    secure: false,
  }
}
