/**
 * The operations on the versions of a policy.
 */
import type { CreatePolicyVersion, PolicyName, PolicyType, RotateStrategy } from '@grantlog/domain'
import type { Caller, Executed } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import { identityPolicyText, policyName, policyType, versionId } from '../codecs.js'
import type { Fault } from '../faults.js'
import { flag, needed, oneOf, optional, type Reader, withDefault } from '../fields.js'
import { type Authorization, type Operation, operation, policyResource } from '../operation.js'
import { dateText, versionMembers } from '../records.js'
import { policyOf } from './policies.js'

const on =
  (name: string) =>
  (
    policy: { readonly policyType?: PolicyType; readonly policyName: PolicyName },
    caller: Caller,
  ): Authorization => ({
    action: `ram:${name}`,
    resources: [policyResource(caller, policy.policyType ?? 'Custom', policy.policyName)],
  })

const rotateStrategyText: Reader<RotateStrategy> = oneOf([
  'None',
  'DeleteOldestNonDefaultVersionWhenLimitExceeded',
])

const createPolicyVersionFields = {
  policyName,
  document: needed('PolicyDocument', identityPolicyText),
  setAsDefault: withDefault(optional('SetAsDefault', flag), false),
  rotateStrategy: withDefault(optional('RotateStrategy', rotateStrategyText), 'None'),
}

/** The version that a command has created; the log numbers versions, not the caller. */
const createdVersion = ({ events }: Executed): string | undefined =>
  events.flatMap((event) => (event.type === 'PolicyVersionCreated' ? [event.versionId] : [])).at(0)

const createPolicyVersion = operation({
  product: 'Ram',
  name: 'CreatePolicyVersion',
  kind: 'command',
  parameters: createPolicyVersionFields,
  authorizes: on('CreatePolicyVersion'),
  run: (parameters, scene) => {
    const { policyName, document, setAsDefault } = parameters
    const command: CreatePolicyVersion = { type: 'CreatePolicyVersion', ...parameters }
    const absent: Fault = { type: 'PolicyNotFound', policyType: 'Custom', policyName }
    return doneAndShown(scene, command, (executed) =>
      pipe(
        found(createdVersion(executed), absent),
        E.map((versionId) => ({
          PolicyVersion: {
            VersionId: versionId,
            IsDefaultVersion: setAsDefault,
            PolicyDocument: document,
            CreateDate: dateText(executed.recordedAt),
          },
        })),
        TE.fromEither,
      ),
    )
  },
})

const getPolicyVersion = operation({
  product: 'Ram',
  name: 'GetPolicyVersion',
  kind: 'question',
  parameters: { policyType, policyName, versionId },
  authorizes: on('GetPolicyVersion'),
  run: ({ policyType, policyName, versionId }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        policyOf(directory, accountId, policyType, policyName),
        E.flatMap(({ versions }) =>
          found<(typeof versions)[number], Fault>(
            versions.find((each) => each.versionId === versionId),
            { type: 'PolicyVersionNotFound', policyName, versionId },
          ),
        ),
        E.map((version) => ({ PolicyVersion: versionMembers(version) })),
      ),
    ),
})

const changeVersion = (name: 'DeletePolicyVersion' | 'SetDefaultPolicyVersion'): Operation =>
  operation({
    product: 'Ram',
    name,
    kind: 'command',
    parameters: { policyName, versionId },
    authorizes: on(name),
    run: (parameters, scene) => done(scene, { type: name, ...parameters }),
  })

const listPolicyVersions = operation({
  product: 'Ram',
  name: 'ListPolicyVersions',
  kind: 'question',
  parameters: { policyType, policyName },
  authorizes: on('ListPolicyVersions'),
  run: ({ policyType, policyName }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        policyOf(directory, accountId, policyType, policyName),
        E.map(({ versions }) => ({
          PolicyVersions: { PolicyVersion: versions.map(versionMembers) },
        })),
      ),
    ),
})

export const POLICY_VERSION_OPERATIONS: ReadonlyArray<Operation> = [
  createPolicyVersion,
  getPolicyVersion,
  changeVersion('DeletePolicyVersion'),
  changeVersion('SetDefaultPolicyVersion'),
  listPolicyVersions,
]
