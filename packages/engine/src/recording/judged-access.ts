/** A call that was judged, as those who judge hand it over to be put on record. */
import type {
  AccessOutcome,
  AccountId,
  EntityId,
  RoleId,
  SessionId,
  UserId,
} from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import { type Caller, subjectOf } from '../caller.js'
import type { Position } from '../ports.js'

/** Through what a principal acted: the key that signed, or a registered subject that acts as it. */
type Through = { readonly accessKeyId?: string; readonly entityId?: EntityId }

/**
 * Whose permission was judged. Each of the session policies had to allow. `Unrecorded`: a
 * registered subject that acts as no single principal.
 */
export type JudgedPrincipal =
  | (Through & { readonly type: 'Root' })
  | (Through & { readonly type: 'User'; readonly userId: UserId })
  | (Through & {
      readonly type: 'Role'
      readonly roleId: RoleId
      readonly sessionName: string
      readonly sessionId?: SessionId
      readonly sessionPolicies: ReadonlyArray<string>
    })
  | { readonly type: 'Unrecorded'; readonly entityId: EntityId }

export type JudgedAccess = {
  readonly requestId: string
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly outcome: AccessOutcome['outcome']
  /** The error code that was answered; empty when allowed. */
  readonly code: string
  /** The position that it was judged at. */
  readonly position: Position
  /** Absent where it is not known, and then it cannot be judged again. */
  readonly principal?: JudgedPrincipal
  /** Under whose key what is personal in the context is sealed; the account's when absent. */
  readonly subject?: string
  readonly context?: RequestContext
}

/** The caller itself, as the one whose permission was judged. */
export const judgedCaller = (
  caller: Caller,
): Required<Pick<JudgedAccess, 'principal' | 'subject'>> => {
  const subject = subjectOf(caller)
  const { accessKeyId } = caller
  switch (caller.type) {
    case 'Root':
      return { principal: { type: 'Root', accessKeyId }, subject }
    case 'User':
      return { principal: { type: 'User', userId: caller.userId, accessKeyId }, subject }
    case 'Session': {
      const { roleId, sessionName, sessionId, sessionPolicy } = caller
      const sessionPolicies = sessionPolicy === undefined ? [] : [sessionPolicy]
      return {
        principal: { type: 'Role', roleId, sessionName, sessionId, sessionPolicies, accessKeyId },
        subject,
      }
    }
  }
}

/** What came of a call, and which request it was: by that is chosen what is put on record. */
export type AccessCame = Pick<JudgedAccess, 'outcome' | 'requestId'>

/** Notes a decision of an account; what it was is asked for only if it is wanted. */
export type NoteAccess = (
  accountId: AccountId,
  came: AccessCame,
  accessOf: () => JudgedAccess,
) => void
