/**
 * Why a call was not accepted as signed: each fault is data, the sentence for people is made at the
 * edge.
 */
import type { ParametersFault } from './parameters.js'

/** Why a page that shows a cookie is not one to be heard. */
export type PageFault =
  /** The page that calls is not one of this server, or does not say so. */
  { readonly type: 'ForeignOrigin' } | { readonly type: 'JsonNeeded' }

export type SignatureFault =
  | ParametersFault
  | { readonly type: 'RequestTooLarge'; readonly part: 'url' | 'body'; readonly limit: number }
  | { readonly type: 'MethodNotSupported' }
  | { readonly type: 'PathNotFound' }
  | { readonly type: 'SecureTransportRequired' }
  /** A parameter of the signature, or the action or version, is absent or empty. */
  | { readonly type: 'SignatureParameterMissing'; readonly name: string }
  /** The header and the parameter name different actions or versions. */
  | { readonly type: 'ActionAmbiguous' }
  /** A header that must be signed is not, or the authorization cannot be read. */
  | { readonly type: 'SignatureIncomplete'; readonly detail: string }
  | { readonly type: 'SignatureMethodNotSupported' }
  | { readonly type: 'TimestampMalformed' }
  | { readonly type: 'TimestampOutOfWindow' }
  | { readonly type: 'AccessKeyUnknown' }
  | { readonly type: 'AccessKeyInactive' }
  | { readonly type: 'SecurityTokenMissing' }
  | { readonly type: 'SecurityTokenMalformed' }
  | { readonly type: 'SecurityTokenExpired' }
  | { readonly type: 'SecurityTokenMismatch' }
  | {
      readonly type: 'SignatureMismatch'
      readonly stringToSign: string
      /** Present for ACS3. Neither text holds a secret: both are made of what was received. */
      readonly canonicalRequest?: string
    }
  /** Neither a signature nor a token, where either would do. */
  | { readonly type: 'CredentialsMissing' }
  /** `Ended`: its key was made inactive since, or the key, its user or its session is gone. */
  | {
      readonly type: 'AccessTokenInvalid'
      readonly reason: 'Malformed' | 'Expired' | 'Ended'
    }
  | { readonly type: 'NonceUsed' }
  | { readonly type: 'NoncesFull' }
  /** The nodes can't be asked whether one of them had the nonce, and this deployment insists. */
  | { readonly type: 'NoncesUnavailable' }
