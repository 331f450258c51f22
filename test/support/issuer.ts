/**
 * OIDC issuers for a test: one TLS server on this machine, an issuer under each path of it, and the
 * tokens that they sign. Keys and signatures are node's own.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certified } from './certificates.js'

type Json = Readonly<Record<string, unknown>>

/** A key pair with the id under which its public half is published. */
export type IssuerKey = { readonly kid: string; readonly privateKey: KeyObject; readonly jwk: Json }

export const makeKey = (kid: string, kind: 'rsa' | 'ec' = 'rsa'): IssuerKey => {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alg = kind === 'rsa' ? 'RS256' : 'ES256'
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg }
  return { kid, privateKey, jwk }
}

/** An answer whose `body` stands alone, or one that goes on and never ends. */
type Answer = { status: number; headers?: Json; body: string; isEndless?: true }

/** What an issuer answers; each member may be replaced while it runs. */
export type Issuer = {
  readonly url: string
  keys: ReadonlyArray<IssuerKey>
  /** Members of the discovery document that differ. */
  discovery: Json
  /** In the place of the answer to a path. */
  answers: Readonly<Record<string, Answer>>
  /** How often its keys were asked for. */
  asked: number
}

export const startIssuers = async ({ key, certificate }: Certified) => {
  const issuers = new Map<string, Issuer>()
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const [, name = '', ...rest] = (request.url ?? '').split('/')
    const issuer = issuers.get(name)
    const path = rest.join('/')
    const own = issuer?.answers[path]
    if (own !== undefined) {
      response.writeHead(own.status, own.headers as Record<string, string>)
      if (own.isEndless === undefined) return response.end(own.body)
      const drip = setInterval(() => response.write(own.body), 100)
      return response.once('close', () => clearInterval(drip))
    }
    const documents: Record<string, () => Json> = {
      '.well-known/openid-configuration': () => ({
        issuer: issuer?.url,
        jwks_uri: `${issuer?.url}/keys`,
        ...issuer?.discovery,
      }),
      keys: () => {
        if (issuer !== undefined) issuer.asked += 1
        return { keys: issuer?.keys.map(({ jwk }) => jwk) }
      },
    }
    const document = issuer === undefined ? undefined : documents[path]
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    return response.end(JSON.stringify(document?.() ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    issuer: (name: string, keys: ReadonlyArray<IssuerKey>): Issuer => {
      const made: Issuer = {
        url: `https://localhost:${port}/${name}`,
        keys,
        discovery: {},
        answers: {},
        asked: 0,
      }
      issuers.set(name, made)
      return made
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token of these claims. The header may say something else than the key that signs. */
export const signToken = (
  { kid, privateKey }: IssuerKey,
  claims: Json | string,
  header: Json = {},
): string => {
  const isRsa = privateKey.asymmetricKeyType === 'rsa'
  const signed = `${part({ typ: 'JWT', alg: isRsa ? 'RS256' : 'ES256', kid, ...header })}.${part(claims)}`
  const key = isRsa ? privateKey : { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

/** A token "signed" with the public key as if that were a shared secret. */
export const signWithPublicKey = ({ kid, privateKey }: IssuerKey, claims: Json): string => {
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })
  const signed = `${part({ typ: 'JWT', alg: 'HS256', kid })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`
}

/** A token that nobody signed. */
export const unsignedToken = (claims: Json, alg: string): string =>
  `${part({ typ: 'JWT', alg })}.${part(claims)}.`
