/**
 * The operations of STS.
 */
import {
  type AssumeRoleRequest,
  assumptionQuestion,
  type Caller,
  GET_CALLER_IDENTITY,
  type IssuedCredential,
} from '@grantlog/engine'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  DURATION_SECONDS_MAX,
  DURATION_SECONDS_MIN,
  externalIdText,
  type RoleArn,
  roleArnText,
  roleSessionNameText,
  sessionPolicyText,
  sourceIdentityText,
} from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import { integer, needed, optional } from '../fields.js'
import { noteAllowed } from '../note-allowed.js'
import { type Operation, operation } from '../operation.js'
import { dateText } from '../records.js'

/** How long the session is to last, and what narrows it: of all three ways to a role. */
export const sessionFields = {
  durationSeconds: optional('DurationSeconds', integer(DURATION_SECONDS_MIN, DURATION_SECONDS_MAX)),
  sessionPolicy: optional('Policy', sessionPolicyText),
}

const assumeRoleFields = {
  role: needed('RoleArn', roleArnText),
  sessionName: needed('RoleSessionName', roleSessionNameText),
  ...sessionFields,
  externalId: optional('ExternalId', externalIdText),
  sourceIdentity: optional('SourceIdentity', sourceIdentityText),
}

type AssumeRoleParameters = Omit<AssumeRoleRequest, 'roleAccountId' | 'roleName'> & {
  readonly role: RoleArn
}

const requestOf = ({ role, ...parameters }: AssumeRoleParameters): AssumeRoleRequest => ({
  roleAccountId: role.accountId,
  roleName: role.roleName,
  ...parameters,
})

export const credentialMembers = (accountId: string, issued: IssuedCredential): AnswerMembers => ({
  AssumedRoleUser: {
    Arn: `acs:ram::${accountId}:role/${issued.roleName}/${issued.sessionName}`,
    AssumedRoleId: `${issued.roleId}:${issued.sessionName}`,
  },
  Credentials: {
    AccessKeyId: issued.accessKeyId,
    AccessKeySecret: issued.accessKeySecret,
    SecurityToken: issued.securityToken,
    Expiration: dateText(issued.expiresAt),
  },
  ...(issued.sourceIdentity === undefined ? {} : { SourceIdentity: issued.sourceIdentity }),
})

/**
 * The engine decides on both sides, the caller's policies and the role's trust policy, and on
 * nothing else.
 */
const assumeRole = operation({
  product: 'Sts',
  name: 'AssumeRole',
  kind: 'command',
  parameters: assumeRoleFields,
  authorizes: () => null,
  judges: (parameters, { caller, context }) =>
    assumptionQuestion(requestOf(parameters), caller, context),
  run: (parameters, { engine, caller, context, circumstances }) => {
    const { role } = parameters
    return pipe(
      engine.assumeRole(requestOf(parameters), caller, context, circumstances),
      TE.map((issued) => ({
        members: credentialMembers(role.accountId, issued),
        position: issued.position,
      })),
    )
  },
})

const identityMembers = (caller: Caller): AnswerMembers => {
  const { accountId } = caller
  switch (caller.type) {
    case 'Root':
      return {
        IdentityType: 'Account',
        AccountId: accountId,
        Arn: `acs:ram::${accountId}:root`,
        PrincipalId: accountId,
        UserId: accountId,
      }
    case 'User':
      return {
        IdentityType: 'RAMUser',
        AccountId: accountId,
        Arn: `acs:ram::${accountId}:user/${caller.userName}`,
        PrincipalId: caller.userId,
        UserId: caller.userId,
      }
    case 'Session':
      return {
        IdentityType: 'AssumedRoleUser',
        AccountId: accountId,
        Arn: `acs:ram::${accountId}:assumed-role/${caller.roleName}/${caller.sessionName}`,
        PrincipalId: `${caller.roleId}:${caller.sessionName}`,
        RoleId: caller.roleId,
      }
  }
}

/** What a stolen key is tried with first: on record, though nobody needs a permission for it. */
const getCallerIdentity = operation({
  product: 'Sts',
  name: 'GetCallerIdentity',
  kind: 'question',
  parameters: {},
  authorizes: () => null,
  run: (_, scene) => {
    const { engine, caller, context } = scene
    const call = { action: GET_CALLER_IDENTITY, resources: [], context }
    noteAllowed(scene, call, engine.status().applied)
    return TE.right({ members: identityMembers(caller) })
  },
})

export const STS_OPERATIONS: ReadonlyArray<Operation> = [assumeRole, getCallerIdentity]
