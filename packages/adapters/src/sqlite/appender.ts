/**
 * Group commit: appends that wait share one transaction. While one group is being written, the next
 * one is on its way, so that the writer and the thread that answers work side by side.
 *
 * Invariant: an append is answered after its group's transaction, and tells the subscribers before
 * anybody's answer to a later one. When the writer is lost, the group in its hands has an unknown
 * outcome and nothing follows.
 */
import type {
  Appended,
  Clock,
  ExpectedRevision,
  LogError,
  NewEvent,
  RevisionConflict,
  StoredEvent,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { failureText } from './driver.js'
import {
  addToGroup,
  emptyGroup,
  type GroupAnswer,
  type KeptHead,
  OUTCOME_CONFLICT,
  OUTCOME_FRESH,
  OUTCOME_NUMBERS,
} from './group.js'
import type { WriterLink } from './writer-link.js'

/** How large a group may become. Units: events, and UTF-16 code units of text. */
const GROUP_EVENTS_MAX = 2_048
const GROUP_TEXT_MAX = 8_388_608

/** How many groups may be with the writer: one that it writes, and the one after it. */
const GROUPS_WITH_WRITER_MAX = 2

/**
 * So many appends are worth two groups when the writer has none: writers that are answered together
 * come back together, and would else take turns with the writer for ever.
 */
const APPENDS_WORTH_SPLITTING = 32

export type AppendAnswer = E.Either<RevisionConflict | LogError, Appended>

export type Appender = {
  readonly append: (
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<NewEvent>,
  ) => Promise<AppendAnswer>
  /** Keeps a tree head with the next group, or with an empty one. */
  readonly keepHead: (head: KeptHead) => void
  /** Resolves when nothing waits and nothing is being written. */
  readonly drained: () => Promise<void>
}

export type AppenderEvents = {
  /** New events, in the order of their positions; called once per group, before its answers. */
  readonly onStored: (events: ReadonlyArray<StoredEvent>) => void
  /** After each group. What was answered last waits for it when the log is closed. */
  readonly afterGroup: () => Promise<void>
}

type Waiting = {
  readonly stream: string
  readonly expected: ExpectedRevision
  readonly events: ReadonlyArray<NewEvent>
  readonly answer: (answer: AppendAnswer) => void
}

type Queue = {
  readonly waiting: Array<Waiting>
  heads: Array<KeptHead>
  /** Groups that are with the writer, or about to be. */
  readonly running: Set<Promise<void>>
  withWriter: number
  failure: string | null
}

export const startAppender = (link: WriterLink, clock: Clock, events: AppenderEvents): Appender => {
  const queue: Queue = { waiting: [], heads: [], running: new Set(), withWriter: 0, failure: null }
  const runOne = async (): Promise<void> => {
    await nextTurn()
    while (queue.waiting.length > 0 || queue.heads.length > 0) {
      await writeGroup(link, clock, queue, events.onStored)
      await events.afterGroup()
      await nextTurn()
    }
  }
  const wake = (): void => {
    if (queue.running.size === GROUPS_WITH_WRITER_MAX) return
    const run = runOne().finally(() => queue.running.delete(run))
    queue.running.add(run)
  }
  return {
    append: (stream, expected, newEvents) =>
      new Promise((answer) => {
        queue.waiting.push({ stream, expected, events: newEvents, answer })
        wake()
      }),
    keepHead: (head) => {
      queue.heads.push(head)
      wake()
    },
    drained: async () => {
      while (queue.running.size > 0) await Promise.all(queue.running)
    },
  }
}

/** Lets everything that became ready append first. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const writeGroup = async (
  link: WriterLink,
  clock: Clock,
  queue: Queue,
  onStored: AppenderEvents['onStored'],
): Promise<void> => {
  const members = queue.waiting.splice(0, groupLength(queue))
  const { heads } = queue
  queue.heads = []
  if (queue.failure !== null) return refuseAll(members, logFailed(queue.failure))

  const group = emptyGroup(clock.now(), heads)
  for (const { stream, expected, events } of members) addToGroup(group, stream, expected, events)
  queue.withWriter += 1
  const answer = await link.commit(group).catch(lost)
  queue.withWriter -= 1
  switch (answer.type) {
    case 'Committed':
      return answerAll(members, answer.outcomes, onStored)
    case 'NothingHappened':
      queue.heads = [...heads, ...queue.heads]
      return refuseAll(members, { type: 'LogUnavailable', detail: answer.detail })
    case 'CommitFailed':
      queue.failure = answer.detail
      for (const { stream, answer: say } of members)
        say(E.left({ type: 'OutcomeUnknown', stream, detail: answer.detail }))
  }
}

const lost = (cause: unknown): GroupAnswer => ({ type: 'CommitFailed', detail: failureText(cause) })
const logFailed = (detail: string): LogError => ({ type: 'LogFailed', detail })

const refuseAll = (members: ReadonlyArray<Waiting>, error: LogError): void => {
  for (const { answer } of members) answer(E.left(error))
}

const groupLength = ({ waiting, withWriter }: Queue): number => {
  const worthSplitting = withWriter === 0 && waiting.length >= APPENDS_WORTH_SPLITTING
  const lengthMax = worthSplitting ? Math.ceil(waiting.length / 2) : waiting.length
  let length = 0
  let count = 0
  let text = 0
  for (const { events } of waiting) {
    if (length === lengthMax) return length
    count += events.length
    for (const { data, metadata } of events) text += data.length + metadata.length
    if (length > 0 && (count > GROUP_EVENTS_MAX || text > GROUP_TEXT_MAX)) return length
    length += 1
  }
  return length
}

const answerAll = (
  members: ReadonlyArray<Waiting>,
  outcomes: Float64Array,
  onStored: AppenderEvents['onStored'],
): void => {
  const stored: Array<StoredEvent> = []
  const answers = members.map(({ stream, expected, events }, i): AppendAnswer => {
    const [kind, revision = -1, position = 0, recordedAt = 0] = outcomes.subarray(
      i * OUTCOME_NUMBERS,
      (i + 1) * OUTCOME_NUMBERS,
    )
    if (kind === OUTCOME_CONFLICT)
      return E.left({ type: 'RevisionConflict', stream, expected, actual: revision })
    const last = { revision, position, recordedAt }
    if (kind === OUTCOME_FRESH) pushStored(stored, stream, events, last)
    return E.right(last)
  })
  if (stored.length > 0) onStored(stored)
  members.forEach(({ answer }, i) => {
    const said = answers[i]
    if (said !== undefined) answer(said)
  })
}

const pushStored = (
  stored: Array<StoredEvent>,
  stream: string,
  events: ReadonlyArray<NewEvent>,
  last: Appended,
): void => {
  const { recordedAt } = last
  events.forEach(({ id, type, schemaVersion, data, metadata }, i) => {
    const behind = events.length - 1 - i
    const revision = last.revision - behind
    const position = last.position - behind
    stored.push({
      id,
      type,
      schemaVersion,
      data,
      metadata,
      stream,
      revision,
      position,
      recordedAt,
    })
  })
}
