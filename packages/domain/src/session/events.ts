/** What can have happened to a session and its temporary credentials. Stored for ever. */
import * as t from 'io-ts'
import {
  AccountId,
  ProviderId,
  RoleId,
  RoleName,
  RoleSessionName,
  Sealed,
  SessionId,
  TemporaryAccessKeyId,
  UserId,
} from '../names.js'

/**
 * One link of a session's chain: who assumed a role, by immutable ids. The first link is a user, or
 * somebody whom an identity provider vouched for.
 */
export const CallerRef = t.union(
  [
    t.strict({ type: t.literal('User'), accountId: AccountId, userId: UserId }),
    t.strict({
      type: t.literal('Session'),
      accountId: AccountId,
      roleId: RoleId,
      sessionId: SessionId,
    }),
    t.strict({
      type: t.literal('Federated'),
      /** The account that the identity provider is registered in. */
      accountId: AccountId,
      providerId: ProviderId,
      /** Whom the provider vouched for, in its own words; sealed, for that may be a person. */
      subject: Sealed,
    }),
  ],
  'CallerRef',
)
export type CallerRef = t.TypeOf<typeof CallerRef>

/** A role was assumed: the session exists. Its credentials follow as CredentialIssued. */
export const RoleAssumed = t.intersection(
  [
    t.strict({
      type: t.literal('RoleAssumed'),
      sessionId: SessionId,
      /** The account of the role, which owns the session. */
      accountId: AccountId,
      roleId: RoleId,
      roleName: RoleName,
      sessionName: RoleSessionName,
      /** From whoever started the chain to the immediate caller; at most 5 links. */
      chain: t.readonlyArray(CallerRef),
      /** Milliseconds since the epoch, UTC. */
      assumedAt: t.number,
      /** Milliseconds since the epoch, UTC. Strict: at this instant the session is over. */
      expiresAt: t.number,
      /**
       * What the decision was based on: the revision of the role's account and the trust policy's
       * SHA-256.
       */
      basis: t.strict({ accountRevision: t.number, trustPolicyDigest: t.string }),
    }),
    t.exact(t.partial({ sourceIdentity: t.string, sessionPolicy: t.string })),
  ],
  'RoleAssumed',
)
export type RoleAssumed = t.TypeOf<typeof RoleAssumed>

/** Someone with a valid signature, token or assertion asked for a role and did not get it. */
export const RoleAssumptionRefused = t.strict(
  {
    type: t.literal('RoleAssumptionRefused'),
    accountId: AccountId,
    /** The role's id where the role exists. */
    roleId: t.union([RoleId, t.null]),
    /** The type of the refusal, e.g. `AssumeRoleDenied`. */
    refusal: t.string,
  },
  'RoleAssumptionRefused',
)
export type RoleAssumptionRefused = t.TypeOf<typeof RoleAssumptionRefused>

/** A session was ended before its time. */
export const SessionRevoked = t.strict(
  { type: t.literal('SessionRevoked'), accountId: AccountId, sessionId: SessionId },
  'SessionRevoked',
)
export type SessionRevoked = t.TypeOf<typeof SessionRevoked>

/** The STS worker minted the temporary credential of a session. The secret is never recorded. */
export const CredentialIssued = t.strict(
  {
    type: t.literal('CredentialIssued'),
    sessionId: SessionId,
    accountId: AccountId,
    roleId: RoleId,
    accessKeyId: TemporaryAccessKeyId,
    expiresAt: t.number,
    /** The last position of the log that the worker had consumed. */
    consumedPosition: t.number,
  },
  'CredentialIssued',
)
export type CredentialIssued = t.TypeOf<typeof CredentialIssued>

/** A session reached its end. Recorded once per session, in order of expiry. */
export const CredentialExpired = t.strict(
  {
    type: t.literal('CredentialExpired'),
    sessionId: SessionId,
    accountId: AccountId,
    /** When it stopped being valid, which never depends on this record. */
    expiresAt: t.number,
    /** When the worker recorded it. */
    expiredAt: t.number,
    consumedPosition: t.number,
  },
  'CredentialExpired',
)
export type CredentialExpired = t.TypeOf<typeof CredentialExpired>
