/**
 * What happened to a long-lived key, what was changed with it, the sessions that it opened, the
 * calls on record that it signed, and its uses that were refused.
 *
 * A key lives for years, and its streams are one for each hour and day of them: a page reads days
 * in their order until it is full, or has read as many as one question may. Invariant: pages in a
 * row tell each deed once, in the order of the log.
 */
import type { AccountId } from '@grantlog/domain'
import {
  type Change,
  type HistoryState,
  type KeyTimeline,
  keyTimeline,
  type Mark,
  type TimelineEntry,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Present } from '../engine-error.js'
import type { EventLog, LogError, Position } from '../ports.js'
import { type DeedsPage, type Found, pageOfDeeds } from './deeds-page.js'
import { EVENTS_MAX, refusedDeeds, type StreamDeed, streamDeeds } from './stream-deeds.js'
import { tellChanges } from './tell-changes.js'

/** How many days one page may read. Unit: days. Ours. */
const DAYS_MAX = 62
const DAY_MS = 86_400_000

/**
 * How far the clock that names a stream and that of the log may be apart, and how late a call on
 * its way may still be put on record. Unit: milliseconds.
 */
const SKEW_MS = 60_000

export type KeyDeed =
  /** An event of the account, about the key or done with it. */
  { readonly type: 'Told'; readonly event: Mark; readonly change: Change } | StreamDeed

/** A key from its creation on; `limit` events after a position. */
export type KeyQuestion = {
  readonly accountId: AccountId
  readonly accessKeyId: string
  readonly after: Position
  readonly limit: number
  /** The present that is meant, where an earlier page was answered in it. */
  readonly asOf?: Present
}

export type KeyStory = Pick<KeyTimeline, 'owner'> & DeedsPage<KeyDeed>

export type KeyNotFound = { readonly type: 'AccessKeyNotFound'; readonly accessKeyId: string }

type Read<A> = Promise<E.Either<LogError, A>>

type Between = { readonly after: Position; readonly upTo: Position }

/** When the first event between two positions was recorded; undefined where there is none. */
const firstTime = async (log: EventLog, { after, upTo }: Between): Read<number | undefined> => {
  const read = await log.readAll({ after, limit: 1 })()
  if (E.isLeft(read)) return read
  const [event] = read.right
  return E.right(event === undefined || event.position > upTo ? undefined : event.recordedAt)
}

/** The last position between two that was recorded up to a time; found by halving. */
const lastUpTo = async (log: EventLog, time: number, { after, upTo }: Between): Read<Position> => {
  let low = after
  let high = upTo
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const read = await log.readAll({ after: middle - 1, limit: 1 })()
    if (E.isLeft(read)) return read
    const [event] = read.right
    if (event !== undefined && event.recordedAt <= time) low = Math.max(middle, event.position)
    else high = middle - 1
  }
  return E.right(Math.min(low, upTo))
}

/** An entry of a timeline as what one event tells. */
export const toldBy = ({ change, ...event }: TimelineEntry): Found<KeyDeed> => ({
  position: event.position,
  deeds: [{ type: 'Told', event, change }],
})

/** The time in which a key was there; none before its first event. */
const lifeOf = (entries: ReadonlyArray<TimelineEntry>, { now }: Present) => {
  const [first] = entries
  const gone = entries.findLast(({ change }) => change.type === 'AccessKeyDeleted')
  return {
    from: (first?.recordedAt ?? now) - SKEW_MS,
    to: (gone === undefined ? now : Math.min(gone.recordedAt, now)) + SKEW_MS,
  }
}

const startOfDay = (time: number): number => time - (time % DAY_MS)

