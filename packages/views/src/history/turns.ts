/**
 * The positions at which a decision about a principal may have turned: whatever lies between two of
 * them is decided as at the first.
 *
 * Invariant: each event after which the policies in force for the principal, or its name, differ
 * from before is among them. Cost: what the principal and its groups went through meanwhile, never
 * the length of the log.
 */
import { nameIndexKey, principalKey } from '../keys.js'
import type { HistoryPrincipal } from './as-of.js'
import type { PastHolder } from './holders.js'
import type { HistoryState } from './state.js'
import { firstStepAfter, type Steps, type Told } from './steps.js'

/** Positions after the first and up to the last. */
export type Span = { readonly after: number; readonly upTo: number }

/** In ascending order, each once. */
export const turnsOf = (
  state: HistoryState,
  principal: HistoryPrincipal,
  span: Span,
): ReadonlyArray<number> => {
  const holder = state.holders.find(principalKey(principal.accountId, principal))
  if (holder === undefined) return []
  const turns = new Set<number>()
  addHolder(holder, span, turns)
  addSteps(holder.groups, span, turns)
  eachStretch(holder.groups, span, (groups, stretch) => {
    for (const group of groups) addHolder(group, stretch, turns)
  })
  return ascending(turns)
}

/** The same for whether a role of this name is there, and whom it trusts. */
export const trustTurnsOf = (
  state: HistoryState,
  accountId: string,
  roleName: string,
  span: Span,
): ReadonlyArray<number> => {
  const turns = new Set<number>()
  const isWithin = ({ after, upTo }: Span, position: number): boolean =>
    position > after && position <= upTo
  for (const subject of state.roleNames.bearers(nameIndexKey(accountId, roleName)))
    for (const intervals of [state.roles.of(subject), state.trusts.of(subject)])
      for (const { from, to } of intervals) {
        if (isWithin(span, from)) turns.add(from)
        if (to !== null && isWithin(span, to)) turns.add(to)
      }
  return ascending(turns)
}

const ascending = (turns: ReadonlySet<number>): ReadonlyArray<number> =>
  [...turns].sort((a, b) => a - b)

/** What one holder is called, what is attached to it, and other versions of that. */
const addHolder = ({ names, policies }: PastHolder, span: Span, turns: Set<number>): void => {
  addSteps(names, span, turns)
  addSteps(policies, span, turns)
  eachStretch(policies, span, (held, stretch) => {
    for (const { versions } of held) addSteps(versions, stretch, turns)
  })
}

const addSteps = <Value extends Told>(
  steps: Steps<Value>,
  { after, upTo }: Span,
  turns: Set<number>,
): void => {
  for (let step = firstStepAfter(steps, after); step < steps.length; step += 2) {
    const position = steps[step] as number
    if (position > upTo) return
    turns.add(position)
  }
}

/** Each value that held inside a span, and where; its own beginning is a turn and left out. */
const eachStretch = <Value extends Told>(
  steps: Steps<Value>,
  { after, upTo }: Span,
  visit: (value: Value, stretch: Span) => void,
): void => {
  const first = Math.max(0, firstStepAfter(steps, after) - 2)
  for (let step = first; step < steps.length; step += 2) {
    const from = steps[step] as number
    if (from > upTo) return
    const next = steps[step + 2] as number | undefined
    const stretch = { after: Math.max(after, from), upTo: Math.min(upTo, next ?? upTo) }
    if (stretch.after < stretch.upTo) visit(steps[step + 1] as Value, stretch)
  }
}
