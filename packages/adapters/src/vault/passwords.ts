/**
 * Passwords in the vault: their hashes, sealed, and never the words themselves.
 */
import type { PasswordsBusy, Vault, VaultError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Keyring } from './keyring.js'
import type { PasswordHashing } from './password-hashing.js'
import { keepPasswordHash, readPasswordHash, renewPasswordHash } from './records.js'
import type { VaultStore } from './store.js'
import type { Transactions } from './transactions.js'

type Parts = {
  readonly store: VaultStore
  readonly keyring: Keyring
  readonly transactions: Transactions
  readonly hashing: PasswordHashing
}

const attempt = async <A>(
  job: () => Promise<E.Either<VaultError | PasswordsBusy, A>>,
): Promise<E.Either<VaultError | PasswordsBusy, A>> => {
  try {
    return await job()
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown'
    return E.left({ type: 'VaultUnavailable', detail })
  }
}

export const passwordCalls = ({
  store,
  keyring,
  transactions,
  hashing,
}: Parts): Pick<Vault, 'putPassword' | 'isPassword'> => ({
  putPassword: (ref, owner, password) => () =>
    attempt(async () => {
      const hash = await hashing.make(owner.accountId, password)
      if (E.isLeft(hash)) return hash
      const isKept = await transactions.soon(() =>
        keepPasswordHash(store, keyring, ref, owner, hash.right),
      )
      if (!isKept) throw new Error('another secret is kept under this reference')
      return E.right(undefined)
    }),
  isPassword: (ref, owner, password) => () =>
    attempt(async () => {
      if (ref === null || owner === null)
        return E.map(() => false)(await hashing.check('', null, password))
      const { accountId } = owner
      const kept = readPasswordHash(store, keyring, ref, owner)
      if (kept === null) return E.left({ type: 'SecretNotFound', ref })
      const checked = await hashing.check(accountId, kept, password)
      if (E.isLeft(checked)) return checked
      const { matches, isWeak } = checked.right
      if (!matches || !isWeak) return E.right(matches)
      const renewed = await hashing.make(accountId, password)
      // What was right is right, whether the stronger hash could be made or not.
      if (E.isRight(renewed))
        await transactions.soon(() => renewPasswordHash(store, keyring, ref, owner, renewed.right))
      return E.right(true)
    }),
})
