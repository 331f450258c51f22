/** What the answers of several paths are made of. Members that are not known are let through. */
import * as t from 'io-ts'

/** A number of the whole log: comparable, and never used again. */
export const Position = t.refinement(
  t.number,
  (value) => Number.isSafeInteger(value) && value >= 0,
  'Position',
)

/** Whom a policy is attached to. */
export const Via = t.type(
  {
    type: t.union([t.literal('User'), t.literal('Group'), t.literal('Role')]),
    id: t.string,
    name: t.string,
  },
  'Via',
)

/** The version of a policy that said something, and through whom the principal has it. */
export const PolicySource = t.intersection(
  [
    t.type({ policyType: t.string, policyName: t.string, versionId: t.string }),
    t.partial({ policyId: t.string, via: Via }),
  ],
  'PolicySource',
)

/** Who did something: by immutable ids, and with the name of that moment. */
export const Actor = t.intersection(
  [
    t.type({
      accountId: t.string,
      principalType: t.union([
        t.literal('Root'),
        t.literal('User'),
        t.literal('Session'),
        t.literal('Federated'),
        t.literal('System'),
      ]),
      principalId: t.string,
      arn: t.string,
    }),
    t.partial({ accessKeyId: t.string, sessionId: t.string }),
  ],
  'Actor',
)

/** What an event meant for a principal: `type` says what, its other members more. */
export const Change = t.type({ type: t.string }, 'Change')

/**
 * An event, with who caused it and why. Of another account's it is told only that it was, and
 * whose.
 */
export const Mark = t.intersection(
  [
    t.type({ position: Position, recordedAt: t.string, eventType: t.string }),
    t.partial({
      eventId: t.string,
      revision: t.number,
      actor: Actor,
      reason: t.string,
      ticket: t.string,
      accountId: t.string,
    }),
  ],
  'Mark',
)

const events = { since: Mark, attached: Mark }
const atTimes = { joined: Mark, versionSet: Mark }

/** The events that made a grant: since when it is as it is, and through what. */
export const GrantEvents = t.intersection([t.type(events), t.partial(atTimes)], 'GrantEvents')

/** A policy in force, and the events that made it so. */
export const Grant = t.intersection(
  [t.type({ policy: PolicySource, ...events }), t.partial(atTimes)],
  'Grant',
)

/** What to give as `after` for the next page; null on the last. */
export const Next = t.union([t.string, t.null], 'Next')
