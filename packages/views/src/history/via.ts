/** Whom a policy is attached to, under the name of a moment. */
import type { Via } from '../holder.js'
import { targetId } from '../keys.js'
import { labelAt } from './as-of.js'
import type { PastAttachment } from './rows.js'
import type { HistoryState } from './state.js'

/** The name is empty where nobody is there at that position. */
export const viaOf = (
  state: HistoryState,
  { accountId, target }: PastAttachment,
  position: number,
): Via => {
  const { type } = target
  const id = targetId(target)
  return { type, id, name: labelAt(state, { type, accountId, id }, position) ?? '' }
}
