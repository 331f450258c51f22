/** Under which circumstances somebody signs in: what the events of it say of who and from where. */
import type { AccountId, Actor } from '@grantlog/domain'
import type { UserRow } from '@grantlog/views'
import type * as E from 'fp-ts/lib/Either.js'
import { circumstancesWithin, partActor } from '../circumstances.js'
import type { Circumstances, EngineError } from '../engine-error.js'
import type { Ids, Vault } from '../ports.js'
import type { SignInScene } from './calls.js'

/** Who knows no password of a user is not that user, whoever it is. */
const actorOf = (accountId: AccountId, user: UserRow | undefined, isProven: boolean): Actor =>
  isProven && user !== undefined
    ? {
        accountId,
        principalType: 'User',
        principalId: user.userId,
        arn: `acs:ram::${accountId}:user/${user.userName}`,
      }
    : partActor(accountId, 'sign-in')

/**
 * The address is sealed with the key of the user that somebody signs in as; where there is none,
 * with that of the account.
 */
export const circumstancesIn = (
  needs: {
    readonly vault: Pick<Vault, 'sealPersonal'>
    readonly ids: Pick<Ids, 'uuid'>
  },
  accountId: AccountId,
  user: UserRow | undefined,
  scene: SignInScene,
  { isProven }: { readonly isProven: boolean },
): Promise<E.Either<EngineError, Circumstances>> =>
  circumstancesWithin(needs, actorOf(accountId, user, isProven), user?.userId ?? accountId, scene)
