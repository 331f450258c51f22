/**
 * From open stores to a served engine: views that show everything the log holds, the first account,
 * and the calls.
 */
import { type Engine, type EngineDependencies, openEngine } from '@grantlog/engine'
import {
  authzenHandler,
  DEFAULT_PROTOCOL_SETTINGS,
  inMemoryNonces,
  oauthHandler,
  readApiHandler,
  rpcHandler,
  type SharedNonces,
} from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Serving } from './http-port.js'
import type { Opened } from './starting.js'

/** An engine whose views show everything that the log held when it was opened. */
export const openCaughtUp = async (
  dependencies: EngineDependencies,
  opened: Opened,
): Promise<E.Either<string, Engine>> => {
  const engine = await openEngine(dependencies)
  if (E.isLeft(engine)) return E.left(`The engine can't start: ${JSON.stringify(engine.left)}`)
  opened.add(engine.right.stop)
  const caughtUp = await engine.right.catchUp()()
  return E.isLeft(caughtUp)
    ? E.left(`The engine can't catch up: ${JSON.stringify(caughtUp.left)}`)
    : engine
}

/**
 * The calls that an engine answers. `shared` are the nonces of all replicas, where there are more.
 */
export const servingOf = (
  engine: Engine,
  { publicUrl = null }: { readonly publicUrl?: string | null },
  shared?: SharedNonces,
): Serving => {
  const nonces = inMemoryNonces({ startedAt: engine.clock.now() })
  const sharing = shared === undefined ? {} : { shared }
  const settings = {
    ...DEFAULT_PROTOCOL_SETTINGS,
    ...(publicUrl === null ? {} : { publicUrl }),
  }
  const environment = { engine, nonces, settings, ...sharing }
  return {
    status: engine.status,
    calls: {
      rpc: rpcHandler(environment),
      v1: readApiHandler(environment),
      oauth2: oauthHandler(environment),
      authzen: authzenHandler(environment),
    },
  }
}
