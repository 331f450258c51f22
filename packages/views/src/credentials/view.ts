/**
 * Which credentials exist: long-lived access keys and the sessions that may still be used.
 *
 * Invariants: a session ends for good when it, any session of its chain, or any user, role or
 * identity provider of its chain is gone, also when that happened just before the session was
 * recorded. A deleted key or session never comes back.
 * Cost: O(length of the chain) per event.
 */
import {
  type AccessKeyCreated,
  type AccessKeyDeleted,
  type AccessKeyStatusChanged,
  type CredentialExpired,
  type CredentialIssued,
  isProviderEvent,
  isSignInMatter,
  isTagEvent,
  type ProviderEvent,
  type Recorded,
  type RoleAssumed,
  type SessionRevoked,
} from '@grantlog/domain'
import type { View } from '../view.js'
import {
  type CredentialKeyRow,
  type CredentialsState,
  type DeletedKeyRow,
  dropKey,
  dropSession,
  emptyCredentials,
  linksOf,
  providerLink,
  putKey,
  putSession,
  type Recording,
  reindexCredentials,
  revokeSession,
  roleLink,
  type SessionRow,
  sessionLink,
  sessionNameKey,
  userLink,
} from './state.js'

const apply = (state: CredentialsState, recorded: Recorded): CredentialsState => {
  const { event, accountId, position } = recorded
  if (isSignInMatter(event) || isTagEvent(event)) return state
  if (isProviderEvent(event)) return applyToProvider(state, event, recorded)
  switch (event.type) {
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
      return applyToKey(state, event, recorded)
    case 'RoleAssumed':
    case 'SessionRevoked':
    case 'CredentialIssued':
    case 'CredentialExpired':
      return applyToSession(state, event, recorded)
    case 'UserDeleted':
      return endAll(state, userLink(accountId, event.userId), position)
    case 'RoleDeleted':
      return endAll(state, roleLink(accountId, event.roleId), position)
    case 'AccountCreated':
    case 'UserCreated':
    case 'UserUpdated':
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
    case 'PolicyAttached':
    case 'PolicyDetached':
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
    case 'RoleAssumptionRefused':
    case 'AccessRecorded':
    case 'AccessRecordsLost':
    case 'AccessRecordingChanged':
    case 'AccessKeyUsed':
    case 'CredentialUsesRefused':
      return state
  }
}

const applyToProvider = (
  state: CredentialsState,
  event: ProviderEvent,
  { accountId, position }: Recorded,
): CredentialsState => {
  switch (event.type) {
    case 'OIDCProviderDeleted':
    case 'SAMLProviderDeleted':
      return endAll(state, providerLink(accountId, event.providerId), position)
    case 'OIDCProviderCreated':
    case 'OIDCProviderUpdated':
    case 'SAMLProviderCreated':
    case 'SAMLProviderUpdated':
      return state
  }
}

/**
 * A key is its first account's alone: an event of another account that names it changes nothing.
 */
const applyToKey = (
  state: CredentialsState,
  event: AccessKeyCreated | AccessKeyStatusChanged | AccessKeyDeleted,
  { accountId, recordedAt, position }: Recorded,
): CredentialsState => {
  const { accessKeyId } = event
  const key = state.tables.accessKeys.get(accessKeyId)
  if (event.type === 'AccessKeyCreated') {
    const { owner, secretRef } = event
    const status = 'Active'
    if (key === undefined)
      putKey(state, { accessKeyId, accountId, owner, status, secretRef, createdAt: recordedAt })
    return state
  }
  if (key === undefined || key.accountId !== accountId) return state
  if (event.type === 'AccessKeyDeleted') dropKey(state, accessKeyId)
  else if (event.status === 'Active') putKey(state, { ...key, status: event.status })
  else putKey(state, { ...key, status: event.status, deactivatedPosition: position })
  return state
}

