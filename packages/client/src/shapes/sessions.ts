/** The answers about sessions: those that can act, and the end of one. */
import * as t from 'io-ts'
import { Next, Position } from './parts.js'

/** One link of a chain: who called AssumeRole, by immutable ids. */
export const ChainLink = t.union(
  [
    t.type({ type: t.literal('User'), accountId: t.string, userId: t.string }),
    t.type({
      type: t.literal('Session'),
      accountId: t.string,
      roleId: t.string,
      sessionId: t.string,
    }),
    t.type({
      type: t.literal('Federated'),
      accountId: t.string,
      providerId: t.string,
      /** Whom the provider vouched for; null once that is erased. */
      subject: t.union([t.string, t.null]),
    }),
  ],
  'ChainLink',
)

/** One link of a chain, with the name of the moment at which the session began. */
export const NamedLink = t.intersection([ChainLink, t.partial({ name: t.string })], 'NamedLink')

export const ShownSession = t.intersection(
  [
    t.type({
      sessionId: t.string,
      roleId: t.string,
      roleName: t.string,
      sessionName: t.string,
      position: Position,
      began: t.string,
      expires: t.string,
      assumedBy: NamedLink,
      chain: t.readonlyArray(NamedLink),
    }),
    t.partial({ sourceIdentity: t.string }),
  ],
  'ShownSession',
)
export type ShownSession = t.TypeOf<typeof ShownSession>

export const SessionsAnswer = t.type(
  { sessions: t.readonlyArray(ShownSession), next: Next, position: Position, applied: Position },
  'SessionsAnswer',
)
export type SessionsAnswer = t.TypeOf<typeof SessionsAnswer>

export const RevokeAnswer = t.type(
  { sessionId: t.string, revoked: t.literal(true), position: Position, applied: Position },
  'RevokeAnswer',
)
export type RevokeAnswer = t.TypeOf<typeof RevokeAnswer>
