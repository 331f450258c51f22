/**
 * Opens a vault: looks at who may read its folder and its key, then at whether they belong
 * together.
 *
 * Invariant: nothing is made in place of something that is lost, and nothing starts on what others
 * can read.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Clock, Vault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type Database, type DriverError, openSqlite } from '../sqlite/driver.js'
import { makeDirectory } from '../system/make-directory.js'
import { exposedMode, fileFault, type KeyFileError, openKeyFile } from './key-file.js'
import { keyringOf, rootKeyFault } from './keyring.js'
import {
  PASSWORD_WORK_CEILING,
  PASSWORD_WORK_DEFAULT,
  PASSWORD_WORK_FLOOR,
  type PasswordWork,
  passwordHashing,
} from './password-hashing.js'
import { ephemeralRootKey, type RotatableRootKey } from './root-key.js'
import { rotateSessionKey } from './rotation.js'
import { prepareDatabase, type StoreFault, storeOn, type VaultStore } from './store.js'
import { transactionsOn } from './transactions.js'
import { finishRootRotation, type VaultControl, type VaultParts, vaultOf } from './vault.js'

export type OpenVaultError =
  | KeyFileError
  | DriverError
  | { readonly type: 'VaultDirectoryExposed'; readonly directory: string; readonly mode: string }
  | { readonly type: 'VaultDirectoryUnusable'; readonly directory: string; readonly detail: string }
  | { readonly type: 'VaultFileExposed'; readonly file: string; readonly mode: string }
  | { readonly type: 'VaultFileUnusable'; readonly file: string; readonly detail: string }
  | { readonly type: 'VaultFileForeign'; readonly file: string; readonly fault: StoreFault }
  /** The key does not open what the file holds: one of the two is from elsewhere. */
  | { readonly type: 'RootKeyMismatch'; readonly detail: string }
  | { readonly type: 'PasswordWorkOutOfRange' }
  | { readonly type: 'DeploymentIdMalformed' }
  | { readonly type: 'DeploymentMismatch'; readonly expected: string; readonly actual: string }

export type OpenVaultOptions = {
  /** Where `vault.sqlite` is, or `:memory:` for a vault that is gone when it is closed. */
  readonly directory: string
  /** `<directory>/root.key` when left out. */
  readonly keyFile?: string
  readonly clock: Clock
  /** Given to a new vault, and required of an old one. Random when left out. */
  readonly deploymentId?: string
  /** How much work the hash of a password takes, not less than the floor. */
  readonly passwordWork?: PasswordWork
}

const IN_MEMORY = ':memory:'
export const VAULT_FILE = 'vault.sqlite'
export const KEY_FILE = 'root.key'
const DEPLOYMENT_ID = /^[A-Za-z0-9-]{8,64}$/

const isAllowed = ({ memoryKib, passes }: PasswordWork): boolean =>
  memoryKib >= PASSWORD_WORK_FLOOR.memoryKib &&
  memoryKib <= PASSWORD_WORK_CEILING.memoryKib &&
  passes >= PASSWORD_WORK_FLOOR.passes &&
  passes <= PASSWORD_WORK_CEILING.passes

type Files = { readonly rootKey: RotatableRootKey; readonly file: string }

/** The folder, made when absent, for its owner alone. */
const secureDirectory = (directory: string): E.Either<OpenVaultError, void> => {
  try {
    makeDirectory(directory)
    const mode = exposedMode(fs.statSync(directory).mode)
    return mode === null
      ? E.right(undefined)
      : E.left({ type: 'VaultDirectoryExposed', directory, mode })
  } catch (error) {
    return E.left({ type: 'VaultDirectoryUnusable', directory, detail: fileFault(error) })
  }
}

/** The file, made empty when absent: SQLite gives its companions the permissions of the file. */
const secureFile = (file: string): E.Either<OpenVaultError, void> => {
  try {
    fs.closeSync(fs.openSync(file, 'a', 0o600))
    const mode = exposedMode(fs.statSync(file).mode)
    return mode === null ? E.right(undefined) : E.left({ type: 'VaultFileExposed', file, mode })
  } catch (error) {
    return E.left({ type: 'VaultFileUnusable', file, detail: fileFault(error) })
  }
}

