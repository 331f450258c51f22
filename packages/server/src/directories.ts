/**
 * Folders of the processes of a cluster: one's own, which a lock keeps others out of, and the
 * vault, which all of them share.
 */
import { lockDirectory } from '@grantlog/adapters/sqlite'
import { makeDirectory, systemClock } from '@grantlog/adapters/system'
import { openVault, type PasswordWork } from '@grantlog/adapters/vault'
import * as E from 'fp-ts/lib/Either.js'
import { sentenceOfLog, sentenceOfVault } from './sentences.js'
import type { Opened } from './starting.js'

/** How long a process waits for another one that is just making the vault. Unit: milliseconds. */
const VAULT_MS_MAX = 10_000
const VAULT_EVERY_MS = 50

const made = (directory: string): E.Either<string, void> => {
  try {
    makeDirectory(directory)
    return E.right(undefined)
  } catch (fault) {
    return E.left(`The folder ${directory} can't be made: ${(fault as Error).message}`)
  }
}

/** Takes a folder for this process alone, until everything is closed. */
export const ownDirectory = (directory: string, opened: Opened): E.Either<string, void> => {
  const folder = made(directory)
  if (E.isLeft(folder)) return folder
  const lock = lockDirectory(directory)
  if (E.isLeft(lock)) return E.left(sentenceOfLog(lock.left))
  opened.add(async () => lock.right.release())
  return E.right(undefined)
}

/** Opens the shared vault. Processes that start side by side make it one after the other. */
export const openSharedVault = async (
  directory: string,
  opened: Opened,
  passwordWork?: PasswordWork,
) => {
  const folder = made(directory)
  if (E.isLeft(folder)) return folder
  const until = systemClock.now() + VAULT_MS_MAX
  for (;;) {
    const lock = lockDirectory(directory)
    if (E.isRight(lock)) {
      const hashing = passwordWork === undefined ? {} : { passwordWork }
      const vault = await openVault({ directory, clock: systemClock, ...hashing })
      lock.right.release()
      if (E.isLeft(vault)) return E.left(sentenceOfVault(vault.left))
      opened.add(vault.right.close)
      return vault
    }
    if (lock.left.type !== 'DirectoryTaken' || systemClock.now() >= until)
      return E.left(sentenceOfLog(lock.left))
    await new Promise((resolve) => setTimeout(resolve, VAULT_EVERY_MS))
  }
}
