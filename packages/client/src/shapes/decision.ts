/** The answers to `can`, `why` and `decide`. */
import * as t from 'io-ts'
import { Grant, GrantEvents, Mark, PolicySource, Position } from './parts.js'
import { SessionEnd } from './session-end.js'

export const Outcome = t.union(
  [t.literal('Allow'), t.literal('ImplicitDeny'), t.literal('ExplicitDeny')],
  'Outcome',
)

export const Effect = t.union([t.literal('Allow'), t.literal('Deny')])

/** A statement that made the answer. */
export const DecidingStatement = t.type(
  { policy: PolicySource, statementIndex: t.number, effect: Effect },
  'DecidingStatement',
)

/** A statement that makes a decision, and the events that made it bind. */
export const DecidingGrant = t.intersection(
  [DecidingStatement, t.partial({ grant: GrantEvents, trustSet: Mark })],
  'DecidingGrant',
)

/** The statements that make a decision, and the events behind it. */
export const EventsBehind = t.intersection(
  [
    t.type({ deciding: t.readonlyArray(DecidingGrant) }),
    /** Of a role to assume, where no statement of its trust policy allows it. */
    t.partial({ trustSet: Mark }),
  ],
  'EventsBehind',
)

/** A statement that was looked at: `failed` is the first element that said no. */
export const StatementVerdict = t.intersection(
  [
    t.type({
      policy: PolicySource,
      statementIndex: t.number,
      effect: Effect,
      unit: t.string,
      resource: t.string,
      matched: t.boolean,
    }),
    t.partial({ failed: t.string, detail: t.string }),
  ],
  'StatementVerdict',
)

/** What the answer about a session rests on beside its role. */
export const SessionBasis = t.union([
  t.type({ basis: t.literal('Supposed') }),
  /** Of several, an allow says that each may, a deny that at least one may not. */
  t.type({ basis: t.literal('Known'), count: t.number, sessionIds: t.readonlyArray(t.string) }),
  /** The last one of that name, which was over. */
  t.type({ basis: t.literal('Ended'), sessionId: t.string, end: SessionEnd }),
])

/** Why no allow could have changed an implicit deny. */
export const Reason = t.type({ type: t.string, detail: t.string })

const decided = {
  /** True only for the outcome Allow. */
  allowed: t.boolean,
  outcome: Outcome,
  unit: t.string,
  asked: t.record(t.string, t.unknown),
  position: Position,
  applied: Position,
  principalId: t.string,
}
const sometimes = {
  reason: Reason,
  session: SessionBasis,
}

export const CanAnswer = t.intersection(
  [t.type(decided), EventsBehind, t.partial(sometimes)],
  'CanAnswer',
)
export type CanAnswer = t.TypeOf<typeof CanAnswer>

const explained = {
  statements: t.readonlyArray(StatementVerdict),
  /** The grants that the statements stand in. */
  grants: t.readonlyArray(Grant),
}

export const WhyAnswer = t.intersection(
  [t.type({ ...decided, ...explained }), EventsBehind, t.partial(sometimes)],
  'WhyAnswer',
)
export type WhyAnswer = t.TypeOf<typeof WhyAnswer>

export const DecideAnswer = t.intersection(
  [t.type(decided), EventsBehind, t.partial({ ...sometimes, ...explained })],
  'DecideAnswer',
)
export type DecideAnswer = t.TypeOf<typeof DecideAnswer>

/** The outcome of one question alone. */
export const OutcomeAnswer = t.type(
  { allowed: t.boolean, outcome: Outcome, position: Position, applied: Position },
  'OutcomeAnswer',
)
export type OutcomeAnswer = t.TypeOf<typeof OutcomeAnswer>

/** The answers to several questions, in their order. */
export const SeveralAnswer = t.type({ answers: t.readonlyArray(CanAnswer) }, 'SeveralAnswer')
export type SeveralAnswer = t.TypeOf<typeof SeveralAnswer>

/** The outcomes of several questions alone, in their order. */
export const OutcomesAnswer = t.type(
  { outcomes: t.readonlyArray(Outcome), position: Position, applied: Position },
  'OutcomesAnswer',
)
export type OutcomesAnswer = t.TypeOf<typeof OutcomesAnswer>
