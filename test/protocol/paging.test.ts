/** Pages: cursors that are sealed, bound and pinned, and answers in lines that are made as read. */
import {
  DEFAULT_PROTOCOL_SETTINGS,
  type HttpResponse,
  inMemoryNonces,
  readApiHandler,
} from '@grantlog/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, START, type TestServer } from './server.js'
import { type Credentials, type Names, signAcs3 } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const EVENTS = `/v1/accounts/${ACCOUNT}/events`

const makeGroups = async (from: number, to: number): Promise<void> => {
  for (let index = from; index < to; index += 1)
    await server.call('CreateGroup', { GroupName: `group-${index}` })
}

const page = async (query: Names, as?: Credentials) =>
  (await server.read({ path: EVENTS, query }, as)).body

/** Asks for lines. The events that are read from the log are counted. */
const openLines = async (query: Names = {}) => {
  const counted = { events: 0 }
  const { engine } = server
  const watched = {
    ...engine,
    accountEvents: (...[account, options]: Parameters<typeof engine.accountEvents>) => {
      counted.events += options.limit
      return engine.accountEvents(account, options)
    },
  }
  const nonces = inMemoryNonces({ startedAt: START })
  const settings = DEFAULT_PROTOCOL_SETTINGS
  const handler = readApiHandler({ engine: watched, nonces, settings })
  const headers = { accept: 'application/x-ndjson' }
  const call = { action: 'Read', version: 'v1', method: 'GET', path: EVENTS, query, headers }
  const now = server.clock.now()
  const response = await handler(signAcs3(server.root, { ...call, nonce: 'lines', now }))
  return { response, counted }
}

const readAll = async ({ lines }: HttpResponse): Promise<ReadonlyArray<string>> => {
  let text = ''
  for await (const piece of lines ?? []) text += piece
  expect(text.endsWith('\n')).toBe(true)
  return text.trimEnd().split('\n')
}

describe('a cursor', () => {
  it('given changes between two pages, then all pages are of one answer', async () => {
    await makeGroups(0, 5)
    const first = await page({ limit: '4' })
    await makeGroups(5, 8)
    const second = await page({ limit: '4', after: first.next })
    expect([second.position, second.next]).toEqual([first.position, null])
    expect(second.applied).toBeGreaterThan(first.applied)
    const revisions = [...first.events, ...second.events].map(({ revision }) => revision)
    expect(revisions).toEqual([0, 1, 2, 3, 4, 5, 6])
    const later = await page({ after: '6' })
    expect(later.events.map((event: { revision: number }) => event.revision)).toEqual([7, 8, 9])
  })

  it('given a cursor that is altered, foreign or of another question, then it is a 400', async () => {
    await makeGroups(0, 3)
    await server.makeUser('alice')
    const { next } = await page({ limit: '1' })
    const principal = `acs:ram::${ACCOUNT}:user/alice`
    const ofTimeline = (
      await server.read({ path: '/v1/timeline', query: { principal, limit: '1' } })
    ).body.next
    const altered = `${next.slice(0, -4)}${next.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    const position = server.engine.vault.sealText('page-marker', ACCOUNT, '5')
    const foreign = server.engine.vault.sealText('page-marker', '9999999999999999', '["v1","",1,1]')
    for (const after of [altered, ofTimeline, position, foreign, '-1', '01', 'x', `${next}x`]) {
      const { status, body } = await server.read({ path: EVENTS, query: { after } })
      expect([after, status, body.code, body.parameter]).toEqual([
        after,
        400,
        'InvalidQuery',
        'after',
      ])
    }
    const other = { principal: `acs:ram::${ACCOUNT}:group/group-1`, after: ofTimeline }
    const { status } = await server.read({ path: '/v1/timeline', query: other })
    expect(status).toBe(400)
  })
})

describe('an answer in lines', () => {
  it('given events, then they are those of the pages, and each page tells where it ends', async () => {
    await makeGroups(0, 10)
    const { events } = await page({ limit: '1000' })
    const { response } = await openLines()
    expect(response.headers['content-type']).toBe('application/x-ndjson')
    const lines = (await readAll(response)).map((line) => JSON.parse(line))
    expect(lines.slice(0, -1)).toEqual(events)
    const applied = expect.any(Number)
    expect(lines.at(-1)).toEqual({ page: { position: applied, applied, next: null } })
    const two = (await readAll((await openLines({ limit: '2' })).response)).map((l) =>
      JSON.parse(l),
    )
    const rest = await page({ after: two.at(-1).page.next, limit: '1000' })
    expect([...two.slice(0, -1), ...rest.events]).toEqual(events)
  })

  it('given a reader who stops, then no more is read from the log than it took', async () => {
    await makeGroups(0, 290)
    const { response, counted } = await openLines()
    const pieces = response.lines?.[Symbol.asyncIterator]()
    await pieces?.next()
    const taken = counted.events
    expect(taken).toBeLessThan(290)
    await pieces?.return?.()
    expect(counted.events).toBe(taken)
    const whole = await openLines({ after: '10' })
    expect((await readAll(whole.response)).length).toBeGreaterThan(280)
  })

  it('given no permission or a bad parameter, then it is refused before anything is read', async () => {
    const { response, counted } = await openLines({ after: 'x' })
    expect([response.status, response.lines, counted.events]).toEqual([400, undefined, 0])
    const alice = await server.makeUser('alice')
    const denied = await server.read(
      { path: EVENTS, headers: { accept: 'application/x-ndjson' } },
      alice,
    )
    expect([denied.status, denied.body.code]).toEqual([403, 'NoPermission'])
  })
})

describe('several consistency tokens', () => {
  it('given some of the account, then all are waited for; given one that is not, then none', async () => {
    const one = await server.call('CreateGroup', { GroupName: 'one' })
    const two = await server.call('CreateGroup', { GroupName: 'two' })
    const tokens = [one, two].map(({ headers }) => headers['x-grantlog-position-token'] ?? '')
    const ask = (value: string) =>
      server.read({ path: EVENTS, headers: { 'x-grantlog-at-least': value } })
    expect((await ask(tokens.join(', '))).status).toBe(200)
    const wrong = await ask([...tokens, 'x'].join(','))
    expect([wrong.status, wrong.body.header]).toEqual([400, 'x-grantlog-at-least'])
    const many = await ask(Array.from({ length: 17 }, () => tokens[0]).join(','))
    expect(many.status).toBe(400)
  })
})
