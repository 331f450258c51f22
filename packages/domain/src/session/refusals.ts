/** Why a role may not be assumed, in checking order. */
import type { Decision as PolicyDecision } from '@grantlog/policy'
import * as t from 'io-ts'
import { RoleName } from '../names.js'

const isPolicyDecision = (value: unknown): value is PolicyDecision =>
  t
    .type({
      outcome: t.keyof({ Allow: null, ImplicitDeny: null, ExplicitDeny: null }),
      unit: t.string,
      deciding: t.readonlyArray(t.type({ source: t.UnknownRecord, statementIndex: t.number })),
    })
    .is(value)

/**
 * A decision of the policy language, as it was made. Checked for its outline only: never stored.
 */
const JudgedDecision = new t.Type<PolicyDecision, PolicyDecision, unknown>(
  'PolicyDecision',
  isPolicyDecision,
  (input, context) => (isPolicyDecision(input) ? t.success(input) : t.failure(input, context)),
  t.identity,
)

/** The account itself cannot assume a role. */
export const RootCannotAssumeRole = t.strict(
  { type: t.literal('RootCannotAssumeRole') },
  'RootCannotAssumeRole',
)
export type RootCannotAssumeRole = t.TypeOf<typeof RootCannotAssumeRole>

/** The caller's own account has no such role. Callers from elsewhere are denied and not told. */
export const AssumedRoleNotFound = t.strict(
  { type: t.literal('AssumedRoleNotFound'), roleName: RoleName },
  'AssumedRoleNotFound',
)
export type AssumedRoleNotFound = t.TypeOf<typeof AssumedRoleNotFound>

/** The session would be too short or too long. Both bounds are allowed; unit: seconds. */
export const DurationOutOfRange = t.strict(
  { type: t.literal('DurationOutOfRange'), min: t.number, max: t.number },
  'DurationOutOfRange',
)
export type DurationOutOfRange = t.TypeOf<typeof DurationOutOfRange>

/** What vouches for the caller is over: no session can begin on it. */
export const ProofOver = t.strict({ type: t.literal('ProofOver') }, 'ProofOver')
export type ProofOver = t.TypeOf<typeof ProofOver>

/** The caller is a session of a session, and so on, as deep as may be. */
export const ChainTooDeep = t.strict(
  { type: t.literal('ChainTooDeep'), limit: t.number },
  'ChainTooDeep',
)
export type ChainTooDeep = t.TypeOf<typeof ChainTooDeep>

/** The caller's session has a source identity, and the command names a different one. */
export const SourceIdentityChanged = t.strict(
  { type: t.literal('SourceIdentityChanged') },
  'SourceIdentityChanged',
)
export type SourceIdentityChanged = t.TypeOf<typeof SourceIdentityChanged>

/** The caller's policies or the role's trust policy do not allow it, or the role is hidden. */
export const AssumeRoleDenied = t.strict(
  { type: t.literal('AssumeRoleDenied'), decision: JudgedDecision },
  'AssumeRoleDenied',
)
export type AssumeRoleDenied = t.TypeOf<typeof AssumeRoleDenied>

/** Every refusal of AssumeRole, one codec each. */
export const SessionRefusalCodecs = {
  RootCannotAssumeRole,
  AssumedRoleNotFound,
  DurationOutOfRange,
  ProofOver,
  ChainTooDeep,
  SourceIdentityChanged,
  AssumeRoleDenied,
} as const
export type SessionRefusal = t.TypeOf<
  (typeof SessionRefusalCodecs)[keyof typeof SessionRefusalCodecs]
>
