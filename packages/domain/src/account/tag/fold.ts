/** What the account remembers of the tags of its roles and custom policies. */
import type { OpenAccountState } from '../state.js'
import { type ResourceTagged, type ResourceUntagged, tagsAfter } from './events.js'

export const foldTags = (
  account: OpenAccountState,
  event: ResourceTagged | ResourceUntagged,
): OpenAccountState => {
  const { resource } = event
  switch (resource.type) {
    case 'Role': {
      const role = account.roles.get(resource.roleId)
      if (role === undefined) return account
      const tagged = { ...role, tags: tagsAfter(role.tags, event) }
      return { ...account, roles: account.roles.set(role.roleId, tagged) }
    }
    case 'Policy': {
      const policy = account.policies.get(resource.policyId)
      if (policy === undefined) return account
      const tagged = { ...policy, tags: tagsAfter(policy.tags, event) }
      return { ...account, policies: account.policies.set(policy.policyId, tagged) }
    }
  }
}
