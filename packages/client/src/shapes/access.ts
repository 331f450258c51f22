/** The answers about recorded access: what is recorded, and what is on record. */
import * as t from 'io-ts'
import { Next, Position } from './parts.js'

export const AccessOutcome = t.union(
  [t.literal('Allowed'), t.literal('Denied'), t.literal('Refused')],
  'AccessOutcome',
)

/** Which decisions are put on record. `oneIn` is of how many requests one is. */
export const AccessRecording = t.union(
  [
    t.type({ type: t.union([t.literal('All'), t.literal('Denials'), t.literal('Off')]) }),
    t.type({ type: t.literal('Sampled'), oneIn: t.number }),
  ],
  'AccessRecording',
)

export const RecordingAnswer = t.type(
  { recording: AccessRecording, position: Position },
  'RecordingAnswer',
)
export type RecordingAnswer = t.TypeOf<typeof RecordingAnswer>

/** The key that signed, or the registered subject that acts as the principal. */
const through = { accessKeyId: t.string, entityId: t.string }
const Root = t.intersection([t.type({ type: t.literal('Root') }), t.partial(through)])
const User = t.intersection([
  t.type({ type: t.literal('User'), userId: t.string }),
  t.partial(through),
])
const Role = t.intersection([
  t.type({
    type: t.literal('Role'),
    roleId: t.string,
    sessionName: t.string,
    /** Session policies, by places in a list that is not shown. */
    narrowedBy: t.readonlyArray(t.number),
  }),
  t.partial({ sessionId: t.string, ...through }),
])

/** Who called, by immutable ids. */
export const JudgeablePrincipal = t.union([Root, User, Role], 'JudgeablePrincipal')
const AccessPrincipal = t.union([
  Root,
  User,
  Role,
  /** The subject is no single principal or not known; the first records do not say who called. */
  t.intersection([t.type({ type: t.literal('Unrecorded') }), t.partial({ entityId: t.string })]),
])

export const AccessRecord = t.intersection(
  [
    t.type({
      requestId: t.string,
      principal: AccessPrincipal,
      action: t.string,
      resources: t.readonlyArray(t.string),
      outcome: AccessOutcome,
      /** The error code that was answered; empty when allowed. */
      code: t.string,
      /** The position that it was judged at. */
      position: Position,
      time: t.string,
    }),
    t.partial({
      /** Of a user or a role: what it was called then. */
      name: t.string,
      /** The registered subject that acted as the principals, as it was called then. */
      subject: t.type({ type: t.string, id: t.string }),
    }),
  ],
  'AccessRecord',
)
export type AccessRecord = t.TypeOf<typeof AccessRecord>

/** From when to when, both inclusive. */
export const Span = { from: t.string, to: t.string } as const

export const AccessListAnswer = t.type(
  {
    records: t.readonlyArray(AccessRecord),
    next: Next,
    /** How many batches of records on the way could not be read. */
    unreadable: t.number,
    ...Span,
    position: Position,
    applied: Position,
  },
  'AccessListAnswer',
)
export type AccessListAnswer = t.TypeOf<typeof AccessListAnswer>

const Doubt = t.union([
  t.literal('RecordingOff'),
  t.literal('DenialsOnly'),
  t.literal('Sampled'),
  t.literal('RecordsLost'),
  t.literal('RecordsUnreadable'),
  t.literal('RecordsNotJudgeable'),
  t.literal('DecidedElsewhere'),
])

/**
 * How much of what happened in a window is on record. What a killed process had not stored is not
 * known to be missing.
 */
export const Coverage = t.type(
  {
    isWhole: t.boolean,
    /** Why something may be missing; empty when nothing is known to be. */
    doubts: t.readonlyArray(Doubt),
    lost: t.number,
    /** What was chosen from when to when, oldest first. */
    recording: t.readonlyArray(t.intersection([AccessRecording, t.type(Span)])),
  },
  'Coverage',
)
