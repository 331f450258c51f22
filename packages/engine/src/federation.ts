/**
 * Identity providers of others as the engine needs them: a port that proves tokens and assertions,
 * and what it can find wrong with them.
 *
 * Deny on doubt: whatever is not proved is a fault, and a fault never becomes a caller.
 */
import type { AccountId, SamlMetadata, SessionRefusal, SourceIdentity } from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import type * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { AssumeRoleRequest, IssuedCredential } from './assumed.js'
import type { FederatedCaller } from './caller.js'
import type { Circumstances, EngineError } from './engine-error.js'

/** What tokens are held to: of one OIDC provider. */
export type OidcTrust = {
  readonly issuerUrl: string
  readonly clientIds: ReadonlyArray<string>
  /** Of certificates in the chain of the issuer's server: SHA-1 or SHA-256, lower-case hex. */
  readonly fingerprints: ReadonlyArray<string>
  /** How long ago a token may have been issued. Unit: hours. */
  readonly issuanceLimitHours: number
}

/** What a token says, once it is proved. Times are milliseconds since the epoch, UTC. */
export type ProvenToken = {
  readonly issuer: string
  readonly subject: string
  /** Each of them a client id of the provider. */
  readonly audiences: ReadonlyArray<string>
  /** Who is behind the subject, where the issuer says so. */
  readonly sourceIdentity?: SourceIdentity
  readonly issuedAt: number
  readonly expiresAt: number
}

/** What is wrong with a token, or with the issuer that should vouch for it. */
export type TokenFault =
  | { readonly type: 'OIDCTokenInvalid'; readonly detail: string }
  | { readonly type: 'OIDCTokenExpired' }
  | { readonly type: 'OIDCIssuerNotMatch' }
  | { readonly type: 'OIDCAudienceNotMatch' }
  | { readonly type: 'OIDCSignatureInvalid' }
  /** The issuer's documents cannot be had, or are not what they should be. */
  | { readonly type: 'OIDCIssuerBroken'; readonly detail: string }
  /** The issuer's server does not prove its name. */
  | { readonly type: 'OIDCIssuerCertificateInvalid'; readonly detail: string }
  /** It does, by a chain that holds none of the registered certificates. */
  | { readonly type: 'OIDCFingerprintMismatch' }

/** What an assertion says, once it is proved. Times are milliseconds since the epoch, UTC. */
export type ProvenAssertion = {
  readonly issuer: string
  readonly subject: string
  /** `persistent`, `transient`, or the last part of another format's name. */
  readonly subjectType: string
  readonly recipient: string
  /** `<role ARN>,<provider ARN>`, as the provider wrote them. */
  readonly roles: ReadonlyArray<string>
  readonly sessionName: string
  readonly sourceIdentity?: string
  /** When the session at the provider ends. */
  readonly endsBefore?: number
}

export type AssertionFault =
  | { readonly type: 'SAMLAssertionInvalid'; readonly detail: string }
  | { readonly type: 'SAMLAssertionExpired' }
  /** The metadata of the provider do not hold any more. */
  | { readonly type: 'SAMLMetadataOver' }

export type MetadataFault = { readonly type: 'SAMLMetadataMalformed'; readonly detail: string }

/** Why nobody was proved to call; what the call itself lacked stands first. */
export type FederationFault =
  | { readonly type: 'OIDCProviderUnknown' }
  | { readonly type: 'SAMLProviderUnknown' }
  | TokenFault
  | AssertionFault
  /** The name that the assertion gives the session is no name of one. */
  | { readonly type: 'SAMLSessionNameInvalid' }

export type Federation = {
  /** Proves a token at a moment. May ask the issuer for its keys. */
  readonly proveToken: (
    token: string,
    trust: OidcTrust,
    now: number,
  ) => Promise<E.Either<TokenFault | EngineError, ProvenToken>>
  /** Proves a base64 SAML response at a moment. */
  readonly proveAssertion: (
    response: string,
    trust: SamlMetadata,
    now: number,
  ) => Promise<E.Either<AssertionFault | EngineError, ProvenAssertion>>
  /** Reads the base64 metadata document of a SAML provider, which must hold at a moment. */
  readonly readMetadata: (
    document: string,
    now: number,
  ) => Promise<E.Either<MetadataFault | EngineError, SamlMetadata>>
  readonly close: () => Promise<void>
}

/** What both ways have in common: which provider vouches, and for which role. */
export type FederatedRequest = Pick<
  AssumeRoleRequest,
  'roleAccountId' | 'roleName' | 'durationSeconds' | 'sessionPolicy'
> & { readonly providerAccountId: AccountId; readonly providerName: string }

export type OIDCRequest = FederatedRequest & {
  readonly token: string
  readonly sessionName: string
}
export type SAMLRequest = FederatedRequest & { readonly assertion: string }

/** The circumstances of a call, once it is known who calls. */
export type CircumstancesOf = (caller: FederatedCaller) => TE.TaskEither<EngineError, Circumstances>

export type FederatedCalls = {
  /** Reads the metadata document of a SAML provider. */
  readonly readMetadata: (
    document: string,
  ) => TE.TaskEither<MetadataFault | EngineError, SamlMetadata>
  readonly assumeRoleWithOIDC: (
    request: OIDCRequest,
    context: RequestContext,
    circumstancesOf: CircumstancesOf,
  ) => TE.TaskEither<
    SessionRefusal | EngineError | FederationFault,
    { readonly issued: IssuedCredential; readonly token: ProvenToken }
  >
  readonly assumeRoleWithSAML: (
    request: SAMLRequest,
    context: RequestContext,
    circumstancesOf: CircumstancesOf,
  ) => TE.TaskEither<
    SessionRefusal | EngineError | FederationFault,
    { readonly issued: IssuedCredential; readonly assertion: ProvenAssertion }
  >
}
