/**
 * What policies permit, as a sheet of their statements: every Allow that may come to something, and
 * the Denies that cut into it.
 *
 * Invariant: whatever is allowed under some context that adds keys to the given one is covered by
 * an Allow of the sheet that is not `Never`, and whatever a Deny takes from an Allow is taken by
 * one that the Allow names, if it names any. The work is bounded: past that none are named.
 */

import { matchesResource, type RequestedResource, requestedResource } from '../arn.js'
import type { PolicyInForce, PolicySource } from '../authorize.js'
import type { Statement } from '../document.js'
import type { Condition } from '../operators.js'
import type { RequestContext } from '../request.js'
import { type Certainty, openConditions, standingOf } from './bounds.js'
import { actionsCover, actionsMeet, patternsMeet, resourceCovers, resourcesMeet } from './meet.js'

/** One statement of a policy in force. `open` are its conditions on keys that are not given. */
export type SheetLine = {
  readonly source: PolicySource
  readonly statementIndex: number
  readonly open: ReadonlyArray<Condition>
}

/**
 * An Allow. `Allowed` but for what is cut out, `Conditional` on its open conditions, `Never` where
 * a Deny without open conditions takes all of it, or nothing that it names is the account's.
 */
export type SheetAllow = SheetLine & {
  readonly certainty: Certainty
  /**
   * The Denies that may take something of it, by their places in `denies`; absent where there was
   * too much to compare, and then the certainty is that of the statement alone.
   */
  readonly cutBy?: ReadonlyArray<number>
}

export type Sheet = {
  readonly allows: ReadonlyArray<SheetAllow>
  readonly denies: ReadonlyArray<SheetLine>
}

/** What the sheet is about; what is left out means everything. */
export type SheetFilter = {
  /** In lower case: only what speaks about actions of this service. */
  readonly service?: string
  /** Only what covers this resource. */
  readonly resource?: string
  readonly context: RequestContext
}

type Line = SheetLine & { readonly statement: Statement }

const ASSUMING = { type: 'Action', patterns: ['sts:assumerole'] } as const

/** Identity policies open nothing of another account, but for the way to its roles. */
const canBeOwn = ({ resources = [], actions }: Statement, accountId: string): boolean =>
  actionsMeet(actions, ASSUMING) ||
  resources.some(
    (pattern) =>
      pattern.type === 'Everything' ||
      patternsMeet(pattern.arn.account, accountId) ||
      (patternsMeet(pattern.arn.account, 'system') && patternsMeet(pattern.arn.service, 'ram')),
  )

const isAbout =
  ({ service }: SheetFilter, resource: RequestedResource | undefined) =>
  ({ actions, resources = [] }: Statement): boolean =>
    (service === undefined ||
      actionsMeet(actions, { type: 'Action', patterns: [`${service}:*`] })) &&
    (resource === undefined || resources.some((pattern) => matchesResource(pattern, resource)))

const linesOf = (
  policies: ReadonlyArray<PolicyInForce>,
  filter: SheetFilter,
): ReadonlyArray<Line> => {
  const { context, resource } = filter
  const isLookedFor = isAbout(
    filter,
    resource === undefined ? undefined : requestedResource(resource),
  )
  return policies.flatMap(({ source, document }) =>
    document.statements.flatMap((statement, statementIndex) =>
      isLookedFor(statement) && standingOf(statement, context) !== 'Fails'
        ? [{ source, statementIndex, statement, open: openConditions(statement, context) }]
        : [],
    ),
  )
}

/** Whether a Deny may take something of an Allow. */
const cuts = (deny: Statement, allow: Statement): boolean =>
  actionsMeet(allow.actions, deny.actions) &&
  (allow.resources ?? []).some((a) => (deny.resources ?? []).some((b) => resourcesMeet(a, b)))

/** Whether a Deny that holds takes all of an Allow. */
const takesAll = (deny: Line, { actions, resources = [] }: Statement): boolean =>
  deny.open.length === 0 &&
  actionsCover(deny.statement.actions, actions) &&
  resources.every((a) => (deny.statement.resources ?? []).some((b) => resourceCovers(b, a)))

const shown = ({ statement: _, ...line }: Line): SheetLine => line

/** How much is compared for one sheet. Unit: steps, at most one for two characters. Ours. */
const STEPS_MAX = 50_000_000

/** What a comparison of the shortest patterns counts as, so that the answer stays small as well. */
const LENGTH_MIN = 8

/** Everything of a statement that is compared. Unit: characters. */
const lengthOf = ({ actions, resources = [] }: Statement): number =>
  resources.reduce(
    (sum, one) =>
      sum + (one.type === 'Everything' ? 1 : one.arn.account.length + one.arn.relativeId.length),
    LENGTH_MIN + actions.patterns.reduce((sum, { length }) => sum + length, 0),
  )

/** An Allow beside the Denies; without them where comparing would take too long. */
const allowOf = (line: Line, denies: ReadonlyArray<Line>, accountId: string): SheetAllow => {
  const { statement, open } = line
  const alone = open.length > 0 ? 'Conditional' : 'Allowed'
  const isNever =
    !canBeOwn(statement, accountId) || denies.some((deny) => takesAll(deny, statement))
  const cutBy = denies.flatMap((deny, index) => (cuts(deny.statement, statement) ? [index] : []))
  return { ...shown(line), certainty: isNever ? 'Never' : alone, cutBy }
}

/** The sheet of the identity policies, or of a session policy, of somebody of the account. */
export const sheetOf = (
  policies: ReadonlyArray<PolicyInForce>,
  accountId: string,
  filter: SheetFilter,
): Sheet => {
  const lines = linesOf(policies, filter)
  const denies = lines.filter(({ statement }) => statement.effect === 'Deny')
  const deniesLength = denies.reduce((sum, { statement }) => sum + lengthOf(statement), 0)
  let steps = 0
  const allows = lines.flatMap((line): ReadonlyArray<SheetAllow> => {
    if (line.statement.effect === 'Deny') return []
    steps += lengthOf(line.statement) * deniesLength
    if (steps <= STEPS_MAX) return [allowOf(line, denies, accountId)]
    const { cutBy: _, ...alone } = allowOf(line, [], accountId)
    return [alone]
  })
  return { allows, denies: denies.map(shown) }
}
