/** Rotation: what was sealed stays readable for as long as was promised, and no longer. */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { secretRefOf } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../system/clock.js'
import { inMemoryVault } from './open-vault.js'
import {
  ACCOUNT,
  bytesIn,
  HOUR,
  inFolder,
  left,
  MINUTE,
  NOON,
  opened,
  right,
  sessionToken,
  USER,
} from './testing/fixtures.js'

const owner = { accountId: ACCOUNT, accessKeyId: 'LTAI5tExampleKey00000001' }
const ref = secretRefOf(owner.accountId, owner.accessKeyId)
const SECRET = 'exampleSecret0123456789abcdefg'

describe('rotateSessionKey', () => {
  it('given a day, then a key is published, promoted and retired, each step once', async () => {
    const vault = await inMemoryVault({ clock: manualClock(NOON) })
    const at = (ms: number) => right(vault.rotateSessionKey(NOON + ms))
    expect(await at(0)).toBe('nothing-due')
    expect(await at(24 * HOUR - 15 * MINUTE - 1)).toBe('nothing-due')
    expect(await at(24 * HOUR - 15 * MINUTE)).toBe('published')
    expect(await at(24 * HOUR - 15 * MINUTE)).toBe('nothing-due')
    expect(await at(24 * HOUR - 1)).toBe('nothing-due')
    expect(await at(24 * HOUR)).toBe('promoted')
    expect(await at(24 * HOUR)).toBe('nothing-due')
    expect(await at(36 * HOUR + 15 * MINUTE - 1)).toBe('nothing-due')
    expect(await at(36 * HOUR + 15 * MINUTE)).toBe('retired')
    expect(await at(36 * HOUR + 15 * MINUTE)).toBe('nothing-due')
  })

  it('given a long sleep, then the next key is still published before it seals', async () => {
    const clock = manualClock(NOON)
    const vault = await inMemoryVault({ clock })
    const keyOf = (token: string) => Buffer.from(token, 'base64url').readUInt32BE(1)
    const first = keyOf(vault.sealSessionToken(sessionToken))
    clock.advance(50 * HOUR)
    expect(keyOf(vault.sealSessionToken(sessionToken))).toBe(first)
    clock.advance(10 * MINUTE - 1)
    const last = vault.sealSessionToken(sessionToken)
    expect(keyOf(last)).toBe(first)
    clock.advance(1)
    expect(keyOf(vault.sealSessionToken(sessionToken))).toBeGreaterThan(first)
    clock.advance(12 * HOUR)
    expect(vault.openSessionToken(last)).toEqual(sessionToken)
  })

  it('given a clock that steps back, then tokens still open and no key is lost', async () => {
    const clock = manualClock(NOON)
    const vault = await inMemoryVault({ clock })
    const token = vault.sealSessionToken(sessionToken)
    clock.set(NOON - 3 * HOUR)
    expect(vault.openSessionToken(token)).toEqual(sessionToken)
    expect(vault.openSessionToken(vault.sealSessionToken(sessionToken))).toEqual(sessionToken)
  })
})

