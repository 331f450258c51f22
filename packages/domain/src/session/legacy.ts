/** The first shape of RoleAssumed, when every chain began with a user. Kept for ever. */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { AccountId, RoleId, RoleName, RoleSessionName, SessionId, UserId } from '../names.js'
import type { RoleAssumed } from './events.js'

const CallerRefV1 = t.union(
  [
    t.strict({ type: t.literal('User'), accountId: AccountId, userId: UserId }),
    t.strict({
      type: t.literal('Session'),
      accountId: AccountId,
      roleId: RoleId,
      sessionId: SessionId,
    }),
  ],
  'CallerRefV1',
)

/** Version 1 of RoleAssumed. */
export const RoleAssumedV1 = t.intersection(
  [
    t.strict({
      type: t.literal('RoleAssumed'),
      sessionId: SessionId,
      accountId: AccountId,
      roleId: RoleId,
      roleName: RoleName,
      sessionName: RoleSessionName,
      chain: t.readonlyArray(CallerRefV1),
      assumedAt: t.number,
      expiresAt: t.number,
      basis: t.strict({ accountRevision: t.number, trustPolicyDigest: t.string }),
    }),
    t.exact(t.partial({ sourceIdentity: t.string, sessionPolicy: t.string })),
  ],
  'RoleAssumedV1',
)

/** Whatever version 1 said, today's version says in the same words. */
export const readRoleAssumedV1 = (data: unknown): E.Either<t.Errors, RoleAssumed> =>
  RoleAssumedV1.decode(data)
