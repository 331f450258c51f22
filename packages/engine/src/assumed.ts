/** What is asked for with a role, and what is given: of all ways to a role. */
import type { AccountId } from '@grantlog/domain'
import type { Position } from './ports.js'

/** An AssumeRole call after decoding. */
export type AssumeRoleRequest = {
  readonly roleAccountId: AccountId
  readonly roleName: string
  readonly sessionName: string
  readonly durationSeconds?: number
  readonly sessionPolicy?: string
  readonly externalId?: string
  readonly sourceIdentity?: string
  /** The session ends then at the latest. Milliseconds since the epoch, UTC. */
  readonly endsBefore?: number
}

/** Temporary credentials, as they are answered once and never kept. */
export type IssuedCredential = {
  readonly sessionId: string
  readonly roleId: string
  readonly roleName: string
  readonly sessionName: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
  readonly expiresAt: number
  readonly sourceIdentity?: string
  readonly position: Position
}
