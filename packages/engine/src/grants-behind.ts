/** The grants that statements stand in: since when, through what and by whose doing they bind. */
import type { DecidingStatement, Decision, PolicySource } from '@grantlog/policy'
import {
  type Grant,
  grantBehind,
  type HistoryState,
  type HolderRef,
  type Mark,
  trustSetAt,
} from '@grantlog/views'
import { roleToAssume, trustToAssumeAt } from './assumption.js'
import type { Position } from './ports.js'

const keyOf = ({ policyType, policyName, via }: PolicySource): string =>
  JSON.stringify([policyType, policyName, via?.type, via?.id])

/** Each once, in the order of the statements; none for a root, which holds nothing. */
export const grantsBehind = (
  history: HistoryState,
  holder: HolderRef | undefined,
  statements: ReadonlyArray<{ readonly source: PolicySource }>,
  position: Position,
): ReadonlyArray<Grant> => {
  if (holder === undefined) return []
  const sources = new Map(statements.map(({ source }) => [keyOf(source), source]))
  return [...sources.values()].flatMap(
    (source) => grantBehind(history, holder, source, position) ?? [],
  )
}

/** A statement that made a decision, and the events that made it bind, where events did. */
export type DecidingGrant = DecidingStatement & {
  readonly grant?: Omit<Grant, 'source'>
  /** For a statement of the trust policy of a role: the event that made that policy what it is. */
  readonly trustSet?: Mark
}

/** The statements that made a decision, and the events behind it. */
export type EventsBehind = {
  readonly deciding: ReadonlyArray<DecidingGrant>
  /**
   * Where the trust policy of a role of the account allows nothing of what was asked, so that no
   * statement of it decided: the event that made that policy what it is.
   */
  readonly trustSet?: Mark
}

/** Whom a decision is about, and what would be done. */
type Decided = {
  readonly holder: HolderRef | undefined
  readonly action: string
  readonly resources: readonly [string, ...string[]]
}

/** What is told of a decision at a position; undefined is that of somebody who was not there. */
export const eventsBehind = (
  history: HistoryState,
  about: Decided,
  decision: Decision | undefined,
  position: Position,
): EventsBehind => {
  if (decision === undefined) return { deciding: [] }
  const deciding = decidingGrants(history, about, decision.deciding, position)
  const trustSet = silentTrustSet(history, about, decision, position)
  return trustSet === undefined ? { deciding } : { deciding, trustSet }
}

/**
 * Of the own account alone: whether another has such a role is for it to know. A root may assume
 * none, whatever a trust policy says.
 */
const silentTrustSet = (
  history: HistoryState,
  { holder, ...asked }: Decided,
  { outcome, unit }: Decision,
  position: Position,
): Mark | undefined => {
  if (outcome !== 'ImplicitDeny' || unit !== 'AssumeRolePolicy') return undefined
  const role = roleToAssume(asked)
  if (role === undefined || role.accountId !== holder?.accountId) return undefined
  const trust = trustToAssumeAt(history, asked, position)
  const roleId = trust?.trust.source.via?.id
  return roleId === undefined ? undefined : trustSetAt(history, role.accountId, roleId, position)
}

/** The statements that made a decision at a position, with the events behind them. */
export const decidingGrants = (
  history: HistoryState,
  { holder, ...asked }: Decided,
  deciding: ReadonlyArray<DecidingStatement>,
  position: Position,
): ReadonlyArray<DecidingGrant> =>
  deciding.map((statement): DecidingGrant => {
    const { policyType, via } = statement.source
    if (policyType === 'Trust') {
      const role = roleToAssume(asked)
      const trustSet = role && via && trustSetAt(history, role.accountId, via.id, position)
      return trustSet === undefined ? statement : { ...statement, trustSet }
    }
    const found = holder && grantBehind(history, holder, statement.source, position)
    if (found === undefined) return statement
    const { source: _, ...grant } = found
    return { ...statement, grant }
  })
