/** The typed client against the running server: the questions about the past, and the entities. */
import { openClient } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../journeys/server.js'

let journey: Journey
let client: ReturnType<typeof openClient>
let start: number

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
const ram = async (name: string, parameters: Readonly<Record<string, string>>) =>
  right(await client.operation('Ram', name, parameters))
const alice = () => arn('user/alice')
const orders = () => `acs:ots:*:${journey.accountId}:instance/orders`
const asked = () => ({ principal: alice(), action: 'ots:GetRow', resource: orders() })

const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', UserName: 'alice' }

beforeAll(async () => {
  journey = await startJourney()
  client = openClient({ endpoint: journey.endpoint, credentials: journey.root })
  await ram('CreateUser', { UserName: 'alice' })
  await ram('CreateUser', { UserName: 'bob' })
  start = right(await client.can(asked())).position
  await ram('AttachPolicyToUser', OTS)
  await ram('DetachPolicyFromUser', OTS)
  await ram('AttachPolicyToUser', OTS)
})
afterAll(() => journey.end())

describe('accounts through the client', () => {
  it('given one more is opened, then it is listed', async () => {
    const opened = right(await client.openAccount())
    const listed = await collect(client.eachAccount())
    expect(listed.map(({ accountId }) => accountId)).toEqual([journey.accountId, opened.accountId])
    expect(right(await client.accounts({ limit: 1 })).accounts).toEqual(listed.slice(0, 1))
  })
})

describe('questions about the past through the client', () => {
  it('given a right that came and went, then who had it and when is told', async () => {
    const { action, resource } = asked()
    const page = right(await client.whoCan({ action, resource, limit: 1 }))
    expect(page.principals.map(({ principal }) => principal)).toEqual([arn('root')])
    const rest = right(await client.whoCan({ action, resource, after: page.next ?? '' }))
    const all = await collect(client.eachWhoCan({ action, resource }))
    expect(all).toEqual([...page.principals, ...rest.principals])
    expect(all.map(({ principal }) => principal)).toEqual([arn('root'), alice()])
    const then = { action, resource, position: start, type: 'User' } as const
    expect(await collect(client.eachWhoCan(then))).toEqual([])

    const what = right(
      await client.whatCan({ principal: alice(), resource, actions: [action, 'ots:PutRow'] }),
    )
    expect(what.actions.find((each) => each.action === action)).toMatchObject({ allowed: true })

    const stretches = await collect(client.eachStretch(asked()))
    expect(stretches.map(({ outcome }) => outcome)).toEqual([
      'ImplicitDeny',
      'Allow',
      'ImplicitDeny',
      'Allow',
    ])
    const whole = right(await client.decisionTimeline({ ...asked(), limit: 2 }))
    expect(whole.stretches).toEqual(stretches.slice(0, 2))
    const since = right(await client.since(asked()))
    expect(since.since).toEqual(stretches.at(-1)?.from)
  })

  it('given two moments, then what is different is told of one and of all', async () => {
    const probes = [{ action: 'ots:GetRow', resource: orders() }]
    const one = right(await client.diff({ from: start, principal: alice(), probes }))
    if (one.subject !== 'principal') throw new Error(one.subject)
    expect(one.diff.gained).toHaveLength(1)
    expect(one.probes).toMatchObject([{ before: { allowed: false }, after: { allowed: true } }])
    const [through] = one.probes[0]?.after.deciding ?? []
    expect(through?.grant?.since.eventType).toBe('PolicyAttached')
    const changed = await collect(client.eachChanged({ from: start }))
    expect(changed.map(({ name }) => name)).toEqual(['alice'])
    const missing = await client.diff({ from: 'noon' })
    expect(missing).toMatchObject({ left: { type: 'Refused', problem: { parameter: 'from' } } })
  })

  it('given grants without use, then each principal of the account is told of', async () => {
    const unused = await collect(client.eachUnused({ since: 0 }))
    expect(unused.map(({ name }) => name)).toEqual(['alice', 'bob'])
    const first = right(await client.unused({ since: 0, limit: 1 }))
    expect(first.principals).toEqual(unused.slice(0, 1))
    expect(await collect(client.eachAccess(journey.accountId, { action: 'ots:' }))).toEqual([])
  })

  it('given no such session, then it is a typed refusal, in pages and one by one', async () => {
    const sessionId = '0197d3c5-0000-7000-8000-000000000000'
    const code = 'EntityNotExist.Session'
    expect(await client.replaySession(sessionId)).toMatchObject({ left: { problem: { code } } })
    for await (const deed of client.eachDeed(sessionId))
      expect(deed).toMatchObject({ left: { type: 'Refused', problem: { code } } })
  })
})

describe('entities through the client', () => {
  it('given some that are registered, then they are listed, and removed again', async () => {
    const subjects = ['s1', 's2', 's3'].map((id) => ({ type: 'user', id, actsAs: [alice()] }))
    expect(right(await client.putEntities({ subjects })).registered).toBe(3)
    expect(right(await client.putEntities({ subjects })).unchanged).toBe(3)
    const question = { kind: 'subject', type: 'user' } as const
    const page = right(await client.entities({ ...question, limit: 2 }))
    const each = await collect(client.eachEntity(question))
    expect(each.slice(0, 2)).toEqual(page.entities)
    expect(each).toMatchObject([{ id: 's1', actsAs: [alice()] }, { id: 's2' }, { id: 's3' }])
    const removed = await client.removeEntities({ subjects: [{ type: 'user', id: 's2' }] })
    expect(right(removed).removed).toBe(1)
    expect(await collect(client.eachEntity({ ...question, id: 's2' }))).toEqual([])
    const again = await client.putEntities({ subjects: [{ type: 'no type', id: 'x' }] })
    expect(again).toMatchObject({ left: { type: 'Refused' } })
  })
})

describe('reasons', () => {
  it('given one in any script, then it is kept as it was written', async () => {
    const reason = 'утечка ключа, 密钥泄露, clé volée'
    const order = { UserName: 'carol', Comments: 'x' }
    right(await client.operation('Ram', 'CreateUser', order, { reason, ticket: 'БЗ-1' }))
    const { entries } = right(await client.timeline({ principal: arn('user/carol') }))
    expect(entries[0]).toMatchObject({ reason, ticket: 'БЗ-1' })
  })

  it('given them as options of every typed order, then the events have them', async () => {
    const { events: before } = right(await client.events(journey.accountId, { limit: 1000 }))
    const notes = (ticket: string) => ({ reason: 'typed', ticket })
    const resources = [{ type: 'file', id: 'plan' }]
    right(await client.putEntities({ resources }, notes('put')))
    right(await client.removeEntities({ resources }, notes('removed')))
    const { accountId } = journey
    right(await client.setAccessRecording(accountId, { recording: 'Off' }, notes('set')))
    const opened = right(await client.openAccount(notes('opened')))
    const unknown = await client.revoke('0'.repeat(32), notes('revoked'))
    expect(unknown).toMatchObject({ left: { problem: { code: 'EntityNotExist.Session' } } })
    const own = openClient({ endpoint: journey.endpoint, credentials: opened })
    const told = right(await own.events(opened.accountId)).events.map(({ ticket }) => ticket)
    expect([...new Set(told)]).toEqual(['opened'])
    const all = await collect(client.eachEvent(accountId))
    const tickets = all.slice(before.length).map(({ reason, ticket }) => [reason, ticket])
    expect(tickets).toEqual(['put', 'removed', 'set'].map((ticket) => ['typed', ticket]))
  })
})
