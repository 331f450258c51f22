/** Who had a name and when, over random lives of an account. */
import { type AccountCommand, accountDecider, DEFAULT_QUOTAS, UserName } from '@grantlog/domain'
import {
  commandSequence,
  known,
  runCommands,
  sampleAccountId,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, record } from '../testing/index.js'
import { groupByNameAt, policyByNameAt, roleByNameAt, userByNameAt } from './as-of.js'
import { bearingsOf, type Named } from './bearings.js'
import type { HistoryState } from './state.js'
import { historyView } from './view.js'

const accountId = sampleAccountId
const decider = accountDecider(DEFAULT_QUOTAS)
const lifeOf = (commands: ReadonlyArray<AccountCommand>) =>
  record(runCommands(commands, decider), { accountId })

const NAMES: ReadonlyArray<Named> = [
  ...['alice', 'bob', 'CAROL'].map((name) => ({ type: 'User' as const, accountId, name })),
  ...['devs', 'ops'].map((name) => ({ type: 'Group' as const, accountId, name })),
  ...['deployer', 'auditor'].map((name) => ({ type: 'Role' as const, accountId, name })),
  ...['ship', 'Read-Table'].map((name) => ({ type: 'Policy' as const, accountId, name })),
]

const idAt = (state: HistoryState, { type, name }: Named, position: number) => {
  switch (type) {
    case 'User':
      return userByNameAt(state, accountId, name, position)?.userId
    case 'Group':
      return groupByNameAt(state, accountId, name, position)?.groupId
    case 'Role':
      return roleByNameAt(state, accountId, name, position)?.roleId
    case 'Policy':
      return policyByNameAt(state, accountId, name, position)
  }
}

describe('bearingsOf', () => {
  it('given any life, then each has the name from its first position to its last, and not beyond', () => {
    let seen = 0
    fc.assert(
      fc.property(commandSequence.map(lifeOf), (life) => {
        const state = fold(historyView, life)
        for (const named of NAMES) {
          const bearings = bearingsOf(state, named)
          const ids = new Set(life.flatMap(({ position }) => idAt(state, named, position) ?? []))
          expect(new Set(bearings.map(({ id }) => id))).toEqual(ids)
          for (const { id, from, to } of bearings) {
            const end = to ?? life.length + 1
            for (let at = from; at < end; at += 1) expect(idAt(state, named, at)).toBe(id)
            expect(idAt(state, named, from - 1)).not.toBe(id)
            expect(idAt(state, named, end)).not.toBe(to === null ? undefined : id)
            seen += 1
          }
        }
      }),
      { numRuns: 40 },
    )
    expect(seen).toBeGreaterThan(0)
  })

  it('given a name that was given up and taken again, then the last time is told', () => {
    const userName = known(UserName, 'alice')
    const other = known(UserName, 'eve')
    const events = record(
      [
        { type: 'UserCreated', userId: userIdOf(1), userName },
        { type: 'UserUpdated', userId: userIdOf(1), userName: other },
        { type: 'UserCreated', userId: userIdOf(2), userName },
        { type: 'UserDeleted', userId: userIdOf(2), userName },
        { type: 'UserUpdated', userId: userIdOf(1), userName },
      ],
      { accountId },
    )
    const named = { type: 'User', accountId, name: 'Alice' } as const
    expect(bearingsOf(fold(historyView, events), named)).toEqual([
      { id: userIdOf(1), from: 5, to: null },
      { id: userIdOf(2), from: 3, to: 4 },
    ])
  })
})
