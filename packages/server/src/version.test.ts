/** One version for all: what a process says it is, and what each package is. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VERSION } from './version.js'

const ROOT = new URL('../../../', import.meta.url)

const versionIn = (path: string): string =>
  JSON.parse(readFileSync(new URL(`${path}package.json`, ROOT), 'utf8')).version

it('given the packages and services, then each has the version that processes tell', () => {
  const folders = ['packages', 'services'].flatMap((kind) =>
    readdirSync(new URL(`${kind}/`, ROOT)).map((name) => `${kind}/${name}/`),
  )
  expect(folders.length).toBeGreaterThan(8)
  expect(folders.filter((folder) => versionIn(folder) !== VERSION)).toEqual([])
  expect(versionIn('')).toBe(VERSION)
})
