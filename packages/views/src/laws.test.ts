/**
 * The laws of all views, over random lives of an account.
 */
import {
  accountDecider,
  DEFAULT_QUOTAS,
  type DomainEvent,
  isForViews,
  type Recorded,
} from '@grantlog/domain'
import { commandSequence, runCommands, sampleAccountId } from '@grantlog/domain/testing'
import { type AuthorizationRequest, authorize, type Principal } from '@grantlog/policy'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentialsView } from './credentials/view.js'
import { directoryView } from './directory/apply.js'
import {
  attachmentCount,
  entitiesForPolicy,
  listPolicies,
  policiesAttachedTo,
} from './directory/policy-questions.js'
import {
  accessKeysOf,
  findGroup,
  findRole,
  findUser,
  groupsForUser,
  listGroups,
  listRoles,
  listUsers,
  listUsersForGroup,
} from './directory/questions.js'
import type { DirectoryState } from './directory/state.js'
import { entitiesView } from './entities/view.js'
import {
  decideOnGrants,
  deciderOnGrants,
  findTrust,
  isKnownHolder,
  justifyOnGrants,
  policiesInForce,
  roleById,
  userById,
} from './grants/questions.js'
import { grantsView } from './grants/view.js'
import { policiesInForceAt, trustAt, userByIdAt, userByNameAt } from './history/as-of.js'
import { grantsOf } from './history/grants-of.js'
import { timeline } from './history/timeline.js'
import { historyView } from './history/view.js'
import type { HolderRef } from './holder.js'
import { recordingView } from './recording.js'
import { fold, record, reload } from './testing/index.js'
import { usageView } from './usage.js'
import type { View, ViewState } from './view.js'
import { viewRows } from './view-rows.js'

const decider = accountDecider(DEFAULT_QUOTAS)

/** Everything that happened to one account, on record. */
const lives = commandSequence.map((commands) =>
  record(runCommands(commands, decider), { accountId: sampleAccountId }),
)

const accountId = sampleAccountId

/** Every user and role that ever was. */
const holdersOf = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<HolderRef> =>
  recorded.flatMap(({ event }): ReadonlyArray<HolderRef> => {
    if (event.type === 'UserCreated') return [{ type: 'User', accountId, id: event.userId }]
    if (event.type === 'RoleCreated') return [{ type: 'Role', accountId, id: event.roleId }]
    return []
  })

/** The answers to every question of the directory about everything that it lists. */
const directoryAnswers = (state: DirectoryState) => {
  const all = { limit: 1000 }
  const users = listUsers(state, accountId, all).items
  const groups = listGroups(state, accountId, all).items
  const roles = listRoles(state, accountId, all).items
  const policies = listPolicies(state, accountId, all).items
  const attached = [
    ...users.map(({ userId }) => ({ type: 'User', userId }) as const),
    ...groups.map(({ groupId }) => ({ type: 'Group', groupId }) as const),
    ...roles.map(({ roleId }) => ({ type: 'Role', roleId }) as const),
  ].map((target) => policiesAttachedTo(state, accountId, target))
  const owners = [
    { type: 'Account' } as const,
    ...users.map(({ userId }) => ({ type: 'User', userId }) as const),
  ]
  return {
    found: [
      users.map(({ userName }) => findUser(state, accountId, userName.toUpperCase())),
      groups.map(({ groupName }) => findGroup(state, accountId, groupName.toUpperCase())),
      roles.map(({ roleName }) => findRole(state, accountId, roleName.toUpperCase())),
    ],
    listed: { users, groups, roles, policies, attached },
    members: groups.map(({ groupId }) => listUsersForGroup(state, accountId, groupId, all)),
    joined: users.map(({ userId }) => groupsForUser(state, accountId, userId)),
    keys: owners.map((owner) => accessKeysOf(state, accountId, owner)),
    entities: policies.map(({ ref }) => entitiesForPolicy(state, accountId, ref)),
    counts: policies.map(({ ref }) => attachmentCount(state, accountId, ref)),
  }
}

const batch: DomainEvent = {
  type: 'AccessRecorded',
  accountId,
  sessionPolicies: [],
  principals: [{ type: 'Root' }],
  contexts: [{ values: {}, hasTime: false }],
  questions: [{ principal: 0, action: 'ots:GetRow', resources: ['x'], context: 0 }],
  answers: [{ outcome: 'Allowed', code: '' }],
  requestIds: ['r'],
  records: { request: [0], question: [0], answer: [0], position: [1], time: [1] },
}

