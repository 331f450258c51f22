/** What the type of an event means to whoever reads the log. */
import type { DomainEventType } from './event.js'

/**
 * Event types whose loss or misreading could widen access: a reader that does not know one must
 * stop.
 */
export const isCritical = (type: DomainEventType): boolean => !NOT_CRITICAL.has(type)

/**
 * Types of events that no view folds. Records of access are large, are read from their own streams
 * by whoever asks for them, and change nothing.
 */
export const TYPES_NOT_FOR_VIEWS: ReadonlyArray<string> = [
  'AccessRecorded',
] satisfies DomainEventType[]

export const isForViews = (type: string): boolean => !TYPES_NOT_FOR_VIEWS.includes(type)

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
