/** What was called and what became of it. Stored for ever, apart from the control plane. */
import * as t from 'io-ts'
import { EntityId } from '../account/entity/limits.js'
import { AccessKeyId, AccountId, RoleId, Sealed, SessionId, UserId } from '../names.js'

/**
 * Through what a principal acted, as far as it is known: the AccessKey that signed its call, long-
 * lived or temporary, or the registered subject that acts as it.
 */
const through = { accessKeyId: t.string, entityId: EntityId }

/**
 * Whose permission was judged, by immutable ids. `narrowedBy` are places in `sessionPolicies`, all
 * of which had to allow. `Unrecorded`: it was no single principal, as where a registered subject
 * acts as several, or nobody that is known; and the first records did not say who it was.
 */
export const AccessPrincipal = t.union(
  [
    t.intersection([t.strict({ type: t.literal('Root') }), t.exact(t.partial(through))]),
    t.intersection([
      t.strict({ type: t.literal('User'), userId: UserId }),
      t.exact(t.partial(through)),
    ]),
    t.intersection([
      t.strict({
        type: t.literal('Role'),
        roleId: RoleId,
        sessionName: t.string,
        narrowedBy: t.readonlyArray(t.number),
      }),
      t.exact(t.partial({ sessionId: SessionId, ...through })),
    ]),
    t.intersection([
      t.strict({ type: t.literal('Unrecorded') }),
      t.exact(t.partial({ entityId: EntityId })),
    ]),
  ],
  'AccessPrincipal',
)
export type AccessPrincipal = t.TypeOf<typeof AccessPrincipal>

/**
 * The condition keys of a call. Keys that may tell of a person are together in one sealed text, a
 * JSON object, under the key of that person, `subject`. `hasTime`: `acs:CurrentTime` was the time
 * of the record.
 */
export const AccessContext = t.intersection(
  [
    t.strict({
      values: t.record(t.string, t.readonlyArray(t.string)),
      hasTime: t.boolean,
    }),
    t.exact(t.partial({ sealed: Sealed, subject: t.string })),
  ],
  'AccessContext',
)
export type AccessContext = t.TypeOf<typeof AccessContext>

/** What was asked: principal and context are places in the lists beside it. */
export const AccessQuestionAsked = t.strict(
  {
    principal: t.number,
    /** e.g. `ram:CreateUser`. */
    action: t.string,
    resources: t.readonlyArray(t.string),
    context: t.number,
  },
  'AccessQuestionAsked',
)
export type AccessQuestionAsked = t.TypeOf<typeof AccessQuestionAsked>

/** What became of a call; `code` is the error code that was answered, empty when allowed. */
export const AccessOutcome = t.strict(
  {
    outcome: t.union([t.literal('Allowed'), t.literal('Denied'), t.literal('Refused')]),
    code: t.string,
  },
  'AccessOutcome',
)
export type AccessOutcome = t.TypeOf<typeof AccessOutcome>

/**
 * A long list. One whose items are all known for whole is taken as it is; the library would make
 * a copy of each, and what it needs for an error in each.
 */
const listOf = <Item extends t.Mixed>(item: Item, isWhole: (u: unknown) => boolean = item.is) => {
  const list = t.readonlyArray(item)
  const validate: typeof list.validate = (u, context) =>
    Array.isArray(u) && u.every(isWhole) ? t.success(u) : list.validate(u, context)
  return new t.ReadonlyArrayType(list.name, list.is, validate, list.encode, item)
}

const QUESTION_MEMBERS = Object.keys(AccessQuestionAsked.type.props).length

const isWholeQuestion = (u: unknown): boolean =>
  AccessQuestionAsked.is(u) && Object.keys(u).length === QUESTION_MEMBERS

/** Nothing of it is left out when it is read, so that it need not be copied. */
const hasOnly = (u: object, members: ReadonlySet<string>): boolean => {
  for (const name in u) if (!members.has(name)) return false
  return true
}

const CONTEXT_MEMBERS = new Set(['values', 'hasTime', 'sealed', 'subject'])

const isWholeContext = (u: unknown): boolean => AccessContext.is(u) && hasOnly(u, CONTEXT_MEMBERS)

const THROUGH_MEMBERS = Object.keys(through)
const PRINCIPAL_MEMBERS: Readonly<Record<AccessPrincipal['type'], ReadonlySet<string>>> = {
  Root: new Set(['type', ...THROUGH_MEMBERS]),
  User: new Set(['type', 'userId', ...THROUGH_MEMBERS]),
  Role: new Set(['type', 'roleId', 'sessionName', 'narrowedBy', 'sessionId', ...THROUGH_MEMBERS]),
  Unrecorded: new Set(['type', 'entityId']),
}

const isWholePrincipal = (u: unknown): boolean =>
  AccessPrincipal.is(u) && hasOnly(u, PRINCIPAL_MEMBERS[u.type])

const places = listOf(t.number)

/** The records as columns of one length: record n is made of the n-th of each. */
export const AccessColumns = t.strict(
  {
    /** Place in `requestIds`. */
    request: places,
    question: places,
    answer: places,
    /** The position of the log the call was judged at. */
    position: places,
    /** When it was judged: milliseconds since the epoch, UTC; 0 where it was not kept. */
    time: places,
  },
  'AccessColumns',
)
export type AccessColumns = t.TypeOf<typeof AccessColumns>

/**
 * Calls were judged: a batch of decisions, each with the position it was made at. What repeats is
 * stored once, in lists that the records point into.
 */
export const AccessRecorded = t.strict(
  {
    type: t.literal('AccessRecorded'),
    accountId: AccountId,
    sessionPolicies: t.readonlyArray(t.string),
    principals: listOf(AccessPrincipal, isWholePrincipal),
    contexts: listOf(AccessContext, isWholeContext),
    questions: listOf(AccessQuestionAsked, isWholeQuestion),
    answers: t.readonlyArray(AccessOutcome),
    requestIds: listOf(t.string),
    records: AccessColumns,
  },
  'AccessRecorded',
)
export type AccessRecorded = t.TypeOf<typeof AccessRecorded>

/** Decisions that should have been recorded were not, and how many: there was no room for them. */
export const AccessRecordsLost = t.strict(
  {
    type: t.literal('AccessRecordsLost'),
    accountId: AccountId,
    lost: t.number,
    reason: t.union([t.literal('Overloaded'), t.literal('TooLarge'), t.literal('NotStored')]),
    /** The positions that the first and the last of them were judged at. */
    fromPosition: t.number,
    toPosition: t.number,
    /** Milliseconds since the epoch, UTC. */
    from: t.number,
    to: t.number,
  },
  'AccessRecordsLost',
)
export type AccessRecordsLost = t.TypeOf<typeof AccessRecordsLost>

/** A long-lived key signed a call. Recorded at most once an hour and key. */
export const AccessKeyUsed = t.strict(
  {
    type: t.literal('AccessKeyUsed'),
    accountId: AccountId,
    accessKeyId: AccessKeyId,
    /** Milliseconds since the epoch, UTC. */
    usedAt: t.number,
  },
  'AccessKeyUsed',
)
export type AccessKeyUsed = t.TypeOf<typeof AccessKeyUsed>
