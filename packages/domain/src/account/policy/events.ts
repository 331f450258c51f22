/** What can have happened to a custom policy and its versions. Stored for ever. */
import * as t from 'io-ts'
import { PolicyId, PolicyName, Tag, VersionId } from '../../names.js'

/** A custom policy came into being; its first version is in force as the default. */
export const PolicyCreated = t.intersection(
  [
    t.strict({
      type: t.literal('PolicyCreated'),
      policyId: PolicyId,
      policyName: PolicyName,
      versionId: VersionId,
      /** The submitted document, unchanged. */
      document: t.string,
    }),
    t.exact(t.partial({ description: t.string, tags: t.readonlyArray(Tag) })),
  ],
  'PolicyCreated',
)
export type PolicyCreated = t.TypeOf<typeof PolicyCreated>

/** A version was added to a custom policy. It is not in force until it becomes the default. */
export const PolicyVersionCreated = t.strict(
  {
    type: t.literal('PolicyVersionCreated'),
    policyId: PolicyId,
    versionId: VersionId,
    document: t.string,
  },
  'PolicyVersionCreated',
)
export type PolicyVersionCreated = t.TypeOf<typeof PolicyVersionCreated>

/** Another version of a custom policy came into force, everywhere the policy is attached. */
export const DefaultPolicyVersionChanged = t.strict(
  { type: t.literal('DefaultPolicyVersionChanged'), policyId: PolicyId, versionId: VersionId },
  'DefaultPolicyVersionChanged',
)
export type DefaultPolicyVersionChanged = t.TypeOf<typeof DefaultPolicyVersionChanged>

/** What a custom policy is for was said anew. It grants what it granted before. */
export const PolicyDescriptionUpdated = t.strict(
  { type: t.literal('PolicyDescriptionUpdated'), policyId: PolicyId, description: t.string },
  'PolicyDescriptionUpdated',
)
export type PolicyDescriptionUpdated = t.TypeOf<typeof PolicyDescriptionUpdated>

/** A version that was not the default was deleted. */
export const PolicyVersionDeleted = t.strict(
  { type: t.literal('PolicyVersionDeleted'), policyId: PolicyId, versionId: VersionId },
  'PolicyVersionDeleted',
)
export type PolicyVersionDeleted = t.TypeOf<typeof PolicyVersionDeleted>

/** A custom policy ceased to exist, with all of its versions. It was attached to nobody. */
export const PolicyDeleted = t.strict(
  { type: t.literal('PolicyDeleted'), policyId: PolicyId, policyName: PolicyName },
  'PolicyDeleted',
)
export type PolicyDeleted = t.TypeOf<typeof PolicyDeleted>
