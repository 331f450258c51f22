/**
 * Reading pages of a stream and of $all, and finding the head, each call under a deadline.
 *
 * The client can't filter reads of $all, so pages are read until enough of them is grantlog's.
 * Whoever decides by a read asks the leader: a follower may lag.
 */
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type Position as LogPosition,
  type ResolvedEvent,
  START,
  type StreamingRead,
} from '@eventstore/db-client'
import type { LogError, Position, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type CallFault, callFaultOf, faultText, tooLate } from './call-fault.js'
import type { Connection } from './connection.js'
import { unveiled } from './envelope.js'
import type { Settings } from './settings.js'

/** How many events one call asks for. */
const PAGE_EVENTS = 500

/** How far back the search for the head goes in its first calls. Unit: events. */
const HEAD_PAGE_FIRST = 1
const HEAD_PAGE_GROWTH = 16

export type StreamRange = {
  readonly from?: number
  readonly limit: number
  readonly backwards?: boolean
}

export type Reads = {
  readonly stream: (
    stream: string,
    range: StreamRange,
  ) => Promise<E.Either<LogError, ReadonlyArray<StoredEvent>>>
  readonly all: (
    after: Position,
    limit: number,
  ) => Promise<E.Either<LogError, ReadonlyArray<StoredEvent>>>
  readonly head: () => Promise<E.Either<LogError, Head>>
}

export type Head = {
  /** Of the last event of grantlog, 0 when there is none. */
  readonly position: Position
  /** Of the last record of anybody, 0 in an empty database. */
  readonly end: Position
}

type Resolved = ResolvedEvent | AllStreamResolvedEvent
type Page<A> = E.Either<LogError, ReadonlyArray<A>>

export const readsOver = (
  connection: Connection,
  settings: Settings,
  onSeen: (event: StoredEvent) => void,
): Reads => {
  const { callMs, credentials } = settings
  const common = { credentials, requiresLeader: true }
  let known: Head = { position: 0, end: 0 }

  const page = async <A extends Resolved>(
    ask: (client: EventStoreDBClient) => StreamingRead<A>,
  ): Promise<Page<A>> => {
    const client = await connection.client()
    const asked = E.tryCatch(() => ask(client), callFaultOf)
    const answer = E.isLeft(asked) ? asked : await collected(asked.right, callMs)
    if (E.isRight(answer)) return connection.isAlive(client) ? answer : E.left(cutOff)
    connection.report(client, answer.left)
    return E.left(readErrorOf(answer.left))
  }
  const seen = (events: Page<Resolved>): Page<StoredEvent> => {
    const ours = E.isLeft(events) ? events : unveiledAll(events.right)
    if (E.isRight(ours)) for (const event of ours.right) onSeen(event)
    return ours
  }

  const stream = async (name: string, range: StreamRange): Promise<Page<StoredEvent>> => {
    const { limit, backwards = false } = range
    const direction = backwards ? BACKWARDS : FORWARDS
    const events: Array<StoredEvent> = []
    let from = backwards ? range.from : Math.max(0, range.from ?? 0)
    while (events.length < limit && (from === undefined || from >= 0)) {
      const maxCount = Math.min(limit - events.length, PAGE_EVENTS)
      const start = from
      const read = await page((client) => {
        const fromRevision = start === undefined ? END : BigInt(start)
        return client.readStream(name, { direction, fromRevision, maxCount, ...common })
      })
      if (E.isLeft(read)) return read
      const ours = seen(read)
      if (E.isLeft(ours)) return ours
      events.push(...ours.right)
      const last = read.right.at(-1)?.event
      if (last === undefined || read.right.length < maxCount) break
      from = Number(last.revision) + (backwards ? -1 : 1)
    }
    return E.right(events)
  }

  const all = async (after: Position, limit: number): Promise<Page<StoredEvent>> => {
    const events: Array<StoredEvent> = []
    let from = after
    while (events.length < limit) {
      // The record at `from` itself comes first: reads include where they start.
      const maxCount = Math.min(limit - events.length, PAGE_EVENTS) + (from > 0 ? 1 : 0)
      const read = await page((client) =>
        client.readAll({ fromPosition: logPosition(from), maxCount, ...common }),
      )
      if (E.isLeft(read)) return read
      const start = from
      const ours = seen(E.right(read.right.filter((event) => positionOf(event) > start)))
      if (E.isLeft(ours)) return ours
      events.push(...ours.right)
      if (read.right.length < maxCount) break
      from = positionOf(read.right.at(-1))
    }
    return E.right(events)
  }

  /** Goes back from the end to the last event of grantlog, or to where the search was before. */
  const head = async (): Promise<E.Either<LogError, Head>> => {
    const before = known
    let end: Position | null = null
    let from: LogPosition | typeof END = END
    for (let maxCount = HEAD_PAGE_FIRST; ; maxCount = grown(maxCount)) {
      const fromPosition: LogPosition | typeof END = from
      const read: Page<AllStreamResolvedEvent> = await page((client) =>
        client.readAll({ direction: BACKWARDS, fromPosition, maxCount, ...common }),
      )
      if (E.isLeft(read)) return read
      end ??= positionOf(read.right[0])
      const ours = seen(read)
      if (E.isLeft(ours)) return ours
      const last = ours.right[0]
      const lowest = positionOf(read.right.at(-1))
      if (last !== undefined) known = later(known, { position: last.position, end })
      else if (read.right.length < maxCount || lowest <= before.end)
        known = later(known, { position: before.position, end })
      else {
        from = { commit: BigInt(lowest), prepare: BigInt(lowest) }
        continue
      }
      return E.right(known)
    }
  }

  return { stream, all, head }
}

