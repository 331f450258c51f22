/**
 * The embedded log: an EventLog in one SQLite file, written by this process alone.
 *
 * Appends go through group commit to the writer; readers have a connection of their own;
 * subscribers are served from memory as long as they keep up.
 */
import {
  type Clock,
  EVENT_BYTES_MAX,
  type EventLog,
  type LogError,
  type NewEvent,
  type StoredEvent,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { type Appender, startAppender } from './appender.js'
import { type DirectoryLock, lockDirectory } from './directory-lock.js'
import { failureText } from './driver.js'
import { type OpenError, openForReading, prepareDirectory } from './open.js'
import { openReader, type Reader } from './reader.js'
import { type Subscriptions, subscriptionsOver } from './subscriptions.js'
import { emptyTail, type Tail } from './tail.js'
import { type TreeHeadOptions, type TreeHeads, treeHeads } from './tree-heads.js'
import { linkInThread, linkToThread, type WriterLink } from './writer-link.js'

export type SqliteLogOptions = {
  /** Made when it is not there. Holds nothing but this log and its views. */
  readonly directory: string
  readonly clock: Clock
  /**
   * `worker` keeps flushes off this thread: for servers. `in-thread` answers a lone writer sooner:
   * for tools.
   */
  readonly mode: 'worker' | 'in-thread'
  /** Left out, the tree grows and nobody signs it. */
  readonly treeHeads?: TreeHeadOptions
}

/** Opens the log of a folder, or makes one. The folder is this log's alone until `close`. */
export const openSqliteLog = async (
  options: SqliteLogOptions,
): Promise<E.Either<OpenError, EventLog>> => {
  const { directory, mode } = options
  const prepared = prepareDirectory(directory)
  if (E.isLeft(prepared)) return prepared
  const lock = lockDirectory(directory)
  if (E.isLeft(lock)) return lock

  const link = mode === 'worker' ? await linkToThread(directory) : linkInThread(directory)
  if (E.isLeft(link)) {
    lock.right.release()
    return link
  }
  const reading = openForReading(directory)
  if (E.isLeft(reading)) {
    await link.right.close()
    lock.right.release()
    return reading
  }
  return E.right(assemble(options, lock.right, link.right, openReader(reading.right)))
}

type Parts = {
  readonly lock: DirectoryLock
  readonly link: WriterLink
  readonly reader: Reader
  readonly tail: Tail
  readonly subscriptions: Subscriptions
  readonly appender: Appender
  readonly heads: TreeHeads
}

const assemble = (
  { clock, treeHeads: headOptions }: SqliteLogOptions,
  lock: DirectoryLock,
  link: WriterLink,
  reader: Reader,
): EventLog => {
  const tail = emptyTail(link.headAtOpen)
  const subscriptions = subscriptionsOver(tail, reader)
  const onStored = (events: ReadonlyArray<StoredEvent>): void => {
    tail.push(events)
    subscriptions.wake()
  }
  const afterGroup = (): Promise<void> => heads.whenDue(tail.head())
  const appender = startAppender(link, clock, { onStored, afterGroup })
  const signed = reader.signedSize()
  const heads = treeHeads(headOptions, clock, signed, link.treeHead, appender.keepHead)
  return logOf({ lock, link, reader, tail, subscriptions, appender, heads })
}

const logOf = (parts: Parts): EventLog => {
  const { reader, tail, subscriptions, appender } = parts
  let closing: Promise<void> | null = null

  const read =
    <A>(answer: () => A): TE.TaskEither<LogError, A> =>
    async () => {
      if (closing !== null) return E.left(closedLog)
      return E.tryCatch(answer, (error): LogError => {
        return { type: 'LogUnavailable', detail: failureText(error) }
      })
    }
  return {
    append: (stream, expected, events) => async () => {
      const unfit = closing === null ? unfitFor(events) : closedLog
      return unfit === null ? appender.append(stream, expected, events) : E.left(unfit)
    },
    readStream: (stream, options) => read(() => reader.stream(stream, options)),
    readAll: ({ after, limit }) =>
      read(() => reader.page(after, Number.MAX_SAFE_INTEGER, { events: limit })),
    head: () => read(tail.head),
    subscribe: subscriptions.subscribe,
    close: () => {
      closing ??= closeParts(parts)
      return closing
    },
  }
}

const closeParts = async (parts: Parts): Promise<void> => {
  const { lock, link, reader, tail, subscriptions, appender, heads } = parts
  try {
    await Promise.all([subscriptions.close(), appender.drained()])
    await heads.last(tail.head())
    await appender.drained()
  } finally {
    reader.close()
    await link.close().catch(alreadyLost)
    lock.release()
  }
}

/** A writer that is lost has answered LogFailed ever since: closing has nothing to add. */
const alreadyLost = (): void => undefined

const unfitFor = (events: ReadonlyArray<NewEvent>): LogError | null => {
  if (events.length === 0) return { type: 'LogUnavailable', detail: 'an append without events' }
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length)
    return { type: 'LogUnavailable', detail: 'one id twice in an append' }
  const bytes = events.reduce((largest, event) => Math.max(largest, bytesOf(event)), 0)
  return bytes > EVENT_BYTES_MAX ? { type: 'EventTooLarge', bytes, limit: EVENT_BYTES_MAX } : null
}

/** Counted exactly only where it could matter: a UTF-16 code unit is at most three bytes. */
const bytesOf = ({ data, metadata }: NewEvent): number =>
  3 * (data.length + metadata.length) <= EVENT_BYTES_MAX
    ? 0
    : Buffer.byteLength(data) + Buffer.byteLength(metadata)

const closedLog: LogError = { type: 'LogUnavailable', detail: 'the log is closed' }
