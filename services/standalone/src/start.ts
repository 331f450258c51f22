/**
 * Starts everything in one process on the embedded log, in the order in which a fault costs
 * least: port, data folder, engine, first account.
 */
import { createLogger, type Logger, randomIds, systemClock } from '@grantlog/adapters/system'
import type { Clock, Engine } from '@grantlog/engine'
import {
  deploymentOf,
  engineGauges,
  type Incidents,
  listenOn,
  nothingOpened,
  openCaughtUp,
  openFederating,
  openFirstAccount,
  openFront,
  passwordWorkOf,
  type RootCredentials,
  type Running,
  type StartFailed,
  servingOf,
} from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from './configuration.js'
import { openStores } from './stores.js'

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

/** What may be left out where a server is started by code. */
type Optional =
  | 'otlp'
  | 'publicUrl'
  | 'trustedProxies'
  | 'insideIssuers'
  | 'issuersCa'
  | 'passwordMemory'
  | 'passwordPasses'

export const startStandalone = async (
  configuration: Omit<Configuration, 'allowRemote' | Optional> &
    Partial<Pick<Configuration, Optional>>,
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

  const work = passwordWorkOf(configuration)
  const stores = await openStores(configuration.data, clock, opened, work)
  if (E.isLeft(stores)) return opened.giveUp(stores.left)
  const { quotas, rootCredentials } = configuration
  const federation = openFederating(configuration, opened)
  if (E.isLeft(federation)) return opened.giveUp(federation.left)
  const deployment = deploymentOf(stores.right.vault)
  const ids = randomIds()
  const engine = await openCaughtUp(
    {
      ...{ ...stores.right, clock, ids, quotas, onStopped, observer },
      federation: federation.right,
    },
    opened,
  )
  if (E.isLeft(engine)) return opened.giveUp(engine.left)
  const first = await openFirstAccount(engine.right, deployment, endpoint.right, rootCredentials)
  if (E.isLeft(first)) return opened.giveUp(first.left.sentence)

  engineGauges(metrics, () => engine.right)
  http.serve(servingOf(engine.right, configuration))
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
