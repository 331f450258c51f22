/**
 * How every operation on users, keys, groups, roles, policies and attachments is refused, as data:
 * what is asked on the stage of `stage.ts`, and the code that is answered.
 */
import type { Parameters } from '../journeys/official-clients.js'
import type { Stage } from './stage.js'

export type RefusalCase = {
  readonly operation: string
  /** Completes "given …". */
  readonly given: string
  readonly parameters: Parameters | ((stage: Stage) => Parameters)
  readonly code: string
}

const long = (length: number): string => 'a'.repeat(length)

/** A name that is too long, and one with a character that is none of its. */
const badNames = (
  operation: string,
  name: string,
  charactersMax: number,
  others: Parameters = {},
): ReadonlyArray<RefusalCase> => [
  {
    operation,
    given: `a ${name} with a wrong character`,
    parameters: { ...others, [name]: 'a/b' },
    code: `InvalidParameter.${name}.InvalidChars`,
  },
  {
    operation,
    given: `a ${name} that is too long`,
    parameters: { ...others, [name]: long(charactersMax + 1) },
    code: `InvalidParameter.${name}.Length`,
  },
]

const refused = (
  operation: string,
  given: string,
  parameters: RefusalCase['parameters'],
  code: string,
): RefusalCase => ({ operation, given, parameters, code })

/** Operations on one user that is named, with what else they need. */
const aboutUser = (operation: string, others: Parameters = {}): ReadonlyArray<RefusalCase> => [
  ...badNames(operation, 'UserName', 64, others),
  refused(operation, 'no such user', { ...others, UserName: 'nobody' }, 'EntityNotExist.User'),
]
const aboutGroup = (operation: string, others: Parameters = {}): ReadonlyArray<RefusalCase> => [
  ...badNames(operation, 'GroupName', 64, others),
  refused(operation, 'no such group', { ...others, GroupName: 'nobody' }, 'EntityNotExist.Group'),
]
const aboutRole = (operation: string, others: Parameters = {}): ReadonlyArray<RefusalCase> => [
  ...badNames(operation, 'RoleName', 64, others),
  refused(operation, 'no such role', { ...others, RoleName: 'nobody' }, 'EntityNotExist.Role'),
]
const aboutPolicy = (operation: string, others: Parameters = {}): ReadonlyArray<RefusalCase> => [
  ...badNames(operation, 'PolicyName', 128, others),
  refused(operation, 'no such policy', { ...others, PolicyName: 'none' }, 'EntityNotExist.Policy'),
]

/** A name that nobody has. */
const FRESH = 'fresh'
const ALICE = { UserName: 'alice' }
const STAFF = { GroupName: 'staff' }
const READER = { RoleName: 'reader' }
const ORDERS = { PolicyName: 'orders' }
const CUSTOM = { PolicyType: 'Custom' }
const SPARE = { ...CUSTOM, PolicyName: 'spare' }
const DOCUMENT = { PolicyDocument: '{"Version":"1","Statement":[]}' }
const UNKNOWN_TYPE = { PolicyType: 'Private', PolicyName: 'orders' }
const badType = (operation: string, others: Parameters = {}): RefusalCase =>
  refused(
    operation,
    'a PolicyType of no kind',
    { ...others, ...UNKNOWN_TYPE },
    'InvalidParameter.PolicyType',
  )

