/**
 * The rows of the credentials view, and the indexes that tell what depends on what.
 *
 * Invariant: the indexes are a function of the tables.
 */
import type {
  AccessKeyId,
  AccessKeyOwner,
  AccessKeyStatus,
  CallerRef,
  RoleId,
  RoleName,
  RoleSessionName,
  SecretRef,
  SessionId,
  TemporaryAccessKeyId,
} from '@grantlog/domain'
import { type Table, table } from '../table.js'

export type CredentialKeyRow = {
  readonly accessKeyId: AccessKeyId
  readonly accountId: string
  readonly owner: AccessKeyOwner
  readonly status: AccessKeyStatus
  readonly secretRef: SecretRef
  /** Milliseconds since the epoch, UTC. */
  readonly createdAt: number
  /** The position at which it was last made inactive; absent when never. */
  readonly deactivatedPosition?: number
}

/** A key that is no more, so that it is known whose it was when it is tried again. */
export type DeletedKeyRow = Pick<CredentialKeyRow, 'accountId' | 'owner'>

/** Where in the log something stands, and when that was: milliseconds since the epoch, UTC. */
export type Recording = { readonly position: number; readonly recordedAt: number }

export type SessionRow = {
  readonly sessionId: SessionId
  /** The account of the role. */
  readonly accountId: string
  readonly roleId: RoleId
  readonly roleName: RoleName
  readonly sessionName: RoleSessionName
  readonly chain: ReadonlyArray<CallerRef>
  readonly sessionPolicy?: string
  readonly sourceIdentity?: string
  /** When the role was assumed. */
  readonly began: Recording
  readonly accessKeyId?: TemporaryAccessKeyId
  /** When the credential was issued; without that the session cannot act. */
  readonly issued?: Recording
  /**
   * Milliseconds since the epoch, UTC. Whoever uses the session compares it with the clock,
   * strictly.
   */
  readonly expiresAt: number
  /** When it, or a session that it came from, was revoked. */
  readonly revoked?: Recording
}

export type CredentialsState = {
  readonly tables: {
    readonly accessKeys: Table<CredentialKeyRow>
    readonly deletedKeys: Table<DeletedKeyRow>
    readonly sessions: Table<SessionRow>
    /**
     * Deleted users, roles and identity providers, under their link keys: a session that names
     * one of them does not begin.
     */
    readonly gone: Table<{ readonly position: number }>
  }
  /** Session ids by everything that they depend on. */
  readonly dependents: Map<string, Set<string>>
  /** Session ids by role and session name. Most names are one session's, and need no set. */
  readonly sessionsNamed: Map<string, string | Set<string>>
  /** Key ids by the link of the user who owns them. */
  readonly keysOfUser: Map<string, Set<string>>
  /** Ids of the sessions that were ended before their time and are not yet over. */
  readonly revoked: Set<string>
}

export const userLink = (accountId: string, userId: string): string => `user/${accountId}/${userId}`
export const roleLink = (accountId: string, roleId: string): string => `role/${accountId}/${roleId}`
export const providerLink = (accountId: string, providerId: string): string =>
  `provider/${accountId}/${providerId}`
export const sessionLink = (sessionId: string): string => `session/${sessionId}`
/** Not a link that ends anything: the sessions of a role under one session name. */
export const sessionNameKey = (accountId: string, roleId: string, sessionName: string): string =>
  `name/${accountId}/${roleId}/${sessionName}`

/**
 * Everything whose end ends the session: its role, and each caller with the role that it played.
 */
export const linksOf = (session: SessionRow): ReadonlyArray<string> => {
  const links = [roleLink(session.accountId, session.roleId)]
  for (const caller of session.chain) {
    const { accountId } = caller
    switch (caller.type) {
      case 'User':
        links.push(userLink(accountId, caller.userId))
        break
      case 'Federated':
        links.push(providerLink(accountId, caller.providerId))
        break
      case 'Session':
        links.push(roleLink(accountId, caller.roleId), sessionLink(caller.sessionId))
        break
    }
  }
  return links
}

