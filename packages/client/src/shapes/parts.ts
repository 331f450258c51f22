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
        t.literal('System'),
      ]),
      principalId: t.string,
      arn: t.string,
    }),
    t.partial({ accessKeyId: t.string, sessionId: t.string }),
  ],
  'Actor',
)

/** What to give as `after` for the next page; null on the last. */
export const Next = t.union([t.string, t.null], 'Next')
