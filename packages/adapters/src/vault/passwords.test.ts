/** Passwords: kept as hashes, known of the right user alone, and not too many at once. */
import * as path from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../sqlite/driver.js'
import { manualClock } from '../system/clock.js'
import { inMemoryVault, openVault, VAULT_FILE } from './open-vault.js'
import {
  HASHES_AT_ONCE_MAX,
  HASHES_WAITING_MAX,
  PASSWORD_WORK_CEILING,
  PASSWORD_WORK_FLOOR,
} from './password-hashing.js'
import {
  ACCOUNT,
  bytesIn,
  HOUR,
  inFolder,
  left,
  NOON,
  OTHER_ACCOUNT,
  OTHER_USER,
  opened,
  right,
  USER,
} from './testing/fixtures.js'

const WORD = 'canary correct horse battery'
const owner = { accountId: ACCOUNT, userId: USER }
const ref = `password/${ACCOUNT}/${USER}/1`
const cheap = { passwordWork: PASSWORD_WORK_FLOOR }
const clock = () => manualClock(NOON)

/** What is kept under the only reference there is, as text. */
const sealedIn = (directory: string): string => {
  const file = openSqlite(path.join(directory, VAULT_FILE))
  if (E.isLeft(file)) throw new Error(file.left.type)
  const row = file.right.prepare('SELECT sealed FROM secrets').get()
  file.right.close()
  return Buffer.from(row?.['sealed'] as Uint8Array).toString('hex')
}

describe('putPassword', () => {
  it('given a password, then it alone is the password of its user, after a restart too', async () => {
    await inFolder(async (directory) => {
      const vault = await opened(directory, clock(), cheap)
      await right(vault.putPassword(ref, owner, WORD))
      expect(bytesIn(directory).includes('canary')).toBe(false)
      expect(bytesIn(directory).includes('argon2')).toBe(false)
      await vault.close()
      const again = await opened(directory, clock(), cheap)
      expect(await right(again.isPassword(ref, owner, WORD))).toBe(true)
      expect(await right(again.isPassword(ref, owner, `${WORD} `))).toBe(false)
      await again.close()
    })
  })
  it('given another user or account, then it is not found', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    await right(vault.putPassword(ref, owner, WORD))
    for (const other of [
      { ...owner, userId: OTHER_USER },
      { ...owner, accountId: OTHER_ACCOUNT },
    ])
      expect(await left(vault.isPassword(ref, other, WORD))).toEqual({
        type: 'SecretNotFound',
        ref,
      })
  })
  it('given a reference that is taken, or none of passwords, then it is refused', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    await right(vault.putPassword(ref, owner, WORD))
    for (const other of [ref, `access-key/${ACCOUNT}/x`])
      expect((await left(vault.putPassword(other, owner, 'another'))).type).toBe('VaultUnavailable')
    expect(await right(vault.isPassword(ref, owner, WORD))).toBe(true)
  })
  it('given a hash, then it signs nothing', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    await right(vault.putPassword(ref, owner, WORD))
    const asKey = { accountId: ACCOUNT, accessKeyId: USER }
    expect((await left(vault.signingSecret(ref, asKey))).type).toBe('SecretNotFound')
  })
  it('given more bytes than are hashed, then it is refused, not cut', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    expect((await left(vault.putPassword(ref, owner, 'x'.repeat(1025)))).type).toBe(
      'VaultUnavailable',
    )
  })
})

describe('isPassword', () => {
  it("given nobody, then it is nobody's password", async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    expect(await right(vault.isPassword(null, null, WORD))).toBe(false)
  })
  it('given a password that was destroyed, then it is not found', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    await right(vault.putPassword(ref, owner, WORD))
    await right(vault.destroySecret(ref))
    expect((await left(vault.isPassword(ref, owner, WORD))).type).toBe('SecretNotFound')
  })
  it("given an account's key that is rotated, then passwords stay right", async () => {
    const time = clock()
    const vault = await inMemoryVault({ clock: time, ...cheap })
    await right(vault.putPassword(ref, owner, WORD))
    const steps: string[] = []
    for (let n = 0; n < 3; n++) {
      steps.push(await right(vault.rotateDataKey(ACCOUNT)))
      time.advance(13 * HOUR)
    }
    expect(steps).toEqual(['published', 'promoted', 'retired'])
    expect(await right(vault.isPassword(ref, owner, WORD))).toBe(true)
  })
  it('given a hash of less work than today, then it is made anew, and is right before and after', async () => {
    await inFolder(async (directory) => {
      const old = await opened(directory, clock(), cheap)
      await right(old.putPassword(ref, owner, WORD))
      await old.close()
      const before = sealedIn(directory)
      const passwordWork = { ...PASSWORD_WORK_FLOOR, passes: 3 }
      const now = await opened(directory, clock(), { passwordWork })
      expect(await right(now.isPassword(ref, owner, 'wrong password'))).toBe(false)
      expect(sealedIn(directory)).toBe(before)
      expect(await right(now.isPassword(ref, owner, WORD))).toBe(true)
      const renewed = sealedIn(directory)
      expect(renewed).not.toBe(before)
      expect(await right(now.isPassword(ref, owner, WORD))).toBe(true)
      expect(sealedIn(directory)).toBe(renewed)
      await now.close()
    })
  })
  it('given more at once than fit, then those too many are told to come again', async () => {
    const vault = await inMemoryVault({ clock: clock(), ...cheap })
    const fitting = HASHES_AT_ONCE_MAX + HASHES_WAITING_MAX
    const asked = Array.from({ length: fitting + 3 }, () => vault.isPassword(null, null, WORD)())
    const answers = await Promise.all(asked)
    const refused = answers.filter(E.isLeft)
    expect(refused).toHaveLength(3)
    for (const { left: fault } of refused)
      expect(fault).toEqual({ type: 'Overloaded', waiting: HASHES_WAITING_MAX })
    expect(await right(vault.isPassword(null, null, WORD))).toBe(false)
  })
})

describe('the work of a hash', () => {
  it.each([
    { ...PASSWORD_WORK_FLOOR, memoryKib: PASSWORD_WORK_FLOOR.memoryKib - 1 },
    { ...PASSWORD_WORK_FLOOR, passes: 1 },
    { ...PASSWORD_WORK_CEILING, memoryKib: PASSWORD_WORK_CEILING.memoryKib + 1 },
    { ...PASSWORD_WORK_CEILING, passes: PASSWORD_WORK_CEILING.passes + 1 },
  ])('given %o, then no vault opens', async (passwordWork) => {
    const vault = await openVault({ directory: ':memory:', clock: clock(), passwordWork })
    expect(vault).toEqual(E.left({ type: 'PasswordWorkOutOfRange' }))
  })
})
