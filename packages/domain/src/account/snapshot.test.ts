/** Laws of snapshots, over random lives of an account, and rows that are no snapshot. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { ProviderName, UserName } from '../names.js'
import {
  accessKeyIdOf,
  commandSequence,
  groupIdOf,
  known,
  policyIdOf,
  providerIdOf,
  runCommands,
  sampleAccountId,
  userIdOf,
} from '../testing/index.js'
import { accountDecider } from './decider.js'
import { DEFAULT_QUOTAS } from './quotas.js'
import { PASSWORD_POLICY_DEFAULT } from './settings/password-policy.js'
import { SECURITY_PREFERENCE_DEFAULT } from './settings/security-preference.js'
import { changedRows, stateRowCount, stateRows } from './snapshot.js'
import { stateFromRows } from './snapshot-reader.js'
import type { AccountState } from './state.js'
import { UNOPENED } from './state.js'

const decider = accountDecider({ ...DEFAULT_QUOTAS, customPoliciesPerTarget: 2, groupsPerUser: 1 })
const RUNS = { numRuns: 100 }

const replay = (events: ReturnType<typeof runCommands>, state = decider.initialState) =>
  events.reduce(decider.evolve, state)

/** Rows as a store keeps them: JSON texts by key. */
const stored = (state: AccountState): Map<string, string> =>
  new Map([...stateRows(state)].map(([key, value]) => [key, JSON.stringify(value)]))

const read = (rows: ReadonlyMap<string, string>) =>
  stateFromRows([...rows].map(([key, value]) => [key, JSON.parse(value)] as const))

const restored = (state: AccountState): AccountState => {
  const outcome = read(stored(state))
  return E.isRight(outcome) ? outcome.right : expect.fail(JSON.stringify(outcome.left))
}

/** A life, and the moment at which its snapshot is taken. */
const cutLife = fc.tuple(commandSequence, fc.nat()).map(([commands, cut]) => {
  const at = cut % (commands.length + 1)
  const before = replay(runCommands(commands.slice(0, at), decider))
  return { before, rest: commands.slice(at) }
})

describe('stateFromRows after stateRows', () => {
  it('gives equal rows, counts and indexes', () => {
    fc.assert(
      fc.property(cutLife, ({ before }) => {
        const after = restored(before)
        expect(stored(after)).toEqual(stored(before))
        expect(stored(before).size).toBe(stateRowCount(before))
        expect(sorted(after)).toEqual(sorted(before))
      }),
      RUNS,
    )
  })
  it('decides every further command as the state that was folded', () => {
    fc.assert(
      fc.property(cutLife, ({ before, rest }) => {
        let [folded, read] = [before, restored(before)]
        for (const command of rest) {
          const decided = decider.decide(command, folded)
          expect(decider.decide(command, read)).toStrictEqual(decided)
          if (E.isLeft(decided)) continue
          folded = replay(decided.right, folded)
          read = replay(decided.right, read)
        }
        expect(stored(read)).toEqual(stored(folded))
      }),
      RUNS,
    )
  })
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        cutLife.chain(({ before }) => {
          const rows = [...stored(before)]
          const shuffled = fc.shuffledSubarray(rows, { minLength: rows.length })
          return fc.record({ before: fc.constant(before), shuffled })
        }),
        ({ before, shuffled }) => {
          const outcome = read(new Map(shuffled))
          expect(E.isRight(outcome) && sorted(outcome.right)).toEqual(sorted(before))
        },
      ),
      RUNS,
    )
  })
  it('gives no state when a row is lost', () => {
    fc.assert(
      fc.property(cutLife, fc.nat(), ({ before }, pick) => {
        const rows = stored(before)
        rows.delete([...rows.keys()][pick % rows.size] ?? '')
        expect(read(rows)).toEqual(E.left({ type: 'RowsDisagree' }))
      }),
      RUNS,
    )
  })
})

describe('the providers of a snapshot', () => {
  it('given providers of both kinds, then they come back as they were', () => {
    const [providerId, other] = [providerIdOf(1), providerIdOf(2)]
    const providerName = known(ProviderName, 'ci')
    const metadata = { document: 'PEE+', entityId: 'e', certificates: ['AAAA'], validUntil: 9 }
    const trust = {
      issuerUrl: 'https://issuer.example',
      clientIds: ['app'],
      fingerprints: ['a'.repeat(40)],
      issuanceLimitHours: 12,
    }
    const state = replay([
      { type: 'AccountCreated', accountId: sampleAccountId },
      { type: 'OIDCProviderCreated', providerId, providerName, ...trust },
      { type: 'SAMLProviderCreated', providerId: other, providerName, metadata },
    ])
    const after = restored(state)
    if (after.type === 'Unopened') return expect.fail('the account is not open')
    expect(after.oidcProviders.get(providerId)).toEqual({
      ...trust,
      providerId,
      providerName,
      description: '',
    })
    expect(after.samlProviders.get(other)?.metadata).toEqual(metadata)
    expect([after.oidcProviderIds.get('ci'), after.samlProviderIds.get('ci')]).toEqual([
      providerId,
      other,
    ])
  })
})

