/**
 * Clients that create users and assume a role through both replicas until they are stopped, and
 * remember what was acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { clientAt } from './clients.mjs'

/**
 * How long a client rests after a call, and after one that failed. Unit: milliseconds. A machine
 * that is busy with calls alone takes long to start a process.
 */
const REST_MS = { answered: 20, failed: 200 }

export const startLoad = ({ apis, rootKeys, appKeys, roleArn }) => {
  const acknowledged = { users: [], sessions: [] }
  const faults = new Map()
  let isOver = false

  /** One client, one call at a time. */
  const keepCalling = async (call) => {
    for (let n = 0; !isOver; n += 1)
      try {
        await call(n)
        await sleep(REST_MS.answered)
      } catch (fault) {
        const code = fault.code ?? fault.name
        faults.set(code, (faults.get(code) ?? 0) + 1)
        await sleep(REST_MS.failed)
      }
  }
  const clients = apis.flatMap(({ endpoint, name }) => {
    const [root, app] = [clientAt(endpoint, rootKeys), clientAt(endpoint, appKeys)]
    return [
      keepCalling(async (n) => {
        const { user } = await root.ram('CreateUser', { userName: `${name}-${n}` })
        acknowledged.users.push(user.userName)
      }),
      keepCalling(async () => {
        const parameters = { roleArn, roleSessionName: 'load', durationSeconds: 900 }
        const { credentials } = await app.sts('AssumeRole', parameters)
        acknowledged.sessions.push(credentials.accessKeyId)
      }),
    ]
  })
  return {
    acknowledged,
    /** How many calls failed with which code. */
    faults: () => Object.fromEntries(faults),
    stop: async () => {
      isOver = true
      await Promise.all(clients)
    },
  }
}
