/**
 * Concurrent clients that write to a server until it is gone, and remember what it acknowledged.
 */
import { Agent, request } from 'node:http'
import { queryOf, signedHeaders } from '../signing/acs3.mjs'

/** Signs and calls; resolves with the status and the body, rejects when the connection breaks. */
export const call = ({ agent, endpoint, keys, clockOffset }, version, action, parameters) =>
  new Promise((resolve, reject) => {
    const url = new URL(endpoint)
    const query = queryOf(parameters)
    const now = Date.now() + clockOffset
    const headers = signedHeaders({ host: url.host, query, action, version, keys, now })
    const sent = request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: 'POST',
        path: query === '' ? '/' : `/?${query}`,
        headers,
      },
      (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode, body: JSON.parse(body) })
          } catch (fault) {
            reject(fault)
          }
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end()
  })

const RAM = '2015-05-01'
const STS = '2015-04-01'

/** The user and the role that every round uses; making them again is refused, which is as good. */
const prepare = async (connection, accountId) => {
  const trust = {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: `acs:ram::${accountId}:root` },
      },
    ],
  }
  await call(connection, RAM, 'CreateUser', { UserName: 'assumer' })
  await call(connection, RAM, 'AttachPolicyToUser', {
    PolicyType: 'System',
    PolicyName: 'AliyunSTSAssumeRoleAccess',
    UserName: 'assumer',
  })
  await call(connection, RAM, 'CreateRole', {
    RoleName: 'worker',
    AssumeRolePolicyDocument: JSON.stringify(trust),
  })
  const made = await call(connection, RAM, 'CreateAccessKey', { UserName: 'assumer' })
  return made.status === 200
    ? {
        accessKeyId: made.body.AccessKey.AccessKeyId,
        accessKeySecret: made.body.AccessKey.AccessKeySecret,
      }
    : null
}

let assumerKeys = null

/**
 * One client: creates users, gives each a group and a policy in turn, deletes some, and assumes
 * the role.
 */
const write = async (connection, { accountId }, round, writer, acknowledged) => {
  for (let n = 0; ; n++) {
    const name = `u-${round}-${writer}-${n}`
    acknowledged.uncertain.add(name)
    const created = await call(connection, RAM, 'CreateUser', { UserName: name })
    if (created.status !== 200) throw new Error(`${name}: ${JSON.stringify(created.body)}`)
    acknowledged.uncertain.delete(name)
    acknowledged.users.add(name)
    if (n % 3 === 0) {
      acknowledged.uncertain.add(name)
      const deleted = await call(connection, RAM, 'DeleteUser', { UserName: name })
      if (deleted.status !== 200) throw new Error(`${name}: ${JSON.stringify(deleted.body)}`)
      acknowledged.uncertain.delete(name)
      acknowledged.users.delete(name)
      acknowledged.deleted.add(name)
    }
    if (assumerKeys !== null && n % 2 === 0) {
      const assumed = await call({ ...connection, keys: assumerKeys }, STS, 'AssumeRole', {
        RoleArn: `acs:ram::${accountId}:role/worker`,
        RoleSessionName: `s-${writer}`,
        DurationSeconds: 900,
      })
      if (assumed.status !== 200) throw new Error(JSON.stringify(assumed.body))
      acknowledged.sessions.add(assumed.body.Credentials.AccessKeyId)
    }
  }
}

const WRITERS = 8

/**
 * Faults of a dying connection; anything else that a writer throws is a broken promise of the
 * server.
 */
const isConnectionFault = (fault) =>
  ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(fault.code) || fault.message === 'aborted'

export const startWriters = ({ endpoint, credentials, round, clockOffset, acknowledged }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS })
  const connection = { agent, endpoint, clockOffset, keys: credentials }
  const tolerant = async (work) => {
    try {
      await work()
    } catch (fault) {
      if (!isConnectionFault(fault)) throw fault
    }
  }
  const ended = (async () => {
    await tolerant(async () => {
      assumerKeys = (await prepare(connection, credentials.accountId)) ?? assumerKeys
    })
    await Promise.all(
      Array.from({ length: WRITERS }, (_, writer) =>
        tolerant(() => write(connection, credentials, round, writer, acknowledged)),
      ),
    )
    agent.destroy()
  })()
  return { ended }
}