const secureFiles = (options: OpenVaultOptions): E.Either<OpenVaultError, Files> => {
  if (options.directory === IN_MEMORY)
    return E.right({ rootKey: ephemeralRootKey(), file: IN_MEMORY })
  const directory = secureDirectory(options.directory)
  if (E.isLeft(directory)) return directory
  const file = path.join(options.directory, VAULT_FILE)
  const keyFile = options.keyFile ?? path.join(options.directory, KEY_FILE)
  const rootKey = openKeyFile(keyFile, !fs.existsSync(file))
  if (E.isLeft(rootKey)) return rootKey
  const secured = secureFile(file)
  return E.isLeft(secured) ? secured : E.right({ rootKey: rootKey.right, file })
}

/** The id of this deployment: what the file says, else what was asked for, else a new one. */
const settleDeployment = (
  store: VaultStore,
  wanted: string | undefined,
): E.Either<OpenVaultError, string> => {
  if (wanted !== undefined && !DEPLOYMENT_ID.test(wanted))
    return E.left({ type: 'DeploymentIdMalformed' })
  const kept = store.fact('deployment-id')
  if (kept === null) {
    const made = wanted ?? randomBytes(16).toString('hex')
    store.setFact('deployment-id', made)
    return E.right(made)
  }
  return wanted === undefined || wanted === kept
    ? E.right(kept)
    : E.left({ type: 'DeploymentMismatch', expected: wanted, actual: kept })
}

const assemble = async (
  database: Database,
  { rootKey, file }: Files,
  { clock, deploymentId: wanted, passwordWork = PASSWORD_WORK_DEFAULT }: OpenVaultOptions,
): Promise<E.Either<OpenVaultError, Vault & VaultControl>> => {
  const prepared = prepareDatabase(database)
  if (E.isLeft(prepared)) return E.left({ type: 'VaultFileForeign', file, fault: prepared.left })
  const store = storeOn(database)
  const settled = settleDeployment(store, wanted)
  if (E.isLeft(settled)) return settled

  const deploymentId = settled.right
  const transactions = transactionsOn(database, () => keyring.forgetAll())
  const keyring = keyringOf({ deploymentId, store, transactions, rootKey, clock })
  const parts: VaultParts = {
    deploymentId,
    store,
    transactions,
    keyring,
    rootKey,
    hashing: passwordHashing(keyring, passwordWork),
    clock,
    closeFile: () => database.close(),
  }
  const vault = vaultOf(parts)
  const finished = await finishRootRotation(parts)
  if (E.isLeft(finished)) return E.left({ type: 'RootKeyMismatch', detail: finished.left.type })
  vault.logSigningKey()
  rotateSessionKey(parts, clock.now())
  return E.right(vault)
}

/** Opens the vault of a folder, or makes it. A refusal names the fault and leaves nothing open. */
export const openVault = async (
  options: OpenVaultOptions,
): Promise<E.Either<OpenVaultError, Vault & VaultControl>> => {
  if (!isAllowed(options.passwordWork ?? PASSWORD_WORK_DEFAULT))
    return E.left({ type: 'PasswordWorkOutOfRange' })
  const files = secureFiles(options)
  if (E.isLeft(files)) return files
  const { file } = files.right
  const opened = openSqlite(file)
  if (E.isLeft(opened))
    return opened.left.type === 'FileUnreadable'
      ? E.left({ type: 'VaultFileUnusable', file, detail: opened.left.detail })
      : E.left(opened.left)
  try {
    const vault = await assemble(opened.right, files.right, options)
    if (E.isLeft(vault)) opened.right.close()
    return vault
  } catch (error) {
    opened.right.close()
    const fault = rootKeyFault(error)
    if (fault !== null) return E.left({ type: 'RootKeyMismatch', detail: fault })
    const detail = error instanceof Error ? error.message : 'unknown'
    return E.left({ type: 'VaultFileUnusable', file, detail })
  }
}

/** A vault that keeps nothing, under a root key of its own. Throws where there is no SQLite. */
export const inMemoryVault = async (options: {
  readonly clock: Clock
  readonly deploymentId?: string
  readonly passwordWork?: PasswordWork
}): Promise<Vault & VaultControl> => {
  const opened = await openVault({ ...options, directory: IN_MEMORY })
  if (E.isLeft(opened)) throw new Error(`no vault in memory: ${opened.left.type}`)
  return opened.right
}
