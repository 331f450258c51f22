/**
 * A signed call that is sent again to another node: two nodes with memories of their own, and
 * claims of nonces that they share, or can't reach.
 */
import {
  DEFAULT_PROTOCOL_SETTINGS,
  type HttpRequest,
  inMemoryNonces,
  rpcHandler,
  type SharedNonces,
} from '@grantlog/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openServer, START, type TestServer } from './server.js'
import { signAcs3 } from './signing.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const inMemoryClaims = () => {
  const taken = new Set<string>()
  const claims: SharedNonces['claims'] = {
    claim: async (fingerprint) => {
      if (taken.has(fingerprint)) return 'taken'
      taken.add(fingerprint)
      return 'claimed'
    },
  }
  return { claims, taken }
}
const unreachable: SharedNonces['claims'] = { claim: async () => 'unavailable' }

/** A node with a memory of its own; answers the code of the outcome. */
const node = (shared?: SharedNonces) => {
  const rpc = rpcHandler({
    engine: server.engine,
    nonces: inMemoryNonces({ startedAt: START }),
    settings: DEFAULT_PROTOCOL_SETTINGS,
    ...(shared === undefined ? {} : { shared }),
  })
  return async (request: HttpRequest): Promise<string> => {
    const { status, body } = await rpc(request)
    return `${status} ${JSON.parse(body).Code ?? 'OK'}`
  }
}

const signed = (action: string, query: Readonly<Record<string, string>> = {}): HttpRequest =>
  signAcs3(server.root, {
    action,
    version: action === 'GetCallerIdentity' ? '2015-04-01' : '2015-05-01',
    query,
    nonce: server.nextNonce(),
    now: server.clock.now(),
  })

const createAlice = () => signed('CreateUser', { UserName: 'alice' })
const deleteAlice = () => signed('DeleteUser', { UserName: 'alice' })

describe('a call that is sent again to another node', () => {
  it('given shared claims, then it is refused, whether the first was done or refused', async () => {
    const { claims } = inMemoryClaims()
    const shared = { claims, whenUnavailable: 'refuse' } as const
    const [one, other] = [node(shared), node(shared)]
    const [early, create] = [deleteAlice(), createAlice()]
    expect(await one(early)).toBe('404 EntityNotExist.User')
    expect(await one(create)).toBe('200 OK')
    expect(await other(create)).toBe('400 SignatureNonceUsed')
    expect(await other(early)).toBe('400 SignatureNonceUsed')
  })

  it('given claims that cannot be reached and may be missing, then what was done is not done again', async () => {
    const shared = { claims: unreachable, whenUnavailable: 'proceed' } as const
    const [one, other] = [node(shared), node(shared)]
    const create = createAlice()
    expect(await one(create)).toBe('200 OK')
    expect(await one(deleteAlice())).toBe('200 OK')
    expect(await other(create)).toBe('400 SignatureNonceUsed')
    expect(await other(createAlice())).toBe('200 OK')
  })

  it('given claims that cannot be reached and must be there, then a command is put off and a question is answered', async () => {
    const one = node({ claims: unreachable, whenUnavailable: 'refuse' })
    expect(await one(createAlice())).toBe('503 ServiceUnavailable')
    expect(await one(signed('ListUsers'))).toBe('200 OK')
    expect(await one(signed('GetCallerIdentity'))).toBe('200 OK')
  })

  it('given a question or a bad signature, then nothing is claimed; a command claims a UUID of its own', async () => {
    const { claims, taken } = inMemoryClaims()
    const one = node({ claims, whenUnavailable: 'refuse' })
    await one(signed('ListUsers'))
    const forged = { ...createAlice(), rawUrl: '/?UserName=mallory' }
    expect(await one(forged)).toBe('400 SignatureDoesNotMatch')
    expect(taken.size).toBe(0)
    await one(createAlice())
    await one(createAlice())
    expect(taken.size).toBe(2)
    for (const fingerprint of taken)
      expect(fingerprint).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
  })
})
