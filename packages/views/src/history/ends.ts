/** What ended a principal or a session before its time. */
import { entityKey } from '../keys.js'
import type { HistoryPrincipal } from './as-of.js'
import type { Mark } from './marks.js'
import type { HistoryState } from './state.js'

/** The event that deleted a principal; undefined while it is there, and for whoever never was. */
export const endOf = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
): Mark | undefined => {
  const subject = entityKey(accountId, id)
  switch (type) {
    case 'User':
      return state.marks.at(state.users.of(subject).at(-1)?.to ?? undefined)
    case 'Role':
      return state.marks.at(state.roles.of(subject).at(-1)?.to ?? undefined)
    case 'Group':
      return state.marks.at(state.groups.of(subject).at(-1)?.to ?? undefined)
  }
}

/** The event that revoked a session of the account, whether or not the session is over by now. */
export const revocationOf = (
  state: HistoryState,
  accountId: string,
  sessionId: string,
): Mark | undefined => {
  const mark = state.tables.revocations.get(sessionId)
  return mark?.accountId === accountId ? mark : undefined
}

/** When the last event of any account up to a position was recorded; 0 before the first. */
export const timeAt = (state: HistoryState, position: number): number =>
  state.marks.timeAt(position)
