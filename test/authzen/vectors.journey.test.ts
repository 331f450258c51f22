/**
 * The published vectors of AuthZEN's interop events, against a running server: the Todo
 * application, the API gateways, the identity provider and the search demo.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allow, type Pdp, startPdp, vectors } from './pdp.js'

let pdp: Pdp
beforeAll(async () => {
  pdp = await startPdp()
})
afterAll(() => pdp.journey.end())

/** The people of the Todo application, by the letter in which their ids differ. */
const pid = (letter: string): string =>
  `CiRmZD${letter}2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs`
const PEOPLE = [
  ['A', 'rick@the-citadel.com', ['admin', 'evil-genius']],
  ['E', 'morty@the-citadel.com', ['editor']],
  ['I', 'summer@the-smiths.com', ['editor']],
  ['M', 'beth@the-smiths.com', ['viewer']],
  ['Q', 'jerry@the-smiths.com', ['viewer']],
] as const

const OWN = { StringEquals: { 'authzen:match/resource/ownerID': 'subject/email' } }
const READ = [allow(['can_read_user'], 'user'), allow(['can_read_todos'], 'todo')]
const route = (method: string, path: string): object => ({
  Effect: 'Allow',
  Action: `authzen:${method}`,
  Resource: `acs:authzen:*:*:route/${path}`,
})
const LOOK = [route('GET', '/users/{userId}'), route('GET', '/todos')]
const CHANGE = [
  route('POST', '/todos'),
  route('PUT', '/todos/{todoId}'),
  route('DELETE', '/todos/{todoId}'),
]

describe('the Todo application', () => {
  beforeAll(async () => {
    const create = allow(['can_create_todo'], 'todo')
    await pdp.role('viewer', ...READ, ...LOOK)
    await pdp.role(
      'editor',
      ...READ,
      ...LOOK,
      ...CHANGE,
      create,
      allow(['can_update_todo', 'can_delete_todo'], 'todo', OWN),
    )
    await pdp.role('admin', ...READ, ...LOOK, ...CHANGE, create, allow(['can_delete_todo'], 'todo'))
    await pdp.role('evil-genius', allow(['can_update_todo'], 'todo'))
    const people = PEOPLE.map(([letter, email, roles]) => ({
      id: pid(letter),
      properties: { email },
      actsAs: roles.map((role) => `acs:ram::${pdp.journey.accountId}:role/${role}`),
    }))
    await pdp.load({
      subjects: ['user', 'identity'].flatMap((type) => people.map((one) => ({ type, ...one }))),
    })
  })

  it('given its 40 evaluations, then all are decided as published', async () => {
    const { evaluation } = vectors('todo-decisions')
    expect(evaluation).toHaveLength(40)
    for (const { request, expected } of evaluation) {
      const { status, body } = await pdp.ask('/access/v1/evaluation', request)
      expect([status, body.decision, request]).toEqual([200, expected, request])
    }
  })

  it('given its batches, then all are decided as published', async () => {
    const { evaluations } = vectors('todo-decisions')
    expect(evaluations).toHaveLength(3)
    for (const { request, expected } of evaluations) {
      const { body } = await pdp.ask('/access/v1/evaluations', request)
      expect(
        body.evaluations.map(({ decision }: { readonly decision: boolean }) => ({ decision })),
      ).toEqual(expected)
    }
  })

  it('given the 25 calls of the API gateways, then all are decided as published', async () => {
    const { evaluation } = vectors('gateway-decisions')
    expect(evaluation).toHaveLength(25)
    for (const { request, expected } of evaluation) {
      const { body } = await pdp.ask('/access/v1/evaluation', request)
      expect([body.decision, request]).toEqual([expected, request])
    }
  })
})

describe('the search demo', () => {
  beforeAll(async () => {
    const isManager = { 'authzen:subject/role': 'manager' }
    const sameDepartment = { 'authzen:match/resource/department': 'subject/department' }
    const isOwner = { 'authzen:match/resource/owner': 'SubjectId' }
    const staff = await pdp.role(
      'staff',
      allow(['view'], 'record', { StringEquals: isManager }),
      allow(['view'], 'record', { StringEquals: sameDepartment }),
      allow(['edit'], 'record', { StringEquals: { ...isManager, ...sameDepartment } }),
      allow(['view', 'edit', 'delete'], 'record', { StringEquals: isOwner }),
    )
    type Row = { readonly id: string | number } & Readonly<Record<string, string | number>>
    const entity = (type: string, { id, ...properties }: Row) => ({ type, id: `${id}`, properties })
    await pdp.load({
      subjects: vectors('search-users').map((user: Row) => ({
        ...entity('user', user),
        actsAs: [staff],
      })),
      resources: vectors('search-records').map((record: Row) => entity('record', record)),
      actions: ['view', 'edit', 'delete'].map((name) => ({ resourceType: 'record', name })),
    })
  })

  type Found = { readonly id?: string; readonly name?: string }
  const keysOf = (results: ReadonlyArray<Found>): ReadonlyArray<string> =>
    results.map(({ id, name }) => id ?? name ?? '').sort()

  it.each([
    ['search-action', 'evaluation', 'action', 120],
    ['search-resource', 'evaluation', 'resource', 18],
    ['search-subject', 'evaluation', 'subject', 60],
    ['idp-search-resource', 'search', 'resource', 6],
  ])('given %s, then all is found as published', async (file, member, kind, count) => {
    const cases = vectors(file)[member]
    expect(cases).toHaveLength(count)
    for (const { request, expected } of cases) {
      const { status, body } = await pdp.ask(`/access/v1/search/${kind}`, request)
      expect(status).toBe(200)
      expect([keysOf(body.results), request]).toEqual([keysOf(expected.results), request])
    }
  })

  it('given what a search finds, then an evaluation allows it, and nothing else', async () => {
    const subject = { type: 'user', id: 'dan' }
    for (const name of ['view', 'edit', 'delete']) {
      const action = { name }
      const asked = { subject, action, resource: { type: 'record' } }
      const { body } = await pdp.ask('/access/v1/search/resource', asked)
      const found = new Set(keysOf(body.results))
      const evaluations = vectors('search-records').map(({ id }: { readonly id: number }) => ({
        resource: { type: 'record', id: `${id}` },
      }))
      const batch = await pdp.ask('/access/v1/evaluations', { subject, action, evaluations })
      const allowed = batch.body.evaluations.map(
        ({ decision }: { readonly decision: boolean }) => decision,
      )
      expect(allowed).toEqual(
        evaluations.map(({ resource }: { readonly resource: Found }) =>
          found.has(resource.id ?? ''),
        ),
      )
    }
  })
})
