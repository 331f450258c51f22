/**
 * Puts decisions on record in the background: in batches per account, flushed by size and by time.
 *
 * Invariants: a decision never waits for its record. What waits is bounded; beyond the bound calls
 * are counted as lost, and how many they were is an event too. What was not flushed when a process
 * is killed is lost without a trace: at most what came within FLUSH_MS and what was on its way.
 */
import {
  type AccessRecording,
  type AccessRecordsLost,
  type AccountId,
  accessStream,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { partActor } from '../circumstances.js'
import type { Circumstances, EngineError } from '../engine.js'
import type { Meter } from '../observer.js'
import type { Clock, EventLog, Ids, Vault } from '../ports.js'
import { appendAnyhow } from '../retry.js'
import { encodeEvent } from '../stored-event.js'
import { type Batch, type BatchDraft, newBatch, type Span, sealedBatch, widened } from './batch.js'
import { BATCH_RECORDS_MAX } from './batch-lists.js'
import { contextSealer } from './context.js'
import type { JudgedAccess, NoteAccess } from './judged-access.js'
import { keeps } from './keeps.js'

/** How long a record may wait for others to go with. Unit: milliseconds. */
export const FLUSH_MS = 250

/**
 * A batch goes as soon as it is full, or weighs about so much. Its text then stays below what V8
 * keeps apart from small objects (128 KiB), where each text costs fresh memory from the system:
 * reading records back took three times as long with texts twice as long. Unit: bytes.
 */
const BATCH_BYTES_MAX = 131_072

/** How much may wait, in all accounts together, on its way to the log included. */
export type RecorderLimits = { readonly recordsMax: number; readonly bytesMax: number }

export const RECORDER_LIMITS: RecorderLimits = { recordsMax: 50_000, bytesMax: 33_554_432 }

/** How much one call may weigh. Unit: characters. */
const ACCESS_CHARACTERS_MAX = 200_000

/** When a loss that could not be stored is said again. Unit: milliseconds. */
const LOSS_RETRY_MS = 5_000

export type Recorder = {
  /** Takes a decision, where its account wants it. Returns at once. */
  readonly note: NoteAccess
  /** Puts one call on record whatever the account wants; durable when it answers. */
  readonly store: (
    accountId: AccountId,
    access: JudgedAccess,
    circumstances: Circumstances,
  ) => Promise<E.Either<EngineError, void>>
  /** Stores what waits, and resolves when that was tried. */
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Dependencies = {
  readonly log: Pick<EventLog, 'append'>
  readonly vault: Pick<Vault, 'sealPersonal'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'eventId' | 'requestId'>
  readonly meter: Pick<Meter, 'accessRecorded' | 'accessLost'>
  readonly settingOf: (accountId: AccountId) => AccessRecording
  readonly limits?: RecorderLimits
}

type LossReason = AccessRecordsLost['reason']
type Loss = { readonly span: Span; readonly lost: number }

const contextCharacters = (context: JudgedAccess['context']): number => {
  let sum = 0
  for (const [key, values] of context ?? [])
    for (const value of values) sum += key.length + value.length
  return sum
}

/** How much a call weighs; decisions of one request share their context. Unit: characters. */
const weighing = (): ((access: JudgedAccess) => number) => {
  let last: { readonly context: JudgedAccess['context']; readonly characters: number } | undefined
  return ({ resources, context }) => {
    if (last === undefined || last.context !== context)
      last = { context, characters: contextCharacters(context) }
    let sum = last.characters
    for (const resource of resources) sum += resource.length
    return sum
  }
}

const circumstancesOf = (accountId: AccountId, id: string): Circumstances => ({
  commandId: id,
  requestId: id,
  actor: partActor(accountId, 'access-recorder'),
})

/** What was lost and is not yet on record, by account and reason. */
const losses = () => {
  const byAccount = new Map<AccountId, Map<LossReason, Loss>>()
  const add = (accountId: AccountId, reason: LossReason, { span, lost }: Loss): void => {
    const ofAccount = byAccount.get(accountId) ?? new Map<LossReason, Loss>()
    byAccount.set(accountId, ofAccount)
    const known = ofAccount.get(reason)
    const first = widened(known?.span, span.fromPosition, span.from)
    ofAccount.set(reason, {
      span: widened(first, span.toPosition, span.to),
      lost: (known?.lost ?? 0) + lost,
    })
  }
  const take = (): ReadonlyArray<readonly [AccountId, LossReason, Loss]> => {
    const taken = [...byAccount].flatMap(([accountId, ofAccount]) =>
      [...ofAccount].map(([reason, loss]) => [accountId, reason, loss] as const),
    )
    byAccount.clear()
    return taken
  }
  return { add, take, any: () => byAccount.size > 0 }
}

export const accessRecorder = (dependencies: Dependencies): Recorder => {
  const { log, clock, ids, meter, settingOf, limits = RECORDER_LIMITS } = dependencies
  const seal = contextSealer(dependencies.vault)
  const open = new Map<AccountId, Batch>()
  const lost = losses()
  const charactersOf = weighing()
  const onTheirWay = new Set<Promise<void>>()
  let recordsWaiting = 0
  let bytesWaiting = 0
  let timer: NodeJS.Timeout | undefined

  const sealed = async (draft: BatchDraft) => {
    const contexts = []
    for (const { subject, ...parts } of draft.contexts) {
      const context = await seal(draft.accountId, subject, parts)
      if (E.isLeft(context)) return context
      contexts.push(context.right)
    }
    return E.right(sealedBatch(draft, contexts))
  }
  const append = async (
    draft: BatchDraft,
    circumstances: Circumstances,
    id: string,
  ): Promise<E.Either<EngineError, void>> => {
    const event = await sealed(draft)
    if (E.isLeft(event)) return event
    const stored = encodeEvent(ids.eventId(id, 0), event.right, circumstances)
    const stream = accessStream(draft.accountId, clock.now())
    const appended = await appendAnyhow(log as EventLog, stream, stored)
    return E.isLeft(appended) ? appended : E.right(undefined)
  }

  const loseSome = (accountId: AccountId, reason: LossReason, loss: Loss): void => {
    lost.add(accountId, reason, loss)
    meter.accessLost(reason, loss.lost)
    schedule(FLUSH_MS)
  }
  const lose = (accountId: AccountId, reason: LossReason, access: JudgedAccess): void =>
    loseSome(accountId, reason, {
      span: widened(undefined, access.position, clock.now()),
      lost: 1,
    })

  const send = async (accountId: AccountId, batch: Batch): Promise<void> => {
    const records = batch.records()
    const span = batch.span()
    const id = ids.requestId()
    const stored = await append(batch.draft(), circumstancesOf(accountId, id), id)
    recordsWaiting -= records
    bytesWaiting -= batch.bytes()
    if (E.isRight(stored)) meter.accessRecorded(records)
    else if (span !== undefined) loseSome(accountId, 'NotStored', { span, lost: records })
  }
  const dispatch = (work: Promise<void>): void => {
    const done = work.finally(() => onTheirWay.delete(done))
    onTheirWay.add(done)
  }
  const sendOpen = (accountId: AccountId, batch: Batch): void => {
    open.delete(accountId)
    dispatch(send(accountId, batch))
  }
  const tellLosses = async (): Promise<void> => {
    for (const [accountId, reason, loss] of lost.take()) {
      const id = ids.requestId()
      const event = { type: 'AccessRecordsLost', accountId, lost: loss.lost, reason } as const
      const stored = encodeEvent(
        ids.eventId(id, 0),
        { ...event, ...loss.span },
        circumstancesOf(accountId, id),
      )
      const stream = accessStream(accountId, clock.now())
      const appended = await appendAnyhow(log as EventLog, stream, stored)
      if (E.isRight(appended)) continue
      lost.add(accountId, reason, loss)
      schedule(LOSS_RETRY_MS)
    }
  }
  const sendAll = (): void => {
    timer = undefined
    for (const [accountId, batch] of open) sendOpen(accountId, batch)
    if (lost.any()) dispatch(tellLosses())
  }
  const schedule = (ms: number): void => {
    if (timer !== undefined) return
    timer = setTimeout(sendAll, ms)
    timer.unref()
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    sendAll()
    while (onTheirWay.size > 0) await Promise.all(onTheirWay)
  }

  return {
    note: (accountId, came, accessOf) => {
      if (!keeps(settingOf(accountId), came)) return
      const access = accessOf()
      if (recordsWaiting >= limits.recordsMax || bytesWaiting >= limits.bytesMax)
        return lose(accountId, 'Overloaded', access)
      if (charactersOf(access) > ACCESS_CHARACTERS_MAX) return lose(accountId, 'TooLarge', access)
      const batch = open.get(accountId) ?? newBatch(accountId)
      open.set(accountId, batch)
      recordsWaiting += 1
      bytesWaiting += batch.add(access, clock.now())
      if (batch.records() >= BATCH_RECORDS_MAX || batch.bytes() >= BATCH_BYTES_MAX)
        sendOpen(accountId, batch)
      else schedule(FLUSH_MS)
    },
    store: (accountId, access, circumstances) => {
      const batch = newBatch(accountId)
      batch.add(access, clock.now())
      return append(batch.draft(), circumstances, circumstances.requestId)
    },
    flush,
    stop: async () => {
      await flush()
      await flush()
      clearTimeout(timer)
    },
  }
}
