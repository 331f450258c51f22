/** What can have happened to the tags of roles and custom policies. Stored for ever. */
import * as t from 'io-ts'
import { PolicyId, RoleId, Tag } from '../../names.js'

/** What carries tags, by its immutable id. */
export const TaggedResource = t.union(
  [
    t.strict({ type: t.literal('Role'), roleId: RoleId }),
    t.strict({ type: t.literal('Policy'), policyId: PolicyId }),
  ],
  'TaggedResource',
)
export type TaggedResource = t.TypeOf<typeof TaggedResource>

/** A role or policy got tags, or other values for keys that it had; only those are present. */
export const ResourceTagged = t.strict(
  {
    type: t.literal('ResourceTagged'),
    resource: TaggedResource,
    tags: t.readonlyArray(Tag),
  },
  'ResourceTagged',
)
export type ResourceTagged = t.TypeOf<typeof ResourceTagged>

/** A role or policy lost the tags with these keys. */
export const ResourceUntagged = t.strict(
  {
    type: t.literal('ResourceUntagged'),
    resource: TaggedResource,
    tagKeys: t.readonlyArray(t.string),
  },
  'ResourceUntagged',
)
export type ResourceUntagged = t.TypeOf<typeof ResourceUntagged>

/** The tags once an event has happened: keys keep their place, new ones come last. */
export const tagsAfter = (
  tags: ReadonlyArray<Tag>,
  event: ResourceTagged | ResourceUntagged,
): ReadonlyArray<Tag> => {
  switch (event.type) {
    case 'ResourceTagged': {
      const kept = new Map(tags.map((tag) => [tag.key, tag]))
      for (const tag of event.tags) kept.set(tag.key, tag)
      return [...kept.values()]
    }
    case 'ResourceUntagged':
      return tags.filter(({ key }) => !event.tagKeys.includes(key))
  }
}
