/**
 * The real standalone server as a process of its own, on a port that the system chooses and a
 * folder that is thrown away.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  'services',
  'standalone',
  'dist',
  'main.js',
)
const START_MS_MAX = 20_000

/** Linux counts processor time in hundredths of a second. Unit: microseconds. */
const TICK_US = 10_000

/** What the server gets to see of the environment: nothing that would configure it. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GRANTLOG_')))

const readCredentials = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Whether the server answers that it is ready. */
const isReady = async (endpoint) => {
  try {
    return (await fetch(`${endpoint}/readyz`)).status === 200
  } catch {
    return false
  }
}

/** A profile that was asked for of this process is wanted of the server even more. */
const profileFlags = () => process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'))

/** As `npm start` has it. */
const YOUNG_GENERATION = '--max-semi-space-size=64'

/** Processor time by a file of /proc, in microseconds; NaN where there is none. */
export const cpuOf = (file) => {
  try {
    const fields = readFileSync(file, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_US
  } catch {
    return Number.NaN
  }
}

/**
 * Starts it. The answer has the root's key, the port, and the processor time that all of its
 * threads and its main thread have used.
 */
export const startServer = async (directory) => {
  const file = join(directory, 'root.json')
  const data = join(directory, 'data')
  const args = ['--port', '0', '--data', data, '--root-credentials', file, '--log-level', 'warn']
  const child = spawn(process.execPath, [...profileFlags(), YOUNG_GENERATION, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment(),
    cwd: directory,
  })
  child.stdout.resume()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)
  const stop = async () => {
    child.kill('SIGTERM')
    const code = await ended
    process.off('exit', killed)
    return code
  }

  const until = performance.now() + START_MS_MAX
  while (performance.now() < until && child.exitCode === null) {
    const root = existsSync(file) ? readCredentials(file) : null
    if (root !== null && (await isReady(root.endpoint)))
      return {
        root,
        port: Number(new URL(root.endpoint).port),
        cpu: () => ({
          all: cpuOf(`/proc/${child.pid}/stat`),
          main: cpuOf(`/proc/${child.pid}/task/${child.pid}/stat`),
        }),
        stop,
      }
    await sleep(50)
  }
  await stop()
  throw new Error('wrong: the standalone server does not become ready')
}
