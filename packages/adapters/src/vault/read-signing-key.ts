/**
 * The public key of the log's signer, read out of a vault for a check: on a copy of its files, or
 * beside the server that uses them.
 *
 * Invariant: nothing is made, rotated or written; what is missing is said to be missing.
 */
import type { KeyObject } from 'node:crypto'
import * as path from 'node:path'
import type { Clock } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type Database, failureText, openSqlite } from '../sqlite/driver.js'
import { openKeyFile } from './key-file.js'
import { keyringOf, rootKeyFault } from './keyring.js'
import { KEY_FILE, type OpenVaultError, VAULT_FILE } from './open-vault.js'
import type { RotatableRootKey } from './root-key.js'
import { faultOf, storeOn } from './store.js'
import { transactionsOn } from './transactions.js'
import { logSigningKeyOf } from './vault.js'

type Options = { readonly directory: string; readonly clock: Clock }

export const readLogSigningKey = ({
  directory,
  clock,
}: Options): E.Either<OpenVaultError, KeyObject> => {
  const file = path.join(directory, VAULT_FILE)
  const opened = openSqlite(file, { readOnly: true })
  if (E.isLeft(opened))
    return opened.left.type === 'FileUnreadable'
      ? E.left({ type: 'VaultFileUnusable', file, detail: opened.left.detail })
      : E.left(opened.left)
  const database = opened.right
  try {
    const fault = faultOf(database)
    if (fault !== null) return E.left({ type: 'VaultFileForeign', file, fault })
    const rootKey = openKeyFile(path.join(directory, KEY_FILE), false)
    if (E.isLeft(rootKey)) return rootKey
    return E.right(publicKeyIn(database, rootKey.right, clock))
  } catch (error) {
    const fault = rootKeyFault(error)
    return E.left(
      fault === null
        ? { type: 'VaultFileUnusable', file, detail: failureText(error) }
        : { type: 'RootKeyMismatch', detail: fault },
    )
  } finally {
    database.close()
  }
}

/** Throws where there is no such key: the connection can't make one. */
const publicKeyIn = (database: Database, rootKey: RotatableRootKey, clock: Clock): KeyObject => {
  const store = storeOn(database)
  const deploymentId = store.fact('deployment-id') ?? ''
  const transactions = transactionsOn(database, () => undefined)
  const keyring = keyringOf({ deploymentId, store, transactions, rootKey, clock })
  return logSigningKeyOf(keyring).publicKey
}
