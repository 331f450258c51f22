/**
 * A session from its beginning to its end, also one that is long over: who assumed what, when and
 * from where, what it then did, and when and why it ended.
 */
import { type HistoryState, type Recording, timeAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { upTo } from '../ask-session.js'
import type {
  EngineError,
  Moment,
  MomentNotReached,
  ReplayQuestion,
  SessionNotFound,
  SessionReplay,
  Views,
} from '../engine.js'
import { type Present, positionOf } from '../moment.js'
import type { EventLog } from '../ports.js'
import { findInLog } from './find-session.js'
import { sessionDeeds } from './session-deeds.js'
import { storyOf } from './session-story.js'

/** Milliseconds UTC. A position is as late as the last change of an account before it. */
const timeOf = (history: HistoryState, moment: Moment, { now }: Present): number => {
  switch (moment.type) {
    case 'Now':
      return now
    case 'AtTime':
      return moment.time
    case 'AtPosition':
      return timeAt(history, moment.position)
  }
}

/**
 * What came after a session's end is not its doing; a call on its way may still be put on record.
 */
const AFTERWARDS_MS = 60_000

export const replaySession = async (
  log: EventLog,
  { history, credentials }: Pick<Views, 'history' | 'credentials'>,
  question: ReplayQuestion,
  present: Present,
): Promise<E.Either<SessionNotFound | MomentNotReached | EngineError, SessionReplay>> => {
  const { accountId, sessionId, moment, after, limit } = question
  const position = positionOf({ history }, accountId, moment, present)
  if (E.isLeft(position)) return position
  const found = await findInLog(log, credentials, accountId, sessionId)
  if (E.isLeft(found)) return found
  const isBy = upTo(moment, { position: position.right, now: present.now })
  const hasHappened = (recording: Recording | undefined): recording is Recording =>
    isBy(recording) && recording.position <= present.applied
  const time = timeOf(history, moment, present)
  const known = found.right && storyOf(history, found.right, { hasHappened, time })
  if (known === undefined) return E.left({ type: 'SessionNotFound' })

  const began = known.session.assumedAt
  const ended = Math.min(known.session.expiresAt, present.now) + AFTERWARDS_MS
  const beganPosition = known.began.position
  const asked = { accountId, sessionId, began, ended, beganPosition, after, limit, hasHappened }
  const deeds = await sessionDeeds(log, history, asked, position.right)
  if (E.isLeft(deeds)) return deeds
  return E.right({ ...known, ...deeds.right, applied: present.applied })
}
