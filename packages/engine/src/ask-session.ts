/**
 * Which session policies narrow a role in a question about its sessions.
 *
 * A session policy never widens. So where it is not known which session is meant, all of them are
 * asked, and an answer is an allow only when each of them allows.
 */
import { type CredentialsState, type SessionRow, sessionsNamed } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { AccessQuestion, AccessQuestionRefused, SessionBasis } from './engine.js'
import type { Position } from './ports.js'

/** How many different session policies one question is judged by. Unit: policies. Ours. */
export const SESSION_POLICIES_MAX = 100

/** Texts of session policies to judge by, one after the other; undefined is the role unnarrowed. */
export type Narrowing = {
  readonly narrowings: readonly [string | undefined, ...Array<string | undefined>]
  /** Absent where no session is asked about. */
  readonly session?: SessionBasis
}

type When = { readonly position: Position; readonly now: number }

export const narrowingOf = (
  credentials: CredentialsState,
  question: AccessQuestion,
  roleId: string,
  when: When,
): E.Either<AccessQuestionRefused, Narrowing> => {
  const { principal } = question
  switch (principal.type) {
    case 'Root':
    case 'User':
      return E.right({ narrowings: [undefined] })
    case 'Role':
      return principal.sessionPolicy === undefined
        ? E.right({ narrowings: [undefined] })
        : E.right(supposed(principal.sessionPolicy))
    case 'Session': {
      const { accountId, sessionName, sessionPolicy } = principal
      if (sessionPolicy !== undefined) return E.right(supposed(sessionPolicy))
      const named = sessionsNamed(credentials, accountId, roleId, sessionName)
      return known(named.filter((session) => couldAct(session, question, when)))
    }
  }
}

const supposed = (text: string): Narrowing => ({
  narrowings: [text],
  session: { type: 'Supposed' },
})

const known = (sessions: ReadonlyArray<SessionRow>): E.Either<AccessQuestionRefused, Narrowing> => {
  const [first, ...others] = new Set(sessions.map(({ sessionPolicy }) => sessionPolicy))
  if (others.length >= SESSION_POLICIES_MAX)
    return E.left({ type: 'TooManySessionPolicies', limit: SESSION_POLICIES_MAX })
  const sessionIds = sessions.map(({ sessionId }) => sessionId)
  return E.right({
    narrowings: [first, ...others],
    session: sessionIds.length === 0 ? { type: 'RoleAlone' } : { type: 'Known', sessionIds },
  })
}

/**
 * Whether a session could act at the moment asked about. Where the past is not known exactly it
 * counts, which can only narrow: revocations have no position, and a time none that is exact here.
 */
const couldAct = (
  { accessKeyId, issuedPosition, expiresAt, revoked }: SessionRow,
  { moment }: AccessQuestion,
  { position, now }: When,
): boolean => {
  if (accessKeyId === undefined || issuedPosition === undefined) return false
  switch (moment.type) {
    case 'Now':
      return !revoked && now < expiresAt
    case 'AtPosition':
      return issuedPosition <= position
    case 'AtTime':
      return moment.time < expiresAt
  }
}
