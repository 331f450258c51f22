/** Whether roles and custom policies may get tags and lose them: all that are named, or none. */
import * as E from 'fp-ts/lib/Either.js'
import { refuse, unchanged } from '../../decider.js'
import type { AccountEvent } from '../../event.js'
import type { Tag } from '../../names.js'
import { TAGS_MAX } from '../limits.js'
import type { AccountDecision, AccountRefusal } from '../refusal.js'
import type { OpenAccountState } from '../state.js'
import { policyNamed, roleNamed } from '../state.js'
import type { TaggableName, TagResources, UntagResources } from './commands.js'
import { type ResourceTagged, type TaggedResource, tagsAfter } from './events.js'

type Taggable = { readonly resource: TaggedResource; readonly tags: ReadonlyArray<Tag> }

export const tagResources = (
  { resources, tags }: TagResources,
  account: OpenAccountState,
): AccountDecision =>
  forEach(resources, account, (found, named) => {
    const { resource } = found
    const fresh = tags.filter((tag) => !found.tags.some((had) => isSame(had, tag)))
    if (fresh.length === 0) return unchanged
    const event: ResourceTagged = { type: 'ResourceTagged', resource, tags: fresh }
    if (tagsAfter(found.tags, event).length > TAGS_MAX)
      return refuse({ type: 'TagLimitExceeded', resource: named, limit: TAGS_MAX })
    return E.right([event])
  })

export const untagResources = (
  { resources, tagKeys }: UntagResources,
  account: OpenAccountState,
): AccountDecision =>
  forEach(resources, account, ({ resource, tags }) => {
    const had = tags.map(({ key }) => key)
    const lost = tagKeys === undefined ? had : had.filter((key) => tagKeys.includes(key))
    if (lost.length === 0) return unchanged
    return E.right([{ type: 'ResourceUntagged', resource, tagKeys: lost }])
  })

const isSame = (a: Tag, b: Tag): boolean => a.key === b.key && a.value === b.value

/** What is decided for each resource, in order; the first refusal is that of the whole command. */
const forEach = (
  names: ReadonlyArray<TaggableName>,
  account: OpenAccountState,
  decide: (found: Taggable, named: TaggableName) => AccountDecision,
): AccountDecision => {
  const events: AccountEvent[] = []
  for (const named of names) {
    const found = findTaggable(named, account)
    if (E.isLeft(found)) return found
    const decided = decide(found.right, named)
    if (E.isLeft(decided)) return decided
    events.push(...decided.right)
  }
  return E.right(events)
}

/** System policies carry no tags, so a command that names one finds no policy. */
const findTaggable = (
  named: TaggableName,
  account: OpenAccountState,
): E.Either<AccountRefusal, Taggable> => {
  switch (named.type) {
    case 'Role': {
      const { roleName } = named
      const role = roleNamed(account, roleName)
      if (role === undefined) return E.left({ type: 'RoleNotFound', roleName })
      return E.right({ resource: { type: 'Role', roleId: role.roleId }, tags: role.tags })
    }
    case 'Policy': {
      const { policyName } = named
      const policy = policyNamed(account, policyName)
      if (policy === undefined)
        return E.left({ type: 'PolicyNotFound', policyType: 'Custom', policyName })
      return E.right({ resource: { type: 'Policy', policyId: policy.policyId }, tags: policy.tags })
    }
  }
}
