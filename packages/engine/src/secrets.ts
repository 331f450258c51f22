/**
 * What the vault deals in, and what it may answer instead.
 */

export type VaultError =
  | { readonly type: 'SecretNotFound'; readonly ref: string }
  | { readonly type: 'VaultUnavailable'; readonly detail: string }

/** More passwords wait to be hashed than a node takes on. */
export type PasswordsBusy = { readonly type: 'Overloaded'; readonly waiting: number }

/** Whose password it is, by immutable ids. */
export type PasswordOwner = { readonly accountId: string; readonly userId: string }

/** A secret as signing needs it: made once, held as key objects, never printed. */
export type SigningSecret = {
  /** HMAC-SHA1 of V1, keyed with the secret and '&'; base64. */
  readonly signV1: (stringToSign: string) => string
  /** HMAC-SHA-256 of ACS3, keyed with the secret; lower-case hex. */
  readonly signAcs3: (stringToSign: string) => string
}

/** The codes of a virtual MFA device, without its seed. */
export type DeviceCodes = {
  /**
   * The step (30 seconds since the epoch) that a code stands for, at most so many steps away from
   * the one of a moment; null when it stands for none of them.
   */
  readonly stepOf: (code: string, at: number, stepsAway: number) => number | null
}

/** What a sealed text is for: it opens for nothing else. */
export type TextPurpose = CarriedPurpose | SignInPurpose
type SignInPurpose = 'sign-in-ticket' | 'mfa-enrolment' | 'mfa-ticket' | 'console-session'
type CarriedPurpose = 'page-marker' | 'position' | 'access-token' | 'search-page' | 'diagnosis'
