/**
 * The keys that issuers sign with, by way of their discovery documents, kept for a while.
 *
 * Invariant: keys come only from where the issuer's own documents say, over connections whose chain
 * holds a registered certificate. A key id that is not known is looked for once more, so that
 * rotation is seen, and not more often than now and then, so that nobody can make us ask.
 */

import type { OidcTrust, TokenFault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import { type Fetched, fetchJson, type OutboundFault, type OutboundSettings } from './outbound.js'

/** How long keys are used before they are asked for again. Unit: milliseconds. */
const KEYS_MS_MAX = 600_000

/** How long after keys were asked for an unknown key id leads to nothing. Milliseconds. */
const KEYS_MS_MIN = 30_000

/** How long a failure is remembered. Unit: milliseconds. */
const FAILURE_MS_MAX = 10_000

/** How many issuers are remembered. */
const ISSUERS_MAX = 1_000

/** How many keys an issuer may publish. */
const KEYS_MAX = 100

const DiscoveryDocument = t.type({ issuer: t.string, jwks_uri: t.string }, 'DiscoveryDocument')

const KeySet = t.type({ keys: t.array(t.UnknownRecord) }, 'KeySet')

type Found = E.Either<TokenFault, JWTVerifyGetKey>
type Kept = { readonly askedAt: number; readonly found: Promise<Found>; failed: boolean }

export type IssuerKeys = {
  /** The keys of the provider's issuer; `isUnknown` when the ones at hand lack the key. */
  readonly keysOf: (trust: OidcTrust, now: number, isUnknown: boolean) => Promise<Found>
}

const faultOf = (fault: OutboundFault): TokenFault =>
  fault.type === 'CertificateInvalid'
    ? { type: 'OIDCIssuerCertificateInvalid', detail: fault.detail }
    : { type: 'OIDCIssuerBroken', detail: fault.detail }

const broken = (detail: string): E.Either<TokenFault, never> =>
  E.left({ type: 'OIDCIssuerBroken', detail })

/** A document from a server whose chain holds one of the registered certificates. */
const fetchTrusted = async (
  url: string,
  { fingerprints }: OidcTrust,
  settings: OutboundSettings,
): Promise<E.Either<TokenFault, Fetched>> => {
  const fetched = await fetchJson(url, settings)
  if (E.isLeft(fetched)) return E.left(faultOf(fetched.left))
  const isRegistered = fingerprints.some((print) => fetched.right.fingerprints.has(print))
  return isRegistered ? fetched : E.left({ type: 'OIDCFingerprintMismatch' })
}

const askIssuer = async (trust: OidcTrust, settings: OutboundSettings): Promise<Found> => {
  const { issuerUrl } = trust
  const well = `${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`
  const discovered = await fetchTrusted(well, trust, settings)
  if (E.isLeft(discovered)) return discovered
  const { json } = discovered.right
  if (!DiscoveryDocument.is(json)) return broken('the discovery document is not one')
  if (json.issuer !== issuerUrl) return broken('the discovery document is of another issuer')

  const fetched = await fetchTrusted(json.jwks_uri, trust, settings)
  if (E.isLeft(fetched)) return fetched
  const set = fetched.right.json
  if (!KeySet.is(set) || set.keys.length > KEYS_MAX) return broken('the key set is not one')
  // Secrets that are published are none, and would let anybody sign.
  const keys = set.keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC')
  try {
    return E.right(createLocalJWKSet({ keys } as Parameters<typeof createLocalJWKSet>[0]))
  } catch {
    return broken('the key set is not one')
  }
}

export const issuerKeys = (settings: OutboundSettings): IssuerKeys => {
  const known = new LRUCache<string, Kept>({ max: ISSUERS_MAX })

  const ask = (key: string, trust: OidcTrust, now: number): Promise<Found> => {
    const found = askIssuer(trust, settings)
    const kept: Kept = { askedAt: now, found, failed: false }
    known.set(key, kept)
    void found.then((answer) => {
      kept.failed = E.isLeft(answer)
    })
    return found
  }

  return {
    keysOf: (trust, now, isUnknown) => {
      const key = JSON.stringify([trust.issuerUrl, ...trust.fingerprints])
      const kept = known.get(key)
      if (kept === undefined) return ask(key, trust, now)
      const longest = kept.failed ? FAILURE_MS_MAX : isUnknown ? KEYS_MS_MIN : KEYS_MS_MAX
      const age = now - kept.askedAt
      return age >= 0 && age < longest ? kept.found : ask(key, trust, now)
    },
  }
}
