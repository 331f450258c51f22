/** The answers about what is different between two moments. */
import * as t from 'io-ts'
import { Stand } from './decision-timeline.js'
import { Grant, Mark, Next, PolicySource, Position, Via } from './parts.js'

/** A statement as its author wrote it. */
const Statement = t.record(t.string, t.unknown)
const Statements = t.readonlyArray(Statement)

const OrNull = t.union([t.string, t.null])

const LostGrant = t.intersection(
  [t.type({ policy: PolicySource, ended: Mark }), t.partial({ detached: Mark, left: Mark })],
  'LostGrant',
)

/** A policy that was held at both moments, with another version in force. */
const TurnedGrant = t.intersection(
  [
    t.type({
      policy: PolicySource,
      versionBefore: t.string,
      added: Statements,
      removed: Statements,
    }),
    t.partial({ versionSet: Mark }),
  ],
  'TurnedGrant',
)

const BoundStatement = t.type(
  { statement: Statement, through: t.readonlyArray(PolicySource) },
  'BoundStatement',
)
const BoundStatements = t.readonlyArray(BoundStatement)

const GroupChange = t.type(
  {
    type: t.union([t.literal('Joined'), t.literal('Left')]),
    groupId: t.string,
    groupName: t.string,
    event: Mark,
  },
  'GroupChange',
)

const KeyChange = t.type(
  { accessKeyId: t.string, statusBefore: OrNull, status: OrNull, event: Mark },
  'KeyChange',
)

const TrustChange = t.intersection(
  [
    t.type({ added: Statements, removed: Statements, event: Mark }),
    t.partial({ versionBefore: t.string, version: t.string }),
  ],
  'TrustChange',
)

const principalDiff = {
  /** Null where the principal is not there. */
  nameBefore: OrNull,
  name: OrNull,
  gained: t.readonlyArray(Grant),
  lost: t.readonlyArray(LostGrant),
  turned: t.readonlyArray(TurnedGrant),
  statements: t.type({ gained: BoundStatements, lost: BoundStatements }),
  groups: t.readonlyArray(GroupChange),
  accessKeys: t.readonlyArray(KeyChange),
}
/** `named` where the name is another one; `trust` of a role alone. */
const maybe = { named: Mark, trust: TrustChange }

/** The one that bore the name at the earlier moment, where that was another one. */
const Replaced = t.type({ id: t.string, name: OrNull, ended: Mark, began: Mark }, 'Replaced')

export const PrincipalDiff = t.intersection(
  [t.type(principalDiff), t.partial({ ...maybe, replaced: Replaced })],
  'PrincipalDiff',
)
export type PrincipalDiff = t.TypeOf<typeof PrincipalDiff>

/** Somebody of the account whose statements are different. */
export const ChangedPrincipal = t.intersection(
  [t.type({ principalType: t.string, principalId: t.string, ...principalDiff }), t.partial(maybe)],
  'ChangedPrincipal',
)
export type ChangedPrincipal = t.TypeOf<typeof ChangedPrincipal>

const AttachmentChange = t.type(
  { type: t.union([t.literal('Attached'), t.literal('Detached')]), target: Via, event: Mark },
  'AttachmentChange',
)

export const PolicyDiff = t.intersection(
  [
    t.type({
      /** Null where no version is in force. */
      versionBefore: OrNull,
      version: OrNull,
      added: Statements,
      removed: Statements,
      attachments: t.readonlyArray(AttachmentChange),
    }),
    t.partial({ event: Mark, replaced: Replaced }),
  ],
  'PolicyDiff',
)
export type PolicyDiff = t.TypeOf<typeof PolicyDiff>

/** How one thing is decided at both moments, and through what. */
const Probe = t.type({ action: t.string, resource: t.string, before: Stand, after: Stand }, 'Probe')

const told = {
  /** The immutable id of who or what is meant. */
  id: t.string,
  from: Position,
  to: Position,
  probes: t.readonlyArray(Probe),
  next: Next,
  position: Position,
  applied: Position,
}

const OfPrincipal = t.type(
  { subject: t.literal('principal'), ...told, diff: PrincipalDiff },
  'PrincipalDiffAnswer',
)
const OfPolicy = t.type(
  { subject: t.literal('policy'), ...told, diff: PolicyDiff },
  'PolicyDiffAnswer',
)
const OfAccount = t.type(
  {
    subject: t.literal('account'),
    ...told,
    diff: t.type({ changed: t.readonlyArray(ChangedPrincipal) }),
  },
  'AccountDiffAnswer',
)

export const DiffAnswer = t.union([OfPrincipal, OfPolicy, OfAccount], 'DiffAnswer')
export type DiffAnswer = t.TypeOf<typeof DiffAnswer>
