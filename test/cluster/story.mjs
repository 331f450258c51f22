/**
 * A story that two replicas tell together: its outcome is the same whatever becomes of messages.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LAG_MS_MAX } from '@grantlog/engine'
import { clientAt, codeOf, insist, makeUser, settled } from './clients.mjs'

const READ_ONLY = 'AliyunRAMReadOnlyAccess'

/** How often each code came. */
const countOf = (codes) => {
  const counts = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** What the two replicas answer when they are asked the same at the same time. */
const onBoth = async (clients, operation, list) =>
  countOf(
    await Promise.all(
      list.flatMap((parameters) =>
        clients.map((client) => codeOf(client.ram(operation, parameters))),
      ),
    ),
  )

/** Credentials of each replica, used at both. */
const sessionsOf = async (apis, appKeys, roleArn) => {
  const codes = []
  for (const { endpoint } of apis) {
    const app = clientAt(endpoint, appKeys)
    const parameters = { roleArn, roleSessionName: 'story', durationSeconds: 900 }
    let credentials
    const assume = async () => {
      credentials = (await app.sts('AssumeRole', parameters)).credentials
    }
    codes.push(await settled(assume))
    for (const at of apis) {
      const session = clientAt(at.endpoint, credentials)
      codes.push(await settled(() => session.sts('GetCallerIdentity')))
    }
  }
  return countOf(codes)
}

/** Rights given through one replica and used at the other; then withdrawn, and used again. */
const rightsOf = async (apis, [one], userName, userKeys) => {
  const other = clientAt(apis[1].endpoint, userKeys)
  const use = () => other.ram('ListUsers', { maxItems: 1 })
  const attachment = { policyType: 'System', policyName: READ_ONLY, userName }
  const before = await settled(use)
  await one.ram('AttachPolicyToUser', attachment)
  const given = await insist(use, ['OK'])
  await one.ram('DetachPolicyFromUser', attachment)
  await sleep(LAG_MS_MAX)
  return [before, given, await settled(use)]
}

/** `name` keeps one telling apart from the next. */
export const tellStory = async ({ apis, rootKeys, appKeys, roleArn, name }) => {
  const clients = apis.map(({ endpoint }) => clientAt(endpoint, rootKeys))
  const userName = `${name}-reader`
  const userKeys = await makeUser(clients[0], userName)
  const user = clientAt(apis[1].endpoint, userKeys)
  await insist(() => user.sts('GetCallerIdentity'), ['OK'])
  const names = Array.from({ length: 8 }, (_, n) => ({ userName: `${name}-${n}` }))
  return {
    sameNames: await onBoth(clients, 'CreateUser', names),
    keysOfOneUser: await onBoth(clients, 'CreateAccessKey', [names[0], names[0], names[0]]),
    sessions: await sessionsOf(apis, appKeys, roleArn),
    rights: await rightsOf(apis, clients, userName, userKeys),
  }
}

/** Two replicas write to one account as fast as they can: every name and every key twice. */
export const writeAtFullSpeed = async ({ apis, rootKeys, count, writers }) => {
  const clients = apis.map(({ endpoint }) => clientAt(endpoint, rootKeys))
  const outcomes = { CreateUser: new Map(), CreateAccessKey: new Map() }
  const names = Array.from({ length: count }, (_, n) => `full-speed-${n}`)
  const say = async (client, operation, userName) => {
    const code = await codeOf(client.ram(operation, { userName }))
    outcomes[operation].set(userName, [...(outcomes[operation].get(userName) ?? []), code])
  }
  const drive = async (operation, times) => {
    const orders = clients.flatMap((client) => {
      const all = Array.from({ length: times }, () => names).flat()
      return Array.from({ length: writers }, (_, writer) => ({
        client,
        mine: all.filter((_, index) => index % writers === writer),
      }))
    })
    const write = async ({ client, mine }) => {
      for (const userName of mine) await say(client, operation, userName)
    }
    await Promise.all(orders.map(write))
  }
  await drive('CreateUser', 1)
  await drive('CreateAccessKey', 2)
  const sorted = (outcome) => [...outcome.values()].map((codes) => [...codes].sort())
  return { users: sorted(outcomes.CreateUser), keys: sorted(outcomes.CreateAccessKey) }
}
