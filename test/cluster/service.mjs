/**
 * A process of a cluster: it keeps its port and its folder, so it can be killed and started again,
 * or paused.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a process may take until it is ready on a busy machine. Unit: milliseconds. */
const READY_MS_MAX = 120_000

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** What a process gets to see of the environment: nothing that would configure it, but `own`. */
const environment = (own) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GRANTLOG_/.test(name))),
  ...own,
})

/** Waits for something to be so, and says what was waited for when it does not come about. */
export const until = async (what, isSo, ms = READY_MS_MAX) => {
  const deadline = performance.now() + ms
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`in ${ms} ms it did not come about: ${what}`)
    await sleep(20)
  }
}

export const startService = ({ name, script, port, args, env, directory }) => {
  const output = join(directory, `${name}.log`)
  const endpoint = `http://127.0.0.1:${port}`
  let child
  let ended
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)

  const start = () => {
    const file = openSync(output, 'a')
    child = spawn(process.execPath, [script, '--port', String(port), ...args], {
      env: environment(env),
      stdio: ['ignore', file, file],
    })
    closeSync(file)
    ended = once(child, 'exit')
  }
  const end = async (signal) => {
    child.kill(signal)
    await ended
  }
  /** What an operator sees; null while there is nobody to say it. */
  const status = async () => {
    try {
      return await (
        await fetch(`${endpoint}/readyz`, { signal: AbortSignal.timeout(2_000) })
      ).json()
    } catch {
      return null
    }
  }
  const ready = () =>
    until(`${name} is ready`, async () => {
      if (child.exitCode === null) return (await status())?.ready === true
      throw new Error(`${name} ended: ${readFileSync(output, 'utf8').slice(-2_000)}`)
    })
  start()
  return {
    name,
    script,
    endpoint,
    port,
    status,
    ready,
    restart: start,
    kill: () => end('SIGKILL'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    /** The exit code of a clean stop; one that is paused goes on first. */
    stop: async () => {
      child.kill('SIGCONT')
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM')
      process.off('exit', endWithUs)
      return child.exitCode
    },
  }
}
