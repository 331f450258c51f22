/**
 * Lists of sessions: which of an account, or of one of its roles, can act now.
 *
 * Cost: of a role, the sessions that depend on it; of an account, all sessions.
 */
import { type CredentialsState, type Recording, roleLink, type SessionRow } from './state.js'

/** A session that can act: it has a credential, is not over and not revoked. */
export type LiveSession = SessionRow & { readonly issued: Recording }

export type LiveSessionsAsked = {
  readonly accountId: string
  /** Absent means every role of the account. */
  readonly roleId?: string
  /** Milliseconds since the epoch, UTC. */
  readonly now: number
}

const isLiveAt =
  ({ accountId, roleId, now }: LiveSessionsAsked) =>
  (session: SessionRow): session is LiveSession =>
    session.accountId === accountId &&
    (roleId === undefined || session.roleId === roleId) &&
    session.issued !== undefined &&
    session.revoked === undefined &&
    now < session.expiresAt

/** In the order of the positions at which their credentials were issued. */
export const liveSessions = (
  { dependents, tables }: CredentialsState,
  asked: LiveSessionsAsked,
): ReadonlyArray<LiveSession> => {
  const { accountId, roleId } = asked
  const live: Array<LiveSession> = []
  const isLive = isLiveAt(asked)
  const note = (session: SessionRow | undefined): void => {
    if (session !== undefined && isLive(session)) live.push(session)
  }
  if (roleId === undefined) for (const [, session] of tables.sessions.entries()) note(session)
  else
    for (const id of dependents.get(roleLink(accountId, roleId)) ?? [])
      note(tables.sessions.get(id))
  return live.sort((a, b) => a.issued.position - b.issued.position)
}
