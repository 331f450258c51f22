/**
 * An EventLog in EventStoreDB: the log of a cluster, written and read by many processes at once.
 *
 * The database is grantlog's alone, but for the server's own streams, which are not delivered.
 */
import {
  EVENT_BYTES_MAX,
  type EventLog,
  type LogError,
  type NewEvent,
  type Position,
  type StoredEvent,
  type Subscription,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { type Connection, openConnection } from './connection.js'
import { openEcho } from './echo.js'
import { type Follow, followOver } from './follow.js'
import { type Reads, readsOver } from './reads.js'
import {
  type EventStoreLogOptions,
  type EventStoreOpenError,
  type Settings,
  settingsOf,
} from './settings.js'
import { streamsOver } from './streams.js'
import { openTails } from './tail.js'
import { openWriter, type Writer } from './writer.js'

/** Opens the log when its server answers. Whoever opens it closes it. */
export const openEventStoreLog = async (
  options: EventStoreLogOptions,
): Promise<E.Either<EventStoreOpenError, EventLog>> => {
  const settings = settingsOf(options)
  if (E.isLeft(settings)) return settings
  const time = latestTime()
  const reading = openConnection(settings.right, 'overlapping')
  const reads = readsOver(reading, settings.right, time.note)
  const head = await reads.head()
  if (E.isLeft(head)) {
    await reading.close()
    return head.left.type === 'LogUnavailable'
      ? E.left({ type: 'ServerUnreachable', detail: head.left.detail })
      : head
  }
  return E.right(assemble(settings.right, reading, reads, time, head.right.end))
}

type LatestTime = {
  readonly note: (event: StoredEvent) => void
  /** The latest time of recording that was seen. */
  readonly seenAt: () => number
}

const latestTime = (): LatestTime => {
  let latest = 0
  return {
    note: ({ recordedAt }) => {
      latest = Math.max(latest, recordedAt)
    },
    seenAt: () => latest,
  }
}

type Parts = {
  readonly reading: Connection
  readonly writing: Connection
  readonly reads: Reads
  readonly writer: Writer
  readonly follow: Follow
  /** The log's own ear on what is stored. */
  readonly ear: Subscription
}

const assemble = (
  settings: Settings,
  reading: Connection,
  reads: Reads,
  time: LatestTime,
  end: Position,
): EventLog => {
  const writing = openConnection(
    settings,
    settings.appendPath === 'batch' ? 'apart' : 'overlapping',
  )
  const tails = openTails()
  const echo = openEcho()
  const follow = followOver(reading, reads, settings, time.note)
  const ear = follow(end, {
    onEvents: async (events) => {
      for (const event of events) {
        tails.follow(event.stream, event.revision, event.id)
        echo.hear(event)
      }
    },
    // Appends read their events back instead.
    onFailure: (error) =>
      settings.onFault({ type: 'EchoLost', detail: 'detail' in error ? error.detail : error.type }),
  })
  const { seenAt } = time
  const streams = streamsOver({ writing, reads, tails, echo, settings, seenAt })
  const writer = openWriter(streams, settings)
  return logOf({ reading, writing, reads, writer, follow, ear })
}

const logOf = (parts: Parts): EventLog => {
  const { reads, writer, follow } = parts
  const running = new Set<Subscription>()
  let closing: Promise<void> | null = null

  const whileOpen =
    <L, A>(answer: () => Promise<E.Either<L, A>>): TE.TaskEither<L | LogError, A> =>
    async () =>
      closing === null ? answer() : E.left(closedLog)

  return {
    append: (stream, expected, events) =>
      whileOpen(async () => {
        const unfit = unfitFor(stream, events)
        return unfit === null ? writer.append(stream, expected, events) : E.left(unfit)
      }),
    readStream: (stream, range) => whileOpen(() => reads.stream(stream, range)),
    readAll: ({ after, limit }) => whileOpen(() => reads.all(after, limit)),
    head: () =>
      whileOpen(async () =>
        E.map(({ position }: { position: Position }) => position)(await reads.head()),
      ),
    subscribe: (after, handler) => {
      const subscription = follow(after, handler)
      running.add(subscription)
      return {
        stop: async () => {
          await subscription.stop()
          running.delete(subscription)
        },
      }
    },
    close: () => {
      closing ??= closeParts(parts, running)
      return closing
    },
  }
}

const closeParts = async (parts: Parts, running: ReadonlySet<Subscription>): Promise<void> => {
  const { reading, writing, writer, ear } = parts
  await Promise.all([writer.drained(), ...[...running].map(({ stop }) => stop())])
  await ear.stop()
  await writing.close()
  await reading.close()
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the client would send and the server refuse, or the client not survive. */
const unfitFor = (stream: string, events: ReadonlyArray<NewEvent>): LogError | null => {
  const unfit = (detail: string): LogError => ({ type: 'LogUnavailable', detail })
  if (!/^[!-#%-~][!-~]*$/.test(stream)) return unfit('a stream is named in ASCII, and not with $')
  if (events.length === 0) return unfit('an append without events')
  if (new Set(events.map(({ id }) => id.toLowerCase())).size < events.length)
    return unfit('one id twice in an append')
  if (!events.every(({ id }) => UUID.test(id))) return unfit('an id that is no UUID')
  if (!events.every(({ type }) => /^[^$]/.test(type))) return unfit('an event without a type')
  const bytes = Math.max(
    ...events.map(({ data, metadata }) => Buffer.byteLength(data) + Buffer.byteLength(metadata)),
  )
  return bytes > EVENT_BYTES_MAX ? { type: 'EventTooLarge', bytes, limit: EVENT_BYTES_MAX } : null
}

const closedLog: LogError = { type: 'LogUnavailable', detail: 'the log is closed' }