describe('changedRows', () => {
  it('turn the rows of one state into those of a later or an earlier one', () => {
    fc.assert(
      fc.property(cutLife, ({ before, rest }) => {
        const after = rest.reduce((state, command) => {
          const decided = decider.decide(command, state)
          return E.isLeft(decided) ? state : replay(decided.right, state)
        }, before)
        expect(changed(before, after)).toEqual(stored(after))
        expect(changed(after, before)).toEqual(stored(before))
        expect([...changedRows(after, after)].flat()).toEqual([])
      }),
      RUNS,
    )
  })
  it('given one more user, then its row and the account alone', () => {
    const opening = fc.sample(commandSequence, { numRuns: 1, seed: 3 })[0] ?? []
    const before = replay(runCommands(opening, decider))
    const userName = known(UserName, 'zoe')
    const after = replay([{ type: 'UserCreated', userId: userIdOf(999), userName }], before)
    const keys = [...changedRows(before, after)].flat().map(([key]) => key)
    expect(keys).toEqual(['account', `user/${userIdOf(999)}`])
  })
})

describe('stateFromRows', () => {
  const account = (counts: Record<string, number> = {}) => ({
    type: 'Open',
    accountId: '1234567890123456',
    accessRecording: { type: 'Denials' },
    passwordPolicy: PASSWORD_POLICY_DEFAULT,
    securityPreference: SECURITY_PREFERENCE_DEFAULT,
    accessKeys: 0,
    entities: 0,
    groups: 0,
    mfaDevices: 0,
    oidcProviders: 0,
    policies: 0,
    roles: 0,
    samlProviders: 0,
    users: 0,
    ...counts,
  })
  const read = (rows: Readonly<Record<string, unknown>>) => stateFromRows(Object.entries(rows))
  const disagree = E.left({ type: 'RowsDisagree' })
  const [alice, bob] = [`user/${userIdOf(1)}`, `user/${userIdOf(2)}`]
  const policy = (row: object) => ({
    account: account({ policies: 1 }),
    [`policy/${policyIdOf(1)}`]: { policyName: 'p', description: '', nextVersion: 2, ...row },
  })

  it('given the row of an account that is not open, then that account', () => {
    expect(read({ account: { type: 'Unopened' } })).toEqual(E.right(UNOPENED))
  })
  it('given no rows, or an unopened account with rows, then none', () => {
    expect(read({})).toEqual(disagree)
    expect(read({ account: { type: 'Unopened' }, [alice]: { userName: 'a' } })).toEqual(disagree)
  })
  it.each([
    ['of another kind', 'thing/1', {}],
    ['without a kind', 'user', { userName: 'a' }],
    ['of a foreign id', 'user/x', { userName: 'a' }],
    ['with a member too many', alice, { userName: 'a', admin: true }],
    ['without a member', alice, {}],
    ['of another shape', alice, 7],
    ['with another version of the account', 'account', { ...account(), more: 1 }],
  ])('given a row %s, then it is unreadable', (_, key, value) => {
    expect(read({ account: account({ users: 1 }), [key]: value })).toEqual(
      E.left({ type: 'RowUnreadable', key }),
    )
  })
  it('given two users of one name, then none', () => {
    const rows = { account: account({ users: 2 }), [alice]: { userName: 'a' } }
    expect(read({ ...rows, [bob]: { userName: 'A' } })).toEqual(disagree)
  })
  it('given a member of an absent group, or an absent policy, then none', () => {
    const one = account({ users: 1 })
    for (const held of [{ groupIds: [groupIdOf(1)] }, { custom: [policyIdOf(1)] }])
      expect(read({ account: one, [alice]: { userName: 'a', ...held } })).toEqual(disagree)
  })
  it('given a key of an absent user, then none', () => {
    const key = { status: 'Active', secretRef: 'a/b', userId: userIdOf(1) }
    const rows = { account: account({ accessKeys: 1 }), [`key/${accessKeyIdOf(1)}`]: key }
    expect(read(rows)).toEqual(disagree)
  })
  it('given a policy whose versions contradict each other, then none', () => {
    expect(E.isRight(read(policy({ versionIds: ['v1'], defaultVersionId: 'v1' })))).toBe(true)
    for (const row of [
      { versionIds: [], defaultVersionId: 'v1' },
      { versionIds: ['v1', 'v1'], defaultVersionId: 'v1' },
      { versionIds: ['v1', 'v2'], defaultVersionId: 'v1' },
    ])
      expect(read(policy(row))).toEqual(disagree)
  })
})

/** All that a state holds, counts and indexes too; sets come in no order, so they are sorted. */
const sorted = (state: AccountState): unknown =>
  JSON.parse(JSON.stringify(state), (key, member) =>
    Array.isArray(member) && /Ids$|^custom$|^system$/.test(key) && key !== 'versionIds'
      ? [...member].sort()
      : member,
  )

/** The rows of one state after the changes to another. */
const changed = (before: AccountState, after: AccountState): Map<string, string> => {
  const rows = stored(before)
  for (const [key, value] of [...changedRows(before, after)].flat())
    if (value === null) rows.delete(key)
    else rows.set(key, JSON.stringify(value))
  return rows
}