const rowsOf = (state: ViewState) => [...viewRows(state)]

const itHolds = <State extends ViewState>(view: View<State>) =>
  describe(view.name, () => {
    it('an incremental view equals a rebuilt one, also when reloaded on the way', () => {
      fc.assert(
        fc.property(lives, fc.nat(), (recorded, chance) => {
          const stop = recorded.length === 0 ? 0 : chance % recorded.length
          const before = reload(view, fold(view, recorded.slice(0, stop)))
          const resumed = recorded.slice(stop).reduce(view.apply, before)
          expect(rowsOf(resumed)).toEqual(rowsOf(fold(view, recorded)))
        }),
        { numRuns: 40 },
      )
    })

    it('rows are JSON: they come back from text as they were', () => {
      fc.assert(
        fc.property(lives, (recorded) => {
          const rows = rowsOf(fold(view, recorded))
          expect(JSON.parse(JSON.stringify(rows))).toEqual(rows)
        }),
        { numRuns: 15 },
      )
    })

    it('an event that is not for views changes no row', () => {
      expect(isForViews(batch.type)).toBe(false)
      fc.assert(
        fc.property(lives, (recorded) => {
          const [told] = record([batch], { accountId })
          if (told === undefined) throw new Error('nothing is recorded')
          const state = fold(view, recorded)
          const rows = rowsOf(state)
          for (const table of Object.values(state.tables)) table.takeChangedKeys()
          const position = recorded.length + 1
          view.apply(state, { ...told, position })
          expect(rowsOf(state)).toEqual(rows)
          for (const table of Object.values(state.tables))
            expect(table.takeChangedKeys()).toEqual([])
        }),
        { numRuns: 5 },
      )
    })
  })

itHolds(directoryView)
itHolds(grantsView)
itHolds(credentialsView)
itHolds(historyView)
itHolds(usageView)
itHolds(entitiesView)
itHolds(recordingView)

describe('loaded rows', () => {
  it('after loading its rows, the grants view answers everybody as before', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const live = fold(grantsView, recorded)
        const loaded = reload(grantsView, live)
        for (const holder of holdersOf(recorded)) {
          expect(policiesInForce(loaded, holder)).toEqual(policiesInForce(live, holder))
          expect(roleById(loaded, accountId, holder.id)).toEqual(
            roleById(live, accountId, holder.id),
          )
        }
      }),
      { numRuns: 30 },
    )
  })

  it('after loading its rows, the directory answers every question as before', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const live = fold(directoryView, recorded)
        expect(directoryAnswers(reload(directoryView, live))).toEqual(directoryAnswers(live))
      }),
      { numRuns: 30 },
    )
  })
})

const principalOf = ({ type, accountId: account, id }: HolderRef): Principal =>
  type === 'User'
    ? { type, accountId: account, userId: id, userName: 'any' }
    : { type: 'Session', accountId: account, roleId: id, roleName: 'any', sessionName: 'any' }

const requestsOf = (holder: HolderRef): ReadonlyArray<AuthorizationRequest> =>
  ['ots:GetRow', 'ots:PutRow', 'ram:ListUsers', 'oss:GetObject'].map((action) => ({
    principal: principalOf(holder),
    action,
    resources: ['*'],
    context: new Map(),
  }))

describe('compiled grants', () => {
  it('after every event, everybody is answered as the specification answers', () => {
    let allowed = 0
    fc.assert(
      fc.property(lives, (recorded) => {
        const holders = holdersOf(recorded)
        let grants = grantsView.empty()
        const deciders = new Map(
          holders.map((holder) => [holder, deciderOnGrants(grants, { holder })]),
        )
        for (const event of recorded) {
          grants = grantsView.apply(grants, event)
          for (const holder of holders) {
            const isKnown = policiesInForce(grants, holder) !== undefined
            expect(isKnownHolder(grants, holder)).toBe(isKnown)
          }
          for (const holder of holders)
            for (const request of requestsOf(holder)) {
              const identity = policiesInForce(grants, holder)?.policies ?? []
              const decision = authorize(request, { identity })
              const { outcome, unit } = decision
              expect(decideOnGrants(grants, request, { holder })).toEqual({ outcome, unit })
              expect(deciders.get(holder)?.(request)).toEqual({ outcome, unit })
              expect(justifyOnGrants(grants, request, { holder })).toEqual(decision)
              if (outcome === 'Allow') allowed += 1
            }
        }
      }),
      { numRuns: 60 },
    )
    expect(allowed).toBeGreaterThan(0)
  })
})

