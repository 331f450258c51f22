/**
 * Starts everything in one process on the embedded log, in the order in which a fault costs
 * least: port, data folder, engine, first account. What was opened is closed again when a later
 * step fails.
 */
import { mkdirSync } from 'node:fs'
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { randomIds, systemClock } from '@grantlog/adapters/system'
import { openVault } from '@grantlog/adapters/vault'
import { type Clock, type Engine, openEngine } from '@grantlog/engine'
import {
  DEFAULT_PROTOCOL_SETTINGS,
  inMemoryNonces,
  readApiHandler,
  rpcHandler,
} from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'
import { openFirstAccount, type RootCredentials } from './first-start.js'
import { httpServer } from './http-server.js'
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

const failed = (sentence: string): E.Either<StartFailed, never> =>
  E.left({ type: 'StartFailed', sentence })

const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

export const startStandalone = async (
  configuration: Configuration,
  { clock = systemClock, onStopped = () => {}, onFault = () => {} }: StartOptions = {},
): Promise<E.Either<StartFailed, Standalone>> => {
  const closers: Array<() => Promise<void>> = []
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
    return failed(sentence)
  }

  const server = httpServer(onFault)
  closers.push(server.stop)
  const { host, data, quotas } = configuration
  let port: number
  try {
    port = await server.listen(host, configuration.port)
  } catch (fault) {
    return giveUp(sentenceOfPort(host, configuration.port, fault))
  }
  const endpoint = urlOf(host, port)

  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (fault) {
    return giveUp(`The data folder ${data} can't be made: ${(fault as Error).message}`)
  }
  // The log's lock keeps a second process out of the whole folder, so the log opens first; but it
  // closes before the vault, whose key signs the last tree head.
  const signing = treeSigner()
  const treeHeads = { signer: signing.signer }
  const log = await openSqliteLog({ directory: data, clock, mode: 'worker', treeHeads })
  if (E.isLeft(log)) return giveUp(sentenceOfLog(log.left))
  const vault = await openVault({ directory: data, clock })
  if (E.isRight(vault)) {
    signing.use(vault.right)
    closers.push(vault.right.close)
  }
  closers.push(log.right.close)
  if (E.isLeft(vault)) return giveUp(sentenceOfVault(vault.left))
  const viewStore = await openSqliteViewStore({ directory: data, mode: 'worker' })
  if (E.isLeft(viewStore)) return giveUp(sentenceOfLog(viewStore.left))
  closers.push(viewStore.right.close)

  const engine = await openEngine({
    log: log.right,
    viewStore: viewStore.right,
    vault: vault.right,
    clock,
    ids: randomIds(),
    quotas,
    onStopped,
  })
  if (E.isLeft(engine)) return giveUp(`The engine can't start: ${JSON.stringify(engine.left)}`)
  closers.push(engine.right.stop)
  const caughtUp = await engine.right.catchUp()()
  if (E.isLeft(caughtUp))
    return giveUp(`The engine can't catch up: ${JSON.stringify(caughtUp.left)}`)

  const first = await openFirstAccount(engine.right, endpoint, configuration.rootCredentials)
  if (E.isLeft(first)) return giveUp(first.left.sentence)

  const environment = {
    engine: engine.right,
    nonces: inMemoryNonces({ startedAt: clock.now() }),
    settings: DEFAULT_PROTOCOL_SETTINGS,
  }
  server.serve({
    engine: engine.right,
    rpc: rpcHandler(environment),
    readApi: readApiHandler(environment),
  })
  return E.right({
    endpoint,
    firstCredentials: first.right,
    engine: engine.right,
    digests: engine.right.digests,
    stop: async () => {
      // The last opened closes first, except for the port: no new call may come while the engine
      // finishes.
      await server.stop()
      await closeAll()
    },
  })
}
