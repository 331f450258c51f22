/** The grants that statements stand in: since when, through what and by whose doing they bind. */
import type { PolicySource } from '@grantlog/policy'
import { type Grant, grantBehind, type HistoryState, type HolderRef } from '@grantlog/views'
import type { Position } from '../ports.js'

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
