/**
 * A recorded call as it can be judged again, and what its decision rests on beside what its
 * principal held.
 */
import type { AccountId } from '@grantlog/domain'
import {
  type Decision,
  type PolicyInForce,
  type Principal,
  type RequestContext,
  timedContext,
} from '@grantlog/policy'
import type { HistoryState } from '@grantlog/views'
import { decideOn, trustToAssumeAt } from '../assumption.js'
import { sessionUnit } from '../decide.js'
import type { JudgeablePrincipal } from './questions.js'

/** Everything that a decision on a call rests on, but the position and the time. */
export type PastCall = {
  readonly principal: JudgeablePrincipal
  readonly sessionPolicies: ReadonlyArray<string>
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  /** The time of the record is a condition key of the call. */
  readonly hasTime: boolean
}

/** The same text for the same principal, narrowed in the same way. */
export const whoText = ({
  principal,
  sessionPolicies,
}: Pick<PastCall, 'principal' | 'sessionPolicies'>): string => {
  switch (principal.type) {
    case 'Root':
      return 'Root'
    case 'User':
      return principal.userId
    case 'Role':
      return JSON.stringify([principal.roleId, principal.sessionName, ...sessionPolicies])
  }
}

/** The principal as the policy language sees it, under the name of then. */
export const principalOf = (
  accountId: AccountId,
  principal: JudgeablePrincipal,
  name: string,
): Principal => {
  switch (principal.type) {
    case 'Root':
      return { type: 'Root', accountId }
    case 'User':
      return { type: 'User', accountId, userId: principal.userId, userName: name }
    case 'Role': {
      const { roleId, sessionName } = principal
      return { type: 'Session', accountId, roleId, roleName: name, sessionName }
    }
  }
}

export const withTime = ({ context, hasTime }: PastCall, time: number): RequestContext =>
  hasTime ? timedContext(context, time) : context

/**
 * The decision on a call, with the statements that made it: by the specification, on the policies
 * that its principal held. Of several session policies the first that says no decides.
 */
export const decisionOn = (
  history: HistoryState,
  call: PastCall,
  principal: Principal,
  identity: ReadonlyArray<PolicyInForce>,
  when: { readonly position: number; readonly time: number },
): Decision => {
  const { action, resources, sessionPolicies } = call
  const request = { principal, action, resources, context: withTime(call, when.time) }
  const role = trustToAssumeAt(history, call, when.position)
  const judgeOne = (narrowing: string | undefined): Decision => {
    const policies =
      narrowing === undefined ? { identity } : { identity, session: sessionUnit(narrowing) }
    return decideOn(request, policies, role)
  }
  const [first, ...others] = sessionPolicies
  const decisions = [judgeOne(first), ...others.map(judgeOne)] as const
  return decisions.find(({ outcome }) => outcome !== 'Allow') ?? decisions[0]
}

/** Under which a call's principal is tracked; undefined for a root, which needs no grants. */
export const trackedId = (accountId: AccountId, { principal }: PastCall): string | undefined => {
  switch (principal.type) {
    case 'Root':
      return undefined
    case 'User':
      return `${accountId}/User/${principal.userId}`
    case 'Role':
      return `${accountId}/Role/${principal.roleId}`
  }
}