const USERS: ReadonlyArray<RefusalCase> = [
  ...badNames('CreateUser', 'UserName', 64),
  ...badNames('CreateUser', 'DisplayName', 128, { UserName: 'bob' }).slice(1),
  refused(
    'CreateUser',
    'a DisplayName with a wrong character',
    { UserName: 'bob', DisplayName: 'a<b' },
    'InvalidParameter.DisplayName.InvalidChars',
  ),
  refused(
    'CreateUser',
    'comments that are too long',
    { UserName: 'bob', Comments: long(129) },
    'InvalidParameter.Comments.Length',
  ),
  refused(
    'CreateUser',
    'a phone without a country',
    { UserName: 'bob', MobilePhone: 'call me' },
    'InvalidParameter.MobilePhone.Format',
  ),
  refused(
    'CreateUser',
    'an address without a domain',
    { UserName: 'bob', Email: 'bob' },
    'InvalidParameter.Email.Format',
  ),
  refused('CreateUser', 'a user of that name', { UserName: 'ALICE' }, 'EntityAlreadyExists.User'),
  refused('CreateUser', 'as many users as there may be', { UserName: FRESH }, 'LimitExceeded.User'),
  ...aboutUser('GetUser'),
  ...aboutUser('UpdateUser', { NewUserName: 'bob' }),
  ...badNames('UpdateUser', 'NewUserName', 64, ALICE),
  refused(
    'UpdateUser',
    'a NewDisplayName with a wrong character',
    { ...ALICE, NewDisplayName: 'a<b' },
    'InvalidParameter.NewDisplayName.InvalidChars',
  ),
  ...badNames('UpdateUser', 'NewDisplayName', 128, ALICE).slice(1),
  refused(
    'UpdateUser',
    'comments that are too long',
    { ...ALICE, NewComments: long(129) },
    'InvalidParameter.NewComments.Length',
  ),
  refused(
    'UpdateUser',
    'a phone without a country',
    { ...ALICE, NewMobilePhone: 'call me' },
    'InvalidParameter.NewMobilePhone.Format',
  ),
  refused(
    'UpdateUser',
    'an address without a domain',
    { ...ALICE, NewEmail: 'alice' },
    'InvalidParameter.NewEmail.Format',
  ),
  refused(
    'UpdateUser',
    'the name of another user',
    { ...ALICE, NewUserName: 'member' },
    'EntityAlreadyExists.User',
  ),
  ...aboutUser('DeleteUser'),
  refused('DeleteUser', 'a member of a group', { UserName: 'member' }, 'DeleteConflict.User.Group'),
  refused(
    'DeleteUser',
    'a holder of keys',
    { UserName: 'holder' },
    'DeleteConflict.User.AccessKey',
  ),
  refused('DeleteUser', 'a policy attached', ALICE, 'DeleteConflict.User.Policy'),
  refused('ListUsers', 'a size of no page', { MaxItems: 1001 }, 'InvalidParameter.MaxItems'),
  refused('ListUsers', 'a marker of nobody', { Marker: 'AAAA' }, 'InvalidParameter.Marker'),
]

const NO_KEY = { UserAccessKeyId: 'LTAI5tNobodysKeyAtAll0000' }
const OFF = { ...NO_KEY, Status: 'Inactive' }
const noSuchKey = (operation: string, key: Parameters = NO_KEY): RefusalCase =>
  refused(operation, 'no such key', { ...key, UserName: 'holder' }, 'EntityNotExist.User.AccessKey')

const KEYS: ReadonlyArray<RefusalCase> = [
  ...aboutUser('CreateAccessKey'),
  refused(
    'CreateAccessKey',
    'as many keys as a user may have',
    { UserName: 'holder' },
    'LimitExceeded.User.AccessKey',
  ),
  ...aboutUser('UpdateAccessKey', OFF),
  noSuchKey('UpdateAccessKey', OFF),
  refused(
    'UpdateAccessKey',
    'a Status of no kind',
    ({ holderKeyId }) => ({ UserName: 'holder', UserAccessKeyId: holderKeyId, Status: 'Off' }),
    'InvalidParameter.Status',
  ),
  ...aboutUser('DeleteAccessKey', NO_KEY),
  noSuchKey('DeleteAccessKey'),
  ...aboutUser('ListAccessKeys'),
  ...aboutUser('GetAccessKeyLastUsed', NO_KEY),
  noSuchKey('GetAccessKeyLastUsed'),
]

const GROUPS: ReadonlyArray<RefusalCase> = [
  ...badNames('CreateGroup', 'GroupName', 64),
  refused(
    'CreateGroup',
    'comments that are too long',
    { GroupName: 'more', Comments: long(129) },
    'InvalidParameter.Comments.Length',
  ),
  refused(
    'CreateGroup',
    'a group of that name',
    { GroupName: 'Staff' },
    'EntityAlreadyExists.Group',
  ),
  refused(
    'CreateGroup',
    'as many groups as there may be',
    { GroupName: FRESH },
    'LimitExceeded.Group',
  ),
  ...aboutGroup('GetGroup'),
  ...aboutGroup('UpdateGroup', { NewGroupName: 'more' }),
  ...badNames('UpdateGroup', 'NewGroupName', 64, STAFF),
  refused(
    'UpdateGroup',
    'comments that are too long',
    { ...STAFF, NewComments: long(129) },
    'InvalidParameter.NewComments.Length',
  ),
  refused(
    'UpdateGroup',
    'the name of another group',
    { ...STAFF, NewGroupName: 'empty' },
    'EntityAlreadyExists.Group',
  ),
  ...aboutGroup('DeleteGroup'),
  refused('DeleteGroup', 'members', STAFF, 'DeleteConflict.Group.User'),
  refused(
    'DeleteGroup',
    'a policy attached',
    { GroupName: 'entitled' },
    'DeleteConflict.Group.Policy',
  ),
  refused('ListGroups', 'a size of no page', { MaxItems: 101 }, 'InvalidParameter.MaxItems'),
  ...['AddUserToGroup', 'RemoveUserFromGroup'].flatMap((operation) => [
    ...aboutUser(operation, STAFF),
    ...aboutGroup(operation, ALICE),
  ]),
  refused(
    'AddUserToGroup',
    'a member',
    { ...STAFF, UserName: 'member' },
    'EntityAlreadyExists.User.Group',
  ),
  refused(
    'AddUserToGroup',
    'as many groups as a user may be in',
    { GroupName: 'entitled', UserName: 'member' },
    'LimitExceeded.User.Group',
  ),
  refused('RemoveUserFromGroup', 'no member', { ...STAFF, ...ALICE }, 'EntityNotExist.User.Group'),
  ...aboutUser('ListGroupsForUser'),
  ...aboutGroup('ListUsersForGroup'),
]

