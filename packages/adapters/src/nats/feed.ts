/**
 * The feed in JetStream: one message per event, in the order of the log.
 *
 * Every message names the sequence that it follows, and the server refuses it after anything else.
 * So message n is event n: also with two publishers, after a lost answer, and long after the
 * server has forgotten the ids that it has seen.
 */
import type { Feed, FeedError, FeedMark, LastPublished, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { DiscardPolicy, type NatsConnection, NatsError, nanos, StorageType } from 'nats'
import { decodeCloudEvent, encodeCloudEvent } from './cloud-event.js'
import type { NatsLink } from './link.js'
import { EVENT_SUBJECTS } from './subjects.js'

/** What JetStream keeps of the feed; without limits, everything. The log is not touched by them. */
export type NatsFeedOptions = {
  readonly ageMsMax?: number
  readonly bytesMax?: number
  /** In a cluster of servers: on how many of them each message is kept. */
  readonly replicas?: number
}

export const FEED_STREAM = 'GRANTLOG_EVENTS'

/** How much is on its way at a time. */
const EVENTS_IN_FLIGHT_MAX = 256
const BYTES_IN_FLIGHT_MAX = 8 * 1_048_576

/** How long an answer is waited for. Unit: milliseconds. */
const ANSWER_MS_MAX = 5_000

/** How long the server knows an id. A help for lost answers; nothing rests on it. */
const ID_WINDOW_MS = 120_000

/** What a message may have beside its body: subject, headers. Unit: bytes. */
const HEADER_BYTES = 2_048

/** JetStream's codes for a sequence that is not the expected one, and for what is not there. */
const WRONG_LAST_SEQUENCE = 10_071
const NOTHING_THERE = '404'

type Outcome<A> = E.Either<FeedError, A>

const failureOf = (cause: unknown): FeedError => {
  const error = cause instanceof NatsError ? cause : undefined
  const api = error?.api_error
  const detail = cause instanceof Error ? cause.message : String(cause)
  if (api?.err_code === WRONG_LAST_SEQUENCE) return { type: 'FeedMoved' }
  return api === undefined || api.code >= 500
    ? { type: 'FeedUnavailable', detail }
    : { type: 'FeedRefused', detail }
}

const attempt = async <A>(work: () => Promise<Outcome<A>>): Promise<Outcome<A>> => {
  try {
    return await work()
  } catch (cause) {
    return E.left(failureOf(cause))
  }
}

const isNotThere = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.code === NOTHING_THERE

const managerOf = (connection: NatsConnection) =>
  connection.jetstreamManager({ timeout: ANSWER_MS_MAX })

/** Makes the stream, or gives the one that is there the limits of this deployment. */
const openStream = async (
  connection: NatsConnection,
  { ageMsMax, bytesMax, replicas = 1 }: NatsFeedOptions,
): Promise<void> => {
  const { streams } = await managerOf(connection)
  const window = Math.min(ID_WINDOW_MS, ageMsMax ?? ID_WINDOW_MS)
  const limits = {
    subjects: [EVENT_SUBJECTS],
    max_age: ageMsMax === undefined ? 0 : nanos(ageMsMax),
    max_bytes: bytesMax ?? -1,
    num_replicas: replicas,
    duplicate_window: nanos(window),
  }
  try {
    await streams.update(FEED_STREAM, limits)
  } catch (cause) {
    if (!isNotThere(cause)) throw cause
    await streams.add({
      ...limits,
      name: FEED_STREAM,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      deny_delete: true,
      deny_purge: true,
    })
  }
}

const lastOf = async (connection: NatsConnection): Promise<Outcome<LastPublished>> => {
  const { streams } = await managerOf(connection)
  const { last_seq: events } = (await streams.info(FEED_STREAM)).state
  if (events === 0) return E.right({ type: 'Nothing' })
  try {
    const { data } = await streams.getMessage(FEED_STREAM, { seq: events })
    const event = decodeCloudEvent(data)
    if (event === null)
      return E.left({ type: 'FeedForeign', detail: `message ${events} is not one of grantlog` })
    return E.right({
      type: 'Event',
      mark: { events, position: Number(event.position) },
      id: event.id,
      previousPosition: Number(event.previousposition),
    })
  } catch (cause) {
    if (isNotThere(cause)) return E.right({ type: 'Expired', events })
    throw cause
  }
}

type Flight = { readonly answers: ReadonlyArray<Promise<Outcome<void>>>; readonly mark: FeedMark }

/** Sends as many events as may be on their way at once; the server takes them in this order. */
const launch = (
  connection: NatsConnection,
  events: ReadonlyArray<StoredEvent>,
  after: FeedMark,
): Flight => {
  const jetstream = connection.jetstream()
  const bodyBytesMax = (connection.info?.max_payload ?? 1_048_576) - HEADER_BYTES
  const answers: Array<Promise<Outcome<void>>> = []
  let mark = after
  let bytes = 0
  for (const event of events.slice(0, EVENTS_IN_FLIGHT_MAX)) {
    if (bytes > BYTES_IN_FLIGHT_MAX) break
    const { subject, body } = encodeCloudEvent(event, mark.position, bodyBytesMax)
    const { events: lastSequence } = mark
    const expect = { lastSequence, streamName: FEED_STREAM }
    const options = { msgID: event.id, expect, timeout: ANSWER_MS_MAX }
    answers.push(
      attempt(async () => {
        const { seq } = await jetstream.publish(subject, body, options)
        return seq === lastSequence + 1 ? E.right(undefined) : E.left({ type: 'FeedMoved' })
      }),
    )
    mark = { events: lastSequence + 1, position: event.position }
    bytes += body.length
  }
  return { answers, mark }
}

export const natsFeed = (link: NatsLink, options: NatsFeedOptions = {}): Feed => {
  let openedOn: NatsConnection | undefined

  const connected = async (): Promise<Outcome<NatsConnection>> => {
    const connection = link.connection()
    if (connection === null) return E.left({ type: 'FeedUnavailable', detail: 'not connected' })
    return attempt(async () => {
      if (openedOn !== connection) await openStream(connection, options)
      openedOn = connection
      return E.right(connection)
    })
  }

  return {
    lastPublished: () => async () => {
      openedOn = undefined
      const connection = await connected()
      return E.isLeft(connection) ? connection : attempt(() => lastOf(connection.right))
    },
    publish: (events, after) => async () => {
      const connection = await connected()
      if (E.isLeft(connection)) return connection
      let mark = after
      for (let done = 0; done < events.length; ) {
        const flight = launch(
          connection.right,
          events.slice(done, done + EVENTS_IN_FLIGHT_MAX),
          mark,
        )
        const failed = (await Promise.all(flight.answers)).find(E.isLeft)
        if (failed !== undefined) return failed
        done += flight.answers.length
        mark = flight.mark
      }
      return E.right(mark)
    },
  }
}
