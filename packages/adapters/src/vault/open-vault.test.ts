/** Opening a vault: who may read it, what belongs together, and what a restart finds. */

import { verify } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { secretRefOf } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../system/clock.js'
import { type OpenVaultOptions, openVault } from './open-vault.js'
import {
  ACCOUNT,
  bytesIn,
  inFolder,
  NOON,
  opened,
  right,
  sessionToken,
  USER,
} from './testing/fixtures.js'

const owner = { accountId: ACCOUNT, accessKeyId: 'LTAI5tExampleKey00000001' }
const ref = secretRefOf(owner.accountId, owner.accessKeyId)
const SECRET = 'canarySecret0123456789abcdefgh'

const refusal = async (directory: string, more: Partial<OpenVaultOptions> = {}) => {
  const vault = await openVault({ directory, clock: manualClock(NOON), ...more })
  if (E.isRight(vault)) throw new Error('it opened')
  return vault.left
}

const modeOf = (file: string): number => fs.statSync(file).mode & 0o777

const made = async (directory: string): Promise<void> =>
  (await opened(directory, manualClock(NOON))).close()

describe('openVault', () => {
  it('given an empty place, then folder, key and file are made for their owner alone', () =>
    inFolder(async (parent) => {
      const directory = path.join(parent, 'new', 'vault')
      const vault = await opened(directory, manualClock(NOON))
      expect(modeOf(directory)).toBe(0o700)
      for (const name of fs.readdirSync(directory))
        expect(modeOf(path.join(directory, name))).toBe(0o600)
      expect(fs.readFileSync(path.join(directory, 'root.key'), 'utf8')).toMatch(
        /^rk-1 [A-Za-z0-9_-]{43}\n$/,
      )
      expect(vault.deploymentId).toMatch(/^[0-9a-f]{32}$/)
      expect(vault.health()).toEqual(E.right(undefined))
      await vault.close()
    }))

  it('given a restart, then all that was sealed before opens', () =>
    inFolder(async (directory) => {
      const first = await opened(directory, manualClock(NOON))
      await right(first.putAccessKeySecret(ref, owner, SECRET))
      const token = first.sealSessionToken(sessionToken)
      const marker = first.sealText('page-marker', ACCOUNT, 'alice')
      const personal = await right(first.sealPersonal(ACCOUNT, USER, 'name', 'Alice'))
      const signature = first.logSigningKey().sign('tree head')
      const { keyId } = first.logSigningKey()
      await first.close()

      const again = await opened(directory, manualClock(NOON + 1_000))
      expect(again.deploymentId).toBe(first.deploymentId)
      expect((await right(again.signingSecret(ref, owner))).signAcs3('x')).toBe(
        first.temporarySigningSecret(SECRET).signAcs3('x'),
      )
      expect(again.openSessionToken(token)).toEqual(sessionToken)
      expect(again.openText('page-marker', ACCOUNT, marker)).toBe('alice')
      expect(await right(again.openPersonal(ACCOUNT, USER, 'name', personal))).toBe('Alice')
      expect(again.logSigningKey().keyId).toBe(keyId)
      const { publicKey } = again.logSigningKey()
      expect(verify(null, Buffer.from('tree head'), publicKey, signature)).toBe(true)
      expect(verify(null, Buffer.from('tree heap'), publicKey, signature)).toBe(false)
      await again.close()
    }))

  it('given a folder or file that others can read, then it is refused', () =>
    inFolder(async (directory) => {
      await made(directory)
      const keyFile = path.join(directory, 'root.key')
      const file = path.join(directory, 'vault.sqlite')
      for (const mode of [0o750, 0o701, 0o720]) {
        fs.chmodSync(directory, mode)
        const shown = `0${mode.toString(8)}`
        expect(await refusal(directory)).toEqual({
          type: 'VaultDirectoryExposed',
          directory,
          mode: shown,
        })
      }
      fs.chmodSync(directory, 0o700)
      for (const mode of [0o640, 0o604, 0o620]) {
        fs.chmodSync(keyFile, mode)
        const shown = `0${mode.toString(8)}`
        expect(await refusal(directory)).toEqual({ type: 'KeyFileExposed', keyFile, mode: shown })
      }
      fs.chmodSync(keyFile, 0o400)
      fs.chmodSync(file, 0o644)
      expect(await refusal(directory)).toEqual({ type: 'VaultFileExposed', file, mode: '0644' })
      fs.chmodSync(file, 0o600)
      await made(directory)
    }))

  it('given a key that is not of the one form, then it is refused with its fault', () =>
    inFolder(async (directory) => {
      await made(directory)
      const keyFile = path.join(directory, 'root.key')
      const good = fs.readFileSync(keyFile, 'utf8')
      const faults: ReadonlyArray<readonly [string, string]> = [
        ['', 'size'],
        ['x'.repeat(2_000), 'size'],
        ['secret\n', 'form'],
        [good.slice(0, 30), 'form'],
        [`${good}\n`, 'form'],
        [good.replace('rk-1 ', 'rk-0 '), 'form'],
        [good.replace('\n', '=\n'), 'form'],
        [`rk-1 ${'A'.repeat(43)}\n`, 'weak'],
        [good + good, 'order'],
      ]
      for (const [text, fault] of faults) {
        fs.writeFileSync(keyFile, text)
        const found = await refusal(directory)
        expect(found).toEqual({ type: 'KeyFileMalformed', keyFile, fault })
        expect(JSON.stringify(found)).not.toContain(good.slice(5, 40))
      }
    }))

  it('given a lost key or that of another vault, then no new one is made', () =>
    inFolder((directory) =>
      inFolder(async (elsewhere) => {
        await made(directory)
        await made(elsewhere)
        const keyFile = path.join(directory, 'root.key')
        fs.rmSync(keyFile)
        expect(await refusal(directory)).toEqual({ type: 'KeyFileMissing', keyFile })
        expect(fs.existsSync(keyFile)).toBe(false)
        fs.copyFileSync(path.join(elsewhere, 'root.key'), keyFile)
        const detail = 'WrappedKeyRefused'
        expect(await refusal(directory)).toEqual({ type: 'RootKeyMismatch', detail })
      }),
    ))

  it('given a key file elsewhere, then it is used where its folder exists', () =>
    inFolder((directory) =>
      inFolder(async (elsewhere) => {
        const keyFile = path.join(elsewhere, 'grantlog.key')
        await (await opened(directory, manualClock(NOON), { keyFile })).close()
        expect(fs.existsSync(path.join(directory, 'root.key'))).toBe(false)
        await (await opened(directory, manualClock(NOON), { keyFile })).close()
        const missing = path.join(elsewhere, 'no', 'such.key')
        expect(await refusal(path.join(directory, 'x'), { keyFile: missing })).toEqual({
          type: 'KeyFileUnusable',
          keyFile: missing,
          detail: 'ENOENT',
        })
      }),
    ))

  it('given another deployment id than the one it has, then it is refused', () =>
    inFolder(async (directory) => {
      const clock = manualClock(NOON)
      await (await opened(directory, clock, { deploymentId: 'deployment-one' })).close()
      await (await opened(directory, clock, { deploymentId: 'deployment-one' })).close()
      expect(await refusal(directory, { deploymentId: 'deployment-two' })).toEqual({
        type: 'DeploymentMismatch',
        expected: 'deployment-two',
        actual: 'deployment-one',
      })
      const malformed = await refusal(directory, { deploymentId: 'no spaces' })
      expect(malformed.type).toBe('DeploymentIdMalformed')
    }))

  it('given a deployment id that was changed in the file, then its keys do not open', () =>
    inFolder(async (directory) => {
      await made(directory)
      const { openSqlite } = await import('../sqlite/driver.js')
      const database = openSqlite(path.join(directory, 'vault.sqlite'))
      if (E.isLeft(database)) throw new Error(database.left.type)
      database.right.exec("UPDATE facts SET value = 'deployment-two'")
      database.right.close()
      expect((await refusal(directory)).type).toBe('RootKeyMismatch')
    }))

  it('given a file that is no vault, then it is refused and left as it is', () =>
    inFolder(async (directory) => {
      await made(directory)
      const file = path.join(directory, 'vault.sqlite')
      fs.writeFileSync(file, 'this is not a database, and was never one'.repeat(200))
      expect((await refusal(directory)).type).toBe('VaultFileUnusable')
      fs.rmSync(file)
      const { openSqlite } = await import('../sqlite/driver.js')
      const database = openSqlite(file)
      if (E.isLeft(database)) throw new Error(database.left.type)
      database.right.exec('CREATE TABLE mine (x)')
      database.right.close()
      fs.chmodSync(file, 0o600)
      const fault = 'NotAVault'
      expect(await refusal(directory)).toEqual({ type: 'VaultFileForeign', file, fault })
    }))
})

