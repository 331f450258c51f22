/** A call that was refused, and what is found when it is looked into. Types alone. */
import type { AccountId, RoleId, UserId } from '@grantlog/domain'
import type { Explanation, RequestContext } from '@grantlog/policy'
import type { Position } from '../ports.js'

/** Who was refused, by immutable ids, under the names of then. */
export type RefusedPrincipal =
  | { readonly type: 'Root' }
  | { readonly type: 'User'; readonly userId: UserId; readonly userName: string }
  | {
      readonly type: 'Session'
      readonly roleId: RoleId
      readonly roleName: string
      readonly sessionName: string
      /** Where the session had a policy of its own, which narrows it. */
      readonly narrowedSessionId?: string
    }

export type RefusedCall = {
  readonly accountId: AccountId
  readonly principal: RefusedPrincipal
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  /** Where in the log the call was judged. */
  readonly position: Position
}

/** What was said about one of the resources of a call. */
export type ResourceVerdict = { readonly resource: string; readonly explanation: Explanation }
