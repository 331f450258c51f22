/**
 * Windows that begin or end at a position which an earlier answer told: the moment at which the
 * event there was recorded, whichever stream it stands in.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const ACCESS = `/v1/accounts/${ACCOUNT}/access`
const SETTING = `/v1/accounts/${ACCOUNT}/access-recording`
const work = { PolicyType: 'Custom', PolicyName: 'work', UserName: 'alice' }
const PolicyDocument = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['ots:*'], Resource: '*' }],
})

let server: TestServer
/** The position after the first calls were stored: that of a record, and of no change. */
let between: number

const decide = (action: string) => {
  server.clock.advance(100)
  const resource = `acs:ots:*:${ACCOUNT}:instance/orders`
  return server.read({ path: '/v1/decide', body: { principal: ALICE, action, resource } })
}
const list = async (query: Readonly<Record<string, string>>) => {
  const answer = await server.read({ path: ACCESS, query: { principal: ALICE, ...query } })
  return { ...answer, actions: answer.body.records?.map((each: { action: string }) => each.action) }
}
const replay = (body: object) =>
  server.read({ path: '/v1/replay', body: { principal: ALICE, ...body } })

beforeEach(async () => {
  server = await openServer()
  await server.makeUser('alice')
  await server.call('CreatePolicy', { PolicyName: 'work', PolicyDocument })
  await server.call('AttachPolicyToUser', work)
  await server.read({ path: SETTING, body: { recording: 'All' } })
  const changed = server.engine.status().applied
  await decide('ots:GetRow')
  await decide('ots:PutRow')
  server.clock.advance(100)
  // To list them stores them, so that the next answer tells of a later position.
  await list({})
  between = (await list({})).body.applied
  expect(between).toBeGreaterThan(changed)
  await decide('ots:DeleteRow')
  await decide('ots:ListTable')
  server.clock.advance(100)
})
afterEach(() => server.engine.stop())

describe('a window by position', () => {
  it('given a beginning that is no change of the account, then the calls after it are listed', async () => {
    const { status, actions, body } = await list({ from: String(between) })
    expect([status, actions]).toEqual([200, ['ots:DeleteRow', 'ots:ListTable']])
    const { isWhole } = (await replay({ from: between })).body.coverage
    expect(isWhole).toBe(true)
    expect((await list({ from: body.from })).actions).toEqual(actions)
  })

  it('given such an end, then the calls after it are not listed', async () => {
    const { actions } = await list({ to: String(between) })
    expect(actions).toEqual(['ots:GetRow', 'ots:PutRow'])
  })

  it('given both ends, then the calls between them alone are, page by page too', async () => {
    await list({})
    const later = (await list({})).body.applied
    await decide('ots:GetRange')
    const window = { from: String(between), to: String(later) }
    expect((await list(window)).actions).toEqual(['ots:DeleteRow', 'ots:ListTable'])
    const first = await list({ ...window, limit: '1' })
    const second = await list({ ...window, limit: '1', after: first.body.next })
    expect([...first.actions, ...second.actions]).toEqual(['ots:DeleteRow', 'ots:ListTable'])
    expect(second.body.next ?? null).toBe(null)
  })

  it('given a replay, then the calls of its window are judged again', async () => {
    const change = { type: 'Delete', policyType: 'Custom', policyName: 'work' }
    for (const window of [{ from: between }, { to: between }]) {
      const { body } = await replay({ ...window, change })
      expect(body.totals).toMatchObject({ records: 2, judged: 2, allowToDeny: 2, drift: 0 })
    }
  })

  it('given a search for unused grants, then what was used since the position is in use', async () => {
    const unused = async (since: number) => {
      const query = { since: String(since), principal: ALICE }
      return (await server.read({ path: '/v1/unused', query })).body
    }
    const body = await unused(between)
    expect(body.isCertain).toBe(true)
    expect(body.principals[0]).toMatchObject({ allowed: 2, grants: [{ isUsed: true }] })
    await list({})
    const after = await unused((await list({})).body.applied)
    expect(after.principals[0]).toMatchObject({ allowed: 0, grants: [{ isUsed: false }] })
  })
})
