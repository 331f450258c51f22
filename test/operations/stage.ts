/**
 * An account with one of everything, and with quotas that are all used up, on which every operation
 * can be refused in each of its ways.
 */
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import type { OfficialClient } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect } from './server.js'

export type Stage = {
  readonly journey: Journey
  readonly root: OfficialClient
  /** A policy that allows something. */
  readonly document: string
  /** A trust policy in the account. */
  readonly trust: string
  /** A key of the user `holder`. */
  readonly holderKeyId: string
}

const USERS = ['alice', 'member', 'holder']
const GROUPS = ['staff', 'empty', 'entitled']
const ROLES = ['reader']
const POLICIES = ['orders', 'spare', 'of-user', 'of-group', 'of-role']

const QUOTAS = {
  ...DEFAULT_QUOTAS,
  usersPerAccount: USERS.length,
  groupsPerAccount: GROUPS.length,
  rolesPerAccount: ROLES.length,
  policiesPerAccount: POLICIES.length,
  groupsPerUser: 1,
  versionsPerPolicy: 2,
  customPoliciesPerTarget: 1,
}

export const setStage = async (): Promise<Stage> => {
  const journey = await startJourney(QUOTAS)
  const root = connect(journey, journey.root)
  const allow = { Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }
  const document = JSON.stringify({ Version: '1', Statement: [allow] })
  const Principal = { RAM: [`acs:ram::${journey.accountId}:root`] }
  const trusting = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  const trust = JSON.stringify({ Version: '1', Statement: [trusting] })

  for (const UserName of USERS) await root.ram('CreateUser', { UserName })
  for (const GroupName of GROUPS) await root.ram('CreateGroup', { GroupName })
  for (const RoleName of ROLES)
    await root.ram('CreateRole', { RoleName, AssumeRolePolicyDocument: trust })
  for (const PolicyName of POLICIES)
    await root.ram('CreatePolicy', { PolicyName, PolicyDocument: document })
  await root.ram('CreatePolicyVersion', { PolicyName: 'orders', PolicyDocument: document })
  await root.ram('AddUserToGroup', { UserName: 'member', GroupName: 'staff' })
  const holder = { UserName: 'holder' }
  const { AccessKey } = await root.ram('CreateAccessKey', holder)
  await root.ram('CreateAccessKey', holder)
  const of = (kind: string) => ({ PolicyType: 'Custom', PolicyName: `of-${kind}` })
  await root.ram('AttachPolicyToUser', { ...of('user'), UserName: 'alice' })
  await root.ram('AttachPolicyToGroup', { ...of('group'), GroupName: 'entitled' })
  await root.ram('AttachPolicyToRole', { ...of('role'), RoleName: 'reader' })
  return { journey, root, document, trust, holderKeyId: AccessKey.AccessKeyId }
}
