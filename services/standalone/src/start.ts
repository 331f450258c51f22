/**
 * Starts everything in one process on the embedded log, in the order in which a fault costs
 * least: port, data folder, engine, first account.
 */
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { createLogger, type Logger, randomIds, systemClock } from '@grantlog/adapters/system'
import { openVault } from '@grantlog/adapters/vault'
import type { Clock, Engine } from '@grantlog/engine'
import {
  engineGauges,
  firstAccountId,
  type Incidents,
  listenOn,
  nothingOpened,
  type Opened,
  openCaughtUp,
  openFirstAccount,
  openFront,
  type RootCredentials,
  type Running,
  type StartFailed,
  sentenceOfLog,
  sentenceOfVault,
  servingOf,
} from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'
import { treeSigner } from './tree-signer.js'

export type Standalone = Running & {
  /** The root AccessKey, on the first start only. */
  readonly firstCredentials: RootCredentials | null
  readonly engine: Engine
  readonly digests: () => Readonly<Record<string, string>>
}

export type StartOptions = Partial<Incidents> & {
  readonly clock?: Clock
  readonly logger?: Logger
}

const QUIET = createLogger({ level: 'silent' })

/**
 * Opens what is kept in the data folder. The log's lock keeps a second process out of the whole
 * folder, so the log opens first; but it closes before the vault, whose key signs the last tree
 * head.
 */
const openStores = async (directory: string, clock: Clock, opened: Opened) => {
  const signing = treeSigner()
  const treeHeads = { signer: signing.signer }
  const log = await openSqliteLog({ directory, clock, mode: 'worker', treeHeads })
  if (E.isLeft(log)) return E.left(sentenceOfLog(log.left))
  const vault = await openVault({ directory, clock })
  if (E.isRight(vault)) {
    signing.use(vault.right)
    opened.add(vault.right.close)
  }
  opened.add(log.right.close)
  if (E.isLeft(vault)) return E.left(sentenceOfVault(vault.left))
  const viewStore = await openSqliteViewStore({ directory, mode: 'worker' })
  if (E.isLeft(viewStore)) return E.left(sentenceOfLog(viewStore.left))
  opened.add(viewStore.right.close)
  return E.right({ log: log.right, vault: vault.right, viewStore: viewStore.right })
}

export const startStandalone = async (
  configuration: Omit<Configuration, 'allowRemote' | 'otlp'> & Partial<Pick<Configuration, 'otlp'>>,
  {
    clock = systemClock,
    logger = QUIET,
    onStopped = () => {},
    onFault = () => {},
  }: StartOptions = {},
): Promise<E.Either<StartFailed, Standalone>> => {
  const opened = nothingOpened(onFault)
  const told = { logger, onFault }
  const { metrics, http, observer } = await openFront('grantlog', configuration, told, opened)
  const endpoint = await listenOn(http, configuration)
  if (E.isLeft(endpoint)) return opened.giveUp(endpoint.left)

  const stores = await openStores(configuration.data, clock, opened)
  if (E.isLeft(stores)) return opened.giveUp(stores.left)
  const { quotas, rootCredentials } = configuration
  const ids = randomIds()
  const engine = await openCaughtUp(
    { ...stores.right, clock, ids, quotas, onStopped, observer },
    opened,
  )
  if (E.isLeft(engine)) return opened.giveUp(engine.left)
  const accountId = firstAccountId(stores.right.vault.deploymentId)
  const first = await openFirstAccount(engine.right, accountId, endpoint.right, rootCredentials)
  if (E.isLeft(first)) return opened.giveUp(first.left.sentence)

  engineGauges(metrics, () => engine.right)
  http.serve(servingOf(engine.right))
  return E.right({
    endpoint: endpoint.right,
    firstCredentials: first.right,
    engine: engine.right,
    digests: engine.right.digests,
    stop: async () => {
      // The port closes first: no new call may come while the engine finishes.
      await http.stop()
      await opened.closeAll()
    },
  })
}
