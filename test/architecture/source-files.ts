/** The source files of the repository, as the architecture tests read them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage', 'data'])

const walk = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })

const inOrder = walk(ROOT)
  .map((path) => relative(ROOT, path).split(sep).join('/'))
  .sort()

/** Paths relative to the root, with forward slashes, sorted. */
export const filesMatching = (pattern: RegExp): ReadonlyArray<string> =>
  inOrder.filter((path) => pattern.test(path))

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/**
 * The TypeScript of packages and services without tests: what is shipped, and what tests are given.
 */
export const productionFiles = (): ReadonlyArray<string> =>
  filesMatching(/^(packages|services)\/[^/]+\/src\/.*\.ts$/).filter(
    (path) => !path.endsWith('.test.ts'),
  )
