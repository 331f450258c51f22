/**
 * What signing in asks of second factors, and all that it knows of them.
 */
import type { AccountId, UserId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { EngineError } from '../engine-error.js'

export type SecondFactor = {
  /** Whether a device is bound to the user. With one, nobody signs in without a code. */
  readonly hasDevice: (accountId: AccountId, userId: UserId) => boolean
  /**
   * Whether this is a code of the user's device, which is used up by being asked about. Wrong codes
   * are counted, and locked out, by whoever asks.
   */
  readonly checkAuthenticationCode: (
    accountId: AccountId,
    userId: UserId,
    code: string,
  ) => TE.TaskEither<EngineError, boolean>
}

/** Nobody has a device: whoever must have one does not get in. */
export const NO_SECOND_FACTOR: SecondFactor = {
  hasDevice: () => false,
  checkAuthenticationCode: () => async () => E.right(false),
}
