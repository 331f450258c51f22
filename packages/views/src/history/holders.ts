/**
 * Everybody who ever held policies, each as one object with what it was called and what it held at
 * any position. A question finds its principal by one key and follows references from there, which
 * touches less memory than a key at every turn.
 *
 * Invariants: everything here follows from the intervals; a list of what is held is in the order in
 * which its items were taken in, as a fold keeps it. Such lists are short (quotas bound them), so
 * each change keeps a whole new one.
 */
import type { PolicyRef } from '@grantlog/domain'
import type { PastDocuments, PastText } from '../documents.js'
import { systemVersionInForce, type VersionInForce } from '../holder.js'
import { entityKey, policyKey, principalKey, targetId } from '../keys.js'
import type { Follower } from './intervals.js'
import {
  type PastAttachment,
  type PastDefault,
  type PastGroup,
  type PastMembership,
  type PastRole,
  type PastUser,
  targetOf,
} from './rows.js'
import { addStep, lastStep, type Steps } from './steps.js'

/** A version of a policy that was in force. */
export type PastVersion = {
  readonly source: VersionInForce['source']
  readonly text: PastText
  /** The position since which it is the default; absent for system policies. */
  readonly from: number | undefined
}

/** A policy that somebody held: one object for all who did. */
export type PastPolicyHeld = {
  readonly policy: PolicyRef
  readonly versions: Steps<PastVersion | undefined>
  /** To whom it was attached at one time or another. */
  readonly everHeldBy: Set<PastHolder>
}

/** A user, a group or a role; its name is undefined while it is not there. */
export type PastHolder = {
  readonly type: HolderType
  readonly id: string
  readonly names: Steps<string | undefined>
  readonly policies: Steps<ReadonlyArray<PastPolicyHeld>>
  readonly groups: Steps<ReadonlyArray<PastHolder>>
  /** Of a group: who was in it at one time or another. */
  readonly everMembers: Set<PastHolder>
}

type HolderType = 'User' | 'Group' | 'Role'

/** Nobody is a member of a user or a role. */
const NOBODY: Set<PastHolder> = new Set()

export type Holders = {
  /** By `principalKey`. */
  find(key: string): PastHolder | undefined
  policy(accountId: string, policy: PolicyRef): PastPolicyHeld
  /** Forgets everything, before the intervals are followed anew. */
  clear(): void
  readonly users: Follower<PastUser>
  readonly groups: Follower<PastGroup>
  readonly roles: Follower<PastRole>
  readonly memberships: Follower<PastMembership>
  readonly attachments: Follower<PastAttachment>
  readonly defaultVersions: Follower<PastDefault>
}

export const holders = (documents: PastDocuments): Holders => {
  const byKey = new Map<string, PastHolder>()
  const policies = new Map<string, PastPolicyHeld>()

  const named = (key: string, type: HolderType, id: string): PastHolder => {
    const known = byKey.get(key)
    if (known !== undefined) return known
    const everMembers = type === 'Group' ? new Set<PastHolder>() : NOBODY
    const made = { type, id, names: [], policies: [], groups: [], everMembers }
    byKey.set(key, made)
    return made
  }
  const policyNamed = (key: string, policy: PolicyRef): PastPolicyHeld => {
    const known = policies.get(key)
    if (known !== undefined) return known
    const versions = alwaysInForce(documents, policy)
    const made = { policy, versions, everHeldBy: new Set<PastHolder>() }
    policies.set(key, made)
    return made
  }
  const policyOf = (accountId: string, policy: PolicyRef): PastPolicyHeld => {
    const id = policy.type === 'Custom' ? policy.policyId : policyKey(policy)
    return policyNamed(entityKey(accountId, id), policy)
  }
  const user = ({ accountId, userId }: Pick<PastUser, 'accountId' | 'userId'>): PastHolder =>
    named(principalKey(accountId, { type: 'User', id: userId }), 'User', userId)
  const group = ({ accountId, groupId }: Pick<PastGroup, 'accountId' | 'groupId'>): PastHolder =>
    named(principalKey(accountId, { type: 'Group', id: groupId }), 'Group', groupId)
  const role = ({ accountId, roleId }: Pick<PastRole, 'accountId' | 'roleId'>): PastHolder =>
    named(principalKey(accountId, { type: 'Role', id: roleId }), 'Role', roleId)
  const target = (attachment: PastAttachment): PastHolder =>
    named(targetOf(attachment), attachment.target.type, targetId(attachment.target))

  return {
    find: (key) => byKey.get(key),
    policy: policyOf,
    clear: () => {
      byKey.clear()
      policies.clear()
    },
    users: calling<PastUser>(user, ({ userName }) => userName),
    groups: calling<PastGroup>(group, ({ groupName }) => groupName),
    roles: calling<PastRole>(role, ({ roleName }) => roleName),
    memberships: holding<PastMembership, PastHolder>({
      holderOf: user,
      itemOf: group,
      heldBy: ({ groups }) => groups,
      everHeldBy: ({ everMembers }) => everMembers,
    }),
    attachments: holding<PastAttachment, PastPolicyHeld>({
      holderOf: target,
      itemOf: ({ accountId, policy }) => policyOf(accountId, policy),
      heldBy: ({ policies }) => policies,
      everHeldBy: ({ everHeldBy }) => everHeldBy,
    }),
    defaultVersions: {
      starts: ({ subject, from, value }) => {
        const { policyId, policyName, versionId, document } = value
        const { versions } = policyNamed(subject, { type: 'Custom', policyId })
        const source = { policyType: 'Custom', policyName, policyId, versionId } as const
        addStep(versions, from, { source, text: documents.of(document), from })
      },
      ends: ({ subject, value: { policyId } }, position) =>
        addStep(policyNamed(subject, { type: 'Custom', policyId }).versions, position, undefined),
    },
  }
}

/** The versions to begin with: those of a system policy never change. */
const alwaysInForce = (
  documents: PastDocuments,
  policy: PolicyRef,
): Steps<PastVersion | undefined> => {
  const version = policy.type === 'System' ? systemVersionInForce(policy.policyName) : undefined
  if (version === undefined) return []
  return [0, { source: version.source, text: documents.of(version.text), from: undefined }]
}

/** Follows what somebody is called. */
const calling = <Value>(
  holderOf: (value: Value) => PastHolder,
  nameOf: (value: Value) => string,
): Follower<Value> => ({
  starts: ({ from, value }) => addStep(holderOf(value).names, from, nameOf(value)),
  ends: ({ value }, position) => addStep(holderOf(value).names, position, undefined),
})

type Holding<Value, Item> = {
  readonly holderOf: (value: Value) => PastHolder
  readonly itemOf: (value: Value) => Item
  readonly heldBy: (holder: PastHolder) => Steps<ReadonlyArray<Item>>
  readonly everHeldBy: (item: Item) => Set<PastHolder>
}

/** Follows what somebody holds. The lists are made in their size, without room to grow. */
const holding = <Value, Item extends object>({
  holderOf,
  itemOf,
  heldBy,
  everHeldBy,
}: Holding<Value, Item>): Follower<Value> => ({
  starts: ({ from, value }) => {
    const holder = holderOf(value)
    const item = itemOf(value)
    const steps = heldBy(holder)
    addStep(steps, from, (lastStep(steps) ?? []).concat(item))
    everHeldBy(item).add(holder)
  },
  ends: ({ value }, position) => {
    const steps = heldBy(holderOf(value))
    const before = lastStep(steps) ?? []
    const place = before.indexOf(itemOf(value))
    addStep(steps, position, before.slice(0, place).concat(before.slice(place + 1)))
  },
})
