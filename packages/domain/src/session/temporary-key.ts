/**
 * The id of the temporary AccessKey of a session, which is the session's own id in other digits:
 * from a key that stands in some other system's log one gets to its session, also years later, and
 * nothing has to be kept for that.
 */
import { SessionId, type TemporaryAccessKeyId } from '../names.js'

const PREFIX = 'STS.N'
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = BigInt(DIGITS.length)

/** As many digits as the largest session id has. Unit: characters. */
const LENGTH = 22

/** How long a session's id is. Unit: hex digits. */
const SESSION_ID_LENGTH = 32

/** A session has one key, whoever issues it. */
export const temporaryKeyOf = (sessionId: SessionId): TemporaryAccessKeyId => {
  let digits = ''
  let rest = BigInt(`0x${sessionId}`)
  for (let place = 0; place < LENGTH; place += 1) {
    digits = DIGITS.charAt(Number(rest % BASE)) + digits
    rest /= BASE
  }
  return `${PREFIX}${digits}` as TemporaryAccessKeyId
}

/** The session whose key it would be; undefined for an id that is no session's. */
export const sessionOfKey = (accessKeyId: TemporaryAccessKeyId): SessionId | undefined => {
  if (!accessKeyId.startsWith(PREFIX) || accessKeyId.length !== PREFIX.length + LENGTH)
    return undefined
  let value = 0n
  for (const digit of accessKeyId.slice(PREFIX.length))
    value = value * BASE + BigInt(DIGITS.indexOf(digit))
  const sessionId = value.toString(16).padStart(SESSION_ID_LENGTH, '0')
  return SessionId.is(sessionId) ? sessionId : undefined
}
