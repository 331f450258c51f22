/**
 * Questions about sessions that are not remembered: what they could do while they lasted, and when
 * and why they ended.
 *
 * Read from the account's streams of sessions, up to the moment that is asked about and a few days
 * back from there. Deny on doubt: of several that lasted then all must be allowed, and after the
 * end of the last nothing is.
 */
import { nameKey, type Recorded, type RoleAssumed, sessionsStream } from '@grantlog/domain'
import { lastChangeAt, nameBearers } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { answerNarrowedBy, type Judgement } from '../ask.js'
import { findPrincipal } from '../ask-principal.js'
import { type Narrowing, SESSION_POLICIES_MAX, upTo } from '../ask-session.js'
import type { AnswerBasis, AskedPrincipal, SessionBasis } from '../asked-principal.js'
import type { AccessAnswer, AccessQuestion, AccessQuestionRefused, Views } from '../engine.js'
import { eventFrom, type Present, positionOf } from '../moment.js'
import type { EventLog, LogError, StoredEvent } from '../ports.js'
import { decodeEvent } from '../stored-event.js'
import { issuedAfter } from './find-session.js'
import { readPart } from './read-span.js'
import { type Knowing, type SessionEnd, type SessionStory, storyOf } from './session-story.js'

const HOUR_MS = 3_600_000

/** How long before a moment a session may have begun. A session lasts half a day at most. Ours. */
const LOOK_BACK_MS = 72 * HOUR_MS

/** How many events one question may read. Unit: events. Ours. */
const EVENTS_MAX = 50_000

type SessionAsked = Extract<AskedPrincipal, { readonly type: 'Session' }>
type Asked = Pick<AccessQuestion, 'principal' | 'moment'>
type AboutSession = { readonly principal: SessionAsked }
type SessionQuestion = Asked & AboutSession

/** A question that this can answer where what is remembered could not. */
export const isAboutPastSession = <Question extends Asked>(
  question: Question,
  refusal: { readonly type: string },
): question is Question & AboutSession =>
  question.principal.type === 'Session' &&
  question.principal.sessionPolicy === undefined &&
  (refusal.type === 'NoSuchSession' || refusal.type === 'PrincipalNotFound')

/** What time it was. A position is as late as the event there. */
const timeAt = async (
  log: EventLog,
  { moment }: Asked,
  { now }: Present,
): Promise<E.Either<LogError, number>> => {
  if (moment.type === 'Now') return E.right(now)
  if (moment.type === 'AtTime') return E.right(moment.time)
  const event = await eventFrom(log, moment.position)
  return E.isLeft(event) ? event : E.right(event.right?.recordedAt ?? now)
}

/** Roles that the name means at the moment or, where it means none, meant before. */
const rolesMeant = (
  views: Views,
  question: SessionQuestion,
  position: number,
): ReadonlySet<string> => {
  const { accountId, roleName } = question.principal
  const found = findPrincipal(views, question, position)
  if (found !== undefined) return new Set([found.id])
  const name = nameKey(roleName)
  return new Set(nameBearers(views.history, { type: 'Role', accountId, name }).map(({ id }) => id))
}

type Beginnings = ReadonlyArray<Recorded<RoleAssumed>>

/** The beginnings of sessions of a name, those of the latest hour first. */
const beginningsOf = async (
  log: EventLog,
  { accountId, sessionName }: SessionAsked,
  roleIds: ReadonlySet<string>,
  { hasHappened, time }: Knowing,
): Promise<E.Either<LogError, Beginnings>> => {
  const found: Array<Recorded<RoleAssumed>> = []
  const budget = { left: EVENTS_MAX }
  const visit = (stored: StoredEvent): boolean => {
    if (stored.type !== 'RoleAssumed' || !stored.data.includes(sessionName)) return false
    const decoded = decodeEvent(stored)
    if (E.isLeft(decoded) || decoded.right.event.type !== 'RoleAssumed') return false
    const { event } = decoded.right
    if (event.sessionName === sessionName && roleIds.has(event.roleId))
      found.push({ ...decoded.right, event })
    return false
  }
  for (let at = time; at > time - LOOK_BACK_MS && budget.left > 0; at -= HOUR_MS) {
    const part = {
      stream: sessionsStream(accountId, at),
      isReached: () => true,
      isPassed: (event: StoredEvent) => !hasHappened(event),
    }
    const read = await readPart(log, part, budget, visit)
    if (E.isLeft(read)) return read
    if (found.length >= SESSION_POLICIES_MAX) break
  }
  return E.right(found)
}

const storiesOf = async (
  log: EventLog,
  { history }: Views,
  beginnings: Beginnings,
  knowing: Knowing,
): Promise<E.Either<LogError, ReadonlyArray<SessionStory>>> => {
  const stories: Array<SessionStory> = []
  for (const began of beginnings) {
    const issued = await issuedAfter(log, began)
    if (E.isLeft(issued)) return issued
    const session = { began, ...(issued.right === undefined ? {} : { issued: issued.right }) }
    const story = storyOf(history, session, knowing)
    if (story !== undefined) stories.push(story)
  }
  return E.right(stories)
}

