/**
 * Reads what was put on record of an account, batch by batch, from the streams of the days that a
 * window touches: at no time more than one page of them is in memory.
 */
import { type AccessRecorded, type AccountId, accessStream } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { EventLog, Position } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import type { AccessPlace } from './questions.js'

const DAY_MS = 86_400_000

/** A record may be stored so long after its call, and its time be off by so much. */
const APART_MS_MAX = 600_000

/** How many batches are read at a time. Unit: events. */
const EVENTS_PER_READ = 4

/**
 * All four bounds are inclusive, and all must hold: when a call was made, and the position that it
 * was judged at, which tells apart what came in the same millisecond as a change of the account.
 * Times in milliseconds UTC.
 */
export type AccessWindow = {
  readonly from: number
  readonly to: number
  readonly fromPosition: Position
  readonly toPosition: Position
}

export type AccessBatch = {
  readonly event: AccessRecorded
  readonly day: string
  readonly revision: number
  /** Milliseconds, UTC. */
  readonly recordedAt: number
}

/** Takes one batch; false when no more are wanted. */
export type TakeBatch = (batch: AccessBatch) => Promise<E.Either<EngineError, boolean>>

/** Each place of the columns points at something, and all columns have one length. */
const isSound = (event: AccessRecorded): boolean => {
  const { principals, contexts, questions, answers, requestIds, sessionPolicies } = event
  const { request, question, answer, position, time } = event.records
  const within = (list: ReadonlyArray<number>, length: number): boolean =>
    list.length === question.length && list.every((place) => place >= 0 && place < length)
  return (
    within(request, requestIds.length) &&
    within(question, questions.length) &&
    within(answer, answers.length) &&
    position.length === question.length &&
    time.length === question.length &&
    questions.every(
      (each) => principals[each.principal] !== undefined && contexts[each.context] !== undefined,
    ) &&
    principals.every(
      (each) =>
        each.type !== 'Role' ||
        each.narrowedBy.every((place) => sessionPolicies[place] !== undefined),
    )
  )
}

const dayOf = (stream: string): string => stream.slice(stream.lastIndexOf('-') + 1)

/** The streams that may hold records of a window, oldest first. */
const streamsOf = (accountId: AccountId, { from, to }: AccessWindow, now: number) => {
  const last = Math.min(to, now) + APART_MS_MAX
  const streams: string[] = []
  for (let at = from - APART_MS_MAX; at - (at % DAY_MS) <= last; at += DAY_MS)
    streams.push(accessStream(accountId, at))
  return streams
}

/** Lets others have their turn between two pages. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Needs = { readonly log: Pick<EventLog, 'readStream'>; readonly now: number }

/**
 * Hands over every batch that may have records of the window, in order; answers how many events
 * could not be read. `from` must not lie before the account. Begins at a place where one is given.
 */
export const readAccess = async (
  { log, now }: Needs,
  accountId: AccountId,
  window: AccessWindow,
  take: TakeBatch,
  start?: AccessPlace,
): Promise<E.Either<EngineError, number>> => {
  let unreadable = 0
  for (const stream of streamsOf(accountId, window, now)) {
    const day = dayOf(stream)
    if (start !== undefined && day < start.day) continue
    let next = start?.day === day ? start.revision : 0
    for (;;) {
      const page = await log.readStream(stream, { from: next, limit: EVENTS_PER_READ })()
      if (E.isLeft(page)) return page
      for (const stored of page.right) {
        next = stored.revision + 1
        if (stored.type !== 'AccessRecorded') continue
        const decoded = decodeEvent(stored)
        const event = E.isRight(decoded) ? decoded.right.event : undefined
        if (event?.type !== 'AccessRecorded' || !isSound(event)) {
          unreadable += 1
          continue
        }
        const { revision, recordedAt } = stored
        const wanted = await take({ event, day, revision, recordedAt })
        if (E.isLeft(wanted)) return wanted
        if (!wanted.right) return E.right(unreadable)
      }
      if (page.right.length < EVENTS_PER_READ) break
      await pause()
    }
  }
  return E.right(unreadable)
}

/** Whether the record at a place of a batch lies in a window. */
export const isWithin = (
  { event, recordedAt }: AccessBatch,
  index: number,
  { from, to, fromPosition, toPosition }: AccessWindow,
): boolean => {
  const position = event.records.position[index] ?? 0
  const time = event.records.time[index] || recordedAt
  return time >= from && time <= to && position >= fromPosition && position <= toPosition
}
