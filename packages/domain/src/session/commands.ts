/** What may be asked about a session: that it begins, and that it ends before its time. */
import * as t from 'io-ts'
import { SessionPolicyText } from '../account/policy-text.js'
import { AccountId, RoleName, RoleSessionName, SessionId } from '../names.js'

export interface ExternalIdBrand {
  readonly ExternalId: unique symbol
}
/** A shared secret of sorts between a role's owner and a third party. 2 to 1224 characters. */
export const ExternalId = t.brand(
  t.string,
  (s): s is t.Branded<string, ExternalIdBrand> => /^[\w+=,.@:/-]{2,1224}$/.test(s),
  'ExternalId',
)
export type ExternalId = t.TypeOf<typeof ExternalId>

export interface SourceIdentityBrand {
  readonly SourceIdentity: unique symbol
}
/** Who stands behind a chain of sessions, once said never unsaid. 2 to 64 characters. */
export const SourceIdentity = t.brand(
  t.string,
  (s): s is t.Branded<string, SourceIdentityBrand> => /^[A-Za-z0-9.@_-]{2,64}$/.test(s),
  'SourceIdentity',
)
export type SourceIdentity = t.TypeOf<typeof SourceIdentity>

/** Begins a session of a role, with the role's rights and for a limited time. */
export const AssumeRole = t.intersection(
  [
    t.strict({
      type: t.literal('AssumeRole'),
      sessionId: SessionId,
      roleAccountId: AccountId,
      roleName: RoleName,
      sessionName: RoleSessionName,
      /** Milliseconds since the epoch, UTC. */
      at: t.number,
    }),
    t.exact(
      t.partial({
        /** Seconds; 3600 when absent. */
        durationSeconds: t.number,
        sessionPolicy: SessionPolicyText,
        externalId: ExternalId,
        sourceIdentity: SourceIdentity,
        /** The session ends then at the latest. Milliseconds since the epoch, UTC. */
        endsBefore: t.number,
      }),
    ),
  ],
  'AssumeRole',
)
export type AssumeRole = t.TypeOf<typeof AssumeRole>

/** Ends a session before its time. */
export const RevokeSession = t.strict(
  { type: t.literal('RevokeSession'), accountId: AccountId, sessionId: SessionId },
  'RevokeSession',
)
export type RevokeSession = t.TypeOf<typeof RevokeSession>

/** Every command about a session, one codec each. */
export const SessionCommandCodecs = { AssumeRole, RevokeSession } as const
export type SessionCommand = t.TypeOf<
  (typeof SessionCommandCodecs)[keyof typeof SessionCommandCodecs]
>
