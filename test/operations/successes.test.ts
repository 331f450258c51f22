/**
 * Each operation on principals and policies as it succeeds, by the official client: one story, in
 * which everything is made, shown, listed, changed and deleted again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Body, OfficialClient, Parameters } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect } from './server.js'

let journey: Journey
let root: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
})
afterAll(() => journey.end())

const DOCUMENT = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }],
})
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } },
  ],
})
const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

const ALICE = { UserName: 'alice' }
const STAFF = { GroupName: 'staff' }
const READER = { RoleName: 'reader' }
const ORDERS = { PolicyName: 'orders' }
const CUSTOM = { PolicyType: 'Custom', ...ORDERS }
const userMembers = { DisplayName: 'Alice', Comments: 'c', MobilePhone: '86-18600008888' }
const own = { ...userMembers, Email: 'alice@example.org' }
const policy = { ...CUSTOM, DefaultVersion: 'v1', Description: 'd' }
const shownRole = { ...READER, Description: 'd', MaxSessionDuration: 7200, CreateDate: DATE }

/** The last key that was made. */
let keyId = ''

type Step = readonly [
  operation: string,
  then: string,
  parameters: Parameters | (() => Parameters),
  answer: object,
]

const USERS: ReadonlyArray<Step> = [
  [
    'CreateUser',
    'it is shown',
    { ...ALICE, ...own },
    { User: { ...ALICE, ...own, CreateDate: DATE } },
  ],
  ['GetUser', 'it is shown whole', ALICE, { User: { ...ALICE, ...own, UpdateDate: DATE } }],
  [
    'UpdateUser',
    'it has its new name',
    { ...ALICE, NewUserName: 'alicia', NewComments: '' },
    { User: { UserName: 'alicia', DisplayName: 'Alice', Comments: '' } },
  ],
  [
    'UpdateUser',
    'it has its old name',
    { UserName: 'alicia', NewUserName: 'alice' },
    { User: ALICE },
  ],
  ['ListUsers', 'it is among them', {}, { Users: { User: [ALICE] }, IsTruncated: false }],
  [
    'CreateAccessKey',
    'its secret is shown',
    ALICE,
    { AccessKey: { Status: 'Active', CreateDate: DATE } },
  ],
  [
    'UpdateAccessKey',
    'it is inactive',
    () => ({ ...ALICE, UserAccessKeyId: keyId, Status: 'Inactive' }),
    {},
  ],
  [
    'ListAccessKeys',
    'it is among them',
    ALICE,
    { AccessKeys: { AccessKey: [{ Status: 'Inactive' }] } },
  ],
  [
    'GetAccessKeyLastUsed',
    'it never signed',
    () => ({ ...ALICE, UserAccessKeyId: keyId }),
    { AccessKeyLastUsed: {} },
  ],
  ['DeleteAccessKey', 'it is gone', () => ({ ...ALICE, UserAccessKeyId: keyId }), {}],
]

const GROUPS: ReadonlyArray<Step> = [
  [
    'CreateGroup',
    'it is shown',
    { ...STAFF, Comments: 'c' },
    { Group: { ...STAFF, Comments: 'c' } },
  ],
  ['GetGroup', 'it is shown', STAFF, { Group: { ...STAFF, CreateDate: DATE, UpdateDate: DATE } }],
  ['UpdateGroup', 'it is changed', { ...STAFF, NewComments: 'd' }, { Group: { Comments: 'd' } }],
  ['ListGroups', 'it is among them', {}, { Groups: { Group: [STAFF] }, IsTruncated: false }],
  ['AddUserToGroup', 'the user is a member', { ...ALICE, ...STAFF }, {}],
  [
    'ListGroupsForUser',
    'it is among them',
    ALICE,
    { Groups: { Group: [{ ...STAFF, JoinDate: DATE }] } },
  ],
  [
    'ListUsersForGroup',
    'the user is among them',
    STAFF,
    { Users: { User: [{ ...ALICE, JoinDate: DATE }] } },
  ],
]

const ROLES: ReadonlyArray<Step> = [
  [
    'CreateRole',
    'it is shown',
    { ...READER, AssumeRolePolicyDocument: TRUST, Description: 'd', MaxSessionDuration: 7200 },
    { Role: { ...shownRole, AssumeRolePolicyDocument: TRUST } },
  ],
  ['GetRole', 'it is shown', READER, { Role: { ...shownRole, AssumeRolePolicyDocument: TRUST } }],
  [
    'UpdateRole',
    'it is changed',
    { ...READER, NewDescription: 'e' },
    { Role: { Description: 'e' } },
  ],
  ['ListRoles', 'it is among them', {}, { Roles: { Role: [READER] }, IsTruncated: false }],
]

