/**
 * Which session policies narrow a role in a question about its sessions.
 *
 * A session policy never widens. So where it is not known which session is meant, all of them are
 * asked, and an answer is an allow only when each of them allows. A session that is over is not
 * remembered for any moment: where none is known the log is asked (questions/past-session.ts), and
 * the answer is never the role's alone.
 */
import {
  type CredentialsState,
  type Recording,
  type SessionRow,
  sessionsNamed,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { AccessQuestion, AccessQuestionRefused, Moment, SessionBasis } from './engine.js'
import type { Position } from './ports.js'

/** How many different session policies one question is judged by. Unit: policies. Ours. */
export const SESSION_POLICIES_MAX = 100

/** Texts of session policies to judge by, one after the other; undefined is the role unnarrowed. */
export type Narrowing = {
  readonly narrowings: readonly [string | undefined, ...Array<string | undefined>]
  /** Absent where no session is asked about. */
  readonly session?: SessionBasis
  /**
   * The last change of the sessions that were looked for: asked about again, it leads to the same
   * ones. 0 where none was.
   */
  readonly position: Position
}

const unnarrowed: Narrowing = { narrowings: [undefined], position: 0 }

type When = { readonly position: Position; readonly now: number }

export const narrowingOf = (
  credentials: CredentialsState,
  question: Pick<AccessQuestion, 'principal' | 'moment'>,
  roleId: string,
  when: When,
): E.Either<AccessQuestionRefused, Narrowing> => {
  const { principal } = question
  switch (principal.type) {
    case 'Root':
    case 'User':
      return E.right(unnarrowed)
    case 'Role':
      return principal.sessionPolicy === undefined
        ? E.right(unnarrowed)
        : E.right(supposed(principal.sessionPolicy))
    case 'Session': {
      const { accountId, sessionName, sessionPolicy } = principal
      if (sessionPolicy !== undefined) return E.right(supposed(sessionPolicy))
      const remembered = sessionsNamed(credentials, accountId, roleId, sessionName).filter(
        ({ expiresAt }) => when.now < expiresAt,
      )
      const hasHappened = upTo(question.moment, when)
      const acting = remembered.filter(
        ({ issued, revoked }) => hasHappened(issued) && !hasHappened(revoked),
      )
      const changes = remembered.flatMap(({ issued, revoked }) => [issued, revoked])
      const position = changes
        .filter(hasHappened)
        .reduce((latest, change) => Math.max(latest, change.position), 0)
      return known(acting, position, question.moment.type !== 'Now')
    }
  }
}

const supposed = (text: string): Narrowing => ({
  narrowings: [text],
  session: { type: 'Supposed' },
  position: 0,
})

/** Judged by the policies of all of them, each once; by none there is nothing to judge by. */
const known = (
  sessions: ReadonlyArray<SessionRow>,
  position: Position,
  isPast: boolean,
): E.Either<AccessQuestionRefused, Narrowing> => {
  if (sessions.length === 0) return E.left({ type: 'NoSuchSession', isPast })
  const [first, ...more] = new Set(sessions.map(({ sessionPolicy }) => sessionPolicy))
  if (more.length >= SESSION_POLICIES_MAX)
    return E.left({ type: 'TooManySessionPolicies', limit: SESSION_POLICIES_MAX })
  const sessionIds = sessions.map(({ sessionId }) => sessionId)
  return E.right({ narrowings: [first, ...more], session: { type: 'Known', sessionIds }, position })
}

/** Whether something was on record by the moment asked about. */
export const upTo =
  (moment: Moment, { position }: When) =>
  (recording: Recording | undefined): recording is Recording => {
    if (recording === undefined) return false
    switch (moment.type) {
      case 'Now':
        return true
      case 'AtPosition':
        return recording.position <= position
      case 'AtTime':
        return recording.recordedAt <= moment.time
    }
  }
