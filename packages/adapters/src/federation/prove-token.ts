/**
 * Whether a token is one of the provider's, and what it says.
 *
 * What is cheap to see is seen first, so that a token that cannot be right asks no issuer; but only
 * what the signature covers is believed.
 */
import { SourceIdentity } from '@grantlog/domain'
import type { OidcTrust, ProvenToken, TokenFault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { IssuerKeys } from './issuer-keys.js'

/** The longest token. Unit: characters. Source: STS's published limits. */
const TOKEN_CHARACTERS_MAX = 20_000

/** Signatures with a key that only the issuer has. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384']

/** How far an issuer's clock may be ahead of ours. Never counts for the end. Unit: seconds. */
const AHEAD_SECONDS_MAX = 60

/** The longest subject. Unit: characters. Source: OpenID Connect Core 1.0. */
const SUBJECT_CHARACTERS_MAX = 255

const HOUR_SECONDS = 3_600

/** The claim that names who is behind the subject. Ours: the service names none. */
const SOURCE_IDENTITY_CLAIM = 'https://www.aliyun.com/source_identity'

const Claims = t.intersection(
  [
    t.type({
      iss: t.string,
      sub: t.string,
      aud: t.union([t.string, t.array(t.string)]),
      exp: t.number,
      iat: t.number,
    }),
    t.partial({ nbf: t.number, [SOURCE_IDENTITY_CLAIM]: t.unknown }),
  ],
  'Claims',
)

type Proof = E.Either<TokenFault, ProvenToken>

const fault = (
  type: Exclude<TokenFault, { readonly detail: string }>['type'],
): E.Either<TokenFault, never> => E.left({ type })

const invalid = (detail: string): E.Either<TokenFault, never> =>
  E.left({ type: 'OIDCTokenInvalid', detail })

/** What the claims lack, at a moment in seconds. Every doubt is a fault. */
const readClaims = (payload: JWTPayload, trust: OidcTrust, now: number): Proof => {
  if (!Claims.is(payload)) return invalid('iss, sub, aud, exp and iat are needed')
  const { iss, sub, aud, exp, iat, nbf, [SOURCE_IDENTITY_CLAIM]: behind } = payload
  if (iss !== trust.issuerUrl) return fault('OIDCIssuerNotMatch')
  const audiences = typeof aud === 'string' ? [aud] : aud
  // Whoever else a token is meant for could pass it on.
  const isOurs = audiences.length > 0 && audiences.every((id) => trust.clientIds.includes(id))
  if (!isOurs) return fault('OIDCAudienceNotMatch')
  if (!(exp > now)) return fault('OIDCTokenExpired')
  if (iat > now + AHEAD_SECONDS_MAX) return invalid('it was issued in the future')
  if (nbf !== undefined && nbf > now + AHEAD_SECONDS_MAX) return invalid('it is not yet valid')
  if (!(iat + trust.issuanceLimitHours * HOUR_SECONDS > now)) return fault('OIDCTokenExpired')
  if (sub === '' || sub.length > SUBJECT_CHARACTERS_MAX) return invalid('the subject is not one')
  // Left out it is nobody's; what cannot be one must not be taken for nobody's.
  if (behind !== undefined && !SourceIdentity.is(behind))
    return invalid('its source identity is not one')
  const said = behind === undefined ? {} : { sourceIdentity: behind }
  const times = { issuedAt: iat * 1000, expiresAt: exp * 1000 }
  return E.right({ issuer: iss, subject: sub, audiences, ...said, ...times })
}

/** What can be seen without a key. */
const look = (token: string, trust: OidcTrust, now: number): Proof => {
  if (token.length > TOKEN_CHARACTERS_MAX) return invalid('it is too long')
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return invalid('it has not three parts')
  try {
    const { alg } = decodeProtectedHeader(token)
    if (alg === undefined || !ALGORITHMS.includes(alg)) return invalid('unknown algorithm')
    return readClaims(decodeJwt(token), trust, now)
  } catch {
    return invalid('it cannot be read')
  }
}

export const proveToken =
  (keys: IssuerKeys) =>
  async (token: string, trust: OidcTrust, nowMs: number): Promise<Proof> => {
    const now = nowMs / 1000
    const seen = look(token, trust, now)
    if (E.isLeft(seen)) return seen

    const verify = async (isUnknown: boolean): Promise<Proof | 'KeyUnknown'> => {
      const found = await keys.keysOf(trust, nowMs, isUnknown)
      if (E.isLeft(found)) return found
      try {
        const { payload } = await jwtVerify(token, found.right, {
          algorithms: ALGORITHMS,
          issuer: trust.issuerUrl,
          audience: [...trust.clientIds],
          requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
          maxTokenAge: trust.issuanceLimitHours * HOUR_SECONDS,
          clockTolerance: AHEAD_SECONDS_MAX,
          currentDate: new Date(nowMs),
        })
        return readClaims(payload, trust, now)
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) return 'KeyUnknown'
        if (error instanceof errors.JWSSignatureVerificationFailed)
          return fault('OIDCSignatureInvalid')
        return invalid('it cannot be verified')
      }
    }
    const first = await verify(false)
    if (first !== 'KeyUnknown') return first
    const second = await verify(true)
    return second === 'KeyUnknown' ? fault('OIDCSignatureInvalid') : second
  }
