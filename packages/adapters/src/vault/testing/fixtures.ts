/**
 * What the vault's tests share: a moment, ids, a session token, and folders that vanish afterwards.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import type { SessionToken, Vault } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ManualClock } from '../../system/clock.js'
import { type OpenVaultOptions, openVault } from '../open-vault.js'
import type { VaultControl } from '../vault.js'

export const NOON = Date.UTC(2026, 10, 25, 12)
export const HOUR = 60 * 60_000
export const MINUTE = 60_000

export const ACCOUNT = '1234567890123456'
export const OTHER_ACCOUNT = '6543210987654321'
export const USER = '222748924538412345'
export const OTHER_USER = '222748924538499999'

export const sessionToken: SessionToken = {
  sessionId: '00112233445566778899aabbccddeeff',
  accessKeyId: 'STS.NTexample0000000000000001',
  secret: 'canarySessionSecret0123456789abcdefghijklmno',
  accountId: ACCOUNT,
  roleId: '368101631399122462',
  sessionName: 'app@night',
  sourceIdentity: 'alice',
  issuedAt: NOON,
  expiresAt: NOON + HOUR,
  issuedPosition: 42,
  chainDepth: 1,
  sessionPolicy: '{"Version":"1","Statement":[]}',
}

/** The right side of an answer; anything else fails the test with what it was. */
export const right = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

export const left = async <Failure>(task: TaskEither<Failure, unknown>): Promise<Failure> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error('it was not refused')
  return answer.left
}

/** A folder for one test. */
export const inFolder = async <A>(run: (directory: string) => Promise<A>): Promise<A> => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'grantlog-vault-'))
  try {
    return await run(directory)
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

export const opened = async (
  directory: string,
  clock: ManualClock,
  more: Partial<Omit<OpenVaultOptions, 'directory' | 'clock'>> = {},
): Promise<Vault & VaultControl> => {
  const vault = await openVault({ directory, clock, ...more })
  if (E.isLeft(vault)) throw new Error(JSON.stringify(vault.left))
  return vault.right
}

/** Every byte in the files of a folder, but those of the root key. */
export const bytesIn = (directory: string): Buffer =>
  Buffer.concat(
    fs
      .readdirSync(directory)
      .filter((name) => !name.startsWith('root.key'))
      .map((name) => fs.readFileSync(path.join(directory, name))),
  )
