/** The typed client against the running server: what is recorded, what it needed, and what if. */
import { openClient } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'

let journey: Journey
let client: ReturnType<typeof openClient>
beforeAll(async () => {
  journey = await startJourney()
  client = openClient({ endpoint: journey.endpoint, credentials: journey.root })
})
afterAll(() => journey.end())

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const ram = async (name: string, parameters: Readonly<Record<string, string>>) =>
  right(await client.operation('Ram', name, parameters))

/** Records are written in the background: asked again until there is one. */
const recordsOf = async (principal: string) => {
  for (;;) {
    const answer = right(await client.access(journey.accountId, { principal, action: 'ots:' }))
    if (answer.records.length > 0) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const POLICY = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess' }

describe('recorded access through the client', () => {
  it('given a setting, then it is kept, and a wrong one is refused', async () => {
    const { accountId } = journey
    const chosen = { recording: 'Sampled', oneIn: 7 } as const
    expect(right(await client.setAccessRecording(accountId, chosen)).recording).toEqual({
      type: 'Sampled',
      oneIn: 7,
    })
    expect(right(await client.accessRecording(accountId)).recording).toMatchObject({ oneIn: 7 })
    const wrong = await client.setAccessRecording(accountId, { recording: 'Sampled', oneIn: 1 })
    expect(wrong).toMatchObject({ left: { type: 'Refused', problem: { pointer: '/oneIn' } } })
  })

  it('given a recorded call, then it is listed, replayed, and its grant is in use', async () => {
    const { accountId } = journey
    const principal = `acs:ram::${accountId}:user/alice`
    right(await client.setAccessRecording(accountId, { recording: 'All' }))
    await ram('CreateUser', { UserName: 'alice' })
    await ram('AttachPolicyToUser', { ...POLICY, UserName: 'alice' })
    const resource = `acs:ots:*:${accountId}:instance/orders`
    right(await client.decide({ principal, action: 'ots:GetRow', resource }))

    const { records, next } = await recordsOf(principal)
    expect(records).toMatchObject([{ action: 'ots:GetRow', outcome: 'Allowed', code: '' }])
    expect(next).toBeNull()

    const same = right(await client.replay({ principal }))
    expect(same.totals).toMatchObject({ judged: 1, drift: 0, allowToDeny: 0 })
    const named = { policyType: 'System', policyName: POLICY.PolicyName } as const
    const change = { type: 'Detach', ...named, target: principal } as const
    const without = right(await client.replay({ principal, change }))
    expect(without.totals.allowToDeny).toBe(1)
    expect(without.groups).toMatchObject([{ change: 'AllowToDeny', name: 'alice', count: 1 }])
    const [group] = without.groups
    expect(group?.before[0]?.grant?.since).toMatchObject({ eventType: 'PolicyAttached' })
    expect(without).toMatchObject({ leftOut: 0, next: null })
    const each: unknown[] = []
    for await (const group of client.eachReplayGroup({ principal, change })) each.push(group)
    for await (const none of client.eachReplayGroup({ principal: 'nobody' })) each.push(none)
    expect(each).toEqual([
      ...without.groups.map((group) => E.right(group)),
      E.left(expect.objectContaining({ type: 'Refused' })),
    ])

    const { principals } = right(await client.unused({ since: 0, principal }))
    expect(principals).toMatchObject([{ name: 'alice', allowed: 1, grants: [{ isUsed: true }] }])
    const since = principals[0]?.grants[0]?.since
    expect(since?.actor?.principalType).toBe('Root')
    const nobody = await client.unused({ since: 'noon', principal })
    expect(nobody).toMatchObject({ left: { type: 'Refused', problem: { parameter: 'since' } } })
  })
})
