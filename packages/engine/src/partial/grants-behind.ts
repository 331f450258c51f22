/** The grants that statements stand in: since when, through what and by whose doing they bind. */
import type { PolicySource } from '@grantlog/policy'
import { type Grant, grantsOf, type HistoryState, type HolderRef } from '@grantlog/views'
import type { Position } from '../ports.js'

const isSame = (a: PolicySource, b: PolicySource): boolean =>
  a.policyType === b.policyType && a.policyName === b.policyName && a.via?.id === b.via?.id

/** In the order in which they are decided upon; none for a root, which holds nothing. */
export const grantsBehind = (
  history: HistoryState,
  holder: HolderRef | undefined,
  statements: ReadonlyArray<{ readonly source: PolicySource }>,
  position: Position,
): ReadonlyArray<Grant> => {
  if (holder === undefined) return []
  const isBehind = (source: PolicySource): boolean =>
    statements.some((statement) => isSame(statement.source, source))
  return grantsOf(history, holder, position, isBehind) ?? []
}
