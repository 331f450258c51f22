/**
 * Starts everything in one process on the embedded log, in the order in which a fault costs
 * least: port, data folder, engine, first account. What was opened is closed again when a later
 * step fails.
 */
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { randomIds, systemClock } from '@grantlog/adapters/system'
import { openVault } from '@grantlog/adapters/vault'
import { type Clock, type Engine, type EngineDependencies, openEngine } from '@grantlog/engine'
import {
  DEFAULT_PROTOCOL_SETTINGS,
  inMemoryNonces,
  readApiHandler,
  rpcHandler,
} from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'
import { openFirstAccount, type RootCredentials } from './first-start.js'
import { type HttpServer, httpServer } from './http-server.js'
import { sentenceOfLog, sentenceOfPort, sentenceOfVault } from './sentences.js'
import { treeSigner } from './tree-signer.js'

export type Standalone = {
  /** URL of the server, with the port that it really has. */
  readonly endpoint: string
  /** The root AccessKey, on the first start only. */
  readonly firstCredentials: RootCredentials | null
  readonly engine: Engine
  readonly digests: () => Readonly<Record<string, string>>
  /** Resolves when everything accepted is finished and stored. */
  readonly stop: () => Promise<void>
}

export type StartFailed = { readonly type: 'StartFailed'; readonly sentence: string }

export type StartOptions = {
  readonly clock?: Clock
  /** A part of the engine can't go on; nothing is allowed any more. */
  readonly onStopped?: (reason: string) => void
  readonly onFault?: (fault: unknown) => void
}

const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

type Closers = Array<() => Promise<void>>

/** The port, or the sentence that says why not. */
const listen = async (
  server: HttpServer,
  { host, port }: Configuration,
): Promise<E.Either<string, number>> => {
  try {
    return E.right(await server.listen(host, port))
  } catch (fault) {
    return E.left(sentenceOfPort(host, port, fault))
  }
}

/**
 * Opens what is kept in the data folder. The log's lock keeps a second process out of the whole
 * folder, so the log opens first; but it closes before the vault, whose key signs the last tree
 * head.
 */
const openStores = async (directory: string, clock: Clock, closers: Closers) => {
  const signing = treeSigner()
  const treeHeads = { signer: signing.signer }
  const log = await openSqliteLog({ directory, clock, mode: 'worker', treeHeads })
  if (E.isLeft(log)) return E.left(sentenceOfLog(log.left))
  const vault = await openVault({ directory, clock })
  if (E.isRight(vault)) {
    signing.use(vault.right)
    closers.push(vault.right.close)
  }
  closers.push(log.right.close)
  if (E.isLeft(vault)) return E.left(sentenceOfVault(vault.left))
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return E.left(sentenceOfLog(viewStore.left))
  closers.push(viewStore.right.close)
  return E.right({ log: log.right, vault: vault.right, viewStore: viewStore.right })
}

/** An engine whose views show everything that the log holds. */
const openCaughtUp = async (
  dependencies: EngineDependencies,
  closers: Closers,
): Promise<E.Either<string, Engine>> => {
  const engine = await openEngine(dependencies)
  if (E.isLeft(engine)) return E.left(`The engine can't start: ${JSON.stringify(engine.left)}`)
  closers.push(engine.right.stop)
  const caughtUp = await engine.right.catchUp()()
  return E.isLeft(caughtUp)
    ? E.left(`The engine can't catch up: ${JSON.stringify(caughtUp.left)}`)
    : engine
}

const serveWith = (server: HttpServer, engine: Engine): void => {
  const nonces = inMemoryNonces({ startedAt: engine.clock.now() })
  const environment = { engine, nonces, settings: DEFAULT_PROTOCOL_SETTINGS }
  const rpc = rpcHandler(environment)
  server.serve({ engine, rpc, readApi: readApiHandler(environment) })
}

export const startStandalone = async (
  configuration: Configuration,
  { clock = systemClock, onStopped = () => {}, onFault = () => {} }: StartOptions = {},
): Promise<E.Either<StartFailed, Standalone>> => {
  const closers: Closers = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse())
      try {
        await close()
      } catch (fault) {
        onFault(fault)
      }
  }
  const giveUp = async (sentence: string): Promise<E.Either<StartFailed, never>> => {
    await closeAll()
    return E.left({ type: 'StartFailed', sentence })
  }

  const server = httpServer(onFault)
  closers.push(server.stop)
  const port = await listen(server, configuration)
  if (E.isLeft(port)) return giveUp(port.left)
  const endpoint = urlOf(configuration.host, port.right)

  const stores = await openStores(configuration.data, clock, closers)
  if (E.isLeft(stores)) return giveUp(stores.left)
  const { quotas, rootCredentials } = configuration
  const ids = randomIds()
  const engine = await openCaughtUp({ ...stores.right, clock, ids, quotas, onStopped }, closers)
  if (E.isLeft(engine)) return giveUp(engine.left)
  const first = await openFirstAccount(engine.right, endpoint, rootCredentials)
  if (E.isLeft(first)) return giveUp(first.left.sentence)

  serveWith(server, engine.right)
  return E.right({
    endpoint,
    firstCredentials: first.right,
    engine: engine.right,
    digests: engine.right.digests,
    stop: async () => {
      // The port closes first: no new call may come while the engine finishes.
      await server.stop()
      await closeAll()
    },
  })
}
