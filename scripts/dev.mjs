/**
 * The standalone server for working on grantlog: rebuilds when a source changes, starts again, and
 * keeps its data and its root AccessKey in `data/dev`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const data = join(root, 'data', 'dev')
mkdirSync(dirname(data), { recursive: true, mode: 0o700 })

const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })

const compiler = start([join('node_modules', 'typescript', 'bin', 'tsc'), '-b', '--watch'])
const server = start([
  '--watch',
  '--watch-preserve-output',
  join('services', 'standalone', 'dist', 'main.js'),
  '--data',
  data,
  '--root-credentials',
  join(data, '..', 'dev-root.json'),
  '--log-level',
  'debug',
])

const stop = () => {
  compiler.kill('SIGTERM')
  server.kill('SIGTERM')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
compiler.on('exit', stop)
