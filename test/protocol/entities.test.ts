/** Entities under /v1/: registered, replaced, shown for every moment, removed; and kept sealed. */
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answered, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
  await server.makeUser('alice')
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const PATH = '/v1/entities'
const put = (body: object): Promise<Answered> => server.read({ path: PATH, body })
const remove = (body: object) => server.read({ path: `${PATH}/remove`, body })
const list = (query: Readonly<Record<string, string>>) => server.read({ path: PATH, query })
const MORTY = {
  type: 'user',
  id: 'morty@the-citadel.com',
  properties: { email: 'morty@the-citadel.com', age: 14, tags: ['a', 'b'], home: { city: 'X' } },
  actsAs: [ALICE],
}
const TASK = { type: 'app:todo', id: 'todo-1' }
const DELETE = { resourceType: 'app:todo', name: 'delete' }

describe('POST /v1/entities', () => {
  it('given entities, then they are registered, once, and shown as they were given', async () => {
    const body = { subjects: [MORTY], resources: [TASK], actions: [DELETE] }
    expect((await put(body)).body).toMatchObject({ registered: 3, updated: 0, unchanged: 0 })
    expect((await put(body)).body).toMatchObject({ registered: 0, updated: 0, unchanged: 3 })
    const changed = { ...MORTY, properties: { email: 'm@x' } }
    const again = await put({ subjects: [changed], resources: [TASK] })
    expect(again.body).toMatchObject({ registered: 0, updated: 1, unchanged: 1 })

    const entityId = expect.stringMatching(/^e-[0-9a-f]{32}$/)
    const shown = await list({ kind: 'subject', type: 'user' })
    expect(shown.body.entities).toEqual([{ entityId, ...changed }])
    expect((await list({ kind: 'resource', type: 'app:todo' })).body.entities).toEqual([
      { entityId, ...TASK, properties: {} },
    ])
    expect((await list({ kind: 'action', type: 'app:todo' })).body.entities).toEqual([
      { entityId, ...DELETE, properties: {} },
    ])
  })

  it('given what is registered, then no event shows it in clear', async () => {
    await put({ subjects: [{ ...MORTY, id: '7' }] })
    const events = await server.log.readAll({ after: 0, limit: 1000 })()
    if (E.isLeft(events)) throw new Error(events.left.type)
    const [event] = events.right.filter(({ type }) => type === 'EntityRegistered')
    expect(JSON.parse(event?.data ?? '')).toMatchObject({
      properties: expect.stringMatching(/^pii1\./),
    })
    expect(JSON.stringify(events.right)).not.toContain('the-citadel')
  })

  it('given a body that is not as it should be, then nothing is registered', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ ...TASK, id: `${id}` }))
    const bodies: ReadonlyArray<readonly [object, string]> = [
      [{ subject: [] }, '/subject'],
      [{ subjects: {} }, '/subjects'],
      [{ subjects: [{ type: 'user' }] }, '/subjects/0/id'],
      [{ subjects: [{ ...MORTY, type: 'us/er' }] }, '/subjects/0/type'],
      [{ subjects: [{ ...MORTY, id: 'a\nb' }] }, '/subjects/0/id'],
      [{ subjects: [{ ...MORTY, actsAs: ['alice'] }] }, '/subjects/0/actsAs'],
      [{ subjects: [{ ...MORTY, actsAs: [`acs:ram::${ACCOUNT}:root`] }] }, '/subjects/0/actsAs'],
      [
        { subjects: [{ ...MORTY, actsAs: ['acs:ram::9999999999999999:user/alice'] }] },
        '/subjects/0/actsAs',
      ],
      [{ subjects: [{ ...MORTY, properties: { a: 1, A: 2 } }] }, '/subjects/0/properties'],
      [
        { subjects: [{ ...MORTY, properties: { a: 'é'.repeat(2_100) } }] },
        '/subjects/0/properties',
      ],
      [{ resources: [{ ...TASK, actsAs: [ALICE] }] }, '/resources/0/actsAs'],
      [{ resources: many(1001) }, ''],
    ]
    for (const [body, pointer] of bodies) {
      const { status, body: problem } = await put(body)
      expect([status, problem.code, problem.pointer]).toEqual([400, 'InvalidBody', pointer])
    }
    const nobody = { ...MORTY, actsAs: [`acs:ram::${ACCOUNT}:user/bob`] }
    expect(await put({ resources: [TASK], subjects: [nobody] })).toMatchObject({
      status: 404,
      body: { code: 'EntityNotExist.User', pointer: '/subjects/0/actsAs/0' },
    })
    const noRole = { ...MORTY, actsAs: [ALICE, `acs:ram::${ACCOUNT}:role/editor`] }
    const absent = await put({ subjects: [{ ...MORTY, id: 'first' }, noRole] })
    expect(absent).toMatchObject({
      status: 404,
      body: { code: 'EntityNotExist.Role', pointer: '/subjects/1/actsAs/1' },
    })
    expect(absent.body.detail).toContain('role editor')
    expect((await put({ resources: [TASK, TASK] })).body.code).toBe('EntityConflict.Entity')
    expect((await list({ kind: 'resource', type: 'app:todo' })).body.entities).toEqual([])
    expect((await put({ resources: many(1000) })).body.registered).toBe(1000)
  })

  it('given a caller without the permission, then it is denied and on record', async () => {
    const bob = await server.makeUser('bob')
    const denied = await server.read({ path: PATH, body: { resources: [TASK] } }, bob)
    expect([denied.status, denied.body.action]).toEqual([403, 'grantlog:PutEntities'])
    expect((await server.records()).at(-1)).toMatchObject({ outcome: 'Denied' })
  })
})

