/**
 * A node that hears of what others did only later: it must not answer on what it knew before.
 */
import { seededIds } from '@grantlog/adapters/system'
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import { type Engine, type EventLog, LAG_MS_MAX, openEngine } from '@grantlog/engine'
import { inMemoryViewStore } from '@grantlog/engine/testing'
import {
  DEFAULT_PROTOCOL_SETTINGS,
  inMemoryNonces,
  PRODUCT_VERSIONS,
  rpcHandler,
} from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openServer, START, type TestServer } from './server.js'
import { type Credentials, signAcs3 } from './signing.js'

/** A log that delivers nothing while the gate is closed. */
const gated = (log: EventLog) => {
  let open: () => void = () => undefined
  let opened = Promise.resolve()
  return {
    log: {
      ...log,
      subscribe: (after, { onEvents, onFailure }) =>
        log.subscribe(after, {
          onEvents: (batch) => opened.then(() => onEvents(batch)),
          onFailure,
        }),
    } satisfies EventLog,
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve
      })
    },
    open: () => open(),
  }
}

let server: TestServer
let late: Engine
let gate: ReturnType<typeof gated>
let ask: (action: string, as: Credentials) => Promise<string>
beforeEach(async () => {
  server = await openServer()
  gate = gated(server.log)
  const opened = await openEngine({
    log: gate.log,
    viewStore: inMemoryViewStore(),
    vault: server.engine.vault,
    clock: server.clock,
    ids: seededIds(2),
    quotas: DEFAULT_QUOTAS,
    cluster: { onAssumed: () => undefined },
    onStopped: () => undefined,
  })
  if (E.isLeft(opened)) throw new Error(opened.left.type)
  late = opened.right
  const nonces = inMemoryNonces({ startedAt: START })
  const rpc = rpcHandler({ engine: late, nonces, settings: DEFAULT_PROTOCOL_SETTINGS })
  ask = async (action, as) => {
    const version = PRODUCT_VERSIONS[action === 'GetCallerIdentity' ? 'Sts' : 'Ram']
    const [nonce, now] = [server.nextNonce(), server.clock.now()]
    const { status, body } = await rpc(signAcs3(as, { action, version, query: {}, nonce, now }))
    return `${status} ${JSON.parse(body).Code ?? 'OK'}`
  }
})
afterEach(async () => {
  gate.open()
  await late.stop()
  await server.engine.stop()
})

/** Longer than a node may take what it knew for the present. */
const untilLate = () => new Promise((resolve) => setTimeout(resolve, LAG_MS_MAX + 50))

const CALLS = ['GetCallerIdentity', 'ListUsers'] as const

describe('a node that hears late of what others did', () => {
  it('given a key that was deleted meanwhile, then the key proves nothing', async () => {
    const alice = await server.makeUser('alice', ['AliyunRAMReadOnlyAccess'])
    await late.waitFor(server.engine.status().applied)()
    for (const action of CALLS) expect(await ask(action, alice)).toBe('200 OK')

    gate.close()
    const { accessKeyId } = alice
    const deleted = { UserName: 'alice', UserAccessKeyId: accessKeyId }
    expect((await server.call('DeleteAccessKey', deleted)).status).toBe(200)
    await untilLate()
    for (const action of CALLS) {
      const asked = ask(action, alice)
      gate.open()
      expect(await asked).toBe('404 InvalidAccessKeyId.NotFound')
    }
  })

  it('given nothing heard for too long, then nobody is known, and once heard again, everybody is', async () => {
    const alice = await server.makeUser('alice', ['AliyunRAMReadOnlyAccess'])
    await late.waitFor(server.engine.status().applied)()
    gate.close()
    await server.call('CreateUser', { UserName: 'bob' })
    await untilLate()
    for (const action of CALLS) expect(await ask(action, alice)).toMatch(/^503 /)
    gate.open()
    for (const action of CALLS) expect(await ask(action, alice)).toBe('200 OK')
  })
})