const TRUST = { AssumeRolePolicyDocument: '{"Version":"1","Statement":[]}' }

const ROLES: ReadonlyArray<RefusalCase> = [
  ...badNames('CreateRole', 'RoleName', 64, TRUST),
  refused(
    'CreateRole',
    'a document that is too long',
    { RoleName: 'more', AssumeRolePolicyDocument: long(10_000) },
    'InvalidParameter.AssumeRolePolicyDocument.Length',
  ),
  refused(
    'CreateRole',
    'a document that is none',
    { RoleName: 'more', AssumeRolePolicyDocument: '{' },
    'MalformedPolicyDocument',
  ),
  refused(
    'CreateRole',
    'a role of that name',
    ({ trust }) => ({ RoleName: 'Reader', AssumeRolePolicyDocument: trust }),
    'EntityAlreadyExists.Role',
  ),
  refused(
    'CreateRole',
    'as many roles as there may be',
    ({ trust }) => ({ RoleName: FRESH, AssumeRolePolicyDocument: trust }),
    'LimitExceeded.Role',
  ),
  ...aboutRole('GetRole'),
  ...aboutRole('UpdateRole', { NewDescription: 'x' }),
  refused(
    'UpdateRole',
    'a document that is too long',
    { ...READER, NewAssumeRolePolicyDocument: long(10_000) },
    'InvalidParameter.NewAssumeRolePolicyDocument.Length',
  ),
  refused(
    'UpdateRole',
    'a document that is none',
    { ...READER, NewAssumeRolePolicyDocument: '[]' },
    'MalformedPolicyDocument',
  ),
  ...aboutRole('DeleteRole'),
  refused('DeleteRole', 'a policy attached', READER, 'DeleteConflict.Role.Policy'),
  refused('ListRoles', 'a size of no page', { MaxItems: 0 }, 'InvalidParameter.MaxItems'),
]

const badVersion = (operation: string, others: Parameters): ReadonlyArray<RefusalCase> => [
  refused(
    operation,
    'a VersionId of no form',
    { ...others, ...ORDERS, VersionId: '1' },
    'InvalidParameter.VersionId.Format',
  ),
  refused(
    operation,
    'no such version',
    { ...others, ...ORDERS, VersionId: 'v9' },
    'EntityNotExist.Policy.Version',
  ),
]

const badDocument = (operation: string, PolicyName: string): ReadonlyArray<RefusalCase> => [
  refused(
    operation,
    'a document that is too long',
    { PolicyName, PolicyDocument: long(10_000) },
    'InvalidParameter.PolicyDocument.Length',
  ),
  refused(
    operation,
    'a document that is none',
    { PolicyName, PolicyDocument: '{}' },
    'MalformedPolicyDocument',
  ),
]

const V1 = { VersionId: 'v1' }

