/** Making a folder for its owner alone. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeDirectory } from './make-directory.js'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'grantlog-make-directory-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('makeDirectory', () => {
  it('given a path with nothing on the way, then each folder of it is for its owner alone', () => {
    makeDirectory(join(base, 'a', 'b'))
    for (const path of ['a', 'a/b']) expect(statSync(join(base, path)).mode & 0o777).toBe(0o700)
  })
  it('given a folder that is there, then it stays as it is', () => {
    makeDirectory(join(base, 'a'))
    writeFileSync(join(base, 'a', 'kept'), '')
    makeDirectory(join(base, 'a'))
    expect(statSync(join(base, 'a', 'kept')).isFile()).toBe(true)
  })
  it('given a file on the way, then it throws', () => {
    writeFileSync(join(base, 'file'), '')
    expect(() => makeDirectory(join(base, 'file', 'a'))).toThrow('ENOTDIR')
  })
  it.runIf(process.platform === 'linux')(
    'given a place that takes no folders, then it throws',
    () => {
      expect(() => makeDirectory('/proc/grantlog/data')).toThrow('ENOENT')
    },
  )
})
