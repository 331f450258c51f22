/**
 * What an error of the client says about a call: whether something may have happened, and whether
 * saying it again can help.
 */
import { ErrorType, isCommandError } from '@eventstore/db-client'

export type CallFault =
  /** The stream is not at the revision that was expected. */
  | { readonly type: 'Conflict' }
  /** The server takes less than this in one append. Unit: bytes. */
  | { readonly type: 'TooLarge'; readonly limit: number }
  /** The server does not want the call; nothing happened. */
  | { readonly type: 'Refused'; readonly detail: string }
  /** The stream has been deleted for good, or a position is none of this log's. */
  | { readonly type: 'Impossible'; readonly detail: string }
  /** Another node leads; nothing happened, and the client goes there with the next call. */
  | { readonly type: 'NotLeader' }
  /**
   * Nobody knows. `poisoned` when the client may fail for ever, as it keeps a failed first answer.
   */
  | { readonly type: 'Doubt'; readonly detail: string; readonly poisoned: boolean }

const INVALID_ARGUMENT = 3

/** A call that this side gave up on. */
export const tooLate = (ms: number): CallFault => ({
  type: 'Doubt',
  detail: `no answer in ${ms} ms`,
  poisoned: true,
})

export const callFaultOf = (error: unknown): CallFault => {
  if (!(error instanceof Error)) return { type: 'Doubt', detail: String(error), poisoned: true }
  if (!isCommandError(error)) return { type: 'Doubt', detail: error.message, poisoned: true }
  if (error.type === ErrorType.WRONG_EXPECTED_VERSION) return { type: 'Conflict' }
  if (error.type === ErrorType.NOT_LEADER) return { type: 'NotLeader' }
  if (error.type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED)
    return { type: 'TooLarge', limit: error.maxAppendSize }
  if (error.type === ErrorType.ACCESS_DENIED) return { type: 'Refused', detail: 'access denied' }
  if (error.type === ErrorType.STREAM_DELETED)
    return { type: 'Impossible', detail: 'the stream was deleted' }
  const detail = `${error.type}: ${error.message}`
  if (error.code === INVALID_ARGUMENT) return { type: 'Impossible', detail }
  return { type: 'Doubt', detail, poisoned: error.type === ErrorType.DEADLINE_EXCEEDED }
}

export const faultText = (fault: CallFault): string => {
  switch (fault.type) {
    case 'Conflict':
      return 'the stream has another revision'
    case 'TooLarge':
      return `more than ${fault.limit} bytes in one append`
    case 'NotLeader':
      return 'another node leads'
    case 'Refused':
    case 'Impossible':
    case 'Doubt':
      return fault.detail
  }
}