describe('history and grants', () => {
  it('as of p everybody is answered as the specification answers, for every p', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const holders = holdersOf(recorded)
        const history = fold(historyView, recorded)
        for (const { position } of recorded)
          for (const holder of holders)
            for (const request of requestsOf(holder)) {
              const identity = policiesInForceAt(history, holder, position)?.policies ?? []
              const decision = history.compiled.justify(request, { identity })
              expect(decision).toEqual(authorize(request, { identity }))
            }
      }),
      { numRuns: 20 },
    )
  })

  it('as of p equals a fold over the events up to p, for every p and everybody', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const holders = holdersOf(recorded)
        const history = fold(historyView, recorded)
        let grants = grantsView.empty()
        for (const event of recorded) {
          grants = grantsView.apply(grants, event)
          const past = holders.map((holder) => policiesInForceAt(history, holder, event.position))
          expect(past).toEqual(holders.map((holder) => policiesInForce(grants, holder)))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('users and trust as of p equal a fold over the events up to p, for every p', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const holders = holdersOf(recorded)
        const history = fold(historyView, recorded)
        let grants = grantsView.empty()
        for (const event of recorded) {
          grants = grantsView.apply(grants, event)
          for (const name of ['deployer', 'AUDITOR'])
            expect(trustAt(history, accountId, name, event.position)).toEqual(
              findTrust(grants, accountId, name),
            )
          const past = holders.map(({ id }) => userByIdAt(history, accountId, id, event.position))
          expect(past).toEqual(holders.map(({ id }) => userById(grants, accountId, id)))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('after loading its rows, history answers every position as before', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const live = fold(historyView, recorded)
        const loaded = reload(historyView, live)
        for (const holder of holdersOf(recorded)) {
          expect(timeline(loaded, holder)).toEqual(timeline(live, holder))
          for (const { position } of recorded) {
            expect(grantsOf(loaded, holder, position)).toEqual(grantsOf(live, holder, position))
            for (const name of ['alice', 'BOB'])
              expect(userByNameAt(loaded, accountId, name, position)).toEqual(
                userByNameAt(live, accountId, name, position),
              )
          }
        }
      }),
      { numRuns: 15 },
    )
  })

  it('reloaded on the way, history answers every position as if it had not been', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (recorded, chance) => {
        const stop = recorded.length === 0 ? 0 : chance % recorded.length
        const live = fold(historyView, recorded)
        const before = reload(historyView, fold(historyView, recorded.slice(0, stop)))
        const resumed = recorded.slice(stop).reduce(historyView.apply, before)
        for (const holder of holdersOf(recorded))
          for (const { position } of recorded) {
            expect(policiesInForceAt(resumed, holder, position)).toEqual(
              policiesInForceAt(live, holder, position),
            )
            expect(grantsOf(resumed, holder, position)).toEqual(grantsOf(live, holder, position))
          }
      }),
      { numRuns: 15 },
    )
  })

  it('a principal created again under a name that was held before starts with nothing', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const history = fold(historyView, recorded)
        for (const { event, position } of recorded) {
          if (event.type !== 'UserCreated' && event.type !== 'RoleCreated') continue
          const holder: HolderRef =
            event.type === 'UserCreated'
              ? { type: 'User', accountId, id: event.userId }
              : { type: 'Role', accountId, id: event.roleId }
          expect(policiesInForceAt(history, holder, position)?.policies).toEqual([])
          expect(policiesInForceAt(history, holder, position - 1)).toBeUndefined()
        }
      }),
      { numRuns: 50 },
    )
  })

  it('whatever a principal holds, its timeline tells the events that made it so', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const history = fold(historyView, recorded)
        const head = recorded.at(-1)?.position ?? 0
        for (const holder of holdersOf(recorded)) {
          const told = new Set(timeline(history, holder).map((entry) => entry.position))
          for (const { since } of grantsOf(history, holder, head) ?? [])
            expect(told.has(since.position)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })
})
