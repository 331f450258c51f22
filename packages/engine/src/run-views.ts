/**
 * Follows the log and feeds the views, one batch after the other, and lets others wait for a
 * position.
 *
 * Invariants: every view sees every event once and in order; a hole in a stream or an unknown
 * critical event stops the reader, and a stopped reader allows nothing. An account whose event
 * can't be read is quarantined, with its later events.
 */
import { isForViews, type Recorded, TYPES_NOT_FOR_VIEWS } from '@grantlog/domain'
import type { View, ViewState } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from './engine.js'
import { type KeptView, loadView } from './kept-view.js'
import type { LagWatch, ViewProgress } from './lag.js'
import { NO_TRACING, type Span, type Tracing } from './observer.js'
import type { EventLog, Position, StoredEvent, ViewStore } from './ports.js'
import {
  countUnknownEvent,
  emptyReaderState,
  followStream,
  forgetEndedStreams,
  isQuarantined,
  quarantine,
  READER_VIEW,
  type ReaderState,
} from './reader-state.js'
import { decodeEvent, traceparentsOf } from './stored-event.js'

/**
 * How often changed rows are stored. Unit: milliseconds. A crash costs at most this much of
 * reading again.
 */
const STORE_EVERY_MS = 1_000

/**
 * After how many rounds of storing the ended streams are forgotten: about every quarter of an
 * hour.
 */
const ROUNDS_PER_FORGETTING = 900

/** How long a question waits for a position before it is refused. Unit: milliseconds. */
export const WAIT_MS_MAX = 1_000

