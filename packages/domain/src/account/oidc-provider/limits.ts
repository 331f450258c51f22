/** What an OIDC provider is made of, each part with its rule. */
import * as t from 'io-ts'

/** Longest issuer URL. Unit: characters. Source: our own bound. */
export const ISSUER_URL_CHARACTERS_MAX = 255

/** Longest client id. Unit: characters. Source: our own bound. */
export const CLIENT_ID_CHARACTERS_MAX = 64

/** Longest issuance limit. Unit: hours. Source: RAM's published limits. */
export const ISSUANCE_LIMIT_HOURS_MAX = 168

/** The issuance limit of a provider that was given none. Unit: hours. Source: RAM's default. */
export const ISSUANCE_LIMIT_HOURS_DEFAULT = 12

const HOST = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
const ISSUER_URL = new RegExp(`^https://${HOST}(?::[1-9][0-9]{0,4})?(?:/[A-Za-z0-9._~-]+)*/?$`)

export interface IssuerUrlBrand {
  readonly IssuerUrl: unique symbol
}
/**
 * Where tokens come from, letter for letter as they say it: `https://`, a host, perhaps a port and
 * a path; no user, no query, no fragment and no step upwards.
 */
export const IssuerUrl = t.brand(
  t.string,
  (s): s is t.Branded<string, IssuerUrlBrand> =>
    s.length <= ISSUER_URL_CHARACTERS_MAX && ISSUER_URL.test(s) && !/\/\.{1,2}(?:\/|$)/.test(s),
  'IssuerUrl',
)
export type IssuerUrl = t.TypeOf<typeof IssuerUrl>

export interface ClientIdBrand {
  readonly ClientId: unique symbol
}
/** Whom a token is meant for. 1 to 64 characters: letters, digits, '.', '-', '_', ':', '/'. */
export const ClientId = t.brand(
  t.string,
  (s): s is t.Branded<string, ClientIdBrand> => /^[A-Za-z0-9._:/-]{1,64}$/.test(s),
  'ClientId',
)
export type ClientId = t.TypeOf<typeof ClientId>

export interface FingerprintBrand {
  readonly Fingerprint: unique symbol
}
/**
 * Of a certificate in the chain of the issuer's server: 40 (SHA-1) or 64 (SHA-256) lower-case hex
 * digits.
 */
export const Fingerprint = t.brand(
  t.string,
  (s): s is t.Branded<string, FingerprintBrand> => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(s),
  'Fingerprint',
)
export type Fingerprint = t.TypeOf<typeof Fingerprint>

export interface IssuanceLimitBrand {
  readonly IssuanceLimit: unique symbol
}
/** How long ago a token may have been issued. A whole number of hours, 1 to 168. */
export const IssuanceLimit = t.brand(
  t.number,
  (n): n is t.Branded<number, IssuanceLimitBrand> =>
    Number.isInteger(n) && n >= 1 && n <= ISSUANCE_LIMIT_HOURS_MAX,
  'IssuanceLimit',
)
export type IssuanceLimit = t.TypeOf<typeof IssuanceLimit>

/** Several of something, none twice. */
const distinct = <A extends string>(codec: t.Type<A, string, unknown>, name: string) =>
  t.refinement(
    t.readonlyArray(codec),
    (items) => new Set<string>(items).size === items.length,
    name,
  )

/** The clients that an OIDC provider accepts tokens for, none of them twice. */
export const ClientIds = distinct(ClientId, 'ClientIds')
/** The certificates that an issuer's server may be proved by, none of them twice. */
export const Fingerprints = distinct(Fingerprint, 'Fingerprints')
