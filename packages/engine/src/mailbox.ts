/**
 * One mailbox per account: commands that are waiting are decided one after the other on the state
 * in memory and appended together, atomically, on the revision that they were decided on.
 *
 * Invariants: a command is answered after its events are durable, a refusal after everything that
 * it rests on is. A lost compare-and-swap reads the new tail and decides again. Nothing is ever
 * decided on a state that the log could refute. A command that the stream holds is not done again,
 * whichever node had it, for as long as its signature is accepted.
 */
import {
  type AccountCommand,
  type AccountEvent,
  type AccountId,
  type AccountRefusal,
  type AccountState,
  accountStream,
  type Decider,
} from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import { type AccountMoment, accountSnapshots } from './account-snapshots.js'
import type { Circumstances, EngineError, Executed } from './engine.js'
import { type CommandOutcome, type Observer, partOf, UNOBSERVED } from './observer.js'
import type { EventLog, Ids, NewEvent, ViewStore } from './ports.js'
import { recallCommands } from './recent-commands.js'
import { type RecentIds, recentIds } from './recent-ids.js'
import { appendSurely } from './retry.js'
import { decodeEvent, encodeEvent } from './stored-event.js'

type AccountDecider = Decider<AccountCommand, AccountState, AccountEvent, AccountRefusal>

/**
 * How many commands one append may carry. Unit: commands. Bounds the time to decide again after a
 * lost race.
 */
const COMMANDS_PER_APPEND_MAX = 256

/** How many commands may wait for one account before the next is refused. Unit: commands. */
const COMMANDS_WAITING_MAX = 10_000

/** How many lost races in a row a command lives through. */
const RACES_LOST_MAX = 20

/** How many events are read at a time when an account is loaded. */
const EVENTS_PER_READ = 2_000

type Answer = E.Either<AccountRefusal | EngineError, Executed>

type Outcome = E.Either<AccountRefusal | EngineError, ReadonlyArray<AccountEvent>>

type Waiting = {
  readonly command: AccountCommand
  readonly circumstances: Circumstances
  readonly answer: (answer: Answer) => void
}

type Decided = {
  readonly known: AccountMoment
  readonly events: ReadonlyArray<NewEvent>
  /** For each command its refusal, or its events. */
  readonly outcomes: ReadonlyArray<Outcome>
}

export type Mailbox = {
  readonly send: (command: AccountCommand, circumstances: Circumstances) => Promise<Answer>
  /** How many commands wait to be decided. */
  readonly waiting: () => number
  /** Resolves when nothing is waiting and no snapshot is being stored. */
  readonly idle: () => Promise<void>
}

type Dependencies = {
  readonly log: EventLog
  readonly ids: Pick<Ids, 'eventId'>
  readonly decider: AccountDecider
  /** Where snapshots are kept. */
  readonly viewStore: ViewStore
  /** Nobody else writes to the account's stream, so what is in memory is what the log holds. */
  readonly isSoleWriter: boolean
  readonly observer?: Observer
}

const outcomeOf = (outcome: Outcome): CommandOutcome => {
  if (E.isRight(outcome)) return outcome.right.length === 0 ? 'Unchanged' : 'Changed'
  return outcome.left.type === 'CommandRepeated' ? 'Repeated' : 'Refused'
}

/** Decides a line of commands, each on the state that the ones before it lead to. Pure. */
const decideInOrder = (
  { decider, ids, observer = UNOBSERVED }: Dependencies,
  known: AccountMoment,
  recent: RecentIds,
  waiting: ReadonlyArray<Waiting>,
): Decided => {
  let { state } = known
  const events: NewEvent[] = []
  const decidedHere = new Set<string>()
  const outcomes = waiting.map(({ command, circumstances }): Outcome => {
    const { commandId } = circumstances
    if (recent.has(commandId) || decidedHere.has(commandId))
      return E.left({ type: 'CommandRepeated', commandId })
    const span = partOf(observer.tracing, circumstances.traceparent, 'decide', {
      operation: command.type,
    })
    const decision = decider.decide(command, state)
    span.end({ outcome: outcomeOf(decision) })
    if (E.isLeft(decision) || decision.right.length === 0) return decision
    decidedHere.add(commandId)
    decision.right.forEach((event, index) => {
      state = decider.evolve(state, event)
      events.push(encodeEvent(ids.eventId(commandId, index), event, circumstances))
    })
    return decision
  })
  const eventId = events.at(-1)?.id ?? known.eventId
  return { known: { ...known, state, eventId }, events, outcomes }
}