const grown = (maxCount: number): number => Math.min(maxCount * HEAD_PAGE_GROWTH, PAGE_EVENTS)

const later = (one: Head, other: Head): Head => (other.end > one.end ? other : one)

export const logPosition = (position: Position): LogPosition | typeof START =>
  position <= 0 ? START : { commit: BigInt(position), prepare: BigInt(position) }

const positionOf = (resolved: AllStreamResolvedEvent | undefined): Position =>
  Number((resolved?.link ?? resolved?.event)?.position.commit ?? 0n)

const unveiledAll = (events: ReadonlyArray<Resolved>): Page<StoredEvent> => {
  const ours: Array<StoredEvent> = []
  for (const resolved of events) {
    const event = unveiled(resolved)
    if (event === null) continue
    if (E.isLeft(event)) return E.left({ type: 'LogFailed', detail: event.left })
    ours.push(event.right)
  }
  return E.right(ours)
}

const cutOff: LogError = { type: 'LogUnavailable', detail: 'the read was cut off' }

const readErrorOf = (fault: CallFault): LogError => ({
  type: fault.type === 'Impossible' ? 'LogFailed' : 'LogUnavailable',
  detail: faultText(fault),
})

/**
 * What a read gives until it ends. It has no deadline of its own: it is given up when nothing comes
 * for so long. Its call lives on until it is cancelled.
 */
const collected = <A>(
  stream: StreamingRead<A>,
  ms: number,
): Promise<E.Either<CallFault, ReadonlyArray<A>>> =>
  new Promise((resolve) => {
    const events: Array<A> = []
    const give = (answer: E.Either<CallFault, ReadonlyArray<A>>): void => {
      clearTimeout(timer)
      if (E.isLeft(answer)) stream.cancel().catch(notConnected)
      resolve(answer)
    }
    const timer = setTimeout(() => give(E.left(tooLate(ms))), ms)
    stream.on('data', (event) => {
      timer.refresh()
      events.push(event)
    })
    stream.on('end', () => give(E.right(events)))
    stream.on('error', (error) =>
      give(isNotFound(error) ? E.right([]) : E.left(callFaultOf(error))),
    )
  })

/** A stream that nobody has written to reads as empty. */
const isNotFound = (error: Error): boolean => 'type' in error && error.type === 'stream-not-found'

const notConnected = (): void => undefined
