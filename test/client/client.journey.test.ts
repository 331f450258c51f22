/** The typed client against the running server: every path it has a word for, and its errors. */
import { openClient, sentenceOf } from '@grantlog/client'
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

const collect = async <A>(items: AsyncIterable<E.Either<unknown, A>>): Promise<A[]> => {
  const all: A[] = []
  for await (const item of items) all.push(right(item))
  return all
}

const arn = (rest: string): string => `acs:ram::${journey.accountId}:${rest}`
const trust = () =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [arn('root')] } }],
  })

const ram = async (name: string, parameters: Readonly<Record<string, string>>) =>
  right(await client.operation('Ram', name, parameters))

const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', UserName: 'alice' }

describe('the client', () => {
  it('given changes, then each question sees them at once, then and now', async () => {
    await ram('CreateUser', { UserName: 'alice' })
    const resource = `acs:ots:*:${journey.accountId}:instance/orders`
    const question = { principal: arn('user/alice'), action: 'ots:GetRow', resource }
    const before = right(await client.can(question))
    await ram('AttachPolicyToUser', OTS)
    const why = right(await client.why(question))
    const decided = right(await client.decide({ ...question, resource: [resource] }))
    const then = right(await client.can({ ...question, position: before.position }))
    expect([before.allowed, why.allowed, decided.allowed, then.allowed]).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(why.statements.some(({ matched }) => matched)).toBe(true)
    expect(why.deciding[0]?.grant?.since.actor?.arn).toBe(arn('root'))
    expect(why.grants[0]?.attached).toEqual(why.deciding[0]?.grant?.attached)
    expect(decided.deciding[0]?.policy.policyName).toBe('AliyunOTSReadOnlyAccess')
  })

  it('given pages, then they and the lines tell of the same events', async () => {
    for (let index = 0; index < 30; index += 1) await ram('CreateGroup', { GroupName: `g${index}` })
    const streamed = await collect(client.eachEvent(journey.accountId))
    const paged: unknown[] = []
    let after: string | null | undefined
    while (after !== null) {
      const page = after === undefined ? { limit: 7 } : { limit: 7, after }
      const { events, next } = right(await client.events(journey.accountId, page))
      paged.push(...events)
      after = next
    }
    expect(paged.length).toBeGreaterThan(30)
    expect(streamed).toEqual(paged)
    const entries = await collect(client.eachEntry({ principal: arn('user/alice') }))
    const timeline = right(await client.timeline({ principal: arn('user/alice') }))
    expect(entries).toEqual(timeline.entries)
    expect(entries.map(({ change }) => change.type)).toEqual(['Created', 'PolicyAttached'])
  })

  it('given a session, then it is listed, it can ask, and it ends', async () => {
    const RoleName = 'reader'
    await ram('CreateRole', { RoleName, AssumeRolePolicyDocument: trust() })
    const all = { PolicyType: 'System', PolicyName: 'AdministratorAccess' }
    await ram('AttachPolicyToRole', { ...all, RoleName })
    await ram('AttachPolicyToUser', { ...all, UserName: 'alice' })
    const { AccessKey } = (await ram('CreateAccessKey', { UserName: 'alice' })) as {
      readonly AccessKey: { readonly AccessKeyId: string; readonly AccessKeySecret: string }
    }
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey
    const alice = openClient({
      endpoint: journey.endpoint,
      credentials: { accessKeyId, accessKeySecret },
    })
    const assumed = { RoleArn: arn('role/reader'), RoleSessionName: 'app' }
    const { Credentials } = right(await alice.operation('Sts', 'AssumeRole', assumed)) as {
      readonly Credentials: Readonly<Record<string, string>>
    }
    const session = openClient({
      endpoint: journey.endpoint,
      credentials: async () => ({
        accessKeyId: Credentials['AccessKeyId'] ?? '',
        accessKeySecret: Credentials['AccessKeySecret'] ?? '',
        securityToken: Credentials['SecurityToken'] ?? '',
      }),
    })
    const listed = right(await session.sessions(journey.accountId, { role: RoleName }))
    expect(listed.sessions).toHaveLength(1)
    expect(await collect(session.eachSession(journey.accountId))).toEqual(listed.sessions)
    const sessionId = listed.sessions[0]?.sessionId ?? ''
    expect(right(await client.revoke(sessionId)).revoked).toBe(true)
    const key = { accessKey: Credentials['AccessKeyId'] ?? '' }
    expect(right(await client.timeline(key))).toMatchObject({
      id: sessionId,
      end: { type: 'Revoked' },
    })
    expect(right(await client.timeline({ principal: arn('root') })).id).toBe(journey.accountId)
    expect(right(await client.signIns({ user: arn('user/alice') })).events).toEqual([])
    expect(await collect(client.eachSignIn())).toEqual([])
    const refused = await session.sessions(journey.accountId)
    expect(refused).toMatchObject({ left: { type: 'Refused' } })
    const { events } = right(await client.refusedUses())
    expect(events).toMatchObject([
      { data: { reason: 'SessionRevoked', proof: 'Right', sessionId } },
    ])
    expect(await collect(client.eachRefusedUse())).toEqual(events)
  })

  it('given a fault, then it is a typed problem that names what is wrong', async () => {
    const question = { principal: 'alice', action: 'ots:GetRow', resource: '*' }
    const malformed = await client.can(question)
    expect(malformed).toMatchObject({
      left: { type: 'Refused', problem: { code: 'InvalidQuery', parameter: 'principal' } },
    })
    const unknown = { ...journey.root, accessKeyId: 'LTAI5tNobodyHasThisKey01' }
    const stranger = openClient({ endpoint: journey.endpoint, credentials: unknown })
    const refused = await stranger.operation('Sts', 'GetCallerIdentity')
    expect(refused).toMatchObject({ left: { type: 'Refused' } })
    expect(E.isLeft(refused) && sentenceOf(refused.left)).not.toBe('')
    const nobody = await collect(client.eachEntry({ principal: arn('user/nobody') })).catch(String)
    expect(nobody).toContain('EntityNotExist.Principal')
  })
})
