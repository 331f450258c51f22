/** The problems of asking about a session or a key that is not known, and what to ask instead. */
import type { AccessQuestionRefused } from '@grantlog/engine'
import type { ProblemRows } from './problem-rows.js'

type NoSuchSession = Extract<AccessQuestionRefused, { readonly type: 'NoSuchSession' }>

/** The same where no session policy can be supposed. */
export type SessionNotAskable = Omit<NoSuchSession, 'type'> & {
  readonly type: 'SessionNotAskable'
}

const unknownSession = (
  { isPast, earlier }: Pick<NoSuchSession, 'isPast' | 'earlier'>,
  instead: string,
): string => {
  if (earlier !== undefined)
    return (
      'The session of this name was of an earlier role of that name. ' +
      `Ask about \`position\` ${earlier}, when it had begun.`
    )
  const when = isPast ? 'in the three days before' : 'in the last three days'
  return `No session of this name that began ${when} is known. ${instead}`
}

export type SessionOrKeyUnknown =
  | SessionNotAskable
  /** Neither a long-lived key that the account had, nor that of one of its sessions. */
  | { readonly type: 'KeyUnknown' }

export const UNKNOWN_SESSION_PROBLEMS: ProblemRows<NoSuchSession | SessionOrKeyUnknown> = {
  KeyUnknown: () => ({
    status: 404,
    code: 'EntityNotExist.User.AccessKey',
    detail: 'The account never had an access key with this id, nor a session with such a key.',
  }),
  NoSuchSession: (fault) => ({
    status: 404,
    code: 'EntityNotExist.Session',
    detail: unknownSession(
      fault,
      'Ask about the ARN of its role, or give the policy of the session as `sessionPolicy`.',
    ),
  }),
  SessionNotAskable: (fault) => ({
    status: 404,
    code: 'EntityNotExist.Session',
    detail: unknownSession(fault, 'Ask about the ARN of its role.'),
  }),
}
