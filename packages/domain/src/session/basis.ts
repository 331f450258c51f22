/** What AssumeRole is decided on: the caller, the role, and the bounds, all read at one moment. */
import type { PoliciesInForce, PolicyInForce, Principal, RequestContext } from '@grantlog/policy'
import * as t from 'io-ts'
import type { Trustee } from '../account/role/events.js'
import type { AccountId, RoleId, RoleName } from '../names.js'
import type { CallerRef } from './events.js'

/** Bounds of chained sessions. Configuration. */
export const SessionLimits = t.strict(
  {
    /** Most links of a session's chain, its first user included. Unit: links. */
    chainDepthMax: t.number,
    /** Longest session that begins from a session. Unit: seconds. */
    chainedSecondsMax: t.number,
  },
  'SessionLimits',
)
export type SessionLimits = Readonly<t.TypeOf<typeof SessionLimits>>

/** Bounds for those who configure none. Source: our own, the length after what other clouds do. */
export const DEFAULT_SESSION_LIMITS: SessionLimits = { chainDepthMax: 5, chainedSecondsMax: 3600 }

/** A role as it stands when it is to be assumed. */
export type RoleBasis = {
  readonly accountId: AccountId
  readonly roleId: RoleId
  readonly roleName: RoleName
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly trust: PolicyInForce
  /** SHA-256 of the trust policy's text. */
  readonly trustPolicyDigest: string
  /** Whom the names in the trust policy meant when it was written; unknown in old facts. */
  readonly trustees?: ReadonlyArray<Trustee>
}

export type AssumeRoleCaller = {
  readonly principal: Principal
  /** From whoever started the chain to the caller itself. */
  readonly chain: ReadonlyArray<CallerRef>
  readonly sourceIdentity?: string
  /** Identity policies, and the session policy of a caller that is a session with one. */
  readonly policies: PoliciesInForce
}

export type AssumeRoleBasis = {
  readonly caller: AssumeRoleCaller
  /** Absent when the role's account has no role of this name. */
  readonly role: RoleBasis | undefined
  /** The revision of the role's account that the role was read at. */
  readonly accountRevision: number
  readonly context: RequestContext
  readonly limits: SessionLimits
}
