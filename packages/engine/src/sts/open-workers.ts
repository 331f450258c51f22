/**
 * The STS worker as a process of its own: the one view that it needs, and a worker for each of its
 * shards. They share one subscription, so that the log sends everything once. The view takes each
 * batch first, and in one go, so a shard never waits for what only a later batch would show.
 */
import { grantsView, roleById } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import { type ViewProgress, watchLag } from '../lag.js'
import { observedLog } from '../observed-log.js'
import { type Observer, UNOBSERVED } from '../observer.js'
import type { Clock, EventLog, Ids, Position, Subscription, ViewStore } from '../ports.js'
import { followView, runViews } from '../run-views.js'
import { followTogether } from './follow-together.js'
import { shardOf } from './shard.js'
import { type StsWorker, startStsWorker } from './worker.js'

export type StsWorkersDependencies = {
  readonly log: EventLog
  readonly viewStore: ViewStore
  readonly clock: Clock
  readonly ids: Ids
  /** How many shards the deployment has: the same number in every process, for ever. */
  readonly shards: number
  /** Which of them this process works on; several processes may name the same. */
  readonly own: ReadonlyArray<number>
  readonly onStopped: (reason: string) => void
  /** Told of the work while it is done; nobody when left out. */
  readonly observer?: Observer
}

export type StsWorkers = {
  /** The position that this process has applied. */
  readonly applied: () => Position
  /** How far the view has got, and how far it is behind the log. */
  readonly progress: () => ReadonlyArray<ViewProgress>
  /** Null while all is well. */
  readonly stopped: () => string | null
  /** How long ago the log was asked that answered last. */
  readonly msSilent: () => number
  readonly openSessions: () => number
  readonly waitingSessions: () => number
  /** Of an own shard; see `StsWorker`. Null at once for the shard of another process. */
  readonly whenConsumed: (shard: number, position: Position) => Promise<Position | null>
  readonly stop: () => Promise<void>
}

export const openStsWorkers = async (
  dependencies: StsWorkersDependencies,
): Promise<E.Either<EngineError, StsWorkers>> => {
  const { viewStore, clock, ids, shards, own, onStopped, observer = UNOBSERVED } = dependencies
  const log = observedLog(dependencies.log, observer)
  const head = await log.head()()
  if (E.isLeft(head)) return head
  let stopped: string | null = null
  const stopOnce = (reason: string): void => {
    if (stopped !== null) return
    stopped = reason
    onStopped(reason)
  }
  const { state: grants, followed } = await followView(viewStore, grantsView, head.right)
  const together = followTogether(log)
  const shared = { ...log, subscribe: together.subscribe }
  const { tracing } = observer
  const reader = await runViews(shared, viewStore, head.right, [followed], stopOnce, { tracing })
  const lag = watchLag(log, reader.applied)
  const workers = new Map<number, StsWorker>()
  let following: Subscription | undefined
  const stop = async (): Promise<void> => {
    await following?.stop()
    for (const worker of workers.values()) await worker.stop()
    lag.stop()
    await reader.stop()
  }
  for (const shard of own) {
    const worker = await startStsWorker({
      log: shared,
      clock,
      ids,
      shard,
      ownsAccount: (accountId) => shardOf(accountId, shards) === shard,
      roleExists: (accountId, roleId) => roleById(grants, accountId, roleId) !== undefined,
      waitFor: reader.waitFor,
      onStopped: stopOnce,
      observer,
    })
    if (E.isLeft(worker)) {
      await stop()
      return worker
    }
    workers.set(shard, worker.right)
  }
  following = together.start()
  const sum = (count: (worker: StsWorker) => number): number =>
    [...workers.values()].reduce((total, worker) => total + count(worker), 0)

  return E.right({
    applied: reader.applied,
    progress: () => reader.progress(lag),
    stopped: () => stopped,
    msSilent: lag.msSilent,
    openSessions: () => sum((worker) => worker.openCount()),
    waitingSessions: () => sum((worker) => worker.waitingCount()),
    whenConsumed: async (shard, position) =>
      (await workers.get(shard)?.whenConsumed(position)) ?? null,
    stop,
  })
}
