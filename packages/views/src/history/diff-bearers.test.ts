/** What is different about a name that meant another one before. */
import {
  type AccountEvent,
  AttachmentTarget,
  accountDecider,
  DEFAULT_QUOTAS,
  GroupName,
  PolicyName,
  PolicyRef,
  UserId,
  UserName,
  VersionId,
} from '@grantlog/domain'
import {
  accessKeyIdOf,
  sampleAccountId as accountId,
  allowing,
  commandSequence,
  groupIdOf,
  known,
  policyIdOf,
  runCommands,
  secretRefOf,
  userIdOf,
} from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, record } from '../testing/index.js'
import { type HistoryPrincipal, labelAt, roleByNameAt, userByNameAt } from './as-of.js'
import { diffOfPrincipal } from './diff.js'
import { diffOfBearers } from './diff-bearers.js'
import type { HistoryState } from './state.js'
import { historyView } from './view.js'

const [first, second] = [userIdOf(1), userIdOf(2)]
const was: HistoryPrincipal = { type: 'User', accountId, id: first }
const is: HistoryPrincipal = { type: 'User', accountId, id: second }
const userName = known(UserName, 'alice')
const other = known(UserName, 'alice.old')
const groupId = groupIdOf(1)

const user = (type: 'UserCreated' | 'UserDeleted', userId: typeof first): AccountEvent => ({
  type,
  userId,
  userName,
})
const written = (n: number, action: string): AccountEvent => ({
  type: 'PolicyCreated',
  policyId: policyIdOf(n),
  policyName: known(PolicyName, `ship-${n}`),
  versionId: known(VersionId, 'v1'),
  document: allowing(action),
})
const grant = (
  type: 'PolicyAttached' | 'PolicyDetached',
  n: number,
  userId: typeof first,
): AccountEvent => ({
  type,
  policy: known(PolicyRef, { type: 'Custom', policyId: policyIdOf(n) }),
  target: known(AttachmentTarget, { type: 'User', userId }),
})
const key = (type: 'AccessKeyCreated' | 'AccessKeyDeleted', n: number, userId: typeof first) =>
  ({
    type,
    accessKeyId: accessKeyIdOf(n),
    owner: { type: 'User', userId },
    secretRef: secretRefOf(n),
  }) as const

const after = (...events: ReadonlyArray<AccountEvent>) =>
  fold(historyView, record(events, { accountId }))
const beginning = [
  { type: 'GroupCreated', groupId, groupName: known(GroupName, 'devs') },
  written(1, 'ots:*'),
  written(2, 'oss:*'),
  user('UserCreated', first),
  grant('PolicyAttached', 1, first),
  key('AccessKeyCreated', 1, first),
] as const satisfies ReadonlyArray<AccountEvent>
const BEFORE = beginning.length

describe('the diff of a name with another bearer', () => {
  it('given one deleted and one made anew, then the losses of the old and all of the new', () => {
    const state = after(
      ...beginning,
      key('AccessKeyDeleted', 1, first),
      grant('PolicyDetached', 1, first),
      user('UserDeleted', first),
      user('UserCreated', second),
      grant('PolicyAttached', 2, second),
      { type: 'UserAddedToGroup', userId: second, groupId },
      key('AccessKeyCreated', 2, second),
    )
    const between = { before: BEFORE, after: BEFORE + 7 }
    const diff = diffOfBearers(state, { was, is }, between)
    expect(diff).toMatchObject({
      nameBefore: 'alice',
      name: 'alice',
      replaced: {
        id: first,
        ended: { eventType: 'UserDeleted', position: BEFORE + 3 },
        began: { eventType: 'UserCreated', position: BEFORE + 4 },
      },
      lost: [{ source: { policyName: 'ship-1' }, detached: { position: BEFORE + 2 } }],
      gained: [{ source: { policyName: 'ship-2' }, since: { position: BEFORE + 5 } }],
      groups: [{ type: 'Joined', groupName: 'devs' }],
      accessKeys: [
        { accessKeyId: accessKeyIdOf(1), event: { position: BEFORE + 1 } },
        { accessKeyId: accessKeyIdOf(2), status: 'Active' },
      ],
    })
    expect(diff?.replaced.name).toBeUndefined()
    const said = (list: 'gained' | 'lost') =>
      diff?.statements[list].map(({ statement }) => statement['Action'])
    expect([said('gained'), said('lost')]).toEqual(['oss:*', 'ots:*'].map((one) => [[one]]))
  })

  it('given the same grant for the new one, then the statements of the name are no others', () => {
    const state = after(
      ...beginning,
      grant('PolicyDetached', 1, first),
      user('UserDeleted', first),
      user('UserCreated', second),
      grant('PolicyAttached', 1, second),
    )
    const diff = diffOfBearers(state, { was, is }, { before: BEFORE, after: BEFORE + 4 })
    expect([diff?.gained.length, diff?.lost.length]).toEqual([1, 1])
    expect(diff?.statements).toEqual({ gained: [], lost: [] })
  })

  it('given one that was renamed away, then it is told by its name now and lost nothing', () => {
    const state = after(
      ...beginning,
      { type: 'UserUpdated', userId: first, userName: other },
      user('UserCreated', second),
    )
    const diff = diffOfBearers(state, { was, is }, { before: BEFORE, after: BEFORE + 2 })
    expect(diff).toMatchObject({
      replaced: { id: first, name: 'alice.old', ended: { eventType: 'UserUpdated' } },
      lost: [],
      gained: [],
      statements: { lost: [{ statement: { Action: ['ots:*'] } }] },
    })
  })
})

