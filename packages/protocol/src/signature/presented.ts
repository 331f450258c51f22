/**
 * What a caller presents as proof: read from the request, checked for form, and not yet verified.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { SignatureFault } from './faults.js'

export type Presented = {
  readonly accessKeyId: string
  readonly securityToken: string | undefined
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string
}

/** The longest security token that is opened. Unit: characters. */
export const SECURITY_TOKEN_CHARACTERS_MAX = 10_240

/** The longest nonce; clients send up to 64 hex digits. Unit: characters. */
export const NONCE_CHARACTERS_MAX = 128

/** The longest AccessKeyId. Unit: characters. */
const ACCESS_KEY_ID_CHARACTERS_MAX = 128

/** Refuses what is absent, empty or longer than anything a client sends. */
export const checkPresented = (
  presented: Readonly<Record<keyof Presented, string | undefined>>,
  names: Readonly<Record<Exclude<keyof Presented, 'securityToken'>, string>>,
): E.Either<SignatureFault, Presented> => {
  const { accessKeyId, securityToken, timestamp, nonce, signature } = presented
  if (!accessKeyId) return missing(names.accessKeyId)
  if (!signature) return missing(names.signature)
  if (!timestamp) return missing(names.timestamp)
  if (!nonce) return missing(names.nonce)
  if (nonce.length > NONCE_CHARACTERS_MAX)
    return E.left({ type: 'SignatureIncomplete', detail: 'the nonce is too long' })
  if (accessKeyId.length > ACCESS_KEY_ID_CHARACTERS_MAX) return E.left({ type: 'AccessKeyUnknown' })
  const token = securityToken === '' ? undefined : securityToken
  return E.right({ accessKeyId, securityToken: token, timestamp, nonce, signature })
}

const missing = (name: string): E.Either<SignatureFault, never> =>
  E.left({ type: 'SignatureParameterMissing', name })
