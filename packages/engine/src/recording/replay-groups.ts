/**
 * Calls that a proposed change turns, gathered by who did what to what, and by which statements.
 *
 * Invariant: so many groups at most; calls of further ones are counted and not told.
 */
import type { PastJudge, PastQuestion } from './past-judge.js'
import type { ReplayGroup, ReplaySample } from './questions.js'

/** How many groups are gathered, and can be answered, in all. */
export const REPLAY_GROUPS_MAX = 10_000

const SAMPLES_MAX = 3

type Growing = Omit<ReplayGroup, 'count' | 'samples'> & {
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

export const replayGroups = (judge: Pick<PastJudge, 'reasons' | 'nameOf'>): ReplayGroups => {
  const groups = new Map<string, Growing>()
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
    const found = groups.get(key)
    if (found !== undefined || groups.size >= REPLAY_GROUPS_MAX) return found
    const made = { change, principal, name, action, resources, before, after } as const
    const group: Growing = { ...made, count: 0, samples: [] }
    groups.set(key, group)
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
      const sorted = [...groups.values()].sort((a, b) => b.count - a.count)
      const rest = sorted.slice(from + limit)
      const leftOut = rest.reduce((sum, { count }) => sum + count, beyond)
      return { groups: sorted.slice(from, from + limit), leftOut, isMore: rest.length > 0 }
    },
  }
}
