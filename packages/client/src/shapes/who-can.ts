/** The answers about who may do something, and what somebody may do. */
import * as t from 'io-ts'
import { DecidingStatement, Effect, Outcome, Reason, SessionBasis } from './decision.js'
import { Grant, Next, PolicySource, Position } from './parts.js'

/** `Allowed` whatever the keys hold that are not given, or `Conditional` on some of them. */
export const Certainty = t.union([t.literal('Allowed'), t.literal('Conditional')], 'Certainty')

const PrincipalType = t.union([t.literal('Root'), t.literal('User'), t.literal('Role')])

/** A statement that the answer depends on, under conditions on keys that are not given. */
export const OpenStatement = t.type(
  {
    policy: PolicySource,
    statementIndex: t.number,
    effect: Effect,
    conditions: t.readonlyArray(t.string),
  },
  'OpenStatement',
)

const judged = {
  certainty: Certainty,
  /** What is answered where the keys that are not given are absent. */
  allowed: t.boolean,
  outcome: Outcome,
  deciding: t.readonlyArray(DecidingStatement),
}
const conditional = {
  keys: t.readonlyArray(t.string),
  dependsOn: t.readonlyArray(OpenStatement),
}

const bearer = { principal: t.string, principalType: PrincipalType, principalId: t.string }

const Assumers = t.type(
  {
    principals: t.readonlyArray(t.type({ ...bearer, certainty: Certainty })),
    /** Whether there are more than are told. */
    hasMore: t.boolean,
  },
  'Assumers',
)

/** Somebody who is allowed, or would be under conditions. */
export const WhoCanHit = t.intersection(
  [
    t.type({ ...bearer, name: t.string, ...judged, grants: t.readonlyArray(Grant) }),
    t.partial({ ...conditional, assumers: Assumers }),
  ],
  'WhoCanHit',
)
export type WhoCanHit = t.TypeOf<typeof WhoCanHit>

const Asked = t.record(t.string, t.unknown)

export const WhoCanAnswer = t.type(
  {
    asked: Asked,
    principals: t.readonlyArray(WhoCanHit),
    next: Next,
    position: Position,
    applied: Position,
  },
  'WhoCanAnswer',
)
export type WhoCanAnswer = t.TypeOf<typeof WhoCanAnswer>

const Texts = t.readonlyArray(t.string)

/** A statement as its author wrote it, single values in arrays. */
const SheetStatement = t.intersection(
  [
    t.type({ Effect }),
    t.partial({
      Action: Texts,
      NotAction: Texts,
      Resource: Texts,
      Condition: t.record(t.string, t.record(t.string, Texts)),
    }),
  ],
  'SheetStatement',
)

const line = { policy: PolicySource, statementIndex: t.number, statement: SheetStatement }
const open = { keys: Texts, conditions: Texts }

export const SheetAllow = t.intersection(
  [
    t.type({ ...line, certainty: t.union([Certainty, t.literal('Never')]) }),
    /** Places in `denies` of what may take a part; absent where there was too much to compare. */
    t.partial({ ...open, cutBy: t.readonlyArray(t.number) }),
  ],
  'SheetAllow',
)
export const SheetDeny = t.intersection([t.type(line), t.partial(open)], 'SheetDeny')

const sheet = { allows: t.readonlyArray(SheetAllow), denies: t.readonlyArray(SheetDeny) }

/** What is known of one action by its name. */
const JudgedAction = t.intersection(
  [t.type({ action: t.string, ...judged }), t.partial(conditional)],
  'JudgedAction',
)

export const WhatCanAnswer = t.intersection(
  [
    t.type({
      asked: Asked,
      principalId: t.string,
      isRoot: t.boolean,
      ...sheet,
      narrowedBy: t.readonlyArray(t.type(sheet, 'Sheet')),
      actions: t.readonlyArray(JudgedAction),
      grants: t.readonlyArray(Grant),
      position: Position,
      applied: Position,
    }),
    /** `reason` of a session that was over. */
    t.partial({ session: SessionBasis, reason: Reason }),
  ],
  'WhatCanAnswer',
)
export type WhatCanAnswer = t.TypeOf<typeof WhatCanAnswer>
