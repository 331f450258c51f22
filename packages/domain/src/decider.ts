/**
 * The shape of a decider: a start, a rule and a memory, all pure and total.
 *
 * No clock, no randomness, no promise, no throw. Time, ids and secrets' references come in with the
 * command.
 */
import * as E from 'fp-ts/lib/Either.js'

export type Decision<Event, Refusal> = E.Either<Refusal, ReadonlyArray<Event>>

export type Decider<Command, State, Event, Refusal> = {
  readonly initialState: State
  readonly decide: (command: Command, state: State) => Decision<Event, Refusal>
  readonly evolve: (state: State, event: Event) => State
}

/** Nothing to record: what was asked for is already so. */
export const unchanged: Decision<never, never> = E.right([])

export const accept = <Event>(...events: ReadonlyArray<Event>): Decision<Event, never> =>
  E.right(events)

export const refuse = <Refusal>(refusal: Refusal): Decision<never, Refusal> => E.left(refusal)