describe('GET /v1/entities', () => {
  it('given a moment of the past, then what was registered then is shown', async () => {
    const { body } = await put({ subjects: [MORTY] })
    await put({ subjects: [{ ...MORTY, properties: {} }] })
    const query = { kind: 'subject', type: 'user' }
    expect((await list({ ...query, position: `${body.position}` })).body.entities).toMatchObject([
      { properties: MORTY.properties },
    ])
    expect((await list({ ...query, position: `${body.position - 1}` })).body.entities).toEqual([])
    expect((await list(query)).body.entities).toMatchObject([{ properties: {} }])
  })

  it('given more than fit on a page, then next leads on; id asks for one', async () => {
    const resources = ['a', 'b', 'c'].map((id) => ({ type: 'doc', id }))
    await put({ resources })
    const query = { kind: 'resource', type: 'doc', limit: '2' }
    const first = await list(query)
    expect(first.body.entities.length).toBe(2)
    // Written meanwhile: not in the answer whose first page is older.
    await put({ resources: [{ type: 'doc', id: 'd' }] })
    const second = await list({ ...query, after: first.body.next })
    expect([second.body.entities, second.body.next]).toMatchObject([[{ id: 'c' }], null])
    expect(second.body.position).toBe(first.body.position)
    const others = await list({ ...query, type: 'task', after: first.body.next })
    expect([others.status, others.body.parameter]).toEqual([400, 'after'])
    expect((await list({ ...query, after: 'b' })).body.parameter).toBe('after')
    const accept = 'application/x-ndjson'
    const asked = { path: PATH, query: { kind: 'resource', type: 'doc' }, headers: { accept } }
    const ids = (await server.read(asked)).body.map(({ id }: { id?: string }) => id)
    expect(ids).toEqual(['a', 'b', 'c', 'd', undefined])
    expect((await list({ ...query, id: 'b' })).body.entities).toMatchObject([{ id: 'b' }])
    for (const [name, value] of [
      ['kind', 'thing'],
      ['type', 'a b'],
      ['limit', '0'],
      ['at', 'noon'],
    ] as const)
      expect((await list({ ...query, [name]: value })).body.parameter).toBe(name)
  })
})

describe('POST /v1/entities/remove', () => {
  it('given known ones, then they are removed; given one that is not, then none is', async () => {
    await put({ subjects: [MORTY], resources: [TASK] })
    const { type, id } = MORTY
    const unknown = await remove({ subjects: [{ type, id }], resources: [{ ...TASK, id: 'x' }] })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'EntityNotExist.Entity'])
    const { body } = await remove({ subjects: [{ type, id }], resources: [TASK] })
    expect(body.removed).toBe(2)
    expect((await list({ kind: 'subject', type: 'user' })).body.entities).toEqual([])
  })
})
