/**
 * ACS3-HMAC-SHA256: a signature over the request line, the named headers and the body's digest.
 *
 * Invariant: what decides the meaning of a call (host, action, version, time, nonce, body, token)
 * is signed.
 */
import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { ReceivedCall } from './call.js'
import type { SignatureFault } from './faults.js'
import type { Parameters } from './parameters.js'
import { encodePercent } from './percent.js'
import { checkPresented, type Presented } from './presented.js'

const ALGORITHM = 'ACS3-HMAC-SHA256'
const AUTHORIZATION_CHARACTERS_MAX = 4096
const SIGNED_HEADERS_MAX = 64
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const REQUIRED_HEADERS: ReadonlyArray<string> = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
]

export type Acs3Authorization = {
  readonly accessKeyId: string
  readonly signedHeaders: ReadonlyArray<string>
  readonly signature: string
}

const incomplete = (detail: string): E.Either<SignatureFault, never> =>
  E.left({ type: 'SignatureIncomplete', detail })

/** Reads `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`. */
export const parseAuthorization = (text: string): E.Either<SignatureFault, Acs3Authorization> => {
  if (text.length > AUTHORIZATION_CHARACTERS_MAX) return incomplete('the authorization is too long')
  const space = text.indexOf(' ')
  const algorithm = space === -1 ? text : text.slice(0, space)
  if (algorithm !== ALGORITHM) return E.left({ type: 'SignatureMethodNotSupported' })
  const parts = new Map<string, string>()
  for (const part of text.slice(algorithm.length).split(',')) {
    const trimmed = part.trim()
    const equals = trimmed.indexOf('=')
    if (equals === -1) return incomplete('a part of the authorization has no value')
    const name = trimmed.slice(0, equals)
    if (parts.has(name)) return incomplete('a part of the authorization is repeated')
    parts.set(name, trimmed.slice(equals + 1))
  }
  const [accessKeyId, names, signature] = [
    parts.get('Credential'),
    parts.get('SignedHeaders'),
    parts.get('Signature'),
  ]
  if (!accessKeyId || !names || !signature || parts.size !== 3)
    return incomplete('the authorization needs Credential, SignedHeaders and Signature')
  return E.right({ accessKeyId, signedHeaders: names.split(';'), signature })
}

const checkSignedHeaders = (
  call: ReceivedCall,
  names: ReadonlyArray<string>,
): E.Either<SignatureFault, void> => {
  if (names.length > SIGNED_HEADERS_MAX) return incomplete('too many signed headers')
  for (const [index, name] of names.entries()) {
    if (index > 0 && name <= (names[index - 1] ?? ''))
      return incomplete('the signed headers are not sorted')
    if (call.headers[name] === undefined) return incomplete('a signed header is absent')
  }
  for (const name of REQUIRED_HEADERS) {
    if (!call.headers[name]) return E.left({ type: 'SignatureParameterMissing', name })
    if (!names.includes(name)) return incomplete(`the header ${name} is not signed`)
  }
  for (const name of ['x-acs-security-token', 'x-acs-accesskey-id'])
    if (call.headers[name] !== undefined && !names.includes(name))
      return incomplete(`the header ${name} is not signed`)
  if (call.isForm && !names.includes('content-type'))
    return incomplete('the header content-type is not signed')
  return E.right(undefined)
}

/** Pairs sorted by their encoded name, then value. */
const canonicalQuery = (query: Parameters): string => {
  if (query.size === 0) return ''
  const pairs: Array<readonly [string, string]> = []
  for (const [name, value] of query) pairs.push([encodePercent(name), encodePercent(value)])
  pairs.sort(([one], [other]) => (one < other ? -1 : 1))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

const digestOf = (body: Buffer | string): string =>
  body.length === 0 ? EMPTY_SHA256 : hash('sha256', body, 'hex')

export const canonicalRequestAcs3 = (
  call: ReceivedCall,
  signedHeaders: ReadonlyArray<string>,
): string => {
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${(call.headers[name] ?? '').trim()}\n`
  const digest = call.headers['x-acs-content-sha256'] ?? ''
  const names = signedHeaders.join(';')
  const query = canonicalQuery(call.query)
  return `${call.method}\n${call.path}\n${query}\n${headers}\n${names}\n${digest}`
}

export const stringToSignAcs3 = (canonicalRequest: string): string =>
  `${ALGORITHM}\n${hash('sha256', canonicalRequest, 'hex')}`

/** Whether the declared digest is the one of the body that arrived. */
export const isBodyAsDeclared = (call: ReceivedCall): boolean =>
  call.headers['x-acs-content-sha256'] === (call.bodyDigest ?? digestOf(call.body))

/** Reads the authorization and sees to it that everything that matters is signed. */
export const presentedAcs3 = (
  call: ReceivedCall,
): E.Either<SignatureFault, Presented & Pick<Acs3Authorization, 'signedHeaders'>> => {
  const parsed = parseAuthorization(call.headers.authorization ?? '')
  if (E.isLeft(parsed)) return parsed
  const { accessKeyId, signedHeaders, signature } = parsed.right
  const checked = checkSignedHeaders(call, signedHeaders)
  if (E.isLeft(checked)) return checked
  const named = call.headers['x-acs-accesskey-id']
  if (named !== undefined && named !== accessKeyId)
    return incomplete('the header x-acs-accesskey-id names another key')
  const presented = checkPresented(
    {
      accessKeyId,
      securityToken: call.headers['x-acs-security-token'],
      timestamp: call.headers['x-acs-date'],
      nonce: call.headers['x-acs-signature-nonce'],
      signature,
    },
    {
      accessKeyId: 'Credential',
      signature: 'Signature',
      timestamp: 'x-acs-date',
      nonce: 'x-acs-signature-nonce',
    },
  )
  return E.isLeft(presented) ? presented : E.right({ ...presented.right, signedHeaders })
}
