/**
 * The calls of a batch as they can be judged again, with their contexts opened.
 */
import type { AccessRecorded, AccountId } from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { ContextOpener } from './context.js'
import type { PastCall } from './past-call.js'
import { isPermissionFree } from './permission-free.js'
import type { JudgeablePrincipal, NotJudgeable } from './questions.js'

/** Null for a call that nobody needs a permission for. */
export type RecordedCall = PastCall | NotJudgeable | null

/** Who is judged again: whatever it acted through, it may do the same. */
const judgeable = (principal: JudgeablePrincipal): JudgeablePrincipal => {
  const { accessKeyId: _, entityId: __, ...judged } = principal
  return judged
}

/** For each question of a batch, its call. */
export type CallReader = (
  event: AccessRecorded,
) => Promise<E.Either<EngineError, ReadonlyArray<RecordedCall>>>

type Context = { readonly keys: RequestContext | null; readonly hasTime: boolean }

export const callReader =
  (open: ContextOpener, accountId: AccountId): CallReader =>
  async (event) => {
    const contexts: Array<Context> = []
    for (const context of event.contexts) {
      const opened = await open(accountId, context)
      if (E.isLeft(opened)) return opened
      contexts.push({ keys: opened.right, hasTime: context.hasTime })
    }
    const principals = event.principals.map((principal) => {
      if (principal.type === 'Unrecorded')
        return principal.entityId === undefined ? 'PrincipalNotRecorded' : 'SeveralPrincipals'
      const narrowedBy = principal.type === 'Role' ? principal.narrowedBy : []
      const sessionPolicies = narrowedBy.map((place) => event.sessionPolicies[place] ?? '')
      return { principal: judgeable(principal), sessionPolicies }
    })
    return E.right(
      event.questions.map(({ principal: place, action, resources, context: at }): RecordedCall => {
        if (isPermissionFree(action)) return null
        const who = principals[place]
        const context = contexts[at]
        const [first, ...more] = resources
        if (who === undefined) return 'PrincipalNotRecorded'
        if (typeof who === 'string') return who
        if (first === undefined) return 'NothingAsked'
        if (context === undefined || context.keys === null) return 'PersonErased'
        const { keys, hasTime } = context
        const { principal, sessionPolicies } = who
        const asked = { action, resources: [first, ...more], context: keys, hasTime } as const
        return { principal, sessionPolicies, ...asked }
      }),
    )
  }
