/**
 * AccessKeys: the secret goes into the vault before the event that names it, and out of it after
 * the event that ends it.
 *
 * An orphan secret is harmless; an event without a secret would be a key that can never sign.
 */
import type { AccountCommand, AccountId, AccountRefusal } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Circumstances, EngineError, Executed } from './engine-error.js'
import type { Ids, Vault } from './ports.js'

export type IssuedAccessKey = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly executed: Executed
}

export type AccessKeyCalls = {
  /**
   * Makes a key for the account (`null`) or one of its users; the secret is in the answer and
   * nowhere else in clear.
   */
  readonly createAccessKey: (
    accountId: AccountId,
    userName: string | null,
    circumstances: Circumstances,
  ) => TE.TaskEither<AccountRefusal | EngineError, IssuedAccessKey>
  readonly deleteAccessKey: (
    accountId: AccountId,
    userName: string | null,
    accessKeyId: string,
    circumstances: Circumstances,
  ) => TE.TaskEither<AccountRefusal | EngineError, Executed>
}

export type KeyNeeds = { readonly ids: Ids; readonly vault: Vault; readonly execute: Execute }

type Execute = (
  accountId: AccountId,
  command: AccountCommand,
  circumstances: Circumstances,
) => Promise<E.Either<AccountRefusal | EngineError, Executed>>

/** Where the vault keeps the secret of a key. */
export const secretRefOf = (accountId: string, accessKeyId: string): string =>
  `access-key/${accountId}/${accessKeyId}`

const ownerOf = (userName: string | null) =>
  userName === null ? { type: 'Account' } : { type: 'User', userName }

/** A new key whose secret the vault keeps already; nothing in the log names it yet. */
export const keptKey = async ({ ids, vault }: Omit<KeyNeeds, 'execute'>, accountId: AccountId) => {
  const accessKeyId = ids.accessKeyId()
  const accessKeySecret = ids.accessKeySecret()
  const secretRef = secretRefOf(accountId, accessKeyId)
  const owner = { accountId, accessKeyId }
  const kept = await vault.putAccessKeySecret(secretRef, owner, accessKeySecret)()
  return E.map(() => ({ accessKeyId, accessKeySecret, secretRef }))(kept)
}

export const createAccessKey = async (
  needs: KeyNeeds,
  accountId: AccountId,
  userName: string | null,
  circumstances: Circumstances,
): Promise<E.Either<AccountRefusal | EngineError, IssuedAccessKey>> => {
  const { vault, execute } = needs
  const kept = await keptKey(needs, accountId)
  if (E.isLeft(kept)) return kept
  const { accessKeyId, accessKeySecret, secretRef } = kept.right
  const command = { type: 'CreateAccessKey', owner: ownerOf(userName), accessKeyId, secretRef }
  const executed = await execute(accountId, command as AccountCommand, circumstances)
  if (E.isRight(executed))
    return E.right({ accessKeyId, accessKeySecret, executed: executed.right })
  // Only a refusal is certain: after any other error the event may be there, and the key must go
  // on signing.
  if (executed.left.type === 'UserNotFound' || executed.left.type === 'AccessKeyLimitExceeded')
    await vault.destroySecret(secretRef)()
  return executed
}

export const deleteAccessKey = async (
  { vault, execute }: { readonly vault: Vault; readonly execute: Execute },
  accountId: AccountId,
  userName: string | null,
  accessKeyId: string,
  circumstances: Circumstances,
): Promise<E.Either<AccountRefusal | EngineError, Executed>> => {
  const command = { type: 'DeleteAccessKey', owner: ownerOf(userName), accessKeyId }
  const executed = await execute(accountId, command as AccountCommand, circumstances)
  // The event alone ends the key; a secret that stays behind signs nothing.
  if (E.isRight(executed)) await vault.destroySecret(secretRefOf(accountId, accessKeyId))()
  return executed
}
