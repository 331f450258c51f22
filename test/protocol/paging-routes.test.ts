/** Every answer of the read API that comes in pages: by one kind of cursor, and in lines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import type { Names } from './signing.js'

let server: TestServer
let sessionId: string

const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${ACCOUNT}:root`] } },
  ],
})
const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess' }
const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const RESOURCE = `acs:ots:*:${ACCOUNT}:instance/orders`
const QUESTION = { action: 'ots:GetRow', resource: RESOURCE }

/** Alice comes and goes as a reader of tables; a session of hers does a few things. */
beforeAll(async () => {
  server = await openServer()
  const alice = await server.makeUser('alice', ['AliyunSTSAssumeRoleAccess'])
  await server.makeUser('bob', ['AliyunOTSFullAccess'])
  const recording = { path: `/v1/accounts/${ACCOUNT}/access-recording`, body: { recording: 'All' } }
  await server.read(recording)
  for (let times = 0; times < 3; times += 1) {
    await server.call('AttachPolicyToUser', { ...OTS, UserName: 'alice' })
    await server.read({ path: '/v1/decide', body: { principal: ALICE, ...QUESTION } })
    if (times < 2) await server.call('DetachPolicyFromUser', { ...OTS, UserName: 'alice' })
  }
  await server.call('CreateRole', { RoleName: 'admin', AssumeRolePolicyDocument: TRUST })
  const all = { PolicyType: 'System', PolicyName: 'AdministratorAccess', RoleName: 'admin' }
  await server.call('AttachPolicyToRole', all)
  const RoleArn = `acs:ram::${ACCOUNT}:role/admin`
  const { body } = await server.call('AssumeRole', { RoleArn, RoleSessionName: 'app' }, alice)
  const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials
  const session = {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
  }
  for (const UserName of ['carol', 'dave', 'erin'])
    await server.call('CreateUser', { UserName }, session)
  const sessions = await server.read({ path: `/v1/accounts/${ACCOUNT}/sessions` })
  sessionId = sessions.body.sessions[0].sessionId
})
afterAll(() => server.engine.stop())

type Paged = {
  readonly path: () => string
  readonly query: Names
  readonly member: string
  /** Whether a person may write the number of an item in the place of a cursor. */
  readonly areNumbers: boolean
}

const FROM = new Date(START).toISOString()
const PAGED: ReadonlyArray<Paged> = [
  { path: () => '/v1/who-can', query: QUESTION, member: 'principals', areNumbers: false },
  { path: () => '/v1/diff', query: { from: '2' }, member: 'diff.changed', areNumbers: true },
  {
    path: () => '/v1/decision-timeline',
    query: { principal: ALICE, ...QUESTION },
    member: 'stretches',
    areNumbers: true,
  },
  { path: () => `/v1/sessions/${sessionId}`, query: {}, member: 'deeds', areNumbers: true },
  {
    path: () => `/v1/accounts/${ACCOUNT}/access`,
    query: { action: 'ots:' },
    member: 'records',
    areNumbers: false,
  },
  { path: () => '/v1/unused', query: { since: FROM }, member: 'principals', areNumbers: true },
]

let changes = 0
/** Something that would show in each of the answers, were they not pinned. */
const change = async (): Promise<void> => {
  changes += 1
  const UserName = `a-newcomer-${changes}`
  await server.makeUser(UserName, ['AliyunOTSFullAccess'])
  await server.call('AttachPolicyToUser', { ...OTS, UserName: 'bob' })
  await server.call('DetachPolicyFromUser', { ...OTS, UserName: 'bob' })
  const ofAlice = { ...OTS, UserName: 'alice' }
  await server.call('DetachPolicyFromUser', ofAlice)
  await server.read({ path: '/v1/decide', body: { principal: ALICE, ...QUESTION } })
  await server.call('AttachPolicyToUser', ofAlice)
}

// biome-ignore lint/suspicious/noExplicitAny: items of every shape.
const itemsOf = (body: any, member: string): ReadonlyArray<any> =>
  member.split('.').reduce((inner, name) => inner[name], body)

describe.each(PAGED)('$member', ({ path, query, member, areNumbers }) => {
  const ask = (more: Names, headers: Names = {}) =>
    server.read({ path: path(), query: { ...query, ...more }, headers })

  it('given changes between the pages, then all pages are of one answer', async () => {
    const whole = (await ask({})).body
    expect(itemsOf(whole, member).length).toBeGreaterThan(2)
    const first = (await ask({ limit: '1' })).body
    const seen = [...itemsOf(first, member)]
    await change()
    for (let { next } = first; next !== null; ) {
      const page = (await ask({ limit: '1', after: next })).body
      expect(page.position).toBe(first.position)
      seen.push(...itemsOf(page, member))
      next = page.next
    }
    expect(seen).toEqual(itemsOf(whole, member))
  })

  it('given lines, then they are the items, and each page tells all else beside them', async () => {
    const whole = (await ask({})).body
    const { headers, body } = await ask({}, { accept: 'application/x-ndjson' })
    expect(headers['content-type']).toBe('application/x-ndjson')
    expect(body.slice(0, -1)).toEqual(itemsOf(whole, member))
    const [outer = ''] = member.split('.')
    const { [outer]: _, applied, position, to: __, ...besides } = whole
    expect(body.at(-1).page).toMatchObject({ ...besides, next: null })
    expect(applied).toBeGreaterThanOrEqual(position)
  })

  it('given a cursor that is altered, or of another question, then it is a 400', async () => {
    const { next } = (await ask({ limit: '1' })).body
    const last = next.at(-5) === 'A' ? 'B' : 'A'
    const altered = `${next.slice(0, -5)}${last}${next.slice(-4)}`
    const other = (
      await server.read({ path: `/v1/accounts/${ACCOUNT}/events`, query: { limit: '1' } })
    ).body.next
    for (const after of [altered, other, '-1', 'x', ALICE, ...(areNumbers ? [] : ['5'])]) {
      const { status, body } = await ask({ after })
      expect([after, status, body.parameter]).toEqual([after, 400, 'after'])
    }
    if (areNumbers) expect((await ask({ after: '1' })).status).toBe(200)
  })
})

describe('GET /v1/diff', () => {
  it('given a cursor beside one principal, then it is refused: that answer has no pages', async () => {
    const query = { from: '2', principal: ALICE, after: '1' }
    const { status, body } = await server.read({ path: '/v1/diff', query })
    expect([status, body.parameter]).toEqual([400, 'after'])
  })
})
