/** What may be asked about the tags of roles and custom policies. */
import * as t from 'io-ts'
import { PolicyName, RoleName } from '../../names.js'
import { Tags } from '../limits.js'

/** How many roles or policies one command may name. Unit: names. Source: RAM's published limits. */
export const TAGGED_RESOURCES_MAX = 50

/** A role or a custom policy by its name. */
export const TaggableName = t.union(
  [
    t.strict({ type: t.literal('Role'), roleName: RoleName }),
    t.strict({ type: t.literal('Policy'), policyName: PolicyName }),
  ],
  'TaggableName',
)
export type TaggableName = t.TypeOf<typeof TaggableName>

/** Gives each resource these tags; a key that it has already gets the new value. All or none. */
export const TagResources = t.strict(
  { type: t.literal('TagResources'), resources: t.readonlyArray(TaggableName), tags: Tags },
  'TagResources',
)
export type TagResources = t.TypeOf<typeof TagResources>

/** Takes the tags with these keys from each resource; or all of its tags, where that is asked. */
export const UntagResources = t.intersection(
  [
    t.strict({ type: t.literal('UntagResources'), resources: t.readonlyArray(TaggableName) }),
    t.exact(t.partial({ tagKeys: t.readonlyArray(t.string) })),
  ],
  'UntagResources',
)
export type UntagResources = t.TypeOf<typeof UntagResources>