export type ViewReader = {
  readonly reader: ReaderState
  readonly applied: () => Position
  /** How far each view has got, and how far it is behind. */
  readonly progress: (lag: LagWatch) => ReadonlyArray<ViewProgress>
  /** Null while all is well. */
  readonly stopped: () => string | null
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  /** Stores what is not stored yet. */
  readonly store: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Waiter = { readonly position: Position; readonly done: (reached: boolean) => void }

/** A view whose state type does not matter to the reader. */
export type FollowedView = {
  readonly kept: KeptView<ViewState>
  readonly apply: (recorded: Recorded) => void
}

/** Loads one view from its store, ready to be followed. */
export const followView = async <State extends ViewState>(
  store: ViewStore,
  view: View<State>,
  head: Position,
): Promise<{ readonly state: State; readonly followed: FollowedView }> => {
  const kept = await loadView(store, view, view.empty, view.reindex, head)
  return {
    state: kept.state,
    followed: { kept, apply: (recorded) => void view.apply(kept.state, recorded) },
  }
}

/** Feeds one event to the reader's memory and to every view that has not seen it. */
const takeIn = (
  reader: KeptView<ReaderState>,
  views: ReadonlyArray<FollowedView>,
  stored: StoredEvent,
  onApplied: (recorded: Recorded) => void,
): string | null => {
  const { position } = stored
  if (position > reader.applied) {
    const skipped = followStream(reader.state, stored)
    if (skipped !== undefined)
      return `stream ${skipped.stream} goes on at revision ${skipped.actual} where ${skipped.expected} was due (position ${position})`
    reader.applied = position
  }

  if (!isForViews(stored.type)) {
    for (const { kept } of views) kept.applied = Math.max(kept.applied, position)
    return null
  }
  const decoded = decodeEvent(stored)
  if (E.isLeft(decoded)) {
    const fault = decoded.left
    if (fault.type === 'UnknownEvent') {
      if (fault.critical)
        return `event ${fault.eventType} at position ${position} is critical and not known to this version`
      countUnknownEvent(reader.state)
    } else if (fault.accountId === undefined) {
      return `event ${fault.eventType} at position ${position} can't be read: ${fault.fault}`
    } else {
      quarantine(reader.state, fault.accountId, { position, fault: fault.fault })
    }
  }

  for (const { kept, apply } of views) {
    if (position <= kept.applied) continue
    if (E.isRight(decoded) && !isQuarantined(reader.state, decoded.right.accountId))
      apply(decoded.right)
    kept.applied = position
  }
  if (E.isRight(decoded)) onApplied(decoded.right)
  return null
}

/**
 * What is applied by itself, whoever waits for it: linked to the calls that its events come from.
 * What the log held before the start was somebody's call long ago.
 */
const applySpan = (
  tracing: Tracing,
  batch: ReadonlyArray<StoredEvent>,
  head: Position,
): Span | null => {
  const links = traceparentsOf(batch.filter(({ position }) => position > head))
  if (links.length === 0) return null
  return tracing.start('views.apply', { kind: 'Consumer', links, fields: { count: batch.length } })
}

/** Who else is told of what is applied. */
export type Witnesses = {
  /** Told each event after every view has it. */
  readonly onApplied?: (recorded: Recorded) => void
  readonly tracing?: Tracing
}

/** Starts reading where the slowest view was left. */
export const runViews = async (
  log: EventLog,
  store: ViewStore,
  head: Position,
  views: ReadonlyArray<FollowedView>,
  onStopped: (reason: string) => void,
  { onApplied = () => {}, tracing = NO_TRACING }: Witnesses = {},
): Promise<ViewReader> => {
  const reader = await loadView(store, READER_VIEW, emptyReaderState, (state) => state, head)
  const kept = [reader, ...views.map((view) => view.kept)]
  let applied = Math.min(...kept.map((view) => view.applied))
  let recordedAt = 0
  let stopped: string | null = null
  let waiters: Waiter[] = []

  const settleWaiters = (): void => {
    if (waiters.length === 0) return
    const still: Waiter[] = []
    for (const waiter of waiters) {
      if (stopped !== null) waiter.done(false)
      else if (waiter.position <= applied) waiter.done(true)
      else still.push(waiter)
    }
    waiters = still
  }

  const stopReading = (reason: string): void => {
    if (stopped !== null) return
    stopped = reason
    settleWaiters()
    onStopped(reason)
  }

  const subscription = log.subscribe(applied, {
    unread: TYPES_NOT_FOR_VIEWS,
    onEvents: async (batch) => {
      const span = tracing.isOn ? applySpan(tracing, batch, head) : null
      for (const stored of batch) {
        if (stopped !== null) return
        const fault = takeIn(reader, views, stored, onApplied)
        if (fault !== null) {
          span?.fail({ position: stored.position })
          return stopReading(fault)
        }
        applied = stored.position
        recordedAt = stored.recordedAt
      }
      settleWaiters()
      span?.end({ position: applied })
    },
    onFailure: (error) =>
      stopReading(`the log can't be followed: ${'detail' in error ? error.detail : error.type}`),
  })

  const storeEach = async (): Promise<void> => {
    for (const view of kept) {
      const outcome = await view.store()
      if (E.isLeft(outcome))
        stopReading(`view ${outcome.left.view} can't be stored: ${outcome.left.detail}`)
    }
    storing = undefined
  }
  let storing: Promise<void> | undefined
  let rounds = 0
  const timer = setInterval(() => {
    rounds += 1
    if (rounds % ROUNDS_PER_FORGETTING === 0) forgetEndedStreams(reader.state, recordedAt)
    if (stopped === null) storing ??= storeEach()
  }, STORE_EVERY_MS)
  timer.unref()

  return {
    reader: reader.state,
    applied: () => applied,
    progress: ({ msBehind, eventsBehind }) =>
      views.map(({ kept: { name: view, applied: taken, stored } }) => ({
        view,
        applied: taken,
        stored: stored(),
        msBehind: msBehind(taken),
        eventsBehind: () => eventsBehind(taken),
      })),
    stopped: () => stopped,
    waitFor: (position) => {
      if (stopped !== null)
        return Promise.resolve(E.left({ type: 'EngineStopped', detail: stopped }))
      if (position <= applied) return Promise.resolve(E.right(undefined))
      return new Promise((resolve) => {
        const waiter: Waiter = {
          position,
          done: (reached) => {
            clearTimeout(deadline)
            resolve(
              reached
                ? E.right(undefined)
                : E.left(
                    stopped === null
                      ? { type: 'ViewsBehind', applied, wanted: position }
                      : { type: 'EngineStopped', detail: stopped },
                  ),
            )
          },
        }
        const deadline = setTimeout(() => {
          waiters = waiters.filter((other) => other !== waiter)
          waiter.done(false)
        }, WAIT_MS_MAX)
        waiters.push(waiter)
      })
    },
    store: async () => {
      await storing
      storing ??= storeEach()
      await storing
    },
    stop: async () => {
      clearInterval(timer)
      await subscription.stop()
      await storing
      await storeEach()
      stopped ??= 'the engine is stopping'
      settleWaiters()
    },
  }
}
