/**
 * Ids and fresh secrets, each in the form that RAM and STS give theirs, and unpredictable.
 *
 * Nothing of a caller goes into an id, except into the ids of events: those repeat with their
 * command.
 */
import { hash } from 'node:crypto'
import type { Ids } from '@grantlog/engine'
import { systemClock } from './clock.js'
import { type Entropy, pickText, seededEntropy, systemEntropy } from './entropy.js'

const DIGITS = '0123456789'
const DIGITS_NOT_ZERO = '123456789'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The namespace of event ids. Changing it would make a retried command append twice. */
const EVENT_NAMESPACE = Buffer.from('36fbfccb82de453098a40b41b269e4f7', 'hex')

/** A command id longer than this is no id. Unit: bytes of UTF-8. */
const COMMAND_ID_BYTES_MAX = 1024

const dashed = (hex: string): string => {
  const head = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}`
  return `${head}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Puts the version and the RFC 9562 variant into 32 hex digits. */
const stamped = (hex: string, version: '4' | '5'): string => {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return dashed(`${hex.slice(0, 12)}${version}${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`)
}

/**
 * UUIDv5 (SHA-1) of a command's id and an index. The length goes first, so no two pairs read alike.
 */
const makeEventId = (): Ids['eventId'] => {
  const input = Buffer.alloc(EVENT_NAMESPACE.length + COMMAND_ID_BYTES_MAX + 32)
  EVENT_NAMESPACE.copy(input)
  return (commandId, index) => {
    if (Buffer.byteLength(commandId) > COMMAND_ID_BYTES_MAX)
      throw new RangeError('a command id is longer than any id')
    const name = `${commandId.length}:${commandId}${index}`
    const end = EVENT_NAMESPACE.length + input.write(name, EVENT_NAMESPACE.length, 'utf8')
    return stamped(hash('sha1', input.subarray(0, end), 'hex'), '5')
  }
}

/** How much of a session's id is the time at which it was made. Unit: hex digits. */
const SESSION_TIME_DIGITS = 12

const idsFrom = (entropy: Entropy, now: () => number): Ids => {
  const block = Buffer.alloc(16)
  const hex128 = (): string => {
    entropy.fill(block, 0, 16)
    return block.toString('hex')
  }
  /** The time goes first, so that new sessions lie side by side wherever they are kept in order. */
  const sessionId = (): string => {
    const time = now().toString(16).padStart(SESSION_TIME_DIGITS, '0')
    return time.slice(-SESSION_TIME_DIGITS) + hex128().slice(SESSION_TIME_DIGITS)
  }
  const text = (length: number): string => pickText(entropy, LETTERS_AND_DIGITS, length)
  const digits = (length: number): string => pickText(entropy, DIGITS, length)
  const uuid = (): string => stamped(hex128(), '4')
  return {
    accountId: () => pickText(entropy, DIGITS_NOT_ZERO, 1) + digits(15),
    userId: () => `2${digits(17)}`,
    roleId: () => `3${digits(17)}`,
    groupId: () => `g-${text(14)}`,
    policyId: () => `p-${text(16)}`,
    providerId: () => `idp-${text(16)}`,
    sessionId,
    mfaDeviceId: () => `mfa-${text(16)}`,
    mfaSeed: () => pickText(entropy, BASE32, 32),
    accessKeyId: () => `LTAI5t${text(18)}`,
    accessKeySecret: () => text(30),
    temporarySecret: () => text(44),
    uuid,
    eventId: makeEventId(),
    requestId: () => uuid().toUpperCase(),
  }
}

/** Ids from the operating system's randomness; a session's begins with the time. */
export const randomIds = (): Ids => idsFrom(systemEntropy(), systemClock.now)

/**
 * The same ids in the same order for the same seed and times. For tests and demonstrations only:
 * they can be guessed.
 */
export const seededIds = (seed: number | string, now: () => number = () => 0): Ids =>
  idsFrom(seededEntropy(String(seed)), now)
