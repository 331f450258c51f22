/**
 * Withdraws a user's rights through one replica and then uses them at another: a call that is sent
 * later than the bound after the withdrawal was acknowledged must not be allowed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LAG_MS_MAX } from '@grantlog/engine'
import { clientAt, codeOf, insist, settled } from './clients.mjs'

const POLICY = { policyType: 'System', policyName: 'AliyunRAMReadOnlyAccess' }

/** Two ways to withdraw: the policy of a user, and its key. */
const waysOf = (userName, { accessKeyId }) => {
  const attachment = { ...POLICY, userName }
  const key = (status) => ({ userName, userAccessKeyId: accessKeyId, status })
  return [
    {
      grant: ['AttachPolicyToUser', attachment, ['OK', 'EntityAlreadyExists.User.Policy']],
      withdraw: ['DetachPolicyFromUser', attachment, ['OK', 'EntityNotExist.User.Policy']],
      denials: ['NoPermission'],
    },
    {
      grant: ['UpdateAccessKey', key('Active'), ['OK']],
      withdraw: ['UpdateAccessKey', key('Inactive'), ['OK']],
      denials: ['InvalidAccessKeyId.Inactive'],
    },
  ]
}

/** Goes round through both replicas in both directions until it is stopped; rounds are whole. */
export const startRevocations = ({ apis, rootKeys, userName, userKeys }) => {
  const ways = waysOf(userName, userKeys)
  const seen = { withdrawals: 0, denied: 0, allowed: 0, breaches: [] }
  let isOver = false

  const round = async (n) => {
    const [from, at] = n % 2 === 0 ? apis : [...apis].reverse()
    const { grant, withdraw, denials } = ways[(n >> 1) % ways.length]
    const root = clientAt(from.endpoint, rootKeys)
    const user = clientAt(at.endpoint, userKeys)
    const use = () => codeOf(user.ram('ListUsers', { maxItems: 1 }))
    const order = ([operation, parameters, codes]) =>
      insist(() => root.ram(operation, parameters), codes)

    await order(grant)
    await insist(() => user.ram('ListUsers', { maxItems: 1 }), ['OK'])
    seen.allowed += 1
    await order(withdraw)
    seen.withdrawals += 1
    await sleep(LAG_MS_MAX)
    for (let calls = 0; calls < 3; calls += 1) {
      const code = await use()
      if (denials.includes(code)) seen.denied += 1
      if (code === 'OK') seen.breaches.push({ round: n, operation: withdraw[0], at: at.name })
    }
    // Whatever comes next withdraws something else, and needs this.
    await order(grant)
  }
  const run = async () => {
    for (let n = 0; !isOver; n += 1) await round(n)
  }
  const finished = run()
  return {
    seen,
    stop: async () => {
      isOver = true
      await finished
    },
  }
}

/** Withdraws, in each way, while the other replica is paused; answers what that one says then. */
export const withdrawWhilePaused = async ({ apis, rootKeys, userName, userKeys }) => {
  const codes = []
  for (const [index, at] of apis.entries())
    for (const { grant, withdraw } of waysOf(userName, userKeys)) {
      const root = clientAt(apis[1 - index].endpoint, rootKeys)
      const user = clientAt(at.endpoint, userKeys)
      const use = () => user.ram('ListUsers', { maxItems: 1 })
      const order = ([operation, parameters, ends]) =>
        insist(() => root.ram(operation, parameters), ends)
      await order(grant)
      await insist(use, ['OK'])
      at.pause()
      await order(withdraw)
      await sleep(LAG_MS_MAX)
      const used = settled(use)
      at.resume()
      codes.push(await used)
      await order(grant)
    }
  return codes
}