const applyToSession = (
  state: CredentialsState,
  event: RoleAssumed | SessionRevoked | CredentialIssued | CredentialExpired,
  { accountId, position, recordedAt }: Recorded,
): CredentialsState => {
  const { sessionId } = event
  const session = state.tables.sessions.get(sessionId)
  const recording = { position, recordedAt }
  switch (event.type) {
    case 'RoleAssumed':
      if (session === undefined) begin(state, event, accountId, recording)
      return state
    case 'CredentialIssued': {
      if (session === undefined || session.accessKeyId !== undefined) return state
      const { accessKeyId } = event
      state.tables.sessions.set(sessionId, { ...session, accessKeyId, issued: recording })
      return state
    }
    case 'SessionRevoked':
      if (session !== undefined && session.accountId !== accountId) return state
      for (const id of [sessionId, ...(state.dependents.get(sessionLink(sessionId)) ?? [])])
        revokeSession(state, id, recording)
      return state
    case 'CredentialExpired':
      dropSession(state, sessionId)
      return state
  }
}

/**
 * A session that rests on a deleted user, role or provider does not begin; one that rests on a
 * revoked session is revoked.
 */
const begin = (
  state: CredentialsState,
  event: RoleAssumed,
  accountId: string,
  recording: Recording,
): void => {
  const { sessionId, roleId, roleName, sessionName, chain, expiresAt } = event
  const { sessionPolicy, sourceIdentity } = event
  const isOver = chain.some((ref) => ref.type === 'Session' && !isLive(state, ref.sessionId))
  const session: SessionRow = {
    sessionId,
    accountId,
    roleId,
    roleName,
    sessionName,
    chain,
    began: recording,
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    expiresAt,
    ...(isOver ? { revoked: recording } : {}),
  }
  if (linksOf(session).some((link) => state.tables.gone.get(link) !== undefined)) return
  putSession(state, session)
}

const isLive = (state: CredentialsState, sessionId: string): boolean => {
  const session = state.tables.sessions.get(sessionId)
  return session !== undefined && session.revoked === undefined
}

/** A user, a role or an identity provider is gone, and every session and key that rests on it. */
const endAll = (state: CredentialsState, link: string, position: number): CredentialsState => {
  state.tables.gone.set(link, { position })
  for (const id of [...(state.dependents.get(link) ?? [])]) dropSession(state, id)
  for (const id of [...(state.keysOfUser.get(link) ?? [])]) dropKey(state, id)
  return state
}

export const credentialsView: View<CredentialsState> = {
  name: 'credentials',
  version: 6,
  empty: emptyCredentials,
  apply,
  reindex: reindexCredentials,
}

/** By the id that a request was signed with. A key of a later holder of a name is another key. */
export const findAccessKey = (
  state: CredentialsState,
  accessKeyId: string,
): CredentialKeyRow | undefined => state.tables.accessKeys.get(accessKeyId)

/** By its id; undefined for a key that there still is, or never was. */
export const findDeletedKey = (
  state: CredentialsState,
  accessKeyId: string,
): DeletedKeyRow | undefined => state.tables.deletedKeys.get(accessKeyId)

/** Answers a revoked session too, marked so; and one past its end until that is recorded. */
export const findSession = (state: CredentialsState, sessionId: string): SessionRow | undefined =>
  state.tables.sessions.get(sessionId)

/** Every session of a role under one session name, in whatever state: the caller chooses. */
export const sessionsNamed = (
  state: CredentialsState,
  accountId: string,
  roleId: string,
  sessionName: string,
): ReadonlyArray<SessionRow> => {
  const held = state.sessionsNamed.get(sessionNameKey(accountId, roleId, sessionName)) ?? []
  const ids = typeof held === 'string' ? [held] : [...held]
  return ids.flatMap((id) => state.tables.sessions.get(id) ?? [])
}

/** Sessions that are neither revoked nor recorded as over. Unit: sessions. */
export const liveSessionCount = (state: CredentialsState): number =>
  state.tables.sessions.size() - state.revoked.size