/** Reads what an account's stream holds after what is already known. */
const catchUp = async (
  { log, decider }: Dependencies,
  stream: string,
  known: AccountMoment,
  recent: RecentIds,
): Promise<E.Either<EngineError, AccountMoment>> => {
  let now = known
  for (;;) {
    const page = await log.readStream(stream, { from: now.revision + 1, limit: EVENTS_PER_READ })()
    if (E.isLeft(page)) return page
    for (const stored of page.right) {
      const decoded = decodeEvent(stored)
      if (E.isLeft(decoded))
        return E.left({ type: 'AccountQuarantined', accountId: stream.slice('account-'.length) })
      const { revision, position, recordedAt, id, event, metadata } = decoded.right
      recent.note(metadata.commandId, recordedAt)
      const state = decider.evolve(now.state, event as AccountEvent)
      now = { state, revision, position, recordedAt, eventId: id }
    }
    if (page.right.length < EVENTS_PER_READ) return E.right(now)
    // A log that answers at once would keep every other account waiting.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A fault of this process; what the log holds is in doubt then, as after any other fault. */
const brokenOff = (cause: unknown): E.Either<EngineError, never> =>
  E.left({ type: 'EngineStopped', detail: cause instanceof Error ? cause.message : String(cause) })

/** Before the first event. */
const beginningOf = ({ initialState }: AccountDecider): AccountMoment => ({
  state: initialState,
  revision: -1,
  position: 0,
  recordedAt: 0,
  eventId: '',
})

export const accountMailbox = (dependencies: Dependencies, accountId: AccountId): Mailbox => {
  const { log, decider, observer: { meter } = UNOBSERVED } = dependencies
  const stream = accountStream(accountId)
  const snapshots = accountSnapshots(dependencies, accountId)
  const recent = recentIds()
  let isRecalled = dependencies.isSoleWriter
  let known: AccountMoment | undefined
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  const answerAll = (batch: ReadonlyArray<Waiting>, decided: Decided): void =>
    decided.outcomes.forEach((outcome, index) => {
      const { position, revision, recordedAt } = decided.known
      const sent = batch[index]
      if (sent !== undefined) meter.commanded(sent.command.type, outcomeOf(outcome))
      sent?.answer(
        E.isLeft(outcome)
          ? outcome
          : E.right({ position, revision, recordedAt, events: outcome.right }),
      )
    })

  const noteDone = (batch: ReadonlyArray<Waiting>, { known, outcomes }: Decided): void =>
    batch.forEach(({ circumstances }, index) => {
      const outcome = outcomes[index]
      if (outcome !== undefined && E.isRight(outcome) && outcome.right.length > 0)
        recent.note(circumstances.commandId, known.recordedAt)
    })

  /** The account as the log has it, and what was done to it lately. */
  const load = async (): Promise<E.Either<EngineError, AccountMoment>> => {
    const start = (await snapshots.load()) ?? beginningOf(decider)
    const loaded = await catchUp(dependencies, stream, start, recent)
    if (E.isLeft(loaded) || isRecalled) return loaded
    const { recordedAt } = loaded.right
    const recalled = await recallCommands(log, stream, start.revision, recordedAt, recent)
    if (E.isLeft(recalled)) return recalled
    isRecalled = true
    return loaded
  }

  /** Decides and appends until the log agrees, or says why it can't. */
  const settle = async (batch: ReadonlyArray<Waiting>): Promise<E.Either<EngineError, Decided>> => {
    for (let lost = 0; lost < RACES_LOST_MAX; lost++) {
      if (known === undefined) {
        const loaded = await load()
        if (E.isLeft(loaded)) return loaded
        known = loaded.right
      }
      const decided = decideInOrder(dependencies, known, recent, batch)
      if (decided.events.length === 0) {
        // Nothing is appended that the log could refuse, so it is asked whether it has moved on.
        if (dependencies.isSoleWriter) return E.right(decided)
        const tail = await catchUp(dependencies, stream, known, recent)
        if (E.isLeft(tail)) return tail
        if (tail.right.revision === known.revision) return E.right(decided)
        known = tail.right
        continue
      }

      const expected = known.revision === -1 ? 'no-stream' : known.revision
      const appended = await appendSurely(log, stream, expected, decided.events)
      if (E.isRight(appended))
        return E.right({ ...decided, known: { ...decided.known, ...appended.right } })
      if (appended.left.type !== 'RevisionConflict') return E.left(appended.left)

      const tail = await catchUp(dependencies, stream, known, recent)
      if (E.isLeft(tail)) return tail
      known = tail.right
    }
    return E.left({ type: 'Contended', stream })
  }

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, COMMANDS_PER_APPEND_MAX)
      waiting = waiting.slice(batch.length)
      const settled = await settle(batch).catch(brokenOff)
      if (E.isRight(settled)) {
        known = settled.right.known
        noteDone(batch, settled.right)
        snapshots.offer(known)
        answerAll(batch, settled.right)
      } else {
        // What the log holds is in doubt now, so the next command starts from what can be read.
        known = undefined
        for (const { command, answer } of batch) {
          meter.commanded(command.type, 'Failed')
          answer(settled)
        }
      }
    }
    running = undefined
  }

  return {
    send: (command, circumstances) =>
      new Promise((answer) => {
        if (waiting.length >= COMMANDS_WAITING_MAX) {
          meter.commanded(command.type, 'Failed')
          answer(E.left({ type: 'Overloaded', waiting: waiting.length }))
          return
        }
        waiting.push({ command, circumstances, answer })
        // Starting on the next turn lets the commands of this turn share one append.
        running ??= Promise.resolve().then(work)
      }),
    waiting: () => waiting.length,
    idle: async () => {
      await running
      await snapshots.idle()
    },
  }
}
