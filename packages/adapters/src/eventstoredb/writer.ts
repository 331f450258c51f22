/**
 * Appends: one after the other within a stream, those that wait together as one write, each until
 * its outcome is known.
 *
 * Invariant: a write always names the exact revision it follows. So after a doubt the same write
 * may be said again: either it finds itself, or it wins, or its first copy can't happen any more.
 */
import type {
  Appended,
  ExpectedRevision,
  LogError,
  NewEvent,
  RevisionConflict,
  StoredEvent,
} from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type CallFault, faultText } from './call-fault.js'
import type { Settings } from './settings.js'
import { judge, type Tail } from './tail.js'

/** How many events, and how many bytes of them, appends that wait together may make one write. */
const WRITE_EVENTS_MAX = 256
const WRITE_BYTES_MAX = 262_144

/** The first pause after a fault in milliseconds; it doubles up to the last. */
const PAUSE_MS_FIRST = 20
const PAUSE_MS_LAST = 500

export type Outcome = E.Either<RevisionConflict | LogError, Appended>

/** What the writer asks of its stream. */
export type Stream = {
  /** As remembered; read when nothing is. */
  readonly tail: () => Promise<E.Either<LogError, Tail>>
  /** With everything that was stored until now. */
  readonly freshTail: () => Promise<E.Either<LogError, Tail>>
  /** Stores events right after a revision and answers those events as stored. */
  readonly write: (
    after: number,
    events: ReadonlyArray<NewEvent>,
  ) => Promise<E.Either<CallFault, ReadonlyArray<StoredEvent>>>
  readonly read: (from: number, count: number) => Promise<E.Either<LogError, Stored>>
}

type Stored = ReadonlyArray<StoredEvent>

type Member = {
  readonly expected: ExpectedRevision
  readonly events: ReadonlyArray<NewEvent>
  readonly answer: (outcome: Outcome) => void
  /** When its outcome is given up. Milliseconds, monotonic. */
  readonly deadline: number
  /** Whether a write of it may have happened. */
  doubted: boolean
  /** Not to be written together with others. */
  alone: boolean
}

export type Writer = {
  readonly append: (
    name: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<NewEvent>,
  ) => Promise<Outcome>
  /** Resolves when every append has its answer. */
  readonly drained: () => Promise<void>
}

export const openWriter = (stream: (name: string) => Stream, settings: Settings): Writer => {
  const queues = new Map<string, { readonly waiting: Array<Member>; done: Promise<void> }>()

  const drain = async (name: string, waiting: Array<Member>): Promise<void> => {
    while (waiting.length > 0) await settle(name, stream(name), waiting, settings.onFault)
    queues.delete(name)
  }

  return {
    append: (name, expected, events) =>
      new Promise((answer) => {
        const deadline = performance.now() + settings.settleMs
        const member = { expected, events, answer, deadline, doubted: false, alone: false }
        const queue = queues.get(name)
        if (queue !== undefined) queue.waiting.push(member)
        else {
          const waiting = [member]
          queues.set(name, { waiting, done: drain(name, waiting) })
        }
      }),
    drained: async () => {
      while (queues.size > 0) await Promise.all([...queues.values()].map(({ done }) => done))
    },
  }
}

/** Answers at least the first of those that wait. */
const settle = async (
  name: string,
  stream: Stream,
  waiting: Array<Member>,
  onFault: Settings['onFault'],
): Promise<void> => {
  const first = waiting[0]
  let pauseMs = PAUSE_MS_FIRST
  let fresh = false
  while (first !== undefined) {
    const tail = await (fresh ? stream.freshTail() : stream.tail())
    const fault = E.isLeft(tail) ? tail.left : await step(name, stream, tail.right, fresh, waiting)
    fresh = true
    if (waiting[0] !== first) return
    if (fault === null && performance.now() < first.deadline) continue
    if (fault?.type === 'LogFailed') return answerFirst(waiting, fault)
    const detail = fault === null ? 'others are always first' : detailOf(fault)
    if (first.doubted) onFault({ type: 'AppendInDoubt', stream: name, detail })
    if (performance.now() + pauseMs > first.deadline) return giveUp(name, waiting, detail)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_LAST)
  }
}

