/**
 * One stream as the writer sees it: its tail, its events, and a write that answers with what was
 * stored.
 */
import { type AppendToStreamOptions, NO_STREAM } from '@eventstore/db-client'
import type { LogError, NewEvent, StoredEvent } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { CallFault } from './call-fault.js'
import { type Connection, callWithin } from './connection.js'
import type { Echo } from './echo.js'
import { enveloped } from './envelope.js'
import type { Reads } from './reads.js'
import { GRACE_MS, type Settings } from './settings.js'
import type { Tail, Tails } from './tail.js'
import type { Stream } from './writer.js'

/** How much of a stream's end is read when nothing is remembered of it. Unit: events. */
const TAIL_EVENTS = 256

/** How long an event that was acknowledged is waited for before it is read. */
const ECHO_MS = 250

type Parts = {
  readonly writing: Connection
  readonly reads: Reads
  readonly tails: Tails
  readonly echo: Echo
  readonly settings: Settings
  /** The latest time of the log that is known here. */
  readonly seenAt: () => number
}

export const streamsOver =
  (parts: Parts) =>
  (name: string): Stream => {
    const { reads, tails } = parts
    const read: Stream['read'] = (from, limit) => reads.stream(name, { from, limit })

    const readTail = async (): Promise<E.Either<LogError, Tail>> => {
      const end = await reads.stream(name, { limit: TAIL_EVENTS, backwards: true })
      if (E.isLeft(end)) return end
      const tail = tails.begin(name, end.right.at(-1)?.revision ?? 0)
      for (const event of [...end.right].reverse()) tails.follow(name, event.revision, event.id)
      return E.right(tail)
    }

    const freshTail = async (): Promise<E.Either<LogError, Tail>> => {
      const known = tails.get(name)
      if (known === undefined) return readTail()
      const news = await read(known.head + 1, TAIL_EVENTS)
      if (E.isLeft(news)) return news
      for (const event of news.right) tails.follow(name, event.revision, event.id)
      const now = tails.get(name)
      return now === undefined || news.right.length === TAIL_EVENTS ? readTail() : E.right(now)
    }

    return {
      tail: async () => {
        const known = tails.get(name)
        return known === undefined ? readTail() : E.right(known)
      },
      freshTail,
      read,
      write: async (after, events) => {
        const stored = await written(parts, name, after, events)
        if (E.isRight(stored))
          for (const { revision, id } of stored.right) tails.follow(name, revision, id)
        return stored
      },
    }
  }

/** Stored when the server says so, or when the events come by on the log. */
const written = async (
  { writing, reads, echo, settings, seenAt }: Parts,
  name: string,
  after: number,
  events: ReadonlyArray<NewEvent>,
): Promise<E.Either<CallFault, ReadonlyArray<StoredEvent>>> => {
  const { callMs, credentials, appendPath } = settings
  const notBefore = seenAt()
  const options: AppendToStreamOptions = {
    expectedRevision: after < 0 ? NO_STREAM : BigInt(after),
    requiresLeader: true,
    deadline: callMs,
    // The client takes its other path for appends that have credentials of their own.
    ...(appendPath === 'append' ? { credentials } : {}),
  }
  const listening = echo.listen(name, after + 1, events)
  try {
    const heard = listening.heard.then((stored) => E.right(stored))
    const answered = callWithin(writing, callMs + GRACE_MS, (client) =>
      client.appendToStream(
        name,
        events.map((event) => enveloped(event, notBefore)),
        options,
      ),
    )
    const first = await Promise.race([heard, answered])
    if (E.isLeft(first)) return first
    if (Array.isArray(first.right)) return E.right(first.right)
    const stored = await within(ECHO_MS, heard)
    if (stored !== null) return stored
    const read = await reads.stream(name, { from: after + 1, limit: events.length })
    return E.isRight(read) && read.right.length === events.length ? read : unread
  } finally {
    listening.stop()
  }
}

const unread: E.Either<CallFault, never> = E.left({
  type: 'Doubt',
  detail: 'it is acknowledged, and cannot be read',
  poisoned: false,
})

const within = <A>(ms: number, promise: Promise<A>): Promise<A | null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms)
    void promise.then((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
