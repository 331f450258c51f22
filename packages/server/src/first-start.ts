/**
 * The first start: opens the account and its root AccessKey, once, and hands the key over once.
 *
 * The key is in the vault, and in the file when one is asked for, before the account exists. So a
 * crash in between leaves no account whose root nobody holds.
 */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import type { VaultControl } from '@grantlog/adapters/vault'
import type { AccountId } from '@grantlog/domain'
import type { Engine } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'

export type RootCredentials = {
  readonly accountId: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** URL of this server. */
  readonly endpoint: string
}

/** Account ids have 16 digits, the first of them not 0. */
const ACCOUNT_ID_FIRST = 10n ** 15n
const ACCOUNT_ID_END = 10n ** 16n

export type FirstStartFailed = { readonly type: 'FirstStartFailed'; readonly sentence: string }

const failed = (sentence: string): E.Either<FirstStartFailed, never> =>
  E.left({ type: 'FirstStartFailed', sentence })

/** Writes a secret where only its owner reads it. What is there already is never touched. */
const writeCredentials = (
  path: string,
  credentials: RootCredentials,
): E.Either<FirstStartFailed, void> => {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${JSON.stringify(credentials, null, 2)}\n`)
    fsyncSync(file)
    closeSync(file)
    return E.right(undefined)
  } catch (fault) {
    if ((fault as { readonly code?: string }).code === 'EEXIST')
      return failed(`The file ${path} is there already. Move it away, or name another file.`)
    return failed(`The root credentials can't be written to ${path}: ${(fault as Error).message}`)
  }
}

/**
 * The id of a deployment's first account. Processes that start side by side mean the same account,
 * so the log lets one of them open it.
 */
export const firstAccountId = (deploymentId: string): AccountId => {
  const hex = createHash('sha256').update(`first account of ${deploymentId}`).digest('hex')
  const digits = BigInt(`0x${hex}`) % (ACCOUNT_ID_END - ACCOUNT_ID_FIRST)
  return String(ACCOUNT_ID_FIRST + digits) as AccountId
}

/** What the vault knows of its log. */
export type Deployment = {
  readonly deploymentId: string
  /** Read before the log was: what had begun then, the log must show. */
  readonly hadBegun: boolean
  readonly noteBegun: () => void
}

/** To be taken before the log is opened. */
export const deploymentOf = (
  vault: Pick<VaultControl, 'deploymentId' | 'hasBegun' | 'noteBegun'>,
): Deployment => ({
  deploymentId: vault.deploymentId,
  hadBegun: vault.hasBegun(),
  noteBegun: vault.noteBegun,
})

const LOST_LOG =
  'The log is empty, but its vault has keys for accounts. Put the log back; or, to begin anew, move the vault and its key away.'
const LOST_VAULT =
  'The vault is not the one of this log: it can open none of its keys. Put the right vault and its key back.'

/** Null when there is an account already, or another process was first to open it. */
export const openFirstAccount = async (
  engine: Engine,
  deployment: Deployment,
  endpoint: string,
  credentialsFile: string | null,
): Promise<E.Either<FirstStartFailed, RootCredentials | null>> => {
  const { accounts } = engine.views.directory.tables
  const accountId = firstAccountId(deployment.deploymentId)
  if (accounts.size() > 0 && accounts.get(accountId) === undefined) return failed(LOST_VAULT)
  if (accounts.size() > 0) {
    deployment.noteBegun()
    return E.right(null)
  }
  if (deployment.hadBegun) return failed(LOST_LOG)
  return openAccount(engine, accountId, endpoint, credentialsFile, deployment.noteBegun)
}

const openAccount = async (
  engine: Engine,
  accountId: AccountId,
  endpoint: string,
  credentialsFile: string | null,
  noteBegun: () => void,
): Promise<E.Either<FirstStartFailed, RootCredentials | null>> => {
  const commandId = engine.ids.uuid()
  const principalId = 'first-start'
  const arn = `acs:grantlog::${accountId}:${principalId}`
  const actor = { accountId, principalType: 'System', principalId, arn } as const
  const opened = await engine.openAccount(
    accountId,
    { commandId, requestId: commandId, actor },
    (key) => async () =>
      credentialsFile === null
        ? E.right(undefined)
        : writeCredentials(credentialsFile, { ...key, endpoint }),
  )()
  if (E.isRight(opened)) {
    noteBegun()
    const { executed: _, ...key } = opened.right
    return E.right({ ...key, endpoint })
  }
  const fault = opened.left
  if (fault.type === 'FirstStartFailed') return E.left(fault)
  if (fault.type !== 'AccountAlreadyExists')
    return failed(`The account can't be opened: ${fault.type}`)
  if (credentialsFile !== null) rmSync(credentialsFile)
  return E.right(null)
}