/** Answers what can be answered from the tail, or writes. A fault is worth a pause. */
const step = async (
  name: string,
  stream: Stream,
  tail: Tail,
  fresh: boolean,
  waiting: Array<Member>,
): Promise<LogError | null> => {
  const member = waiting[0]
  if (member === undefined) return null
  const { expected, events } = member
  const verdict = judge(knownOf(tail, new Map()), expected, events)
  switch (verdict.type) {
    case 'Fresh':
      return write(stream, tail, waiting)
    case 'Behind':
      return fresh ? conflict(name, tail, waiting) : null
    case 'Conflict':
      return conflict(name, tail, waiting)
    case 'Repeated':
    case 'Forgotten': {
      const stored = await stream.read(verdict.first, events.length)
      if (E.isLeft(stored)) return stored.left
      const last = stored.right[events.length - 1]
      const same = stored.right.every(({ id }, i) => id === events[i]?.id.toLowerCase())
      if (!same || last === undefined) return conflict(name, tail, waiting)
      waiting.shift()
      member.answer(E.right(appendedOf(last)))
      return null
    }
  }
}

const conflict = (stream: string, { head }: Tail, waiting: Array<Member>): null => {
  const member = waiting.shift()
  member?.answer(
    E.left({ type: 'RevisionConflict', stream, expected: member.expected, actual: head }),
  )
  return null
}

/** The longest beginning of those that wait whose appends are all new, one after the other. */
const together = (tail: Tail, waiting: ReadonlyArray<Member>): ReadonlyArray<Member> => {
  const members: Array<Member> = []
  const added = new Map<string, number>()
  let bytes = 0
  for (const member of waiting) {
    const { expected, events } = member
    bytes += events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    const full = bytes > WRITE_BYTES_MAX || added.size + events.length > WRITE_EVENTS_MAX
    if (members.length > 0 && (full || member.alone || members[0]?.alone)) break
    if (judge(knownOf(tail, added), expected, events).type !== 'Fresh') break
    for (const { id } of events) added.set(id.toLowerCase(), tail.head + added.size + 1)
    members.push(member)
  }
  return members
}

const knownOf = ({ head, from, revisions }: Tail, added: ReadonlyMap<string, number>) => ({
  head: head + added.size,
  from,
  placeOf: (id: string) => added.get(id) ?? revisions.get(id) ?? -1,
})

const write = async (
  stream: Stream,
  tail: Tail,
  waiting: Array<Member>,
): Promise<LogError | null> => {
  const members = together(tail, waiting)
  const events = members.flatMap((member) => member.events)
  const written = await stream.write(tail.head, events)
  if (E.isLeft(written)) return notWritten(written.left, members, waiting)
  let next = -1
  for (const member of members) {
    next += member.events.length
    const last = written.right[next]
    if (last === undefined) break
    waiting.shift()
    member.answer(E.right(appendedOf(last)))
  }
  return null
}

const notWritten = (
  fault: CallFault,
  members: ReadonlyArray<Member>,
  waiting: Array<Member>,
): LogError | null => {
  switch (fault.type) {
    case 'Conflict':
      return null
    case 'NotLeader':
    case 'Refused':
      return { type: 'LogUnavailable', detail: faultText(fault) }
    case 'Impossible':
      return { type: 'LogFailed', detail: fault.detail }
    case 'TooLarge': {
      for (const member of members) member.alone = true
      const tooLarge = {
        type: 'EventTooLarge',
        bytes: bytesOf(members),
        limit: fault.limit,
      } as const
      if (members.length === 1) answerFirst(waiting, tooLarge)
      return null
    }
    case 'Doubt':
      for (const member of members) member.doubted = true
      return { type: 'LogUnavailable', detail: fault.detail }
  }
}

const answerFirst = (waiting: Array<Member>, error: LogError): void => {
  waiting.shift()?.answer(E.left(error))
}

/** For all whose time is up. */
const giveUp = (stream: string, waiting: Array<Member>, detail: string): void => {
  const soon = performance.now() + PAUSE_MS_LAST
  const stillInTime = waiting.findIndex(({ deadline }) => deadline > soon)
  const count = stillInTime === -1 ? waiting.length : Math.max(1, stillInTime)
  for (const { answer, doubted } of waiting.splice(0, count))
    answer(
      E.left(
        doubted ? { type: 'OutcomeUnknown', stream, detail } : { type: 'LogUnavailable', detail },
      ),
    )
}

const bytesOf = (members: ReadonlyArray<Member>): number =>
  members
    .flatMap(({ events }) => events)
    .reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data + metadata), 0)

const detailOf = (error: LogError): string => ('detail' in error ? error.detail : error.type)

const appendedOf = ({ revision, position, recordedAt }: StoredEvent): Appended => ({
  revision,
  position,
  recordedAt,
})
