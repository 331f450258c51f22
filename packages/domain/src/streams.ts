/**
 * Which stream each fact lives in. Stream names carry no personal data and no name that a user
 * chose.
 */
import type { AccountId } from './names.js'

/** Every control-plane fact of one account: the unit of consistency. */
export const accountStream = (accountId: AccountId): string => `account-${accountId}`

/** Session facts of one account and hour (UTC), so that rebuilding permissions never reads them. */
export const sessionsStream = (accountId: AccountId, at: number): string =>
  `sessions-${accountId}-${utcDigits(at, 10)}`

/** What one shard of the STS worker has issued and expired; also its checkpoint and its fence. */
export const credentialsStream = (shard: number): string => `credentials-${shard}`

/** Recorded access of one account and day (UTC). */
export const accessStream = (accountId: AccountId, at: number): string =>
  `access-${accountId}-${utcDigits(at, 8)}`

export type StreamKind = 'account' | 'sessions' | 'credentials' | 'access' | 'unknown'

/** What a stream's name says: its kind, and the account where the name carries one. */
export const parseStream = (
  stream: string,
): { readonly kind: StreamKind; readonly accountId?: AccountId } => {
  const [kind, accountId] = stream.split('-')
  if (kind === 'credentials') return { kind }
  if (kind !== 'account' && kind !== 'sessions' && kind !== 'access') return { kind: 'unknown' }
  return accountId === undefined || accountId === ''
    ? { kind: 'unknown' }
    : { kind, accountId: accountId as AccountId }
}

/** The first digits of `yyyymmddhh` in UTC: 8 name a day, 10 an hour. */
const utcDigits = (at: number, digits: 8 | 10): string =>
  new Date(at).toISOString().replace(/[-T:]/g, '').slice(0, digits)
