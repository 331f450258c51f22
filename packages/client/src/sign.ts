/**
 * Signs a call with an AccessKey: ACS3-HMAC-SHA256 over the request line, the headers that decide
 * its meaning, and the digest of its body.
 */
import { createHmac, hash, randomUUID } from 'node:crypto'

/** An AccessKey of a user or of root, or the temporary one of a session with its token. */
export type Credentials = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

export type Names = Readonly<Record<string, string>>

/** A call before it is signed. */
export type Call = {
  readonly method: 'GET' | 'POST'
  /** As it is sent: with its parts encoded, and without a query. */
  readonly path: string
  readonly query: Names
  readonly body: string
  /** The operation and the version of the API, where the path does not say it. */
  readonly action: string
  readonly version: string
}

/** RFC 3986, where `encodeURIComponent` leaves five characters bare. */
export const encodePercent = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The query as it is signed and as it is sent: encoded, and sorted by name. */
export const queryText = (query: Names): string =>
  Object.entries(query)
    .map(([name, value]) => [encodePercent(name), encodePercent(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** The headers of a signed call, `host` among them. Each time with a new nonce. */
export const signedHeaders = (
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  { method, path, query, body, action, version }: Call,
  host: string,
  now: number,
): Names => {
  const digest = hash('sha256', body, 'hex')
  const headers: Names = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': digest,
    'x-acs-date': `${new Date(now).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': version,
    ...(securityToken === undefined
      ? {}
      : { 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': securityToken }),
  }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const signed = names.join(';')
  const canonical = `${method}\n${path}\n${queryText(query)}\n${lines}\n${signed}\n${digest}`
  const text = `ACS3-HMAC-SHA256\n${hash('sha256', canonical, 'hex')}`
  const signature = createHmac('sha256', accessKeySecret).update(text).digest('hex')
  const authorization =
    `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signed},` + `Signature=${signature}`
  return { ...headers, authorization }
}
