/**
 * The sentence that tests of a decider are written in: given events, when a command, then an
 * answer.
 */
import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import type { Decider } from '../decider.js'

export type Then<Event, Refusal> = {
  /** Exactly these events, whole and in this order. */
  readonly thenEmits: (...events: ReadonlyArray<Event>) => void
  readonly thenRefused: (refusal: Refusal) => void
  readonly thenUnchanged: () => void
}

export type Given<Command, Event, Refusal> = (...past: ReadonlyArray<Event>) => {
  readonly when: (command: Command) => Then<Event, Refusal>
}

/** `given(...events).when(command).thenEmits(...events)`, for this decider. */
export const specify =
  <Command, State, Event, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
  ): Given<Command, Event, Refusal> =>
  (...past) => ({
    when: (command) => {
      const state = past.reduce(decider.evolve, decider.initialState)
      const decided = decider.decide(command, state)
      return {
        thenEmits: (...events) => expect(decided).toStrictEqual(E.right(events)),
        thenRefused: (refusal) => expect(decided).toStrictEqual(E.left(refusal)),
        thenUnchanged: () => expect(decided).toStrictEqual(E.right([])),
      }
    },
  })
