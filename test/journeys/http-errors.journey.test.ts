/** What the HTTP port refuses by itself, in the form that the clients of each path read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from './server.js'

let journey: Journey
beforeAll(async () => {
  journey = await startJourney()
})
afterAll(() => journey.end())

const LARGE = 'x'.repeat(1024 * 1024 + 1)

const send = async (path: string, init: RequestInit) => {
  const answer = await fetch(`${journey.endpoint}${path}`, init)
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: JSON.parse(await answer.text()),
  }
}
const post = (path: string, body: string, type = 'application/json') =>
  send(path, { method: 'POST', body, headers: { 'content-type': type } })

describe('a body that is larger than any call may have', () => {
  it.each(['/v1/decide', '/v1/decide?x=1', '/access/v1/evaluation', '/oauth2/token'])(
    'given %s, then it is a problem',
    async (path) => {
      const { status, type, body } = await post(path, LARGE)
      expect([status, body.code]).toEqual([413, 'RequestTooLarge'])
      expect(type).toMatch(/^application\/problem\+json/)
      expect(body).toMatchObject({ type: 'about:blank', title: 'Payload Too Large', status: 413 })
      expect(body.detail).not.toBe('')
      expect(body.requestId).toMatch(/^[0-9A-F-]{36}$/)
    },
  )

  it('given RAM, then it is the envelope of RAM', async () => {
    const { status, type, body } = await post('/', LARGE)
    expect([status, body.Code, body.detail]).toEqual([413, 'RequestTooLarge', undefined])
    expect(type).toContain('application/json')
  })
})

describe('a path that nobody serves', () => {
  it.each(['/access', '/access/v2/evaluation', '/oauth2'])(
    'given %s, then it is a problem that says what there is',
    async (path) => {
      const { status, type, body } = await send(path, {})
      expect(status).toBe(404)
      expect(type).toMatch(/^application\/problem\+json/)
      expect(body.detail).toContain(path)
      expect(body.detail).toContain('/access/v1/')
    },
  )

  it('given a path that only begins alike, then it is the envelope of RAM', async () => {
    for (const path of ['/v10', '/accessories', '/nothing']) {
      const { status, body } = await send(path, {})
      expect([path, status, body.Code]).toEqual([path, 404, 'InvalidAction.NotFound'])
    }
  })
})
