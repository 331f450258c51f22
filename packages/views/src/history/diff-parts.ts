/**
 * What is different about the memberships, the keys and the trust of a principal between two
 * positions.
 */
import type { AccessKeyStatus } from '@grantlog/domain'
import { entityKey, ownerKey, principalKey } from '../keys.js'
import { type HistoryPrincipal, labelAt } from './as-of.js'
import { type Interval, intervalAt } from './intervals.js'
import type { Mark } from './marks.js'
import type { HistoryState } from './state.js'
import { type DocumentDiff, documentDiff } from './statements.js'
import { type Stretch, stretchAt } from './steps.js'

/** Two positions; `before` is not the later one. */
export type Between = { readonly before: number; readonly after: number }

export type GroupChange = {
  readonly type: 'Joined' | 'Left'
  readonly groupId: string
  readonly groupName: string
  readonly event: Mark
}

export type KeyChange = {
  readonly accessKeyId: string
  /** Absent for a key that was not, or is no longer, there. */
  readonly statusBefore?: AccessKeyStatus
  readonly status?: AccessKeyStatus
  readonly event: Mark
}

export type TrustChange = DocumentDiff & {
  readonly versionBefore?: string
  readonly version?: string
  readonly event: Mark
}

/** The last end of a subject by a position; undefined while it lasts. */
export const endBy = <Value>(
  state: HistoryState,
  intervals: ReadonlyArray<Interval<Value>>,
  position: number,
): Mark | undefined => {
  const last = intervals.findLast(({ from }) => from <= position)
  return last === undefined || last.to === null || last.to > position
    ? undefined
    : state.marks.at(last.to)
}

/** The stretch around a position in which somebody was called as it was there. */
export const calledSo = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): Stretch => {
  const names = state.holders.find(principalKey(principal.accountId, principal))?.names ?? []
  const name = labelAt(state, principal, position)
  let { from, to } = stretchAt(names, position)
  while (from > 0 && labelAt(state, principal, from - 1) === name)
    from = stretchAt(names, from - 1).from
  while (Number.isFinite(to) && labelAt(state, principal, to) === name) to = stretchAt(names, to).to
  return { from, to }
}

/** The event since which somebody was called as it was at a position, or was gone. */
export const namedBy = (
  state: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): Mark | undefined => state.marks.at(calledSo(state, principal, position).from)

export const groupsBetween = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  { before, after }: Between,
): ReadonlyArray<GroupChange> => {
  if (type !== 'User') return []
  const subjects = [...state.memberships.subjects('user', entityKey(accountId, id))]
  return subjects.flatMap((subject): ReadonlyArray<GroupChange> => {
    const all = state.memberships.of(subject)
    const [was, is] = [intervalAt(all, before), intervalAt(all, after)]
    const event = is === undefined ? endBy(state, all, after) : state.marks.at(is.from)
    const groupId = all[0]?.value.groupId
    if ((was === undefined) === (is === undefined) || event === undefined || groupId === undefined)
      return []
    const group = { type: 'Group', accountId, id: groupId } as const
    const groupName = labelAt(state, group, is === undefined ? event.position - 1 : after) ?? ''
    return [{ type: is === undefined ? 'Left' : 'Joined', groupId, groupName, event }]
  })
}

export const keysBetween = (
  state: HistoryState,
  { type, accountId, id: userId }: HistoryPrincipal,
  { before, after }: Between,
): ReadonlyArray<KeyChange> => {
  if (type !== 'User') return []
  const owner = ownerKey(accountId, { type, userId })
  return [...state.accessKeys.subjects('owner', owner)].flatMap(
    (subject): ReadonlyArray<KeyChange> => {
      const all = state.accessKeys.of(subject)
      const [was, is] = [intervalAt(all, before)?.value, intervalAt(all, after)]
      const event = is === undefined ? endBy(state, all, after) : state.marks.at(is.from)
      const accessKeyId = all[0]?.value.accessKeyId
      if (was?.status === is?.value.status || event === undefined || accessKeyId === undefined)
        return []
      return [
        {
          accessKeyId,
          ...(was === undefined ? {} : { statusBefore: was.status }),
          ...(is === undefined ? {} : { status: is.value.status }),
          event,
        },
      ]
    },
  )
}

/** Undefined where the same trust policy is in force at both, and for whoever has none. */
export const trustBetween = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  { before, after }: Between,
): TrustChange | undefined => {
  if (type !== 'Role') return undefined
  const all = state.trusts.of(entityKey(accountId, id))
  const [was, is] = [intervalAt(all, before)?.value, intervalAt(all, after)]
  const event = is === undefined ? endBy(state, all, after) : state.marks.at(is.from)
  if (was?.version === is?.value.version || event === undefined) return undefined
  return {
    ...(was === undefined ? {} : { versionBefore: `v${was.version}` }),
    ...(is === undefined ? {} : { version: `v${is.value.version}` }),
    event,
    ...documentDiff(was?.trustPolicy, is?.value.trustPolicy),
  }
}
