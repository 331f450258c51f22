/**
 * Group commit: appends that wait share one transaction. While one group is being written, the next
 * one gathers.
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
  /** Between two groups. The next group waits for it. */
  readonly betweenGroups: () => Promise<void>
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
  running: Promise<void> | null
  failure: string | null
}

export const startAppender = (link: WriterLink, clock: Clock, events: AppenderEvents): Appender => {
  const queue: Queue = { waiting: [], heads: [], running: null, failure: null }
  const run = async (): Promise<void> => {
    await nextTurn()
    while (queue.waiting.length > 0 || queue.heads.length > 0) {
      await writeGroup(link, clock, queue, events.onStored)
      await events.betweenGroups()
      await nextTurn()
    }
    queue.running = null
  }
  const wake = (): void => {
    queue.running ??= run()
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
      while (queue.running !== null) await queue.running
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
  const members = queue.waiting.splice(0, groupLength(queue.waiting))
  const { heads } = queue
  queue.heads = []
  if (queue.failure !== null) return refuseAll(members, logFailed(queue.failure))

  const group = emptyGroup(clock.now(), heads)
  for (const { stream, expected, events } of members) addToGroup(group, stream, expected, events)
  const answer = await link.commit(group).catch(lost)
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

const groupLength = (waiting: ReadonlyArray<Waiting>): number => {
  let length = 0
  let count = 0
  let text = 0
  for (const { events } of waiting) {
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
