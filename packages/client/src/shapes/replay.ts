/** The answers about what recorded access needed, and would have become. */
import * as t from 'io-ts'
import { AccessOutcome, Coverage, JudgeablePrincipal, Span } from './access.js'
import { DecidingGrant, Effect } from './decision.js'
import { Grant, Next, Position } from './parts.js'

const Totals = t.type(
  {
    records: t.number,
    judged: t.number,
    /** Refused for other reasons than permission. */
    refused: t.number,
    notJudgeable: t.type({
      PrincipalNotRecorded: t.number,
      SeveralPrincipals: t.number,
      PersonErased: t.number,
      NothingAsked: t.number,
    }),
    allowToDeny: t.number,
    denyToAllow: t.number,
    /** Records that the history of grants does not bear out. */
    drift: t.number,
  },
  'ReplayTotals',
)

const sample = { requestId: t.string, time: t.string, position: Position }
const call = {
  principal: JudgeablePrincipal,
  action: t.string,
  resources: t.readonlyArray(t.string),
}

/** A statement that decides with the change, and what of it the change itself would make. */
export const ReplayStatement = t.intersection(
  [DecidingGrant, t.partial({ proposed: t.union([t.literal('Edit'), t.literal('Attach')]) })],
  'ReplayStatement',
)

/** Calls of one kind that the change turns. */
export const ReplayGroup = t.type(
  {
    change: t.union([t.literal('AllowToDeny'), t.literal('DenyToAllow')]),
    ...call,
    name: t.string,
    before: t.readonlyArray(DecidingGrant),
    after: t.readonlyArray(ReplayStatement),
    count: t.number,
    samples: t.readonlyArray(t.type(sample, 'ReplaySample')),
  },
  'ReplayGroup',
)
export type ReplayGroup = t.TypeOf<typeof ReplayGroup>

const Drift = t.type({ ...sample, ...call, recorded: AccessOutcome }, 'Drift')

export const ReplayAnswer = t.type(
  {
    totals: Totals,
    groups: t.readonlyArray(ReplayGroup),
    leftOut: t.number,
    drifts: t.readonlyArray(Drift),
    coverage: Coverage,
    ...Span,
    next: Next,
    position: Position,
    applied: Position,
  },
  'ReplayAnswer',
)
export type ReplayAnswer = t.TypeOf<typeof ReplayAnswer>

const UsedStatement = t.intersection(
  [
    /** `index` is its place in the policy, counted from 0. */
    t.type({ index: t.number, effect: Effect, count: t.number }),
    t.partial({ lastUsed: t.string }),
  ],
  'UsedStatement',
)

/** A grant with the events that made it, and what was needed of it. */
const UsedGrant = t.intersection(
  [Grant, t.type({ isUsed: t.boolean, statements: t.readonlyArray(UsedStatement) })],
  'UsedGrant',
)

/** Policies that would have done in place of all grants, and how that was checked. */
const Suggestion = t.type(
  { documents: t.readonlyArray(t.string), checked: t.number, isPartlyChecked: t.boolean },
  'Suggestion',
)

export const PrincipalUse = t.type(
  {
    type: t.union([t.literal('User'), t.literal('Role')]),
    id: t.string,
    name: t.string,
    allowed: t.number,
    denied: t.number,
    /** Calls that were allowed then, and would not be by what it holds now. */
    notCovered: t.number,
    grants: t.readonlyArray(UsedGrant),
    suggestion: t.union([Suggestion, t.null]),
  },
  'PrincipalUse',
)
export type PrincipalUse = t.TypeOf<typeof PrincipalUse>

export const UnusedAnswer = t.type(
  {
    principals: t.readonlyArray(PrincipalUse),
    next: Next,
    /** Whether no decision of the window is known to be missing; where one is, see `coverage`. */
    isCertain: t.boolean,
    coverage: Coverage,
    ...Span,
    position: Position,
    applied: Position,
  },
  'UnusedAnswer',
)
export type UnusedAnswer = t.TypeOf<typeof UnusedAnswer>
