/**
 * Installs and builds what is missing, and nothing that is there: run by `npm start`, `npm test`
 * and the others.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const run = (what, command, args, isQuiet = false) => {
  if (!isQuiet) process.stderr.write(`${what} …\n`)
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    process.stderr.write(`${what}: failed. The lines above say why.\n`)
    process.exit(1)
  }
}

/**
 * npm writes this file last, so it is older than the lock exactly when the lock has changed
 * since.
 */
const installed = join(root, 'node_modules', '.package-lock.json')
const lock = join(root, 'package-lock.json')
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  run('Installing the packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

// The compiler is incremental: with nothing to do it takes about a second and says nothing.
const isBuilt = existsSync(join(root, 'services', 'standalone', 'dist', 'main.js'))
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
run('Building', process.execPath, [compiler, '-b'], isBuilt)
