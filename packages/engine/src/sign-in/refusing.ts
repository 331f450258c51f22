/** Not letting somebody in: what is recorded of it, and what is said. */
import { type AccountId, admitsAddress, type SignInFault } from '@grantlog/domain'
import { type DirectoryState, securityPreferenceOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { Ids, Vault } from '../ports.js'
import type { Attempts } from './attempts.js'
import type { SignInRefusal, SignInScene } from './calls.js'
import { circumstancesIn } from './circumstances.js'
import type { Known } from './known.js'
import type { TurnedAwayAttempt, TurningAway } from './turned-away.js'

type Refused = Promise<E.Either<SignInRefusal | EngineError, never>>

export const refused = <Type extends SignInRefusal['type']>(
  type: Type,
): E.Either<{ readonly type: Type }, never> => E.left({ type })

export type Refusing = {
  /** Records why somebody did not get in, then says so; to one who is locked only that. */
  readonly fail: (known: Known, fault: SignInFault, refusal: SignInRefusal) => Refused
  /** Counts who was turned away, then says so. */
  readonly turnAway: (
    attempt: TurnedAwayAttempt,
    scene: SignInScene,
    refusal: SignInRefusal,
  ) => Refused
  readonly lockedOut: (known: Known) => Refused
  /** Asked before all else, and said alike to every name: it tells of no user. */
  readonly isFromElsewhere: (accountId: AccountId, scene: SignInScene) => boolean
  readonly fromElsewhere: (accountId: AccountId, name: string, scene: SignInScene) => Refused
}

export const refusing = (needs: {
  readonly vault: Vault
  readonly ids: Ids
  readonly directory: DirectoryState
  readonly attempts: Attempts
  readonly turning: TurningAway
}): Refusing => {
  const turnAway: Refusing['turnAway'] = async (attempt, scene, refusal) => {
    const noted = await needs.turning.note(attempt, scene)
    return E.isLeft(noted) ? noted : E.left(refusal)
  }
  const lockedOut: Refusing['lockedOut'] = ({ accountId, user, scene }) => {
    const attempt = { accountId, reason: 'UserLocked', name: user.userName, user } as const
    return turnAway(attempt, scene, { type: 'SignInRefused' })
  }
  return {
    turnAway,
    lockedOut,
    fail: async (known, fault, refusal) => {
      const { accountId, user, attempted, scene } = known
      const proof = { isProven: fault !== 'PasswordWrong' }
      const circumstances = await circumstancesIn(needs, accountId, user, scene, proof)
      if (E.isLeft(circumstances)) return circumstances
      const noted = await needs.attempts.failed(attempted, fault, circumstances.right)
      if (E.isLeft(noted)) return noted
      return noted.right.type === 'Locked' ? lockedOut(known) : E.left(refusal)
    },
    isFromElsewhere: (accountId, { sourceIp }) => {
      const { loginNetworkMasks } = securityPreferenceOf(needs.directory, accountId)
      return !admitsAddress(loginNetworkMasks, sourceIp)
    },
    fromElsewhere: (accountId, name, scene) =>
      turnAway({ accountId, reason: 'NetworkNotAllowed', name }, scene, {
        type: 'AddressNotAllowed',
      }),
  }
}
