/** The grants that statements stand in: since when, through what and by whose doing they bind. */
import type { DecidingStatement, PolicySource } from '@grantlog/policy'
import {
  type Grant,
  grantBehind,
  type HistoryState,
  type HolderRef,
  type Mark,
  trustSetAt,
} from '@grantlog/views'
import { roleToAssume } from './assumption.js'
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

/** Whom a decision is about, and what would be done. */
type Decided = {
  readonly holder: HolderRef | undefined
  readonly action: string
  readonly resources: readonly [string, ...string[]]
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