/** All of those that lasted narrow the answer; each policy is asked once. */
const narrowingBy = (
  lasting: ReadonlyArray<SessionStory>,
): E.Either<AccessQuestionRefused, Narrowing> => {
  const [first, ...more] = new Set(lasting.map(({ session }) => session.sessionPolicy))
  if (more.length >= SESSION_POLICIES_MAX)
    return E.left({ type: 'TooManySessionPolicies', limit: SESSION_POLICIES_MAX })
  const sessionIds = lasting.map(({ session }) => session.sessionId)
  const position = Math.max(...lasting.map(({ issued, began }) => (issued ?? began).position))
  return E.right({ narrowings: [first, ...more], session: { type: 'Known', sessionIds }, position })
}

/** What an answer about a session that was over rests on: it had nothing left. */
export type Ended = Pick<AccessAnswer, 'position' | 'applied'> &
  AnswerBasis & { readonly session: Extract<SessionBasis, { readonly type: 'Ended' }> }

const endedBasis = (
  { history }: Views,
  { session, began, end }: SessionStory & { readonly end: SessionEnd },
  position: number,
  { applied }: Present,
): Ended => {
  const { accountId, roleId, sessionId } = session
  const ended = end.type === 'Expired' ? began.position : end.event.position
  return {
    principalId: roleId,
    sessionPolicies: [],
    session: { type: 'Ended', sessionId, end },
    position: Math.max(lastChangeAt(history, accountId, position), ended),
    applied,
  }
}

/** The sessions of a name at a moment: what narrows those that lasted, or the end of the last. */
export type PastSessions =
  | { readonly type: 'Lasting'; readonly narrowing: Narrowing }
  | { readonly type: 'Ended'; readonly ended: Ended }

/**
 * Why there is no session: one of that name may have begun under an earlier role that bore the
 * name, which whoever reads of it has to know.
 */
const noSession = async <Refusal>(
  log: EventLog,
  views: Views,
  { principal, moment }: SessionQuestion,
  meant: ReadonlySet<string>,
  { knowing, refusal }: { readonly knowing: Knowing; readonly refusal: Refusal },
): Promise<E.Either<Refusal | AccessQuestionRefused | LogError, never>> => {
  const { accountId, roleName } = principal
  const name = nameKey(roleName)
  const bearers = nameBearers(views.history, { type: 'Role', accountId, name })
  const others = bearers.flatMap(({ id }) => (meant.has(id) ? [] : [id]))
  if (others.length === 0) return E.left(refusal)
  const beginnings = await beginningsOf(log, principal, new Set(others), knowing)
  if (E.isLeft(beginnings)) return beginnings
  const stories = await storiesOf(log, views, beginnings.right, knowing)
  if (E.isLeft(stories)) return stories
  const since = stories.right.map(({ issued, began }) => (issued ?? began).position)
  if (since.length === 0) return E.left(refusal)
  const isPast = moment.type !== 'Now'
  return E.left({ type: 'NoSuchSession', isPast, earlier: Math.max(...since) })
}

/** What the log says, or the refusal that there was where it knows no more. */
export const findPastSessions = async <Refusal>(
  log: EventLog,
  views: Views,
  question: SessionQuestion,
  present: Present,
  refusal: Refusal,
): Promise<E.Either<Refusal | AccessQuestionRefused | LogError, PastSessions>> => {
  const { principal, moment } = question
  const asked = positionOf(views, principal.accountId, moment, present)
  if (E.isLeft(asked)) return asked
  const position = asked.right
  const roleIds = rolesMeant(views, question, position)
  if (roleIds.size === 0) return E.left(refusal)
  const time = await timeAt(log, question, present)
  if (E.isLeft(time)) return time
  const knowing = { hasHappened: upTo(moment, { position, now: present.now }), time: time.right }
  const beginnings = await beginningsOf(log, principal, roleIds, knowing)
  if (E.isLeft(beginnings)) return beginnings
  const stories = await storiesOf(log, views, beginnings.right, knowing)
  if (E.isLeft(stories)) return stories
  const lasting = stories.right.filter(
    ({ end, issued }) => end === undefined && issued !== undefined,
  )
  if (lasting.length > 0) {
    return E.map((narrowing: Narrowing): PastSessions => ({ type: 'Lasting', narrowing }))(
      narrowingBy(lasting),
    )
  }
  const last = stories.right.toSorted((a, b) => b.began.position - a.began.position)[0]
  return last?.end === undefined
    ? noSession(log, views, question, roleIds, { knowing, refusal })
    : E.right({
        type: 'Ended',
        ended: endedBasis(views, { ...last, end: last.end }, position, present),
      })
}

/** The answer, or the refusal that there was. */
export const askPastSession = async (
  log: EventLog,
  views: Views,
  question: AccessQuestion & AboutSession,
  present: Present,
  refusal: AccessQuestionRefused,
): Promise<E.Either<AccessQuestionRefused | LogError, Judgement>> => {
  const found = await findPastSessions(log, views, question, present, refusal)
  if (E.isLeft(found)) return found
  if (found.right.type === 'Lasting')
    return answerNarrowedBy(views, question, present, found.right.narrowing)
  const { ended } = found.right
  const nothing = { deciding: [], listing: () => [] }
  return E.right({
    ...ended,
    explanation: { outcome: 'ImplicitDeny', unit: 'SessionPolicy', ...nothing },
  })
}
