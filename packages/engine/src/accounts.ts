/**
 * Opening an account: the secret of its root key is in the vault before the event that names it.
 */
import type { AccountCommand, AccountId, AccountRefusal } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { type KeyNeeds, keptKey } from './access-keys.js'
import type { Circumstances, EngineError, Executed } from './engine-error.js'

/** The first key of an account's root. The secret is nowhere else in clear. */
export type RootKey = {
  readonly accountId: AccountId
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export type AccountCalls = {
  /**
   * Opens an account, with a key for its root. Whoever is to have the key gets to `hold` it before
   * the account is there, so that a crash leaves no account whose root nobody holds.
   */
  readonly openAccount: <NotHeld = never>(
    accountId: AccountId,
    circumstances: Circumstances,
    hold?: (key: RootKey) => TE.TaskEither<NotHeld, void>,
  ) => TE.TaskEither<
    AccountRefusal | EngineError | NotHeld,
    RootKey & { readonly executed: Executed }
  >
}

export const openAccount = async <NotHeld>(
  needs: KeyNeeds,
  accountId: AccountId,
  hold: (key: RootKey) => TE.TaskEither<NotHeld, void>,
  circumstances: Circumstances,
): Promise<
  E.Either<AccountRefusal | EngineError | NotHeld, RootKey & { readonly executed: Executed }>
> => {
  const { vault, execute } = needs
  const kept = await keptKey(needs, accountId)
  if (E.isLeft(kept)) return kept
  const { secretRef, ...made } = kept.right
  const key = { accountId, ...made }
  const held = await hold(key)()
  if (E.isLeft(held)) return held
  const rootAccessKey = { accessKeyId: made.accessKeyId, secretRef }
  const command = { type: 'OpenAccount', accountId, rootAccessKey }
  const executed = await execute(accountId, command as AccountCommand, circumstances)
  if (E.isRight(executed)) return E.right({ ...key, executed: executed.right })
  // After any other error the account may be there, and its root key must sign.
  if (executed.left.type === 'AccountAlreadyExists') await vault.destroySecret(secretRef)()
  return executed
}
