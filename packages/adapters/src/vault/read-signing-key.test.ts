/** The public key of the log's signer, read without touching the vault. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../system/clock.js'
import { openVault } from './open-vault.js'
import { readLogSigningKey } from './read-signing-key.js'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'grantlog-signing-key-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const opened = async (directory: string) => {
  const vault = await openVault({ directory, clock: systemClock })
  if (E.isLeft(vault)) throw new Error(vault.left.type)
  return vault.right
}
const read = (directory: string) => readLogSigningKey({ directory, clock: systemClock })
const faultIn = (directory: string): string => {
  const key = read(directory)
  return E.isLeft(key) ? key.left.type : 'none'
}

describe('readLogSigningKey', () => {
  it('given a vault in use and a copy of one, then both give the key that signs', async () => {
    const directory = join(base, 'vault')
    const vault = await opened(directory)
    const { publicKey } = vault.logSigningKey()
    const beside = read(directory)
    expect(E.isRight(beside) && beside.right.equals(publicKey)).toBe(true)
    await vault.close()

    const copy = join(base, 'copy')
    cpSync(directory, copy, { recursive: true })
    const before = readFileSync(join(copy, 'vault.sqlite'))
    const copied = read(copy)
    expect(E.isRight(copied) && copied.right.equals(publicKey)).toBe(true)
    expect(readFileSync(join(copy, 'vault.sqlite')).equals(before)).toBe(true)
  })

  it('given no vault, no key file or the key file of another, then nothing is made', async () => {
    expect(faultIn(base)).toBe('VaultFileUnusable')
    expect(readdirSync(base)).toEqual([])

    const [mine, other] = [join(base, 'mine'), join(base, 'other')]
    for (const directory of [mine, other]) await (await opened(directory)).close()
    const keyFile = join(mine, 'root.key')
    rmSync(keyFile)
    expect(faultIn(mine)).toBe('KeyFileMissing')
    expect(existsSync(keyFile)).toBe(false)
    cpSync(join(other, 'root.key'), keyFile)
    expect(faultIn(mine)).toBe('RootKeyMismatch')
  })
})
