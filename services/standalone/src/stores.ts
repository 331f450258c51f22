/**
 * What a data folder keeps: the log, the vault and the views.
 */
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { openVault, type PasswordWork } from '@grantlog/adapters/vault'
import type { Clock } from '@grantlog/engine'
import { type Opened, sentenceOfLog, sentenceOfVault } from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'
import { treeSigner } from './tree-signer.js'

/**
 * Opens what is kept in the data folder. The log's lock keeps a second process out of the whole
 * folder, so the log opens first; but it closes before the vault, whose key signs the last tree
 * head.
 */
export const openStores = async (
  directory: string,
  clock: Clock,
  opened: Opened,
  passwordWork?: PasswordWork,
) => {
  const signing = treeSigner()
  const treeHeads = { signer: signing.signer }
  const log = await openSqliteLog({ directory, clock, mode: 'worker', treeHeads })
  if (E.isLeft(log)) return E.left(sentenceOfLog(log.left))
  const hashing = passwordWork === undefined ? {} : { passwordWork }
  const vault = await openVault({ directory, clock, ...hashing })
  if (E.isRight(vault)) {
    signing.use(vault.right)
    opened.add(vault.right.close)
  }
  opened.add(log.right.close)
  if (E.isLeft(vault)) return E.left(sentenceOfVault(vault.left))
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return E.left(sentenceOfLog(viewStore.left))
  opened.add(viewStore.right.close)
  return E.right({ log: log.right, vault: vault.right, viewStore: viewStore.right })
}
