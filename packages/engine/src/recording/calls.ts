/**
 * The calls of a batch as they can be judged again, with their contexts opened.
 */
import type { AccessRecorded, AccountId } from '@grantlog/domain'
import type { RequestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { ContextOpener } from './context.js'
import type { PastCall } from './past-call.js'
import type { NotJudgeable } from './questions.js'

export type RecordedCall = PastCall | NotJudgeable

/** For each question of the batch, its call. */
export const callsOf = async (
  open: ContextOpener,
  accountId: AccountId,
  event: AccessRecorded,
): Promise<E.Either<EngineError, ReadonlyArray<RecordedCall>>> => {
  const contexts: Array<{ readonly keys: RequestContext | null; readonly hasTime: boolean }> = []
  for (const context of event.contexts) {
    const opened = await open(accountId, context)
    if (E.isLeft(opened)) return opened
    contexts.push({ keys: opened.right, hasTime: context.hasTime })
  }
  return E.right(
    event.questions.map(({ principal: place, action, resources, context: at }): RecordedCall => {
      const principal = event.principals[place]
      const context = contexts[at]
      const [first, ...more] = resources
      if (principal === undefined || principal.type === 'Unrecorded') return 'PrincipalNotRecorded'
      if (first === undefined) return 'NothingAsked'
      if (context === undefined || context.keys === null) return 'PersonErased'
      const narrowedBy = principal.type === 'Role' ? principal.narrowedBy : []
      return {
        principal,
        sessionPolicies: narrowedBy.map((policy) => event.sessionPolicies[policy] ?? ''),
        action,
        resources: [first, ...more],
        context: context.keys,
        hasTime: context.hasTime,
      }
    }),
  )
}