const remember = (index: Map<string, Set<string>>, key: string, id: string): void => {
  const ids = index.get(key)
  if (ids === undefined) index.set(key, new Set([id]))
  else ids.add(id)
}

const forget = (index: Map<string, Set<string>>, key: string, id: string): void => {
  const ids = index.get(key)
  ids?.delete(id)
  if (ids?.size === 0) index.delete(key)
}

const rememberName = (index: CredentialsState['sessionsNamed'], name: string, id: string): void => {
  const held = index.get(name)
  if (held === undefined) index.set(name, id)
  else if (typeof held !== 'string') held.add(id)
  else if (held !== id) index.set(name, new Set([held, id]))
}

const forgetName = (index: CredentialsState['sessionsNamed'], name: string, id: string): void => {
  const held = index.get(name)
  if (held === id) index.delete(name)
  if (held === undefined || typeof held === 'string') return
  held.delete(id)
  if (held.size === 0) index.delete(name)
}

export const emptyCredentials = (): CredentialsState => ({
  tables: { accessKeys: table(), deletedKeys: table(), sessions: table(), gone: table() },
  dependents: new Map(),
  sessionsNamed: new Map(),
  keysOfUser: new Map(),
  revoked: new Set(),
})

export const putSession = (state: CredentialsState, session: SessionRow): void => {
  state.tables.sessions.set(session.sessionId, session)
  linkSession(state, session)
}

export const dropSession = (state: CredentialsState, sessionId: string): void => {
  const session = state.tables.sessions.get(sessionId)
  if (session === undefined) return
  state.tables.sessions.delete(sessionId)
  state.revoked.delete(sessionId)
  for (const link of linksOf(session)) forget(state.dependents, link, sessionId)
  forgetName(state.sessionsNamed, nameOf(session), sessionId)
}

export const revokeSession = (
  state: CredentialsState,
  sessionId: string,
  revoked: Recording,
): void => {
  const session = state.tables.sessions.get(sessionId)
  if (session === undefined || session.revoked !== undefined) return
  state.tables.sessions.set(sessionId, { ...session, revoked })
  state.revoked.add(sessionId)
}

export const putKey = (state: CredentialsState, key: CredentialKeyRow): void => {
  state.tables.accessKeys.set(key.accessKeyId, key)
  linkKey(state, key)
}

export const dropKey = (state: CredentialsState, accessKeyId: string): void => {
  const key = state.tables.accessKeys.get(accessKeyId)
  if (key === undefined) return
  const { accountId, owner } = key
  state.tables.accessKeys.delete(accessKeyId)
  state.tables.deletedKeys.set(accessKeyId, { accountId, owner })
  if (owner.type === 'User')
    forget(state.keysOfUser, userLink(accountId, owner.userId), accessKeyId)
}

export const reindexCredentials = (state: CredentialsState): CredentialsState => {
  state.dependents.clear()
  state.sessionsNamed.clear()
  state.keysOfUser.clear()
  state.revoked.clear()
  for (const [, session] of state.tables.sessions.entries()) linkSession(state, session)
  for (const [, key] of state.tables.accessKeys.entries()) linkKey(state, key)
  return state
}

const nameOf = ({ accountId, roleId, sessionName }: SessionRow): string =>
  sessionNameKey(accountId, roleId, sessionName)

const linkSession = (state: CredentialsState, session: SessionRow): void => {
  for (const link of linksOf(session)) remember(state.dependents, link, session.sessionId)
  rememberName(state.sessionsNamed, nameOf(session), session.sessionId)
  if (session.revoked !== undefined) state.revoked.add(session.sessionId)
}

const linkKey = (state: CredentialsState, key: CredentialKeyRow): void => {
  if (key.owner.type !== 'User') return
  remember(state.keysOfUser, userLink(key.accountId, key.owner.userId), key.accessKeyId)
}
