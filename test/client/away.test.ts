/**
 * The client when things go wrong: a server on a loopback port that answers as it is told to. What
 * it answers stands in the order in which it is asked.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, type ClientOptions, openClient } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void
type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string }

let server: Server
let answers: Answering[] = []
let seen: Seen[] = []
beforeEach(async () => {
  answers = []
  seen = []
  server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method, url, headers } = request
      const body = Buffer.concat(pieces).toString()
      seen.push({ method, url, headers, body })
      const answer = answers.shift()
      if (answer === undefined) request.socket.destroy()
      else answer(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const KEY = { accessKeyId: 'LTAI5tTestKeyId000000001', accessKeySecret: 'secret' }

const client = (options: Partial<ClientOptions> = {}): Client =>
  openClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: KEY,
    retries: { attemptsMax: 3, baseMs: 1, capMs: 2 },
    ...options,
  })

const says =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answering =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
const problem = (status: number, code: string) => says(status, { status, code, detail: 'told' })
const cuts: Answering = ({ socket }) => void socket.destroy()
const silent: Answering = () => undefined

const Ok = t.type({ ok: t.boolean })
const ok = says(200, { ok: true })

describe('a question', () => {
  it('given 429, 503 or a connection that breaks, then it is asked again, signed anew', async () => {
    answers = [problem(503, 'Busy'), cuts, ok]
    expect(await client().get('/v1/x', {}, Ok)).toEqual(E.right({ ok: true }))
    answers = [problem(429, 'Busy'), ok]
    expect(await client().ask('/v1/x', {}, Ok)).toEqual(E.right({ ok: true }))
    const nonces = seen.map(({ headers }) => headers['x-acs-signature-nonce'])
    expect(new Set(nonces).size).toBe(5)
  })

  it('given faults without end, then the last is the answer after so many attempts', async () => {
    answers = Array.from({ length: 9 }, () => problem(503, 'Busy'))
    const busy = await client().get('/v1/x', {}, Ok)
    expect(busy).toMatchObject({ left: { type: 'Unavailable', problem: { code: 'Busy' } } })
    expect(seen).toHaveLength(3)
  })

  it('given a refusal, a fault of the server or nonsense, then it is not asked again', async () => {
    answers = [problem(404, 'No'), problem(500, 'Oh'), says(200, { ok: 1 }), says(502, 'html')]
    const types: unknown[] = []
    for (let index = 0; index < 4; index += 1) types.push(await client().get('/v1/x', {}, Ok))
    expect(types).toMatchObject([
      { left: { type: 'Refused', problem: { code: 'No' } } },
      { left: { type: 'Unavailable', problem: { code: 'Oh' } } },
      { left: { type: 'AnswerMalformed' } },
      { left: { type: 'Unavailable', problem: { code: 'Http502' } } },
    ])
    expect(seen).toHaveLength(4)
  })

  it('given a silent server or a caller who gives up, then it ends', async () => {
    answers = [silent, silent, silent, silent]
    const late = await client({ timeoutMs: 30 }).get('/v1/x', {}, Ok)
    expect(late).toEqual(E.left({ type: 'TimedOut', timeoutMs: 30 }))
    const controller = new AbortController()
    const waiting = client().get('/v1/x', {}, Ok, { signal: controller.signal })
    controller.abort()
    expect(await waiting).toEqual(E.left({ type: 'Aborted' }))
    const { signal } = controller
    expect(await client().get('/v1/x', {}, Ok, { signal })).toEqual(E.left({ type: 'Aborted' }))
  })
})

describe('an order', () => {
  it('given a fault, then it is given once', async () => {
    answers = [problem(503, 'Busy'), cuts]
    expect(await client().order('/v1/x', {}, Ok)).toMatchObject({ left: { type: 'Unavailable' } })
    expect(await client().order('/v1/x', {}, Ok)).toMatchObject({ left: { type: 'Unreachable' } })
    expect(seen).toHaveLength(2)
  })
})

describe('consistency tokens', () => {
  const token = (value: string): Answering =>
    says(200, { ok: true }, { 'x-grantlog-position-token': value })
  const carried = () => seen.map(({ headers }) => headers['x-grantlog-at-least'])

  it('given answers, then the next call carries what they handed out', async () => {
    const one = client()
    answers = [token('a'), token('b'), token('c')]
    for (let index = 0; index < 3; index += 1) await one.get('/v1/x', {}, Ok, { reason: 'why' })
    expect(carried()).toEqual([undefined, 'a', 'b'])
    answers = [token('d')]
    await one.get('/v1/x', {}, Ok, { atLeast: 'z' })
    expect(carried().at(-1)).toBe('c,z')
    expect(seen[0]?.headers['x-grantlog-reason']).toBe('why')
  })

  it('given orders at the same time, then both are waited for until they are seen', async () => {
    const one = client()
    answers = [token('a'), token('b'), token('c'), token('d')]
    await Promise.all([one.order('/v1/x', {}, Ok), one.order('/v1/x', {}, Ok)])
    await one.get('/v1/x', {}, Ok)
    await one.get('/v1/x', {}, Ok)
    expect(String(carried()[2]).split(',').toSorted()).toEqual(['a', 'b'])
    expect(carried()[3]).toBe('c')
  })

  it('given a question that is older than an order, then its token does not replace the other', async () => {
    const one = client()
    let release: () => void = () => undefined
    const held: Answering = (request, response, body) => {
      release = () => token('old')(request, response, body)
    }
    answers = [held]
    const question = one.get('/v1/x', {}, Ok)
    while (seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 1))
    answers = [token('new')]
    await one.order('/v1/x', {}, Ok)
    release()
    await question
    answers = [ok]
    await one.get('/v1/x', {}, Ok)
    expect(carried().at(-1)).toBe('new')
  })
})

describe('lines', () => {
  const page = (next: string | null) => ({ page: { position: 9, applied: 9, next } })
  const lines =
    (values: ReadonlyArray<unknown>, isCut = false): Answering =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
      if (isCut) response.write(text, () => void setTimeout(() => response.destroy(), 20))
      else response.end(text)
    }
  const Item = t.type({ n: t.number })
  const collect = async () => {
    const all: unknown[] = []
    for await (const item of client().each('/v1/x', {}, Item))
      all.push(E.isRight(item) ? item.right.n : item.left)
    return all
  }

  it('given an answer that is cut, then it goes on, with each item once', async () => {
    answers = [
      lines([{ n: 1 }, { n: 2 }, page('c1'), { n: 3 }], true),
      lines([{ n: 3 }, { n: 4 }], true),
      lines([{ n: 3 }, { n: 4 }, { n: 5 }, page(null)]),
    ]
    expect(await collect()).toEqual([1, 2, 3, 4, 5])
    expect(seen.map(({ url }) => url)).toEqual(['/v1/x', '/v1/x?after=c1', '/v1/x?after=c1'])
  })

  it('given an answer that ends before its page does, then it is as if it were cut', async () => {
    answers = [lines([{ n: 1 }]), lines([{ n: 1 }, page(null)])]
    expect(await collect()).toEqual([1])
    answers = [lines([]), lines([]), lines([]), lines([])]
    expect(await collect()).toEqual([
      { type: 'Unreachable', detail: 'the answer ends before its page does' },
    ])
  })

  it('given a problem or nonsense on the way, then it is the last that comes', async () => {
    const gone = { status: 503, code: 'Gone', detail: 'told' }
    answers = [lines([{ n: 1 }, { problem: { ...gone, status: 410 } }])]
    expect(await collect()).toMatchObject([1, { type: 'Refused', problem: { code: 'Gone' } }])
    answers = [lines([{ n: 1 }, { n: 'x' }])]
    expect(await collect()).toMatchObject([1, { type: 'AnswerMalformed' }])
  })
})

describe('bearer tokens', () => {
  const grants = (token: string, seconds = 3_600): Answering =>
    says(200, { access_token: token, token_type: 'Bearer', expires_in: seconds })

  it('given calls, then the key is shown once and its token stands for it', async () => {
    const one = client({ authentication: 'Bearer' })
    answers = [grants('t1'), ok, ok, ok]
    await Promise.all([one.get('/v1/x', {}, Ok), one.get('/v1/x', {}, Ok)])
    await one.get('/v1/x', {}, Ok)
    expect(seen.map(({ url }) => url)).toEqual(['/oauth2/token', '/v1/x', '/v1/x', '/v1/x'])
    const [first, second] = seen
    const basic = Buffer.from(`${KEY.accessKeyId}:${KEY.accessKeySecret}`).toString('base64')
    expect([first?.headers.authorization, first?.body]).toEqual([
      `Basic ${basic}`,
      'grant_type=client_credentials',
    ])
    expect(second?.headers.authorization).toBe('Bearer t1')
  })

  it('given a token that is over or refused, then a new one is fetched, once', async () => {
    const one = client({ authentication: 'Bearer' })
    answers = [grants('t1', 0), ok, grants('t2'), problem(401, 'Over'), grants('t3'), ok]
    expect(E.isRight(await one.get('/v1/x', {}, Ok))).toBe(true)
    expect(E.isRight(await one.order('/v1/x', {}, Ok))).toBe(true)
    expect(seen.at(-1)?.headers.authorization).toBe('Bearer t3')
    answers = [problem(401, 'Over'), grants('t4'), problem(401, 'Over')]
    const refused = await one.get('/v1/x', {}, Ok)
    expect(refused).toMatchObject({ left: { type: 'Refused', problem: { code: 'Over' } } })
  })

  it('given no token or a session, then the call says why it was not made', async () => {
    answers = [says(200, { access_token: 't' })]
    const odd = await client({ authentication: 'Bearer' }).get('/v1/x', {}, Ok)
    expect(odd).toMatchObject({ left: { type: 'AnswerMalformed' } })
    answers = [says(401, { error: 'invalid_client', error_description: 'told' })]
    const refused = await client({ authentication: 'Bearer' }).get('/v1/x', {}, Ok)
    expect(refused).toMatchObject({ left: { problem: { code: 'invalid_client' } } })
    const session = { ...KEY, securityToken: 'x' }
    const asked = client({ authentication: 'Bearer', credentials: session })
    expect(await asked.get('/v1/x', {}, Ok)).toMatchObject({ left: { type: 'NoCredentials' } })
    const failing = client({ credentials: () => Promise.reject(new Error('no vault')) })
    expect(await failing.get('/v1/x', {}, Ok)).toEqual(
      E.left({ type: 'NoCredentials', detail: 'no vault' }),
    )
  })
})
