/**
 * Requests to issuers: https alone, no redirects, no address but a permitted one, and little time
 * and room.
 *
 * Invariant: the address that is connected to is the one that was checked.
 */
import { X509Certificate } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls'
import * as E from 'fp-ts/lib/Either.js'
import { mayReach } from './addresses.js'

/** The largest answer that is read. Unit: bytes. Source: security design. */
const ANSWER_BYTES_MAX = 1_048_576

/** How long a request may take, from the look-up of the name to the last byte. Milliseconds. */
const REQUEST_MS_MAX = 5_000

/** The longest chain that is followed. Unit: certificates. */
const CHAIN_MAX = 10

export type OutboundSettings = {
  /** Issuers may live on this machine or inside its network. */
  readonly isInside: boolean
  /** Certificates of authorities beside those of the system, PEM. */
  readonly ca?: string
}

export type OutboundFault =
  /** The server does not prove its name. */
  | { readonly type: 'CertificateInvalid'; readonly detail: string }
  | { readonly type: 'NoAnswer'; readonly detail: string }

export type Fetched = {
  readonly json: unknown
  /** Fingerprints of the certificates that prove the server's name: SHA-1 and SHA-256 of each. */
  readonly fingerprints: ReadonlySet<string>
}

type Outcome = E.Either<OutboundFault, Fetched>

const noAnswer = (detail: string): E.Either<OutboundFault, never> =>
  E.left({ type: 'NoAnswer', detail })

/** Resolves a name, and refuses it when any of its addresses is forbidden. */
const checkedLookup =
  (isInside: boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = found as ReadonlyArray<LookupAddress> | undefined
      const [first] = addresses ?? []
      if (error !== null || first === undefined)
        return callback(error ?? new Error('the name has no address'), '', 4)
      if (addresses?.some(({ address }) => !mayReach(address, isInside)))
        return callback(new Error('the name leads to a forbidden address'), '', 4)
      if (options.all) callback(null, [...(addresses ?? [])])
      else callback(null, first.address, first.family)
    })
  }

const printOf = (text: string): string => text.replaceAll(':', '').toLowerCase()

/**
 * The chain from the server's certificate up, each issued by the next by its signature: what a
 * server only shows, and nothing proves, does not count.
 */
const provenChain = (socket: TLSSocket): ReadonlySet<string> => {
  const prints = new Set<string>()
  let shown: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  let below: X509Certificate | undefined
  for (let length = 0; length < CHAIN_MAX && shown?.raw !== undefined; length += 1) {
    const certificate = new X509Certificate(shown.raw)
    const isProven =
      below === undefined || (below.checkIssued(certificate) && below.verify(certificate.publicKey))
    if (!isProven) break
    prints.add(printOf(certificate.fingerprint)).add(printOf(certificate.fingerprint256))
    if (shown.issuerCertificate === shown) break
    below = certificate
    shown = shown.issuerCertificate
  }
  return prints
}

const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_|SSL|TLS|EPROTO/

const faultOf = (error: Error): OutboundFault => {
  const { code } = error as { readonly code?: string }
  const detail = code ?? error.message
  return CERTIFICATE_FAULT.test(code ?? '')
    ? { type: 'CertificateInvalid', detail }
    : { type: 'NoAnswer', detail }
}

/** The body as JSON; null when it is too large, or no UTF-8, or no JSON. */
const readJson = async (response: IncomingMessage): Promise<{ readonly json: unknown } | null> => {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response) {
    size += (piece as Buffer).length
    if (size > ANSWER_BYTES_MAX) {
      response.destroy()
      return null
    }
    pieces.push(piece as Buffer)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
    return { json: JSON.parse(text) }
  } catch {
    return null
  }
}

const answerOf = async (response: IncomingMessage): Promise<Outcome> => {
  const { statusCode, headers } = response
  // A redirect would lead where nobody has checked.
  if (statusCode !== 200) {
    response.destroy()
    return noAnswer(`status ${statusCode}`)
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    response.destroy()
    return noAnswer('the answer is encoded')
  }
  const fingerprints = provenChain(response.socket as TLSSocket)
  const body = await readJson(response)
  return body === null
    ? noAnswer('the answer is too large, or no JSON')
    : E.right({ json: body.json, fingerprints })
}

/** Gets a JSON document. Never rejects. */
export const fetchJson = (url: string, settings: OutboundSettings): Promise<Outcome> => {
  const target = URL.canParse(url) ? new URL(url) : null
  if (target === null || target.protocol !== 'https:' || target.username !== '')
    return Promise.resolve(noAnswer('not an https address'))
  const host = target.hostname.replace(/^\[|\]$/g, '')
  // A literal address is never looked up.
  if (isIP(host) !== 0 && !mayReach(host, settings.isInside))
    return Promise.resolve(noAnswer('a forbidden address'))

  return new Promise((resolve) => {
    const call = request(target, {
      // A connection of its own: its certificate is shown, and nothing is left open.
      agent: false,
      minVersion: 'TLSv1.2',
      lookup: checkedLookup(settings.isInside),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
      headers: { accept: 'application/json', 'accept-encoding': 'identity', connection: 'close' },
      ...(settings.ca === undefined ? {} : { ca: [...rootCertificates, settings.ca] }),
    })
    call.on('error', (error) => resolve(E.left(faultOf(error))))
    call.on('response', (response) => {
      answerOf(response).then(resolve, (error: Error) => resolve(E.left(faultOf(error))))
    })
    call.end()
  })
}
