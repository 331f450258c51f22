/** The answers about when somebody could do something, and since when. */
import * as t from 'io-ts'
import { EventsBehind, Outcome, Reason } from './decision.js'
import { Change, Mark, Next, Position } from './parts.js'

/** An outcome, or `Absent` where the principal is not there. */
export const Standing = t.union([Outcome, t.literal('Absent')], 'Standing')

/** How something stands, and the events behind that. */
export const Stand = t.intersection(
  [t.type({ outcome: Standing, allowed: t.boolean }), EventsBehind],
  'Stand',
)

/** A stretch of time with one outcome. */
export const Stretch = t.intersection(
  [
    Stand,
    t.type({ from: Mark }),
    /** `until` is absent while it lasts. */
    t.partial({ change: Change, until: Mark, reason: Reason }),
  ],
  'Stretch',
)
export type Stretch = t.TypeOf<typeof Stretch>

export const DecisionTimelineAnswer = t.type(
  {
    principalId: t.string,
    stretches: t.readonlyArray(Stretch),
    next: Next,
    position: Position,
    applied: Position,
  },
  'DecisionTimelineAnswer',
)
export type DecisionTimelineAnswer = t.TypeOf<typeof DecisionTimelineAnswer>

export const SinceAnswer = t.intersection(
  [
    Stand,
    t.type({
      principalId: t.string,
      /** Null where it never was otherwise. */
      since: t.union([Mark, t.null]),
      before: t.union([Stand, t.null]),
      position: Position,
      applied: Position,
    }),
    t.partial({ notBefore: Position, change: Change, reason: Reason }),
  ],
  'SinceAnswer',
)
export type SinceAnswer = t.TypeOf<typeof SinceAnswer>