/** The deeds in the streams, day by day, and the position up to which they are all told. */
const daysOf = async (
  log: EventLog,
  history: HistoryState,
  { accountId, accessKeyId, after, limit }: KeyQuestion,
  life: { readonly from: number; readonly to: number },
  { applied }: Present,
): Read<{ readonly found: ReadonlyArray<Found<KeyDeed>>; readonly seen: Position }> => {
  const hasHappened = ({ position }: { readonly position: Position }) => position <= applied
  const credential = { type: 'AccessKey', id: accessKeyId } as const
  const asked = { accountId, history, credential, after, limit, hasHappened }
  const first = await firstTime(log, { after, upTo: applied })
  if (E.isLeft(first)) return first
  const found: Array<Found<KeyDeed>> = []
  if (first.right === undefined) return E.right({ found, seen: Number.POSITIVE_INFINITY })

  let seen = Number.POSITIVE_INFINITY
  let events = 0
  let from = Math.max(life.from, first.right - SKEW_MS)
  for (let days = 0; days < DAYS_MAX && from <= life.to && !Number.isFinite(seen); days += 1) {
    // So much further that the first event is told in any case, and every page gets on.
    const to = startOfDay(from + 2 * SKEW_MS) + DAY_MS - 1
    const read = await streamDeeds(log, asked, { from, to: Math.min(to, life.to) })
    if (E.isLeft(read)) return read
    found.push(...read.right.found)
    seen = read.right.seen
    from = to + 1
    events += read.right.events
    if (found.length > limit || events >= EVENTS_MAX) break
  }
  if (from > life.to) return E.right({ found, seen })
  // What was recorded at the end of the last day may stand in the streams of the next.
  const told = await lastUpTo(log, from - 1 - SKEW_MS, { after, upTo: applied })
  return E.isLeft(told) ? told : E.right({ found, seen: Math.min(seen, told.right) })
}

/** The uses that were refused, from the key's creation on and also after its end. */
const refusedOf = (
  log: EventLog,
  history: HistoryState,
  { accessKeyId, ...asked }: KeyQuestion,
  [first]: ReadonlyArray<TimelineEntry>,
  { applied }: Present,
) =>
  refusedDeeds(
    log,
    {
      ...asked,
      history,
      credential: { type: 'AccessKey', id: accessKeyId },
      hasHappened: ({ position }) => position <= applied,
    },
    first?.position ?? 0,
  )

/** The same deeds: what was done with a key is told with what it changed. */
export const tellDone = async (
  log: EventLog,
  history: HistoryState,
  deeds: ReadonlyArray<KeyDeed>,
): Read<ReadonlyArray<KeyDeed>> => {
  const isDone = (deed: KeyDeed) => deed.type === 'Told' && deed.change.type === 'Did'
  const positions = deeds.filter(isDone).map(({ event }) => event.position)
  const told = await tellChanges(log, history, positions)
  if (E.isLeft(told)) return told
  return E.right(
    deeds.map((deed) =>
      isDone(deed)
        ? { ...deed, change: { type: 'Did', ...told.right.get(deed.event.position) } }
        : deed,
    ),
  )
}

/** One page of the timeline of a key. */
export const keyStory = async (
  log: EventLog,
  history: HistoryState,
  question: KeyQuestion,
  present: Present,
): Promise<E.Either<KeyNotFound | LogError, KeyStory>> => {
  const { accountId, accessKeyId, after, limit } = question
  const told = keyUpTo(history, accountId, accessKeyId, present.applied)
  if (told === undefined) return E.left({ type: 'AccessKeyNotFound', accessKeyId })
  const days = await daysOf(log, history, question, lifeOf(told.entries, present), present)
  if (E.isLeft(days)) return days
  const refused = await refusedOf(log, history, question, told.entries, present)
  if (E.isLeft(refused)) return refused
  const found = [...days.right.found, ...refused.right.found]
  const seen = Math.min(days.right.seen, refused.right.seen)
  const own = told.entries.filter(({ position }) => position > after).map(toldBy)
  const page = pageOfDeeds([...own, ...found], seen, limit)
  const deeds = await tellDone(log, history, page.deeds)
  return E.isLeft(deeds) ? deeds : E.right({ owner: told.owner, ...page, deeds: deeds.right })
}

/** Undefined for a key that there never was up to a position. */
const keyUpTo = (
  history: HistoryState,
  accountId: AccountId,
  accessKeyId: string,
  position: Position,
): KeyTimeline | undefined => {
  const told = keyTimeline(history, accountId, accessKeyId)
  const entries = told?.entries.filter((entry) => entry.position <= position) ?? []
  return told === undefined || entries.length === 0 ? undefined : { ...told, entries }
}