const POLICIES: ReadonlyArray<Step> = [
  [
    'CreatePolicy',
    'it is shown',
    { ...ORDERS, PolicyDocument: DOCUMENT, Description: 'd' },
    { Policy: policy },
  ],
  [
    'GetPolicy',
    'it is shown with its document',
    CUSTOM,
    { Policy: policy, DefaultPolicyVersion: { VersionId: 'v1', PolicyDocument: DOCUMENT } },
  ],
  [
    'UpdatePolicyDescription',
    'it is changed',
    { ...ORDERS, NewDescription: 'e' },
    { Policy: { ...ORDERS, Description: 'e' } },
  ],
  [
    'ListPolicies',
    'it is among them',
    { PolicyType: 'Custom' },
    { Policies: { Policy: [CUSTOM] } },
  ],
  [
    'CreatePolicyVersion',
    'it is shown',
    { ...ORDERS, PolicyDocument: DOCUMENT },
    { PolicyVersion: { VersionId: 'v2', IsDefaultVersion: false } },
  ],
  ['SetDefaultPolicyVersion', 'it is in force', { ...ORDERS, VersionId: 'v2' }, {}],
  [
    'GetPolicyVersion',
    'it is shown',
    { ...CUSTOM, VersionId: 'v2' },
    { PolicyVersion: { VersionId: 'v2', IsDefaultVersion: true, PolicyDocument: DOCUMENT } },
  ],
  [
    'ListPolicyVersions',
    'both are there',
    CUSTOM,
    { PolicyVersions: { PolicyVersion: [{ VersionId: 'v1' }, { VersionId: 'v2' }] } },
  ],
  ['DeletePolicyVersion', 'it is gone', { ...ORDERS, VersionId: 'v1' }, {}],
]

const held = { Policies: { Policy: [{ ...CUSTOM, AttachDate: DATE }] } }
const holders = {
  Users: { User: [{ ...ALICE, AttachDate: DATE }] },
  Groups: { Group: [{ ...STAFF, AttachDate: DATE }] },
  Roles: { Role: [{ ...READER, AttachDate: DATE }] },
}

const ATTACHMENTS: ReadonlyArray<Step> = [
  ['AttachPolicyToUser', 'it is attached', { ...CUSTOM, ...ALICE }, {}],
  ['AttachPolicyToGroup', 'it is attached', { ...CUSTOM, ...STAFF }, {}],
  ['AttachPolicyToRole', 'it is attached', { ...CUSTOM, ...READER }, {}],
  ['ListPoliciesForUser', 'it is among them', ALICE, held],
  ['ListPoliciesForGroup', 'it is among them', STAFF, held],
  ['ListPoliciesForRole', 'it is among them', READER, held],
  ['ListEntitiesForPolicy', 'all are among them', CUSTOM, holders],
  ['DetachPolicyFromUser', 'it is detached', { ...CUSTOM, ...ALICE }, {}],
  ['DetachPolicyFromGroup', 'it is detached', { ...CUSTOM, ...STAFF }, {}],
  ['DetachPolicyFromRole', 'it is detached', { ...CUSTOM, ...READER }, {}],
]

const ENDS: ReadonlyArray<Step> = [
  ['RemoveUserFromGroup', 'it is no member', { ...ALICE, ...STAFF }, {}],
  ['DeletePolicy', 'it is gone', ORDERS, {}],
  ['DeleteRole', 'it is gone', READER, {}],
  ['DeleteGroup', 'it is gone', STAFF, {}],
  ['DeleteUser', 'it is gone', ALICE, {}],
]

export const STEPS: ReadonlyArray<Step> = [
  ...USERS,
  ...GROUPS,
  ...ROLES,
  ...POLICIES,
  ...ATTACHMENTS,
  ...ENDS,
]

describe('what succeeds', () => {
  for (const [operation, then, parameters, answer] of STEPS)
    it(`given what it needs, when ${operation}, then ${then}`, async () => {
      const asked = typeof parameters === 'function' ? parameters() : parameters
      const body: Body = await root.ram(operation, asked)
      expect(body).toMatchObject({ ...answer, RequestId: expect.any(String) })
      if (operation === 'CreateAccessKey') keyId = body.AccessKey.AccessKeyId
    })
})
