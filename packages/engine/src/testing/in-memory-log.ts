/**
 * An event log in memory: the reference that every other log must agree with, and the log of tests.
 *
 * Invariant: positions are gapless from 1, revisions dense from 0, and every id of a stream is
 * remembered.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Appended,
  type Clock,
  EVENT_BYTES_MAX,
  type EventLog,
  type ExpectedRevision,
  type LogError,
  type NewEvent,
  type RevisionConflict,
  type StoredEvent,
} from '../ports.js'
import { type LogFaults, withFaults } from './faults.js'
import { deliver } from './in-memory-subscription.js'

export type InMemoryLogOptions = {
  readonly clock?: Clock
  readonly faults?: LogFaults
}

type Stream = {
  readonly events: Array<StoredEvent>
  readonly revisions: Map<string, number>
}

type Refusal = RevisionConflict | LogError

export const inMemoryLog = (options: InMemoryLogOptions = {}): EventLog => {
  const clock = options.clock ?? { now: () => Date.now() }
  const all: Array<StoredEvent> = []
  const streams = new Map<string, Stream>()
  const delivery = deliver(all)
  let closed = false

  const store = (name: string, events: ReadonlyArray<NewEvent>): Appended => {
    const stream: Stream = streams.get(name) ?? { events: [], revisions: new Map() }
    streams.set(name, stream)
    const recordedAt = Math.max(clock.now(), all.at(-1)?.recordedAt ?? 0)
    for (const { id, type, schemaVersion, data, metadata } of events) {
      const revision = stream.events.length
      const position = all.length + 1
      const event = { id, type, schemaVersion, data, metadata }
      const stored = { ...event, stream: name, revision, position, recordedAt }
      stream.events.push(stored)
      stream.revisions.set(id, revision)
      all.push(stored)
    }
    delivery.wake()
    return { revision: stream.events.length - 1, position: all.length, recordedAt }
  }

  const append = (
    name: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<NewEvent>,
  ): E.Either<Refusal, Appended> => {
    const unfit = closed ? closedLog : unfitFor(events)
    if (unfit !== null) return E.left(unfit)
    const stream = streams.get(name)
    const actual = (stream?.events.length ?? 0) - 1
    const verdict = judge(stream, expected, events)
    switch (verdict.type) {
      case 'Fresh':
        return E.right(store(name, events))
      case 'Repetition':
        return E.right(verdict.appended)
      case 'Conflict':
        return E.left({ type: 'RevisionConflict', stream: name, expected, actual })
    }
  }

  const read = <A>(answer: () => A): TE.TaskEither<LogError, A> =>
    TE.fromIOEither(() => (closed ? E.left(closedLog) : E.right(answer())))

  const log: EventLog = {
    append: (name, expected, events) => TE.fromIOEither(() => append(name, expected, events)),
    readStream: (name, { from, limit, backwards }) =>
      read(() => pageOf(streams.get(name)?.events ?? [], from, limit, backwards ?? false)),
    readAll: ({ after, limit }) => read(() => all.slice(after, after + limit)),
    head: () => read(() => all.length),
    subscribe: delivery.subscribe,
    close: async () => {
      closed = true
      await delivery.close()
    },
  }
  return options.faults === undefined ? log : withFaults(log, options.faults)
}

type Verdict =
  | { readonly type: 'Fresh' }
  | { readonly type: 'Repetition'; readonly appended: Appended }
  | { readonly type: 'Conflict' }

const judge = (
  stream: Stream | undefined,
  expected: ExpectedRevision,
  events: ReadonlyArray<NewEvent>,
): Verdict => {
  const head = (stream?.events.length ?? 0) - 1
  const places = events.map(({ id }) => stream?.revisions.get(id) ?? -1)
  const first = places[0] ?? -1
  if (places.every((place) => place === -1))
    return isMet(expected, head) ? { type: 'Fresh' } : { type: 'Conflict' }

  const whole = first !== -1 && places.every((place, i) => place === first + i)
  const last = stream?.events[first + events.length - 1]
  return whole && last !== undefined && mayRepeatAt(expected, first, head)
    ? { type: 'Repetition', appended: answerOf(last) }
    : { type: 'Conflict' }
}

const isMet = (expected: ExpectedRevision, head: number): boolean => {
  if (expected === 'any') return true
  if (expected === 'no-stream') return head === -1
  if (expected === 'stream-exists') return head >= 0
  return expected === head
}

/** A writer that names a revision repeats itself only right after it, or at a stream's very end. */
const mayRepeatAt = (expected: ExpectedRevision, first: number, head: number): boolean => {
  if (expected === 'any' || expected === 'stream-exists') return true
  if (expected === 'no-stream') return first === 0
  return first === expected + 1 || expected === head
}

const answerOf = ({ revision, position, recordedAt }: StoredEvent): Appended => ({
  revision,
  position,
  recordedAt,
})

const unfitFor = (events: ReadonlyArray<NewEvent>): LogError | null => {
  if (events.length === 0) return { type: 'LogUnavailable', detail: 'an append without events' }
  if (new Set(events.map(({ id }) => id)).size < events.length)
    return { type: 'LogUnavailable', detail: 'one id twice in an append' }
  const sizes = events.map((e) => Buffer.byteLength(e.data) + Buffer.byteLength(e.metadata))
  const bytes = Math.max(...sizes)
  return bytes > EVENT_BYTES_MAX ? { type: 'EventTooLarge', bytes, limit: EVENT_BYTES_MAX } : null
}

const pageOf = (
  events: ReadonlyArray<StoredEvent>,
  from: number | undefined,
  limit: number,
  backwards: boolean,
): ReadonlyArray<StoredEvent> => {
  if (!backwards) return events.slice(from ?? 0, (from ?? 0) + limit)
  const last = Math.min(from ?? events.length - 1, events.length - 1)
  return last < 0 ? [] : events.slice(Math.max(0, last + 1 - limit), last + 1).reverse()
}

const closedLog: LogError = { type: 'LogUnavailable', detail: 'the log is closed' }
