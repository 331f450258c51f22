/** The groups of a replay page by page and as lines; and what is wrong with a proposed change. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import type { Names } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const document = (...Action: ReadonlyArray<string>): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
const work = { policyType: 'Custom', policyName: 'work' } as const
const replay = (body: object = {}, headers: Names = {}) =>
  server.read({ path: '/v1/replay', body, headers })
const decide = (name: string) =>
  server.read({
    path: '/v1/decide',
    body: {
      principal: ALICE,
      action: 'ots:GetRow',
      resource: `acs:ots:*:${ACCOUNT}:instance/${name}`,
    },
  })
const BECAUSE = { 'x-grantlog-reason': 'new here', 'x-grantlog-ticket': 'HR-7' }
type Group = { readonly count: number; readonly resources: ReadonlyArray<string> }
const told = (groups: ReadonlyArray<Group>) =>
  groups.map(({ count, resources }) => `${count} ${resources[0]?.split('/')[1]}`)

describe('the groups of a replay', () => {
  const ALL = ['3 a', '2 b', '2 c', '1 d', '1 e']
  const question = { change: { type: 'Delete', ...work }, principal: ALICE }

  beforeEach(async () => {
    await server.read({
      path: `/v1/accounts/${ACCOUNT}/access-recording`,
      body: { recording: 'All' },
    })
    await server.makeUser('alice')
    await server.call('CreatePolicy', { PolicyName: 'work', PolicyDocument: document('ots:*') })
    const attached = { PolicyType: 'Custom', PolicyName: 'work', UserName: 'alice' }
    await server.call('AttachPolicyToUser', attached, server.root, BECAUSE)
    for (const name of ['d', 'b', 'a', 'c', 'a', 'b', 'e', 'c', 'a']) await decide(name)
  })

  it('given small pages, then together they are the whole, whatever is recorded meanwhile', async () => {
    const whole = await replay(question)
    expect([told(whole.body.groups), whole.body.leftOut, whole.body.next]).toEqual([ALL, 0, null])
    const seen: string[] = []
    const leftOut: number[] = []
    const positions = new Set<number>()
    let after: string | undefined
    do {
      const page = { ...question, limit: 2, ...(after === undefined ? {} : { after }) }
      const { body } = await replay(page)
      seen.push(...told(body.groups))
      leftOut.push(body.leftOut)
      expect(body.totals).toEqual(whole.body.totals)
      positions.add(body.position)
      after = body.next ?? undefined
      // What comes on record now would be the largest group.
      for (const name of ['e', 'e', 'e', 'f']) await decide(name)
      server.clock.advance(60_000)
    } while (after !== undefined)
    expect(seen).toEqual(ALL)
    expect(leftOut).toEqual([4, 1, 0])
    expect(positions.size).toBe(1)
  })

  it('given a policy to attach that changes between pages, then the one of the first page counts', async () => {
    await server.call('CreatePolicy', { PolicyName: 'deny', PolicyDocument: document('oss:*') })
    const denying = JSON.parse(document('ots:*'))
    denying.Statement[0].Effect = 'Deny'
    const version = { PolicyName: 'deny', SetAsDefault: 'true' }
    const text = JSON.stringify(denying)
    await server.call('CreatePolicyVersion', { ...version, PolicyDocument: text })
    const attach = { type: 'Attach', policyType: 'Custom', policyName: 'deny', target: ALICE }
    const asked = { change: attach, principal: ALICE }
    const first = await replay({ ...asked, limit: 3 })
    expect(told(first.body.groups)).toEqual(ALL.slice(0, 3))
    await server.call('CreatePolicyVersion', { ...version, PolicyDocument: document('oss:*') })
    const second = await replay({ ...asked, after: first.body.next })
    expect(told(second.body.groups)).toEqual(ALL.slice(3))
    expect((await replay(asked)).body.groups).toEqual([])
  })

  it('given a change, then each statement is told with its events, and its own as proposed', async () => {
    const told = { eventType: 'PolicyAttached', reason: 'new here', ticket: 'HR-7' }
    const grant = { since: told, attached: told, versionSet: { eventType: 'PolicyCreated' } }
    const [deleted] = (await replay(question)).body.groups
    expect(deleted).toMatchObject({
      before: [{ policy: { policyName: 'work' }, grant }],
      after: [],
    })
    expect(deleted.before[0]).not.toHaveProperty('proposed')

    const denying = document('ots:*').replace('Allow', 'Deny')
    const edit = { type: 'Edit', ...work, document: denying }
    const [edited] = (await replay({ ...question, change: edit })).body.groups
    expect(edited).toMatchObject({
      before: [{ policy: { versionId: 'v1' }, grant }],
      after: [{ policy: { versionId: 'proposed' }, proposed: 'Edit', grant: { since: told } }],
    })
    expect(edited.after[0].grant).not.toHaveProperty('versionSet')

    await server.call('CreatePolicy', { PolicyName: 'deny', PolicyDocument: denying })
    const attach = { type: 'Attach', policyType: 'Custom', policyName: 'deny', target: ALICE }
    const [attached] = (await replay({ ...question, change: attach })).body.groups
    expect(attached.after).toMatchObject([{ policy: { policyName: 'deny' }, proposed: 'Attach' }])
    expect(attached.after[0]).not.toHaveProperty('grant')
  })

  it('given lines, then all groups come, and the end of the page with what it says beside them', async () => {
    const { headers, body } = await replay(question, { accept: 'application/x-ndjson' })
    expect(headers['content-type']).toBe('application/x-ndjson')
    expect(told(body.slice(0, -1))).toEqual(ALL)
    const totals = { judged: 9, allowToDeny: 9 }
    expect(body.at(-1)).toMatchObject({ page: { next: null, leftOut: 0, totals } })
  })

  it('given lines from a cursor on, then the rest comes', async () => {
    const first = await replay({ ...question, limit: 1 })
    const rest = { ...question, after: first.body.next }
    const { body } = await replay(rest, { accept: 'application/x-ndjson' })
    expect(told(body.slice(0, -1))).toEqual(ALL.slice(1))
  })

  it('given a cursor that was altered or is of another question, then it is refused', async () => {
    const { body } = await replay({ ...question, limit: 1 })
    const spelt = { principal: ALICE, change: { ...work, type: 'Delete' }, after: body.next }
    expect(told((await replay(spelt)).body.groups)).toEqual(ALL.slice(1))
    for (const wrong of [
      { ...question, after: `${body.next}x` },
      { ...question, after: '3' },
      { ...question, from: 1, after: body.next },
      { change: question.change, after: body.next },
    ])
      expect(await replay(wrong)).toMatchObject({
        status: 400,
        body: { code: 'InvalidBody', pointer: '/after' },
      })
    const time = { since: new Date(START).toISOString(), after: body.next }
    expect((await server.read({ path: '/v1/unused', query: time })).status).toBe(400)
  })
})

describe('a change that is not as it should be', () => {
  const attach = { type: 'Attach', ...work }
  const cases: ReadonlyArray<readonly [unknown, string, string]> = [
    ['Edit', '/change', 'a change or a list'],
    [{ ...work }, '/change/type', 'it is missing'],
    [{ type: 'Rename', ...work }, '/change/type', 'Edit, Attach, Detach or Delete'],
    [{ type: 'toString', ...work }, '/change/type', 'Edit, Attach, Detach or Delete'],
    [{ type: 'Delete', policyName: 'work' }, '/change/policyType', 'it is missing'],
    [{ type: 'Delete', ...work, policyType: 'Own' }, '/change/policyType', 'Custom or System'],
    [{ type: 'Delete', ...work, policyName: 'a b' }, '/change/policyName', 'name of a policy'],
    [{ type: 'Delete', ...work, target: ALICE }, '/change/target', 'no such member'],
    [{ type: 'Edit', ...work }, '/change/document', 'it is missing'],
    [{ type: 'Edit', ...work, document: {} }, '/change/document', 'JSON text'],
    [{ type: 'Edit', ...work, document: '{' }, '/change/document', 'not JSON'],
    [
      { type: 'Edit', ...work, document: document('ots:*').replace('Allow', 'Permit') },
      '/change/document',
      'at /Statement/0/Effect: ',
    ],
    [{ ...attach, target: '' }, '/change/target', 'the ARN of a user'],
    [{ ...attach, target: `acs:ram::${ACCOUNT}:root` }, '/change/target', 'the ARN of a user'],
    [{ ...attach, target: 'acs:ram::1:user/alice' }, '/change/target', 'of the account'],
    [[{ type: 'Delete', ...work }, 7], '/change/1', 'a change or a list'],
    [[{ type: 'Delete', ...work }, attach], '/change/1/target', 'it is missing'],
    [
      [
        { type: 'Delete', ...work },
        { ...attach, target: 'alice' },
      ],
      '/change/1/target',
      'the ARN of a user',
    ],
  ]

  it.each(cases)('given %j, then the pointer is %s', async (change, pointer, sentence) => {
    const { status, body } = await replay({ change })
    expect([status, body.code, body.pointer]).toEqual([400, 'InvalidBody', pointer])
    expect(body.detail).toContain(sentence)
  })
})
