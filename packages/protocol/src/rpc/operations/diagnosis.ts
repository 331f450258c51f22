/**
 * The operation that explains a refusal to whoever may know.
 */
import type { RefusedCall, ResourceVerdict } from '@grantlog/engine'
import type { StatementVerdict } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { MESSAGE_CHARACTERS_MAX, openDiagnosis } from '../diagnosis.js'
import type { AnswerMembers } from '../envelope.js'
import { type Field, invalid, needed } from '../fields.js'
import { type Operation, operation } from '../operation.js'
import type { AccessDeniedDetail } from '../wire-error.js'

/** The first resource that was refused for the reason that the refusal gave. */
const refusedOne = (
  verdicts: ReadonlyArray<ResourceVerdict>,
  { NoPermissionType }: AccessDeniedDetail,
): ResourceVerdict | undefined =>
  verdicts.find(({ explanation }) => explanation.outcome === NoPermissionType)

/** How the kinds of policies are called in answers. */
const POLICY_TYPE: Readonly<Record<StatementVerdict['source']['policyType'], string>> = {
  Custom: 'Custom',
  System: 'System',
  Session: 'SessionPolicy',
  Trust: 'AssumeRolePolicy',
  Resource: 'ResourcePolicy',
  Control: 'ControlPolicy',
}

const policyMembers = ({ source, effect }: StatementVerdict): AnswerMembers => ({
  PolicyIdentifier: source.policyName,
  PolicyType: POLICY_TYPE[source.policyType],
  PolicyVersion: source.versionId,
  Effect: effect,
  AttachedEntityType: source.via?.type ?? '',
  AttachedScope: 'Account',
})

/** Every policy that spoke about the call, once for each effect and each way to hold it. */
const matchedPolicies = (verdict: ResourceVerdict | undefined): ReadonlyArray<AnswerMembers> => {
  const matched = (verdict?.explanation.statements ?? []).filter((one) => one.matched)
  const once = new Map(
    matched.map((one) => [JSON.stringify([one.source.via, policyMembers(one)]), one]),
  )
  return [...once.values()].map(policyMembers)
}

const decodedMembers = (
  detail: AccessDeniedDetail,
  { resources, context }: RefusedCall,
  verdicts: ReadonlyArray<ResourceVerdict>,
): AnswerMembers => {
  const refused = refusedOne(verdicts, detail)
  return {
    AuthAction: detail.AuthAction,
    AuthResource: refused?.resource ?? resources[0],
    ExplicitDeny: detail.NoPermissionType === 'ExplicitDeny',
    NoPermissionPolicyType: detail.PolicyType,
    AuthPrincipal: {
      AuthPrincipalType: detail.AuthPrincipalType,
      AuthPrincipalOwnerId: detail.AuthPrincipalOwnerId,
      AuthPrincipalDisplayName: detail.AuthPrincipalDisplayName,
    },
    AuthConditions: [...context].map(([key, values]) => ({
      ConditionKey: key,
      ConditionValues: [...values],
    })),
    MatchedPolicies: [...matchedPolicies(refused)],
  }
}

const message: Field<string> = needed('EncodedDiagnosticMessage', (value, name) =>
  value === '' || value.length > MESSAGE_CHARACTERS_MAX ? invalid(name, 'Value') : E.right(value),
)

const decodeDiagnosticMessage = operation({
  product: 'Ram',
  name: 'DecodeDiagnosticMessage',
  kind: 'question',
  parameters: { message },
  authorizes: () => ({ action: 'ram:DecodeDiagnosticMessage', resources: ['*'] }),
  run: ({ message }, { engine, caller }) => {
    const opened = openDiagnosis(engine, caller, message)
    if (opened === null) return TE.fromEither(invalid('EncodedDiagnosticMessage', 'Value'))
    const { detail, call } = opened
    return pipe(
      engine.diagnose(call),
      TE.map((verdicts) => ({
        members: { DecodedDiagnosticMessage: decodedMembers(detail, call, verdicts) },
        position: engine.status().applied,
      })),
    )
  },
})

export const DIAGNOSIS_OPERATIONS: ReadonlyArray<Operation> = [decodeDiagnosticMessage]
