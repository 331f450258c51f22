/**
 * Which stream each fact lives in. Stream names carry no personal data and no name that a user
 * chose.
 */
import type { AccountId, UserId } from './names.js'

/** Every control-plane fact of one account: the unit of consistency. */
export const accountStream = (accountId: AccountId): string => `account-${accountId}`

/** Session facts of one account and hour (UTC), so that rebuilding permissions never reads them. */
export const sessionsStream = (accountId: AccountId, at: number): string =>
  `sessions-${accountId}-${utcDigits(at, 10)}`

/** How one user signed in, or did not: what a lock is counted from. */
export const signInsStream = (accountId: AccountId, userId: UserId): string =>
  `signins-${accountId}-${userId}`

/** Attempts to sign in that are no user's: those by names that nobody has, for instance. */
export const signInsOfNobodyStream = (accountId: AccountId): string => `signins-${accountId}`

/** Uses of an account's credentials that were refused. */
export const refusalsStream = (accountId: AccountId): string => `refusals-${accountId}`

/** The aliases of all accounts: one stream, for no two accounts may have the same. */
export const ALIASES_STREAM = 'aliases'

/** What one shard of the STS worker has issued and expired; also its checkpoint and its fence. */
export const credentialsStream = (shard: number): string => `credentials-${shard}`

/** Recorded access of one account and day (UTC). */
export const accessStream = (accountId: AccountId, at: number): string =>
  `access-${accountId}-${utcDigits(at, 8)}`

export type StreamKind =
  | 'account'
  | 'sessions'
  | 'signins'
  | 'refusals'
  | 'aliases'
  | 'credentials'
  | 'access'
  | 'unknown'

const ACCOUNT_KINDS = ['account', 'sessions', 'signins', 'refusals', 'access'] as const

const isOfAccount = (kind: string | undefined): kind is (typeof ACCOUNT_KINDS)[number] =>
  (ACCOUNT_KINDS as ReadonlyArray<string | undefined>).includes(kind)

/** What a stream's name says: its kind, and the account where the name carries one. */
export const parseStream = (
  stream: string,
): { readonly kind: StreamKind; readonly accountId?: AccountId } => {
  const [kind, accountId] = stream.split('-')
  if (kind === 'credentials' || kind === 'aliases') return { kind }
  return !isOfAccount(kind) || accountId === undefined || accountId === ''
    ? { kind: 'unknown' }
    : { kind, accountId: accountId as AccountId }
}

/** The first digits of `yyyymmddhh` in UTC: 8 name a day, 10 an hour. */
const utcDigits = (at: number, digits: 8 | 10): string =>
  new Date(at).toISOString().replace(/[-T:]/g, '').slice(0, digits)