describe('the bytes of a vault', () => {
  it('no secret, personal datum or key is in clear in any of them, open or closed', () =>
    inFolder(async (directory) => {
      const vault = await opened(directory, manualClock(NOON))
      await right(vault.putAccessKeySecret(ref, owner, SECRET))
      await right(vault.sealPersonal(ACCOUNT, USER, 'email', 'canary@example.com'))
      vault.sealSessionToken(sessionToken)
      vault.sealText('page-marker', ACCOUNT, 'canary-marker')
      const rootKey = fs.readFileSync(path.join(directory, 'root.key'), 'utf8').slice(5, 48)
      for (const moment of ['open', 'closed']) {
        if (moment === 'closed') await vault.close()
        const bytes = bytesIn(directory)
        expect(bytes.length).toBeGreaterThan(4_096)
        expect(bytes.includes('canary')).toBe(false)
        expect(bytes.includes(rootKey)).toBe(false)
        expect(bytes.includes(Buffer.from(rootKey, 'base64url'))).toBe(false)
      }
    }))

  it('given a destroyed secret or an erased person, then no byte of theirs is left', () =>
    inFolder(async (directory) => {
      const vault = await opened(directory, manualClock(NOON))
      await right(vault.putAccessKeySecret(ref, owner, SECRET))
      await right(vault.sealPersonal(ACCOUNT, USER, 'email', 'alice@example.com'))
      const { openSqlite } = await import('../sqlite/driver.js')
      const reader = openSqlite(path.join(directory, 'vault.sqlite'), { readOnly: true })
      if (E.isLeft(reader)) throw new Error(reader.left.type)
      const blob = (sql: string): Buffer =>
        Buffer.from(reader.right.prepare(sql).get()?.['blob'] as Uint8Array)
      const sealed = blob('SELECT sealed AS blob FROM secrets')
      const wrapped = blob("SELECT wrapped AS blob FROM keys WHERE kind = 'subject'")
      reader.right.close()
      expect(bytesIn(directory).includes(sealed)).toBe(true)
      expect(bytesIn(directory).includes(wrapped)).toBe(true)
      await right(vault.destroySecret(ref))
      await right(vault.eraseSubject(ACCOUNT, USER))
      expect(bytesIn(directory).includes(sealed)).toBe(false)
      expect(bytesIn(directory).includes(wrapped)).toBe(false)
      await vault.close()
      expect(bytesIn(directory).includes(sealed)).toBe(false)
      expect(bytesIn(directory).includes(wrapped)).toBe(false)
    }))
})
