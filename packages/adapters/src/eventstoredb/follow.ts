/**
 * Following $all from a position on: one batch after the other, taken up again after every end of a
 * connection, without a gap and without a duplicate.
 *
 * A connection never tells where to go on from; only what was handled does. Its end is a drop even
 * when the server says OK, and so is silence while the log grows.
 */
import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  STREAM_NAME,
} from '@eventstore/db-client'
import {
  handOn,
  type LogError,
  type Position,
  type StoredEvent,
  type Subscription,
  type SubscriptionHandler,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type CallFault, callFaultOf, faultText, tooLate } from './call-fault.js'
import type { Connection } from './connection.js'
import { unveiled } from './envelope.js'
import { logPosition, type Reads } from './reads.js'
import type { Settings } from './settings.js'

/** How many events one batch holds at most, and how many wait inside a connection. */
const BATCH_EVENTS_MAX = 1_000
const BUFFERED_EVENTS = 512

/** The first pause after a drop in milliseconds; it doubles up to the last. */
const PAUSE_MS_FIRST = 50
const PAUSE_MS_LAST = 2_000

/** The server's own streams stay with the server. How often it reports on them does not matter. */
const OURS = { filterOn: STREAM_NAME, regex: '^[^$]', checkpointInterval: 1_000 } as const

type Failure = Parameters<SubscriptionHandler['onFailure']>[0]

type Run = {
  stopped: boolean
  position: Position
  /** Wakes whoever waits for the connection or for the end of a pause. */
  wake: () => void
}

/** How a connection ended: for another try, or for good. */
type Ending =
  | { readonly type: 'Stopped' }
  | { readonly type: 'Dropped'; readonly fault: CallFault }
  | { readonly type: 'Failed'; readonly failure: Failure }

export type Follow = (after: Position, handler: SubscriptionHandler) => Subscription

type World = {
  readonly connection: Connection
  readonly reads: Reads
  readonly settings: Settings
  readonly onSeen: (event: StoredEvent) => void
}

export const followOver =
  (
    connection: Connection,
    reads: Reads,
    settings: Settings,
    onSeen: (event: StoredEvent) => void,
  ): Follow =>
  (after, handler) => {
    const run: Run = { stopped: false, position: after, wake: () => undefined }
    const finished = supervise(run, { connection, reads, settings, onSeen }, handler)
    return {
      stop: () => {
        run.stopped = true
        run.wake()
        return finished
      },
    }
  }

const supervise = async (run: Run, world: World, handler: SubscriptionHandler): Promise<void> => {
  const { connection, settings } = world
  const detail = `${run.position} is no position`
  if (!Number.isSafeInteger(run.position)) return handler.onFailure({ type: 'LogFailed', detail })
  let pauseMs = PAUSE_MS_FIRST
  while (!run.stopped) {
    const client = await connection.client()
    const after = run.position
    const fromPosition = logPosition(after)
    const { credentials } = settings
    const subscription = client.subscribeToAll(
      { fromPosition, filter: OURS, credentials, requiresLeader: true },
      { highWaterMark: BUFFERED_EVENTS },
    )
    const ending = await pump(run, subscription, world, handler)
    subscription.unsubscribe().catch(alreadyEnded)
    if (ending.type === 'Failed') return handler.onFailure(ending.failure)
    if (ending.type === 'Stopped') return undefined
    const detail = faultText(ending.fault)
    if (ending.fault.type === 'Impossible') return handler.onFailure({ type: 'LogFailed', detail })
    connection.report(client, ending.fault)
    settings.onFault({ type: 'SubscriptionDropped', after: run.position, detail })
    if (run.position > after) pauseMs = PAUSE_MS_FIRST
    await sleep(run, pauseMs)
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_LAST)
  }
}

const alreadyEnded = (): void => undefined

/** Until `ms` have passed, or somebody wakes the run. */
const sleep = (run: Run, ms?: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(() => resolve(), ms)
    run.wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

/** Hands on what one connection delivers, until it ends. */
const pump = async (
  run: Run,
  subscription: AllStreamSubscription,
  { reads, settings, onSeen }: World,
  handler: SubscriptionHandler,
): Promise<Ending> => {
  const watch = watching(run, subscription, reads, settings)
  try {
    for (;;) {
      if (run.stopped) return { type: 'Stopped' }
      const batch = nextBatch(subscription, run.position)
      if (E.isLeft(batch)) return { type: 'Failed', failure: batch.left }
      if (batch.right.length === 0) {
        const drop = watch.dropped()
        if (drop !== null) return { type: 'Dropped', fault: drop }
        await sleep(run)
        continue
      }
      for (const event of batch.right) onSeen(event)
      const failure = await handOn(handler, batch.right)
      if (failure !== null) return { type: 'Failed', failure }
      run.position = batch.right.at(-1)?.position ?? run.position
    }
  } finally {
    watch.end()
  }
}

/** What has arrived, up to a batch. Nothing when there is nothing yet. */
const nextBatch = (
  subscription: AllStreamSubscription,
  after: Position,
): E.Either<LogError, ReadonlyArray<StoredEvent>> => {
  const events: Array<StoredEvent> = []
  let last = after
  while (events.length < BATCH_EVENTS_MAX) {
    const resolved = subscription.read() as AllStreamResolvedEvent | null
    if (resolved === null) break
    const event = unveiled(resolved)
    if (event === null) continue
    if (E.isLeft(event)) return E.left({ type: 'LogFailed', detail: event.left })
    if (event.right.position <= last)
      return E.left({ type: 'LogFailed', detail: `position ${event.right.position} after ${last}` })
    last = event.right.position
    events.push(event.right)
  }
  return E.right(events)
}

type Watch = {
  /** Why the connection is over, null while it is not. */
  readonly dropped: () => CallFault | null
  readonly end: () => void
}

/** Sees errors, ends, a confirmation that does not come, and silence while the log grows. */
const watching = (
  run: Run,
  subscription: AllStreamSubscription,
  reads: Reads,
  { callMs, watchMs }: Settings,
): Watch => {
  let dropped: CallFault | null = null
  let seenHead: Position | null = null
  const drop = (fault: CallFault): void => {
    dropped ??= fault
    run.wake()
  }
  const confirming = setTimeout(() => drop(tooLate(callMs)), callMs)
  const compare = async (): Promise<void> => {
    const position = run.position
    const head = await reads.head()
    const isBehind = E.isRight(head) && head.right.position > position && run.position === position
    if (isBehind && seenHead === position) drop(STALLED)
    seenHead = isBehind ? position : null
  }
  const watch = setInterval(() => void compare(), watchMs)
  subscription.on('confirmation', () => clearTimeout(confirming))
  subscription.on('readable', () => run.wake())
  subscription.on('end', () => drop(ENDED))
  subscription.on('close', () => drop(ENDED))
  subscription.on('error', (error: unknown) => drop(callFaultOf(error)))
  return {
    dropped: () => dropped,
    end: () => {
      clearTimeout(confirming)
      clearInterval(watch)
    },
  }
}

const ENDED: CallFault = { type: 'Doubt', detail: 'the server ended it', poisoned: false }
const STALLED: CallFault = {
  type: 'Doubt',
  detail: 'the log grows and nothing comes',
  poisoned: true,
}
