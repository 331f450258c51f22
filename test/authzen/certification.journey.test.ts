/**
 * The scenario of the AuthZEN certification, at all of its levels, against a running server.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allow, type Pdp, startPdp } from './pdp.js'

let pdp: Pdp
beforeAll(async () => {
  pdp = await startPdp()
  for (const UserName of ['alice', 'bob']) await pdp.ram('CreateUser', { UserName })
  const archived = { 'authzen:resource/status': 'archived' }
  await pdp.grant(
    'Records',
    ['alice', 'bob'],
    allow(['read'], 'record'),
    allow(['write'], 'record', { StringEquals: { 'authzen:subject/role': 'admin', ...archived } }),
  )
  await pdp.grant(
    'Authors',
    ['alice'],
    allow(['write'], 'record', { StringNotEquals: archived }),
    allow(['delete'], 'record', { Bool: { 'authzen:action/soft': 'true' } }),
  )
  await pdp.load({
    subjects: [
      { type: 'user', id: 'alice' },
      { type: 'user', id: 'bob', properties: { role: 'admin' } },
    ],
    resources: [
      { type: 'record', id: 'record-1', properties: { status: 'active' } },
      { type: 'record', id: 'record-2', properties: { status: 'archived' } },
    ],
    actions: ['read', 'write', 'delete'].map((name) => ({ resourceType: 'record', name })),
  })
})
afterAll(() => pdp.journey.end())

const ALICE = { type: 'user', id: 'alice' }
const BOB = { type: 'user', id: 'bob' }
const ADMIN = { ...BOB, properties: { role: 'admin' } }
const FIRST = { type: 'record', id: 'record-1' }
const SECOND = { type: 'record', id: 'record-2' }
const ARCHIVED = { properties: { status: 'archived' } }
const evaluation = (subject: object, name: string, resource: object, properties?: object) => ({
  subject,
  action: properties === undefined ? { name } : { name, properties },
  resource,
})
const QUESTIONS: ReadonlyArray<readonly [object, boolean]> = [
  [evaluation(ALICE, 'read', FIRST), true],
  [evaluation(ALICE, 'write', FIRST), true],
  [evaluation(BOB, 'read', FIRST), true],
  [evaluation(BOB, 'write', FIRST), false],
  [evaluation(ALICE, 'write', { ...FIRST, ...ARCHIVED }), false],
  [evaluation({ ...ALICE, ...ADMIN, id: 'alice' }, 'write', { ...FIRST, ...ARCHIVED }), true],
  [evaluation(ALICE, 'delete', FIRST, { soft: true }), true],
  [evaluation(ALICE, 'delete', FIRST, { soft: false }), false],
]
const ONE = '/access/v1/evaluation'
const MANY = '/access/v1/evaluations'
const search = (kind: string) => `/access/v1/search/${kind}`
type Decided = { readonly decision: boolean; readonly context?: { readonly error?: object } }
const decisions = (all: ReadonlyArray<Decided>) => all.map(({ decision }) => decision)

describe('Basic', () => {
  it('given the eight questions, then each has its answer, again and with any context', async () => {
    for (const context of [undefined, { time: '1985-10-26T01:22-07:00', deep: { list: [1, {}] } }])
      for (const [question, expected] of QUESTIONS) {
        const { status, headers, body } = await pdp.ask(ONE, { ...question, context, other: 1 })
        expect([status, body.decision, question]).toEqual([200, expected, question])
        expect(headers.get('content-type')).toContain('application/json')
      }
  })

  it('given a subject or a resource that nobody knows, then it is denied', async () => {
    for (const [subject, resource] of [
      [{ type: 'user', id: 'mallory' }, FIRST],
      [{ type: 'robot', id: 'alice' }, FIRST],
      [{ type: 'user', id: '' }, FIRST],
      [ALICE, { type: 'rec/ord', id: 'record-1' }],
      [ALICE, { type: 'other', id: 'record-1' }],
    ] as const) {
      const { status, body } = await pdp.ask(ONE, evaluation(subject, 'read', resource))
      expect([status, body.decision, body.context.outcome]).toEqual([200, false, 'ImplicitDeny'])
    }
  })

  it('given a request that is not as it should be, then it is 400', async () => {
    const good = evaluation(ALICE, 'read', FIRST)
    const bad: ReadonlyArray<unknown> = [
      '',
      '{',
      '[]',
      '"text"',
      {},
      { ...good, subject: undefined },
      { ...good, action: undefined },
      { ...good, resource: undefined },
      { ...good, subject: 'alice' },
      { ...good, subject: { type: 'user' } },
      { ...good, subject: { id: 'alice' } },
      { ...good, subject: { type: 'user', id: 1 } },
      { ...good, resource: { type: 'record' } },
      { ...good, action: {} },
      { ...good, action: { name: 1 } },
      { ...good, context: [] },
      { ...good, context: 'now' },
      { ...good, subject: { ...ALICE, properties: 'x' } },
      { ...good, subject: { ...ALICE, properties: { role: 'a', Role: 'b' } } },
      '{"subject":{"type":"user","id":"bob"},"subject":{"type":"user","id":"alice"}}',
    ]
    for (const body of bad) {
      const answer = await pdp.ask(ONE, body)
      expect([answer.status, JSON.stringify(body)]).toEqual([400, JSON.stringify(body)])
      expect(answer.body).toEqual(expect.stringMatching(/^The body /))
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const answer = await pdp.ask(ONE, good, { 'content-type': type })
      expect([answer.status, type]).toEqual([400, type])
    }
  })

  it('given no credentials or others, then it is 401, with the way to get in', async () => {
    const body = JSON.stringify(evaluation(ALICE, 'read', FIRST))
    const json = { 'content-type': 'application/json' }
    const none = await pdp.fetch(ONE, { method: 'POST', headers: json, body })
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="grantlog"',
    ])
    const junk = await pdp.ask(ONE, body, { authorization: 'Bearer junk' })
    expect([junk.status, junk.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="grantlog", error="invalid_token"',
    ])
  })

  it('given a request id, then it comes back, with errors too', async () => {
    const id = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' }
    for (const body of [evaluation(ALICE, 'read', FIRST), {}]) {
      const { headers } = await pdp.ask(ONE, body, id)
      expect(headers.get('x-request-id')).toBe(id['x-request-id'])
      expect((await pdp.ask(ONE, body)).headers.get('x-request-id')).toBeNull()
    }
    const other = await pdp.fetch(ONE, { method: 'GET' })
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('Batch', () => {
  it('given the eight questions at once, then they are answered in order', async () => {
    const { status, body } = await pdp.ask(MANY, { evaluations: QUESTIONS.map(([one]) => one) })
    expect([status, decisions(body.evaluations)]).toEqual([200, QUESTIONS.map(([, yes]) => yes)])
    expect(body).not.toHaveProperty('decision')
  })

  it('given defaults, then an item replaces a whole entity, and an empty one nothing', async () => {
    const { body } = await pdp.ask(MANY, {
      ...evaluation(ALICE, 'delete', FIRST, { soft: true }),
      evaluations: [{}, { action: { name: 'delete' } }, { subject: BOB }, { resource: SECOND }],
    })
    expect(decisions(body.evaluations)).toEqual([true, false, false, true])
  })

  it('given no evaluations, then it is one, and 400 when that is not whole', async () => {
    for (const more of [{}, { evaluations: [] }]) {
      const { body } = await pdp.ask(MANY, { ...evaluation(ALICE, 'read', FIRST), ...more })
      expect(body.decision).toBe(true)
      expect(body).not.toHaveProperty('evaluations')
      expect((await pdp.ask(MANY, { subject: ALICE, ...more })).status).toBe(400)
    }
  })

  it('given a short way out, then the answers end with the one that took it', async () => {
    const [yes, no] = [{ action: { name: 'read' } }, { action: { name: 'delete' } }]
    const ask = async (evaluations_semantic: unknown, ...evaluations: ReadonlyArray<object>) =>
      pdp.ask(MANY, {
        ...evaluation(ALICE, 'read', FIRST),
        evaluations,
        options: { evaluations_semantic, other: true },
      })
    const semantics: ReadonlyArray<readonly [string, ReadonlyArray<boolean>]> = [
      ['execute_all', [true, false, true]],
      ['deny_on_first_deny', [true, false]],
      ['permit_on_first_permit', [true]],
    ]
    for (const [semantic, expected] of semantics)
      expect(decisions((await ask(semantic, yes, no, yes)).body.evaluations)).toEqual(expected)
    const late = await ask('permit_on_first_permit', no, no, yes, no)
    expect(decisions(late.body.evaluations)).toEqual([false, false, true])
    expect((await ask('whatever', yes)).status).toBe(400)
  })

  it('given a faulty item, then it alone is denied, with its error', async () => {
    const items = [evaluation(ALICE, 'read', FIRST), { subject: ALICE }, 'x']
    const { status, body } = await pdp.ask(MANY, { evaluations: items })
    expect([status, decisions(body.evaluations)]).toEqual([200, [true, false, false]])
    expect(body.evaluations[1].context.error).toEqual({
      status: 400,
      message: expect.stringContaining('/action'),
    })
    expect((await pdp.ask(MANY, { evaluations: {} })).status).toBe(400)
    const many = Array.from({ length: 101 }, () => items[0])
    expect((await pdp.ask(MANY, { evaluations: many })).status).toBe(400)
  })
})

describe('Search', () => {
  const found = async (kind: string, body: object) => {
    const { status, body: answer } = await pdp.ask(search(kind), body)
    expect([status, answer.page.next_token]).toEqual([200, ''])
    return answer.results
  }
  const TYPE = { type: 'user', id: 'ignored' }

  it('given the six searches, then all is found, of the kind that is searched', async () => {
    const read = { name: 'read' }
    const write = { name: 'write' }
    expect(await found('subject', { subject: TYPE, action: read, resource: FIRST })).toEqual([
      ALICE,
      BOB,
    ])
    expect(
      await found('resource', { subject: ALICE, action: read, resource: { type: 'record' } }),
    ).toEqual([FIRST, SECOND])
    expect(await found('action', { subject: ALICE, resource: FIRST })).toEqual([read, write])
    expect(
      await found('subject', {
        subject: TYPE,
        action: write,
        resource: { ...SECOND, ...ARCHIVED },
      }),
    ).toEqual([BOB])
    expect(
      await found('resource', { subject: ADMIN, action: write, resource: { type: 'record' } }),
    ).toEqual([SECOND])
    expect(await found('action', { subject: ADMIN, resource: { ...SECOND, ...ARCHIVED } })).toEqual(
      [read, write],
    )
  })

  it('given what nobody knows, then nothing is found', async () => {
    const none: ReadonlyArray<readonly [string, object]> = [
      ['subject', { subject: { type: 'robot' }, action: { name: 'read' }, resource: FIRST }],
      ['subject', { subject: TYPE, action: { name: 'fly' }, resource: FIRST }],
      ['resource', { subject: ALICE, action: { name: 'read' }, resource: { type: 'planet' } }],
      [
        'resource',
        { subject: { type: 'user', id: 'x' }, action: { name: 'read' }, resource: FIRST },
      ],
      ['action', { subject: ALICE, resource: { type: 'planet', id: 'mars' } }],
    ]
    for (const [kind, body] of none) expect(await found(kind, body)).toEqual([])
  })

  it('given an entity that is not whole, then it is 400, each search by its own needs', async () => {
    const bad: ReadonlyArray<readonly [string, object]> = [
      ['subject', { subject: ALICE, action: { name: 'read' }, resource: { type: 'record' } }],
      ['subject', { subject: {}, action: { name: 'read' }, resource: FIRST }],
      ['subject', { subject: TYPE, resource: FIRST }],
      ['resource', { subject: { type: 'user' }, action: { name: 'read' }, resource: FIRST }],
      ['resource', { subject: ALICE, action: { name: 'read' } }],
      ['action', { subject: ALICE, resource: { type: 'record' } }],
      ['action', { subject: ALICE, resource: FIRST, page: { limit: 0 } }],
      ['action', { subject: ALICE, resource: FIRST, page: { token: 'junk' } }],
      ['action', { subject: ALICE, resource: FIRST, page: [] }],
    ]
    for (const [kind, body] of bad)
      expect([(await pdp.ask(search(kind), body)).status, body]).toEqual([400, body])
  })
})

describe('Discovery', () => {
  it('given anybody, then the metadata tells where everything is', async () => {
    const { endpoint } = pdp.journey
    const path = '/.well-known/authzen-configuration'
    const { status, body } = await pdp.fetch(path, {})
    expect([status, body]).toEqual([
      200,
      {
        policy_decision_point: endpoint,
        access_evaluation_endpoint: `${endpoint}/access/v1/evaluation`,
        access_evaluations_endpoint: `${endpoint}/access/v1/evaluations`,
        search_subject_endpoint: `${endpoint}/access/v1/search/subject`,
        search_resource_endpoint: `${endpoint}/access/v1/search/resource`,
        search_action_endpoint: `${endpoint}/access/v1/search/action`,
      },
    ])
    for (const url of Object.values(body).slice(1) as ReadonlyArray<string>)
      expect((await fetch(url, { method: 'POST' })).status).toBe(401)
  })
})
