/**
 * The operations on policies and their versions.
 */
import type {
  CreatePolicy,
  PolicyId,
  PolicyName,
  PolicyType,
  UpdatePolicyDescription,
} from '@grantlog/domain'
import type { Caller } from '@grantlog/engine'
import {
  attachmentCount,
  type DirectoryState,
  findPolicy,
  listPolicies,
  type PolicyRecord,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import {
  descriptionText,
  identityPolicyText,
  pageFields,
  policyName,
  policyType,
  policyTypeText,
} from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { flag, needed, optional, withDefault } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import {
  type Authorization,
  type Operation,
  operation,
  policyResource,
  ramResource,
} from '../operation.js'
import {
  dateText,
  listedPolicyMembers,
  policyMembers,
  policySummary,
  versionMembers,
} from '../records.js'
import { tagFilter, tags } from '../tags.js'

const onPolicy =
  (name: string) =>
  (
    policy: { readonly policyType: PolicyType; readonly policyName: PolicyName },
    caller: Caller,
  ): Authorization => ({
    action: `ram:${name}`,
    resources: [policyResource(caller, policy.policyType, policy.policyName)],
  })

/** A policy of either type, or the refusal that says it is not there. */
export const policyOf = (
  directory: DirectoryState,
  accountId: string,
  policyType: PolicyType,
  policyName: PolicyName,
): E.Either<Fault, PolicyRecord> =>
  found(findPolicy(directory, accountId, policyType, policyName), {
    type: 'PolicyNotFound',
    policyType,
    policyName,
  })

const createPolicyFields = {
  policyName,
  document: needed('PolicyDocument', identityPolicyText),
  description: optional('Description', descriptionText),
  tags,
}

const createPolicy = operation({
  product: 'Ram',
  name: 'CreatePolicy',
  kind: 'command',
  parameters: createPolicyFields,
  authorizes: (_, caller) => ({
    action: 'ram:CreatePolicy',
    resources: [ramResource(caller, 'policy/*')],
  }),
  run: (parameters, scene) => {
    const policyId = scene.engine.ids.policyId() as PolicyId
    const command: CreatePolicy = { type: 'CreatePolicy', policyId, ...parameters }
    return doneAndShown(scene, command, ({ recordedAt }) =>
      TE.right({
        Policy: {
          PolicyName: parameters.policyName,
          PolicyType: 'Custom',
          Description: parameters.description ?? '',
          DefaultVersion: 'v1',
          CreateDate: dateText(recordedAt),
        },
      }),
    )
  },
})

const getPolicy = operation({
  product: 'Ram',
  name: 'GetPolicy',
  kind: 'question',
  parameters: { policyType, policyName },
  authorizes: onPolicy('GetPolicy'),
  run: ({ policyType, policyName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        policyOf(directory, accountId, policyType, policyName),
        E.map((policy): AnswerMembers => {
          const version = policy.versions.find((each) => each.isDefault)
          const count = attachmentCount(directory, accountId, policy.ref)
          const members = policyMembers(policy, count)
          return version === undefined
            ? { Policy: members }
            : {
                Policy: { ...members, PolicyDocument: version.document },
                DefaultPolicyVersion: versionMembers(version),
              }
        }),
      ),
    ),
})

const updatePolicyDescriptionFields = {
  policyName,
  newDescription: needed('NewDescription', descriptionText),
}

/** Custom policies only; the answer shows the policy as it is then, without its document. */
const updatePolicyDescription = operation({
  product: 'Ram',
  name: 'UpdatePolicyDescription',
  kind: 'command',
  parameters: updatePolicyDescriptionFields,
  authorizes: ({ policyName }, caller) => ({
    action: 'ram:UpdatePolicyDescription',
    resources: [policyResource(caller, 'Custom', policyName)],
  }),
  run: (parameters, scene) => {
    const { engine, caller } = scene
    const { policyName } = parameters
    const command: UpdatePolicyDescription = { type: 'UpdatePolicyDescription', ...parameters }
    return doneAndShown(scene, command, () =>
      pipe(
        policyOf(engine.views.directory, caller.accountId, 'Custom', policyName),
        E.map((policy) => ({
          Policy: {
            ...policySummary(policy),
            CreateDate: dateText(policy.createdAt),
            UpdateDate: dateText(policy.updatedAt),
          },
        })),
        TE.fromEither,
      ),
    )
  },
})

const deletePolicyFields = {
  policyName,
  cascadingDelete: withDefault(optional('CascadingDelete', flag), false),
}

const deletePolicy = operation({
  product: 'Ram',
  name: 'DeletePolicy',
  kind: 'command',
  parameters: deletePolicyFields,
  authorizes: ({ policyName }, caller) => ({
    action: 'ram:DeletePolicy',
    resources: [policyResource(caller, 'Custom', policyName)],
  }),
  run: (parameters, scene) => done(scene, { type: 'DeletePolicy', ...parameters }),
})

const listPoliciesFields = {
  policyType: optional('PolicyType', policyTypeText),
  ...pageFields(1000),
  tags: tagFilter,
}

const listPoliciesOperation = operation({
  product: 'Ram',
  name: 'ListPolicies',
  kind: 'question',
  parameters: listPoliciesFields,
  authorizes: (_, caller) => ({
    action: 'ram:ListPolicies',
    resources: [ramResource(caller, 'policy/*')],
  }),
  run: ({ policyType, tags, ...parameters }, scene) =>
    asked(scene, (directory, accountId) => {
      const list = `ListPolicies/${policyType ?? ''}`
      const request = pageRequest(scene.engine, accountId, list, parameters)
      if (E.isLeft(request)) return request
      const page = listPolicies(directory, accountId, {
        ...request.right,
        ...(policyType === undefined ? {} : { policyType }),
        ...(tags === undefined ? {} : { tags }),
      })
      return E.right({
        ...pageMembers(scene.engine, accountId, list, page),
        Policies: {
          Policy: page.items.map((policy) =>
            listedPolicyMembers(policy, attachmentCount(directory, accountId, policy.ref)),
          ),
        },
      })
    }),
})

export const POLICY_OPERATIONS: ReadonlyArray<Operation> = [
  createPolicy,
  getPolicy,
  updatePolicyDescription,
  deletePolicy,
  listPoliciesOperation,
]
