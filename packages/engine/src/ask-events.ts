/** The answer to a question about a principal with the events behind it. */
import type { HistoryState } from '@grantlog/views'
import { holderOf } from './asked-principal.js'
import type { AccessAnswer, AccessQuestion } from './engine.js'
import { eventsBehind, grantsBehind } from './grants-behind.js'

/**
 * The answer with the events behind its statements, where they are wanted. All of it stands in the
 * history up to the answer's own position, however the moment was named.
 */
export const withEvents = (
  history: HistoryState,
  { principal, action, resources, withGrants = false }: AccessQuestion,
  answer: AccessAnswer,
): AccessAnswer => {
  if (!withGrants) return answer
  const { explanation, position, principalId } = answer
  const { statements } = explanation
  const holder = holderOf(principal, principalId)
  const about = { holder, action, resources }
  return {
    ...answer,
    explanation: {
      ...explanation,
      ...eventsBehind(history, about, explanation, position),
      ...(statements === undefined
        ? {}
        : { grants: grantsBehind(history, holder, statements, position) }),
    },
  }
}
