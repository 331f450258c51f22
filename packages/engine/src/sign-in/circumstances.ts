/** Under which circumstances somebody signs in: what the events of it say of who and from where. */
import type { AccountId, Actor, Sealed } from '@grantlog/domain'
import type { UserRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
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
    : {
        accountId,
        principalType: 'System',
        principalId: 'sign-in',
        arn: `acs:grantlog::${accountId}:sign-in`,
      }

/**
 * The address is sealed with the key of the user that somebody signs in as; where there is none,
 * with that of the account.
 */
export const circumstancesIn = async (
  {
    vault,
    ids,
  }: {
    readonly vault: Pick<Vault, 'sealPersonal'>
    readonly ids: Pick<Ids, 'uuid'>
  },
  accountId: AccountId,
  user: UserRow | undefined,
  { requestId, sourceIp, traceparent }: SignInScene,
  { isProven }: { readonly isProven: boolean },
): Promise<E.Either<EngineError, Circumstances>> => {
  const sealed = await vault.sealPersonal(
    accountId,
    user?.userId ?? accountId,
    'sourceIp',
    sourceIp,
  )()
  if (E.isLeft(sealed)) return sealed
  return E.right({
    commandId: ids.uuid(),
    requestId,
    actor: actorOf(accountId, user, isProven),
    sourceIp: sealed.right as Sealed,
    ...(traceparent === undefined ? {} : { traceparent }),
  })
}
