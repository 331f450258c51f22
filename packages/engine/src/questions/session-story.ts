/**
 * What a session was, from where it came, and when and why it ended.
 *
 * Invariant: of a moment in the past nothing is told that happened later.
 */
import type { CallerRef, RoleAssumed } from '@grantlog/domain'
import {
  endOf,
  endOfProvider,
  type HistoryState,
  labelAt,
  type Mark,
  markOf,
  providerLabel,
  type Recording,
  revocationOf,
} from '@grantlog/views'
import type { FoundSession } from './find-session.js'

/** One link of the chain, under the name of the moment at which the session began. */
export type SessionLink = CallerRef & { readonly name?: string }

/** Why a session ended. `id` is of the user, role, identity provider or session that is meant. */
export type SessionEnd =
  /** Milliseconds since the epoch, UTC. */
  | { readonly type: 'Expired'; readonly at: number }
  | {
      readonly type: 'Revoked' | 'CallerRevoked' | 'RoleDeleted' | 'UserDeleted' | 'ProviderDeleted'
      readonly at: number
      readonly id: string
      readonly event: Mark
    }

export type SessionStory = {
  readonly session: RoleAssumed
  readonly began: Mark
  readonly issued?: NonNullable<FoundSession['issued']>
  readonly chain: ReadonlyArray<SessionLink>
  /** Absent while the session lasts. */
  readonly end?: SessionEnd
}

/** Up to when something is told: which events are known, and what time it is. */
export type Knowing = {
  readonly hasHappened: (recording: Recording | undefined) => recording is Recording
  /** Milliseconds since the epoch, UTC. */
  readonly time: number
}

type Ended = Extract<SessionEnd, { readonly event: Mark }>
type Reason = {
  readonly type: Ended['type']
  readonly id: string
  readonly event: Mark | undefined
}

const roleReason = (history: HistoryState, accountId: string, id: string): Reason => ({
  type: 'RoleDeleted',
  id,
  event: endOf(history, { type: 'Role', accountId, id }),
})

const callerReasons = (history: HistoryState, link: CallerRef): ReadonlyArray<Reason> => {
  const { accountId } = link
  switch (link.type) {
    case 'User': {
      const { userId: id } = link
      return [{ type: 'UserDeleted', id, event: endOf(history, { type: 'User', accountId, id }) }]
    }
    case 'Federated': {
      const { providerId: id } = link
      return [{ type: 'ProviderDeleted', id, event: endOfProvider(history, accountId, id) }]
    }
    case 'Session': {
      const { sessionId: id, roleId } = link
      const event = revocationOf(history, accountId, id)
      return [{ type: 'CallerRevoked', id, event }, roleReason(history, accountId, roleId)]
    }
  }
}

/** Everything that ends a session once it happens to its role or to somebody of its chain. */
const reasonsFor = (
  history: HistoryState,
  { sessionId, accountId, roleId, chain }: RoleAssumed,
): ReadonlyArray<Reason> => [
  { type: 'Revoked', id: sessionId, event: revocationOf(history, accountId, sessionId) },
  roleReason(history, accountId, roleId),
  ...chain.flatMap((link) => callerReasons(history, link)),
]

/** The first of what ended it; nothing that came when its time was over. */
const endOfSession = (
  history: HistoryState,
  { event: session, recordedAt }: FoundSession['began'],
  { hasHappened, time }: Knowing,
): SessionEnd | undefined => {
  const { expiresAt } = session
  const [first] = reasonsFor(history, session)
    .flatMap(({ type, id, event }) => (event !== undefined ? [{ type, id, event }] : []))
    .filter(({ event }) => hasHappened(event) && event.recordedAt < expiresAt)
    .sort((a, b) => a.event.position - b.event.position)
  // Whatever it rests on may have ended just before it began: then it never could act.
  if (first !== undefined) return { ...first, at: Math.max(first.event.recordedAt, recordedAt) }
  return time >= expiresAt ? { type: 'Expired', at: expiresAt } : undefined
}

/** A provider keeps its name as long as it lives. */
const nameOf = (history: HistoryState, link: CallerRef, position: number): string | undefined => {
  const { accountId } = link
  switch (link.type) {
    case 'User':
      return labelAt(history, { type: 'User', accountId, id: link.userId }, position)
    case 'Session':
      return labelAt(history, { type: 'Role', accountId, id: link.roleId }, position)
    case 'Federated':
      return providerLabel(history, accountId, link.providerId)
  }
}

const linkOf = (history: HistoryState, link: CallerRef, position: number): SessionLink => {
  const name = nameOf(history, link, position)
  return { ...link, ...(name === undefined ? {} : { name }) }
}

/** The links of a chain under the names of a position. */
export const namedChain = (
  history: HistoryState,
  chain: ReadonlyArray<CallerRef>,
  position: number,
): ReadonlyArray<SessionLink> => chain.map((link) => linkOf(history, link, position))

/** Undefined for a session that had not begun. */
export const storyOf = (
  history: HistoryState,
  { began, issued }: FoundSession,
  knowing: Knowing,
): SessionStory | undefined => {
  if (!knowing.hasHappened(began)) return undefined
  const { event: session, position } = began
  const end = endOfSession(history, began, knowing)
  return {
    session,
    began: markOf(began),
    ...(issued !== undefined && knowing.hasHappened(issued) ? { issued } : {}),
    chain: namedChain(history, session.chain, position),
    ...(end === undefined ? {} : { end }),
  }
}
