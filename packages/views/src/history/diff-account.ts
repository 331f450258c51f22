/**
 * Everybody in an account whose statements are different at two positions.
 */
import type { HistoryPrincipal } from './as-of.js'
import { diffOfPrincipal, type PrincipalDiff, statementsBetween } from './diff.js'
import type { Between } from './diff-parts.js'
import type { HistoryState } from './state.js'

/** How many principals one page looks at. Unit: principals. Ours: it bounds what a page costs. */
export const LOOKED_AT_MAX = 10_000

export type ChangedPrincipal = {
  readonly principal: HistoryPrincipal
  readonly diff: PrincipalDiff
}

export type AccountDiff = {
  readonly changed: ReadonlyArray<ChangedPrincipal>
  /** What to go on after; absent when everybody was looked at. */
  readonly next?: number
}

/**
 * Users and roles in the order in which they were created, each known by the position of that.
 */
type Came = { readonly came: number; readonly principal: HistoryPrincipal }

const cameIn = (state: HistoryState, accountId: string): ReadonlyArray<Came> => {
  const users = [...state.users.subjects('account', accountId)].flatMap((subject) => {
    const first = state.users.of(subject)[0]
    return first === undefined
      ? []
      : [{ came: first.from, principal: principalOf('User', accountId, first.value.userId) }]
  })
  const roles = [...state.roles.subjects('account', accountId)].flatMap((subject) => {
    const first = state.roles.of(subject)[0]
    return first === undefined
      ? []
      : [{ came: first.from, principal: principalOf('Role', accountId, first.value.roleId) }]
  })
  return [...users, ...roles].sort((a, b) => a.came - b.came)
}

const principalOf = (type: 'User' | 'Role', accountId: string, id: string): HistoryPrincipal => ({
  type,
  accountId,
  id,
})

/** One page of those whose statements differ: `after` is the `next` of the page before. */
export const diffOfAccount = (
  state: HistoryState,
  accountId: string,
  between: Between,
  page: { readonly after: number; readonly limit: number },
): AccountDiff => {
  const changed: Array<ChangedPrincipal> = []
  const candidates = cameIn(state, accountId).filter(
    ({ came }) => came > page.after && came <= between.after,
  )
  for (const [index, { came, principal }] of candidates.entries()) {
    if (statementsBetween(state, principal, between) !== undefined)
      changed.push({ principal, diff: diffOfPrincipal(state, principal, between) })
    const isFull = changed.length === page.limit || index + 1 === LOOKED_AT_MAX
    if (isFull && index + 1 < candidates.length) return { changed, next: came }
  }
  return { changed }
}
