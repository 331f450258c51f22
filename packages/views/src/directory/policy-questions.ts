/**
 * What can be asked of the directory about policies, their versions and their attachments.
 *
 * System policies come from the domain's catalogue and are the same in every account.
 */
import { type PolicyLike, type TargetLike, targetKey } from '../keys.js'
import { customPolicyRecord, SYSTEM_RECORDS, systemPolicyRecord } from './policy-records.js'
import { carries } from './questions.js'
import type {
  CustomPolicyRow,
  GroupRow,
  Page,
  PageRequest,
  PolicyRecord,
  PolicyVersionRow,
  RoleRow,
  TagFilter,
  UserRow,
} from './rows.js'
import { type DirectoryState, policyInAccountKey } from './state.js'

/** By type and name; the name is compared without case. */
export const findPolicy = (
  state: DirectoryState,
  accountId: string,
  policyType: 'Custom' | 'System',
  policyName: string,
): PolicyRecord | undefined => {
  if (policyType === 'System') return systemPolicyRecord(policyName)
  const row = state.policies.byName(accountId, policyName)
  return row && customPolicyRecord(row)
}

export const findPolicyByRef = (
  state: DirectoryState,
  accountId: string,
  policy: PolicyLike,
): PolicyRecord | undefined => {
  if (policy.type === 'System') return systemPolicyRecord(policy.policyName)
  const row = state.policies.byId(accountId, policy.policyId)
  return row && customPolicyRecord(row)
}

export type PolicyPageRequest = PageRequest & {
  readonly policyType?: 'Custom' | 'System'
  readonly tags?: TagFilter
}

/**
 * The system policies in the order of the catalogue, then the account's own in the order of
 * creation.
 *
 * System policies take the negative positions before 0, so that one number tells where a page
 * starts.
 */
export const listPolicies = (
  state: DirectoryState,
  accountId: string,
  page: PolicyPageRequest,
): Page<PolicyRecord> => {
  const { policyType, tags, limit } = page
  const system = policyType === 'Custom' ? [] : systemAfter(page.after, tags)
  if (system.length > limit || (system.length > 0 && policyType === 'System'))
    return systemPage(system, limit)

  const items = system.map((entry) => entry.record)
  if (policyType === 'System') return { items }
  return customAfter(state, accountId, page, items)
}

export const policyVersions = (
  state: DirectoryState,
  accountId: string,
  policyType: 'Custom' | 'System',
  policyName: string,
): ReadonlyArray<PolicyVersionRow> | undefined =>
  findPolicy(state, accountId, policyType, policyName)?.versions

export type AttachedPolicy = { readonly policy: PolicyRecord; readonly attachedAt: number }

/** Directly attached policies only, in the order of attachment. */
export const policiesAttachedTo = (
  state: DirectoryState,
  accountId: string,
  target: TargetLike,
): ReadonlyArray<AttachedPolicy> =>
  [...state.attachments.of('target', targetKey(accountId, target))].flatMap((row) => {
    const policy = findPolicyByRef(state, accountId, row.policy)
    return policy === undefined ? [] : [{ policy, attachedAt: row.attachedAt }]
  })

export type PolicyEntities = {
  readonly users: ReadonlyArray<{ readonly user: UserRow; readonly attachedAt: number }>
  readonly groups: ReadonlyArray<{ readonly group: GroupRow; readonly attachedAt: number }>
  readonly roles: ReadonlyArray<{ readonly role: RoleRow; readonly attachedAt: number }>
}

/** Everybody to whom a policy is attached, each kind in the order of attachment. */
export const entitiesForPolicy = (
  state: DirectoryState,
  accountId: string,
  policy: PolicyLike,
): PolicyEntities => {
  const users: Array<PolicyEntities['users'][number]> = []
  const groups: Array<PolicyEntities['groups'][number]> = []
  const roles: Array<PolicyEntities['roles'][number]> = []
  for (const { target, attachedAt } of state.attachments.of(
    'policy',
    policyInAccountKey(accountId, policy),
  )) {
    switch (target.type) {
      case 'User': {
        const user = state.users.byId(accountId, target.userId)
        if (user !== undefined) users.push({ user, attachedAt })
        break
      }
      case 'Group': {
        const group = state.groups.byId(accountId, target.groupId)
        if (group !== undefined) groups.push({ group, attachedAt })
        break
      }
      case 'Role': {
        const role = state.roles.byId(accountId, target.roleId)
        if (role !== undefined) roles.push({ role, attachedAt })
        break
      }
    }
  }
  return { users, groups, roles }
}

/** How many users, groups and roles of the account have a policy attached. */
export const attachmentCount = (
  state: DirectoryState,
  accountId: string,
  policy: PolicyLike,
): number => state.attachments.count('policy', policyInAccountKey(accountId, policy))

type SystemEntry = { readonly position: number; readonly record: PolicyRecord }

const systemAfter = (
  after: number | undefined,
  tags: TagFilter | undefined,
): ReadonlyArray<SystemEntry> => {
  if (after !== undefined && after >= 0) return []
  const all = SYSTEM_RECORDS.map((record, index) => ({
    position: index - SYSTEM_RECORDS.length,
    record,
  }))
  return all.filter(
    ({ position, record }) =>
      (after === undefined || position > after) && (tags === undefined || carries(record, tags)),
  )
}

const systemPage = (entries: ReadonlyArray<SystemEntry>, limit: number): Page<PolicyRecord> => {
  const shown = entries.slice(0, limit)
  const items = shown.map((entry) => entry.record)
  const last = shown.at(-1)
  return entries.length > limit && last !== undefined ? { items, next: last.position } : { items }
}

/** Fills the page up with the account's own policies. */
const customAfter = (
  state: DirectoryState,
  accountId: string,
  { after, limit, tags }: PolicyPageRequest,
  system: ReadonlyArray<PolicyRecord>,
): Page<PolicyRecord> => {
  const request = { after: Math.max(after ?? 0, 0), limit: limit - system.length }
  const keep = tags && ((row: CustomPolicyRow) => carries(row, tags))
  const { items, ...rest } = state.policies.page(accountId, request, keep)
  return { items: [...system, ...items.map(customPolicyRecord)], ...rest }
}
