/**
 * What streams of sessions, of recorded access and of refusals tell of one credential: the roles
 * that were assumed with it, the calls on record that were made with it, and its uses in vain.
 */
import {
  type AccessOutcome,
  type AccessPrincipal,
  type AccessRecorded,
  type AccountId,
  type Actor,
  accessStream,
  type CredentialUsesRefused,
  type Recorded,
  type RoleId,
  refusalsStream,
  type Sealed,
  sessionsStream,
} from '@grantlog/domain'
import { type HistoryState, labelAt, type Mark, markOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EventLog, LogError, Position, StoredEvent } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import type { Found } from './deeds-page.js'
import { type Budget, readPart } from './read-span.js'

/** How many events one reading may take. Unit: events. Ours. */
export const EVENTS_MAX = 50_000

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A session of a role, or a long-lived key. */
export type Credential =
  | { readonly type: 'Session'; readonly id: string }
  | { readonly type: 'AccessKey'; readonly id: string }

/** A call that was judged and put on record. */
export type RecordedCall = {
  readonly requestId: string
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly outcome: AccessOutcome['outcome']
  /** The error code that was answered; empty when allowed. */
  readonly code: string
  /** The position that it was judged at. */
  readonly position: Position
  /** When it was judged: milliseconds, UTC. */
  readonly time: number
  /** The ARN of who called, under the name of then. */
  readonly caller: string
}

export type RefusedUses = Pick<
  CredentialUsesRefused,
  'reason' | 'proof' | 'uses' | 'addresses' | 'since'
> & {
  /** From where the last of them came, and for whom that is sealed: a UserId, or the account. */
  readonly sourceIp?: Sealed
  readonly subject: string
}

/** The role that was refused and its name of then, where it was one of the same account. */
type RefusedRole = { readonly roleId?: string; readonly roleName?: string }

export type StreamDeed =
  /** A call was judged and put on record. */
  | { readonly type: 'Called'; readonly event: Mark; readonly call: RecordedCall }
  | {
      readonly type: 'RoleAssumed'
      readonly event: Mark
      readonly sessionId: string
      readonly roleName: string
      readonly sessionName: string
    }
  | ({ readonly type: 'RoleRefused'; readonly event: Mark; readonly refusal: string } & RefusedRole)
  /** It was used in vain, whoever it was. */
  | { readonly type: 'UsesRefused'; readonly event: Mark; readonly refused: RefusedUses }

/** Whose deeds, and after which position. */
export type DeedsOf = {
  readonly accountId: AccountId
  readonly history: HistoryState
  readonly credential: Credential
  readonly after: Position
  readonly hasHappened: (event: StoredEvent) => boolean
  readonly limit: number
}

const isBy = ({ sessionId, accessKeyId }: Actor, { type, id }: Credential): boolean =>
  id === (type === 'Session' ? sessionId : accessKeyId)

/**
 * Whether it was this credential that a call was made with. What the older records do not say is
 * told by whom they were recorded for.
 */
const isCalledWith = (
  principal: AccessPrincipal,
  { type, id }: Credential,
  isActor: boolean,
): boolean => {
  if (principal.type === 'Unrecorded') return isActor
  if (type === 'Session') return principal.type === 'Role' && principal.sessionId === id
  return principal.accessKeyId === undefined ? isActor : principal.accessKeyId === id
}

/** Under the name of a position; what the older records do not say is told by their actor. */
const callerArn = (
  history: HistoryState,
  { accountId, metadata: { actor } }: Recorded,
  principal: AccessPrincipal,
  position: Position,
): string => {
  const nameOf = (type: 'User' | 'Role', id: string) =>
    labelAt(history, { type, accountId, id }, position) ?? id
  switch (principal.type) {
    case 'Root':
      return `acs:ram::${accountId}:root`
    case 'User':
      return `acs:ram::${accountId}:user/${nameOf('User', principal.userId)}`
    case 'Role': {
      const { roleId, sessionName } = principal
      return `acs:ram::${accountId}:assumed-role/${nameOf('Role', roleId)}/${sessionName}`
    }
    case 'Unrecorded':
      return actor.arn
  }
}

const callsOf = (
  history: HistoryState,
  recorded: Recorded,
  { records, questions, answers, principals, requestIds }: AccessRecorded,
  credential: Credential,
): ReadonlyArray<RecordedCall> => {
  const isActor = isBy(recorded.metadata.actor, credential)
  return records.position.flatMap((position, index) => {
    const question = questions[records.question[index] ?? -1]
    const answer = answers[records.answer[index] ?? -1]
    const requestId = requestIds[records.request[index] ?? -1]
    const principal = question && principals[question.principal]
    if (question === undefined || answer === undefined || requestId === undefined) return []
    if (principal === undefined || !isCalledWith(principal, credential, isActor)) return []
    const { action, resources } = question
    const time = records.time[index] || recorded.recordedAt
    const caller = callerArn(history, recorded, principal, position)
    return [{ requestId, action, resources, ...answer, position, time, caller }]
  })
}

