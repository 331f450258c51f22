/** From when to when each of all who ever had a name had it. */
import { nameIndexKey } from '../keys.js'
import type { HistoryPrincipal } from './as-of.js'
import type { Intervals } from './intervals.js'
import type { NameHistory } from './names.js'
import type { HistoryState } from './state.js'

export type Bearing = {
  readonly id: string
  readonly from: number
  /** Exclusive; null while it lasts. */
  readonly to: number | null
}

export type Named = Pick<HistoryPrincipal, 'accountId'> & {
  readonly type: HistoryPrincipal['type'] | 'Policy'
  readonly name: string
}

/** The last time that each had the name, compared without case, in the order of taking it first. */
export const bearingsOf = (
  state: HistoryState,
  { type, accountId, name }: Named,
): ReadonlyArray<Bearing> => {
  const key = nameIndexKey(accountId, name)
  const lasts = <Value>(
    names: NameHistory<Value>,
    lives: Pick<Intervals<Value>, 'of'>,
    told: (value: Value) => { readonly id: string; readonly name: string },
  ): ReadonlyArray<Bearing> =>
    names.bearers(key).flatMap((subject) => {
      const life = lives.of(subject).map(({ from, to, value }) => ({ from, to, ...told(value) }))
      return lastBearing(life, (named) => nameIndexKey(accountId, named) === key) ?? []
    })
  switch (type) {
    case 'User':
      return lasts(state.userNames, state.users, ({ userId: id, userName }) => ({
        id,
        name: userName,
      }))
    case 'Role':
      return lasts(state.roleNames, state.roles, ({ roleId: id, roleName }) => ({
        id,
        name: roleName,
      }))
    case 'Group':
      return lasts(state.groupNames, state.groups, ({ groupId: id, groupName }) => ({
        id,
        name: groupName,
      }))
    case 'Policy':
      return lasts(state.policyNames, state.policies, ({ policyId: id, policyName }) => ({
        id,
        name: policyName,
      }))
  }
}

/** Stretches under one name that follow on each other are one: something else changed there. */
const lastBearing = (
  life: ReadonlyArray<Bearing & { readonly name: string }>,
  isIt: (name: string) => boolean,
): Bearing | undefined => {
  const end = life.findLastIndex(({ name }) => isIt(name))
  const last = life[end]
  if (last === undefined) return undefined
  const others = life.slice(0, end).findLastIndex(({ name }) => !isIt(name))
  const { id, to } = last
  return { id, from: life[others + 1]?.from ?? last.from, to }
}
