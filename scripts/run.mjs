/**
 * Installs and builds what is missing, then runs a built file in this very process:
 * `node scripts/run.mjs <file> [arguments]`.
 *
 * npm puts a shell between itself and this process and sends its signals to the shell, which ends
 * without a word. So a process that npm has started stops when its parent is gone.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import './setup.mjs'

const PARENT_EVERY_MS = 200

if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_EVERY_MS)
  watch.unref()
}

const [node = '', , file = '', ...args] = process.argv
const path = resolve(file)
process.argv = [node, path, ...args]
await import(pathToFileURL(path).href)