const POLICIES: ReadonlyArray<RefusalCase> = [
  ...badNames('CreatePolicy', 'PolicyName', 128, DOCUMENT),
  ...badDocument('CreatePolicy', 'more'),
  refused(
    'CreatePolicy',
    'a description that is too long',
    ({ document }) => ({
      PolicyName: 'more',
      PolicyDocument: document,
      Description: long(1025),
    }),
    'InvalidParameter.Description.Length',
  ),
  refused(
    'CreatePolicy',
    'a policy of that name',
    ({ document }) => ({ PolicyName: 'Orders', PolicyDocument: document }),
    'EntityAlreadyExists.Policy',
  ),
  refused(
    'CreatePolicy',
    'as many policies as there may be',
    ({ document }) => ({ PolicyName: FRESH, PolicyDocument: document }),
    'LimitExceeded.Policy',
  ),
  badType('GetPolicy'),
  ...aboutPolicy('GetPolicy', CUSTOM),
  ...aboutPolicy('UpdatePolicyDescription', { NewDescription: 'x' }),
  refused(
    'UpdatePolicyDescription',
    'a description that is too long',
    { ...ORDERS, NewDescription: long(1025) },
    'InvalidParameter.NewDescription.Length',
  ),
  ...aboutPolicy('DeletePolicy'),
  ...(
    [
      ['User', 'of-user'],
      ['Group', 'of-group'],
      ['Role', 'of-role'],
    ] as const
  ).map(([kind, PolicyName]) =>
    refused(
      'DeletePolicy',
      `a ${kind} that holds it`,
      { PolicyName },
      `DeleteConflict.Policy.${kind}`,
    ),
  ),
  refused('DeletePolicy', 'other versions', ORDERS, 'DeleteConflict.Policy.Version'),
  refused(
    'ListPolicies',
    'a PolicyType of no kind',
    { PolicyType: 'Private' },
    'InvalidParameter.PolicyType',
  ),
  ...badNames('CreatePolicyVersion', 'PolicyName', 128, DOCUMENT),
  ...badDocument('CreatePolicyVersion', 'orders'),
  refused(
    'CreatePolicyVersion',
    'no such policy',
    ({ document }) => ({ PolicyName: 'none', PolicyDocument: document }),
    'EntityNotExist.Policy',
  ),
  refused(
    'CreatePolicyVersion',
    'as many versions as a policy may have',
    ({ document }) => ({ PolicyName: 'orders', PolicyDocument: document }),
    'LimitExceeded.Policy.Version',
  ),
  badType('GetPolicyVersion', V1),
  ...aboutPolicy('GetPolicyVersion', { ...CUSTOM, ...V1 }),
  ...badVersion('GetPolicyVersion', CUSTOM),
  ...aboutPolicy('DeletePolicyVersion', V1),
  ...badVersion('DeletePolicyVersion', {}),
  refused(
    'DeletePolicyVersion',
    'the version in force',
    { ...ORDERS, ...V1 },
    'DeleteConflict.Policy.Version.Default',
  ),
  badType('ListPolicyVersions'),
  ...aboutPolicy('ListPolicyVersions', CUSTOM),
  ...aboutPolicy('SetDefaultPolicyVersion', V1),
  ...badVersion('SetDefaultPolicyVersion', {}),
]

const ATTACHMENTS: ReadonlyArray<RefusalCase> = (
  [
    ['User', ALICE, aboutUser],
    ['Group', { GroupName: 'entitled' }, aboutGroup],
    ['Role', READER, aboutRole],
  ] as const
).flatMap(([kind, target, about]) => [
  ...[`AttachPolicyTo${kind}`, `DetachPolicyFrom${kind}`].flatMap((operation) => [
    ...about(operation, SPARE),
    badType(operation, target),
    ...aboutPolicy(operation, { ...target, ...CUSTOM }),
    refused(
      operation,
      'no such resource group',
      { ...target, ...SPARE, ResourceGroupId: 'rg-none' },
      'EntityNotExists.ResourceGroup',
    ),
  ]),
  refused(
    `AttachPolicyTo${kind}`,
    'the policy attached already',
    { ...target, ...CUSTOM, PolicyName: `of-${kind.toLowerCase()}` },
    `EntityAlreadyExists.${kind}.Policy`,
  ),
  refused(
    `AttachPolicyTo${kind}`,
    'as many policies as one may hold',
    { ...target, ...SPARE },
    `LimitExceeded.${kind}.Policy`,
  ),
  refused(
    `DetachPolicyFrom${kind}`,
    'the policy not attached',
    { ...target, ...SPARE },
    `EntityNotExist.${kind}.Policy`,
  ),
  ...about(`ListPoliciesFor${kind}`),
])

const ENTITIES: ReadonlyArray<RefusalCase> = [
  badType('ListEntitiesForPolicy'),
  refused(
    'ListEntitiesForPolicy',
    'no such policy',
    { ...CUSTOM, PolicyName: 'none' },
    'EntityNotExist.Policy',
  ),
]

/** What is special about login profiles is told in tests of their own. */
const LOGIN_PROFILES: ReadonlyArray<RefusalCase> = [
  ...aboutUser('CreateLoginProfile', { Password: 'a good long password' }),
  ...aboutUser('GetLoginProfile'),
  ...aboutUser('UpdateLoginProfile', { Password: 'a good long password' }),
  ...aboutUser('DeleteLoginProfile'),
]

export const REFUSALS: ReadonlyArray<RefusalCase> = [
  ...LOGIN_PROFILES,
  ...USERS,
  ...KEYS,
  ...GROUPS,
  ...ROLES,
  ...POLICIES,
  ...ATTACHMENTS,
  ...ENTITIES,
]
