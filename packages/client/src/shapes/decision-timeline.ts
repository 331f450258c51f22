/** The answers about when somebody could do something, and since when. */
import * as t from 'io-ts'
import { DecidingGrant, Outcome, Reason } from './decision.js'
import { Change, Mark, Next, Position } from './parts.js'

/** An outcome, or `Absent` where the principal is not there. */
export const Standing = t.union([Outcome, t.literal('Absent')], 'Standing')

const standing = { outcome: Standing, allowed: t.boolean }
const decided = { ...standing, deciding: t.readonlyArray(DecidingGrant) }

/** A stretch of time with one outcome. */
export const Stretch = t.intersection(
  [
    t.type({ ...decided, from: Mark }),
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
    t.type({
      principalId: t.string,
      ...decided,
      /** Null where it never was otherwise. */
      since: t.union([Mark, t.null]),
      before: t.union([t.type(decided), t.null]),
      position: Position,
      applied: Position,
    }),
    t.partial({ notBefore: Position, change: Change, reason: Reason }),
  ],
  'SinceAnswer',
)
export type SinceAnswer = t.TypeOf<typeof SinceAnswer>