describe('rotateDataKey', () => {
  it('given its steps, then secrets move over and old texts open until the end', async () => {
    const clock = manualClock(NOON)
    const vault = await inMemoryVault({ clock })
    const step = () => right(vault.rotateDataKey(ACCOUNT))
    const signature = vault.temporarySigningSecret(SECRET).signAcs3('x')
    const signs = async () => (await right(vault.signingSecret(ref, owner))).signAcs3('x')
    expect(await step()).toBe('nothing-due')
    await right(vault.putAccessKeySecret(ref, owner, SECRET))
    const old = vault.sealText('position', ACCOUNT, '42')

    expect(await step()).toBe('published')
    expect(await step()).toBe('nothing-due')
    clock.advance(10 * MINUTE)
    expect(await step()).toBe('promoted')
    expect(await step()).toBe('nothing-due')
    const recent = vault.sealText('position', ACCOUNT, '43')
    expect(await signs()).toBe(signature)
    clock.advance(12 * HOUR + 15 * MINUTE - 1)
    expect(await step()).toBe('nothing-due')
    expect(vault.openText('position', ACCOUNT, old)).toBe('42')
    clock.advance(1)
    expect(await step()).toBe('retired')
    expect(vault.openText('position', ACCOUNT, old)).toBeNull()
    expect(vault.openText('position', ACCOUNT, recent)).toBe('43')
    expect(await signs()).toBe(signature)
    expect(await step()).toBe('published')
  })

  it('given more secrets than one step moves, then all are moved', async () => {
    const clock = manualClock(NOON)
    const vault = await inMemoryVault({ clock })
    const owners = Array.from({ length: 1_100 }, (_, i) => ({
      accountId: ACCOUNT,
      accessKeyId: `LTAI5tExampleKey${String(i).padStart(8, '0')}`,
    }))
    const refOf = (each: typeof owner) => secretRefOf(each.accountId, each.accessKeyId)
    await Promise.all(
      owners.map((each) => right(vault.putAccessKeySecret(refOf(each), each, SECRET))),
    )
    await right(vault.rotateDataKey(ACCOUNT))
    clock.advance(10 * MINUTE)
    await right(vault.rotateDataKey(ACCOUNT))
    clock.advance(13 * HOUR)
    expect(await right(vault.rotateDataKey(ACCOUNT))).toBe('retired')
    for (const each of owners) await right(vault.signingSecret(refOf(each), each))
  })
})

describe('rotateRootKey', () => {
  it('given a new root key, then everything opens and the old key is forgotten', () =>
    inFolder(async (directory) => {
      const keyFile = path.join(directory, 'root.key')
      const vault = await opened(directory, manualClock(NOON))
      const oldKey = fs.readFileSync(keyFile, 'utf8').slice(5, 48)
      await right(vault.putAccessKeySecret(ref, owner, SECRET))
      const token = vault.sealSessionToken(sessionToken)
      const personal = await right(vault.sealPersonal(ACCOUNT, USER, 'name', 'Alice'))
      const next = randomBytes(32)
      expect(await right(vault.rotateRootKey(next))).toBe('rk-2')
      expect(await right(vault.rotateRootKey(next))).toBe('rk-2')
      const text = fs.readFileSync(keyFile, 'utf8')
      expect(text).toBe(`rk-2 ${next.toString('base64url')}\n`)
      expect(fs.statSync(keyFile).mode & 0o777).toBe(0o600)
      expect(text).not.toContain(oldKey)
      await vault.close()

      const again = await opened(directory, manualClock(NOON))
      await right(again.signingSecret(ref, owner))
      expect(again.openSessionToken(token)).toEqual(sessionToken)
      expect(await right(again.openPersonal(ACCOUNT, USER, 'name', personal))).toBe('Alice')
      await again.close()
    }))

  it('given a crash after the new key was written, then the next start finishes the rotation', () =>
    inFolder(async (directory) => {
      const keyFile = path.join(directory, 'root.key')
      const vault = await opened(directory, manualClock(NOON))
      const token = vault.sealSessionToken(sessionToken)
      await vault.close()
      const line = `rk-2 ${randomBytes(32).toString('base64url')}\n`
      fs.appendFileSync(keyFile, line)
      const again = await opened(directory, manualClock(NOON))
      expect(fs.readFileSync(keyFile, 'utf8')).toBe(line)
      expect(again.openSessionToken(token)).toEqual(sessionToken)
      await again.close()
      expect(bytesIn(directory).includes('rk-1')).toBe(false)
    }))

  it('given a weak key, then it is refused and nothing changes', async () => {
    const vault = await inMemoryVault({ clock: manualClock(NOON) })
    const token = vault.sealSessionToken(sessionToken)
    for (const weak of [Buffer.alloc(32), randomBytes(31), randomBytes(33), Buffer.alloc(0)])
      expect(await left(vault.rotateRootKey(weak))).toEqual({ type: 'RootKeyWeak' })
    expect(vault.openSessionToken(token)).toEqual(sessionToken)
    expect(vault.health()).toEqual(E.right(undefined))
  })
})