describe('the laws of it', () => {
  /** Who bore a name at both positions, where they were two. */
  const pairs = (state: HistoryState, before: number, until: number) =>
    ['User', 'Role'].flatMap((type) => {
      const find = (name: string, position: number): HistoryPrincipal | undefined => {
        if (type === 'User') {
          const found = userByNameAt(state, accountId, name, position)
          return found && { type, accountId, id: found.userId }
        }
        const found = roleByNameAt(state, accountId, name, position)
        return found && { type: 'Role', accountId, id: found.roleId }
      }
      return ['alice', 'bob', 'carol', 'deployer'].flatMap((name) => {
        const [one, another] = [find(name, before), find(name, until)]
        if (one === undefined || another === undefined || one.id === another.id) return []
        return [{ was: one, is: another }]
      })
    })

  it('up to p it equals that of views fed only the events up to p; all of the new is gained', () => {
    let met = 0
    fc.assert(
      fc.property(commandSequence, commandSequence, (before, more) => {
        // The same names are made again by other ids.
        const events = runCommands(before, accountDecider(DEFAULT_QUOTAS))
        const gone = events.flatMap((event): ReadonlyArray<AccountEvent> => {
          if (event.type === 'UserCreated')
            return [{ type: 'UserDeleted', userId: event.userId, userName: event.userName }]
          return []
        })
        const again = events.flatMap((event): ReadonlyArray<AccountEvent> => {
          if (event.type === 'UserCreated') return [{ ...event, userId: anew(event.userId) }]
          if (event.type === 'PolicyAttached' && event.target.type === 'User')
            return [
              {
                ...event,
                target: known(AttachmentTarget, {
                  type: 'User',
                  userId: anew(event.target.userId),
                }),
              },
            ]
          return []
        })
        const later = runCommands(more, accountDecider(DEFAULT_QUOTAS)).slice(1)
        const recorded = record([...events, ...gone, ...again, ...later], { accountId })
        const between = { before: events.length, after: events.length + gone.length + again.length }
        const whole = fold(historyView, recorded)
        const part = fold(historyView, recorded.slice(0, between.after))
        for (const bearers of pairs(part, between.before, between.after)) {
          const diff = diffOfBearers(part, bearers, between)
          expect(diffOfBearers(whole, bearers, between)).toEqual(diff)
          expect(diff?.name).toBe(labelAt(part, bearers.is, between.after))
          const lost = diffOfPrincipal(part, bearers.was, between).lost
          expect(diff?.lost).toEqual(lost)
          expect(diff?.replaced.ended.position).toBeLessThan(diff?.replaced.began.position ?? 0)
          met += 1
        }
      }),
      { numRuns: 40 },
    )
    expect(met).toBeGreaterThan(0)
  })
})

/** Another id of the same form. */
const anew = (userId: typeof first): typeof first => known(UserId, `3${String(userId).slice(1)}`)
