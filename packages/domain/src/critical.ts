/** Which events a reader may not pass by when it does not know them. */
import type { DomainEventType } from './event.js'

/**
 * Event types whose loss or misreading could widen access: a reader that does not know one must
 * stop.
 */
export const isCritical = (type: DomainEventType): boolean => !NOT_CRITICAL.has(type)

const NOT_CRITICAL: ReadonlySet<DomainEventType> = new Set([
  'AccessRecorded',
  'AccessRecordsLost',
  'AccessRecordingChanged',
  'AccessKeyUsed',
  'CredentialUsesRefused',
  'ResourceTagged',
  'ResourceUntagged',
  'RoleAssumptionRefused',
  'SignedIn',
  'SignInFailed',
  'SignInsTurnedAway',
])