/** Uses are told of what was used: it is not known who did. */
const refusedOf = (
  recorded: Recorded,
  { accessKeyId, sessionId, userId, reason, proof, uses, addresses, since }: CredentialUsesRefused,
  { type, id }: Credential,
): ReadonlyArray<StreamDeed> => {
  if (id !== (type === 'Session' ? sessionId : accessKeyId)) return []
  const { sourceIp } = recorded.metadata
  const subject = userId ?? recorded.accountId
  const refused = { reason, proof, uses, addresses, since, subject }
  const from = sourceIp === undefined ? {} : { sourceIp }
  return [{ type: 'UsesRefused', event: markOf(recorded), refused: { ...refused, ...from } }]
}

/**
 * Whether a role of another account is there is not told to those whom it was refused to: of that
 * neither the id nor the name.
 */
const refusedRole = (
  history: HistoryState,
  { accountId, position }: Recorded,
  roleId: RoleId | null,
): RefusedRole => {
  if (roleId === null) return {}
  const roleName = labelAt(history, { type: 'Role', accountId, id: roleId }, position)
  return roleName === undefined ? {} : { roleId, roleName }
}

/** What one event of the streams tells of a credential. */
const deedsOf = (
  recorded: Recorded,
  { history, credential }: DeedsOf,
): ReadonlyArray<StreamDeed> => {
  const { event } = recorded
  const isActor = isBy(recorded.metadata.actor, credential)
  const mark = markOf(recorded)
  if (event.type === 'AccessRecorded')
    return callsOf(history, recorded, event, credential).map((call) => ({
      type: 'Called',
      event: mark,
      call,
    }))
  if (event.type === 'CredentialUsesRefused') return refusedOf(recorded, event, credential)
  if (!isActor) return []
  if (event.type === 'RoleAssumed') {
    const { sessionId, roleName, sessionName } = event
    return [{ type: 'RoleAssumed', event: mark, sessionId, roleName, sessionName }]
  }
  if (event.type !== 'RoleAssumptionRefused') return []
  const role = refusedRole(history, recorded, event.roleId)
  return [{ type: 'RoleRefused', event: mark, refusal: event.refusal, ...role }]
}

/** The streams of each hour and day of a stretch of time. */
const streamsOf = (accountId: AccountId, from: number, to: number): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (let at = from; at < to + HOUR_MS; at += HOUR_MS)
    names.add(sessionsStream(accountId, Math.min(at, to)))
  for (let at = from; at < to + DAY_MS; at += DAY_MS)
    names.add(accessStream(accountId, Math.min(at, to)))
  return [...names]
}

type Read<A> = Promise<E.Either<LogError, A>>

type StreamRead = { readonly found: ReadonlyArray<Found<StreamDeed>>; readonly seen?: Position }

/** One stream's deeds after a position, and how far it was read where that is not to its end. */
const readStream = async (
  log: EventLog,
  stream: string,
  question: DeedsOf,
  budget: Budget,
): Read<StreamRead> => {
  const { credential, after, limit, hasHappened } = question
  const found: Array<Found<StreamDeed>> = []
  const part = {
    stream,
    isReached: ({ position }: StoredEvent) => position > after,
    isPassed: (event: StoredEvent) => !hasHappened(event),
  }
  const { id } = credential
  const read = await readPart(log, part, budget, (stored) => {
    if (!stored.metadata.includes(id) && !stored.data.includes(id)) return false
    const decoded = decodeEvent(stored)
    const deeds = E.isLeft(decoded) ? [] : deedsOf(decoded.right, question)
    if (deeds.length > 0) found.push({ position: stored.position, deeds })
    return found.length > limit
  })
  if (E.isLeft(read)) return read
  const { right: seen } = read
  return E.right(seen === undefined ? { found } : { found, seen })
}

export type DeedsRead = {
  readonly found: ReadonlyArray<Found<StreamDeed>>
  readonly seen: Position
  /** How many events were looked at. */
  readonly events: number
}

/**
 * The deeds in the streams of a stretch of time (ms, UTC), in no order, and the position up to
 * which they are all told: of each stream the first ones, `limit` events and one more.
 */
export const streamDeeds = async (
  log: EventLog,
  question: DeedsOf,
  { from, to }: { readonly from: number; readonly to: number },
): Read<DeedsRead> => {
  const streams = streamsOf(question.accountId, from, to)
  const found: Array<Found<StreamDeed>> = []
  const share = Math.ceil(EVENTS_MAX / streams.length)
  let seen = Number.POSITIVE_INFINITY
  let events = 0
  for (const stream of streams) {
    // Each has a share of its own, so that every page gets further in all of them.
    const budget = { left: share }
    const read = await readStream(log, stream, question, budget)
    if (E.isLeft(read)) return read
    found.push(...read.right.found)
    seen = Math.min(seen, read.right.seen ?? seen)
    events += share - budget.left
  }
  return E.right({ found, seen, events })
}

/**
 * The uses in vain, also when the credential was long over: of the first ones `limit` and one more,
 * and the position up to which they are all told. `began` is a position before the first of them.
 */
export const refusedDeeds = async (
  log: EventLog,
  question: DeedsOf,
  began: Position,
): Read<Pick<DeedsRead, 'found' | 'seen'>> => {
  const { accountId, after } = question
  const asked = { ...question, after: Math.max(after, began) }
  const read = await readStream(log, refusalsStream(accountId), asked, { left: EVENTS_MAX })
  return E.map(({ found, seen = Number.POSITIVE_INFINITY }: StreamRead) => ({ found, seen }))(read)
}
