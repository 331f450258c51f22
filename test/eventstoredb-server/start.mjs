/**
 * Starts the test server as a child process on a free loopback port, and orders its faults.
 *
 * It is a process of its own because two sets of EventStoreDB's stubs can't live in one, and so
 * that it can be killed.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./main.mjs', import.meta.url))

/** What docker-compose.yml sets for the real server. Unit: bytes. */
const APPEND_BYTES_MAX = 8 * 1024 * 1024

export const startEventStoreServer = async ({
  directory,
  port = 0,
  batchAppend = true,
  maxAppendBytes = APPEND_BYTES_MAX,
  systemEventEvery = 50,
  tls,
  user,
} = {}) => {
  const flags = { directory, port, batchAppend, maxAppendBytes, systemEventEvery, tls, user }
  const child = fork(MAIN, [JSON.stringify(flags)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), exited.then(() => null)])
  if (first === null) throw new Error('the EventStoreDB test server did not start')
  const [{ port: bound }] = first

  const waiting = new Map()
  let orders = 0
  child.on('message', ({ id, ...state }) => {
    waiting.get(id)?.(state)
    waiting.delete(id)
  })
  const order = (message) =>
    new Promise((resolve, reject) => {
      orders += 1
      waiting.set(orders, resolve)
      child.send({ ...message, id: orders }, (error) => error && reject(error))
    })
  const end = async (signal) => {
    child.kill(signal)
    await exited
  }
  return {
    port: bound,
    pid: child.pid,
    connectionString: `esdb://127.0.0.1:${bound}?tls=${tls !== undefined}`,
    fault: (set) => order({ set }),
    endSubscriptions: (how) => order({ end: how }),
    state: () => order({}),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
