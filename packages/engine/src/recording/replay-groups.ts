/**
 * Calls that a proposed change turns, gathered by who did what to what, and by which statements.
 *
 * Invariant: so many groups at most; calls of further ones are counted and not told.
 */
import type { AccountId } from '@grantlog/domain'
import type { DecidingStatement } from '@grantlog/policy'
import type { HistoryState, HolderRef } from '@grantlog/views'
import { type DecidingGrant, decidingGrants } from '../grants-behind.js'
import type { PastCall } from './past-call.js'
import type { DecidingOrProposed, PastJudge, PastQuestion } from './past-judge.js'
import type { JudgeablePrincipal, ReplayGroup, ReplaySample, ReplayStatement } from './questions.js'

/** How many groups are gathered, and can be answered, in all. */
export const REPLAY_GROUPS_MAX = 10_000

const SAMPLES_MAX = 3

/** A group while calls come to it; the events behind it are looked for once it is told. */
type Growing = Omit<ReplayGroup, 'count' | 'samples' | 'resources' | 'before' | 'after'> &
  Pick<PastCall, 'resources'> & {
    readonly before: ReadonlyArray<DecidingStatement>
    readonly after: ReadonlyArray<DecidingOrProposed>
    count: number
    readonly samples: ReplaySample[]
  }

export type ReplayGroups = {
  readonly add: (question: PastQuestion, sample: ReplaySample) => void
  /**
   * So many from a rank on, the largest first, how many calls are neither in them nor in those
   * before, and whether further groups follow. Groups of one size keep the order of their first
   * calls.
   */
  readonly ranked: (
    from: number,
    limit: number,
  ) => {
    readonly groups: ReadonlyArray<ReplayGroup>
    readonly leftOut: number
    readonly isMore: boolean
  }
}

const holderOf = (accountId: AccountId, principal: JudgeablePrincipal): HolderRef | undefined => {
  switch (principal.type) {
    case 'Root':
      return undefined
    case 'User':
      return { type: 'User', accountId, id: principal.userId }
    case 'Role':
      return { type: 'Role', accountId, id: principal.roleId }
  }
}

/** The groups with the events behind their statements, as they were at the first call of each. */
const telling =
  (history: HistoryState, accountId: AccountId) =>
  (group: Growing): ReplayGroup => {
    const { principal, action, resources, samples } = group
    const about = { holder: holderOf(accountId, principal), action, resources }
    const position = samples[0]?.position ?? 0
    const behind = (statements: ReadonlyArray<DecidingStatement>): ReadonlyArray<DecidingGrant> =>
      decidingGrants(history, about, statements, position)
    const after = group.after.flatMap((statement): ReadonlyArray<ReplayStatement> => {
      if (statement.proposed === 'Attach') return [statement]
      const told = behind([statement])
      return statement.proposed === 'Edit' ? told.map(withoutVersion) : told
    })
    return { ...group, before: behind(group.before), after }
  }

/** Of a proposed text no event made a version. */
const withoutVersion = ({ grant, ...statement }: ReplayStatement): ReplayStatement => {
  if (grant === undefined) return statement
  const { versionSet: _, ...events } = grant
  return { ...statement, grant: events }
}

export const replayGroups = (
  history: HistoryState,
  accountId: AccountId,
  judge: Pick<PastJudge, 'reasons' | 'nameOf'>,
): ReplayGroups => {
  const told = telling(history, accountId)
  const gathered = new Map<string, Growing>()
  /** The group of a question's last stretch, so that reasons are looked for once. */
  const last = new WeakMap<
    PastQuestion,
    { readonly span: PastQuestion['known']; readonly group: Growing | undefined }
  >()
  let beyond = 0

  const find = (question: PastQuestion, { position, time }: ReplaySample): Growing | undefined => {
    const { principal, action, resources } = question.call
    const change = question.before ? 'AllowToDeny' : 'DenyToAllow'
    const reasons = judge.reasons(question, position, time)
    const [before, after] = [reasons.before.deciding, reasons.after.deciding]
    // Whoever was renamed is told under the name of each call, and not of the first.
    const name = judge.nameOf(question, position)
    const key = JSON.stringify([change, principal, name, action, resources, before, after])
    const found = gathered.get(key)
    if (found !== undefined || gathered.size >= REPLAY_GROUPS_MAX) return found
    const made = { change, principal, name, action, resources, before, after } as const
    const group: Growing = { ...made, count: 0, samples: [] }
    gathered.set(key, group)
    return group
  }

  return {
    add: (question, sample) => {
      const remembered = last.get(question)
      const isKnown = question.known !== undefined && remembered?.span === question.known
      const group = isKnown ? remembered?.group : find(question, sample)
      last.set(question, { span: question.known, group })
      if (group === undefined) {
        beyond += 1
        return
      }
      group.count += 1
      if (group.samples.length < SAMPLES_MAX) group.samples.push(sample)
    },
    ranked: (from, limit) => {
      const sorted = [...gathered.values()].sort((a, b) => b.count - a.count)
      const rest = sorted.slice(from + limit)
      const leftOut = rest.reduce((sum, { count }) => sum + count, beyond)
      const groups = sorted.slice(from, from + limit).map(told)
      return { groups, leftOut, isMore: rest.length > 0 }
    },
  }
}
