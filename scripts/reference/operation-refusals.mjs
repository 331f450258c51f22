/**
 * The codes that each operation is refused with, beside those of every call: a signature, a
 * parameter that is missing, a permission that is missing, throttling.
 *
 * A test shows each of them through the official client, and none besides.
 */
const text = (...names) =>
  names.flatMap((name) => [
    `InvalidParameter.${name}.InvalidChars`,
    `InvalidParameter.${name}.Length`,
  ])
const long = (...names) => names.map((name) => `InvalidParameter.${name}.Length`)
const form = (...names) => names.map((name) => `InvalidParameter.${name}.Format`)
const value = (...names) => names.map((name) => `InvalidParameter.${name}`)
const absent = (...entities) => entities.map((entity) => `EntityNotExist.${entity}`)
const there = (...entities) => entities.map((entity) => `EntityAlreadyExists.${entity}`)
const inTheWay = (...entities) => entities.map((entity) => `DeleteConflict.${entity}`)
const limit = (...entities) => entities.map((entity) => `LimitExceeded.${entity}`)

const USER = [...text('UserName'), ...absent('User')]
const GROUP = [...text('GroupName'), ...absent('Group')]
const ROLE = [...text('RoleName'), ...absent('Role')]
const POLICY = [...text('PolicyName'), ...absent('Policy')]
const TYPED_POLICY = [...value('PolicyType'), ...POLICY]
const KEY = [...USER, ...absent('User.AccessKey')]
const VERSION = [...form('VersionId'), ...absent('Policy.Version')]
const RESOURCE_GROUP = 'EntityNotExists.ResourceGroup'

const attachments = (kind, target) => ({
  [`AttachPolicyTo${kind}`]: [
    ...target,
    ...TYPED_POLICY,
    RESOURCE_GROUP,
    ...there(`${kind}.Policy`),
    ...limit(`${kind}.Policy`),
  ],
  [`DetachPolicyFrom${kind}`]: [
    ...target,
    ...TYPED_POLICY,
    RESOURCE_GROUP,
    ...absent(`${kind}.Policy`),
  ],
  [`ListPoliciesFor${kind}`]: target,
})

export const OPERATION_REFUSALS = {
  CreateUser: [
    ...text('UserName', 'DisplayName'),
    ...long('Comments'),
    ...form('MobilePhone', 'Email'),
    ...there('User'),
    ...limit('User'),
  ],
  GetUser: USER,
  UpdateUser: [
    ...USER,
    ...text('NewUserName', 'NewDisplayName'),
    ...long('NewComments'),
    ...form('NewMobilePhone', 'NewEmail'),
    ...there('User'),
  ],
  DeleteUser: [
    ...USER,
    ...inTheWay(
      'User.Group',
      'User.AccessKey',
      'User.LoginProfile',
      'User.MFADevice',
      'User.Policy',
    ),
  ],
  ListUsers: value('MaxItems', 'Marker'),

  CreateLoginProfile: [
    ...USER,
    'InvalidParameter.Password.TooWeak',
    ...value('MFABindRequired'),
    ...there('User.LoginProfile'),
  ],
  GetLoginProfile: [...USER, ...absent('User.LoginProfile')],
  UpdateLoginProfile: [
    ...USER,
    ...absent('User.LoginProfile'),
    'InvalidParameter.Password.TooWeak',
    'InvalidParameter.Password.ReusePrevention',
  ],
  DeleteLoginProfile: [...USER, ...absent('User.LoginProfile')],
  ChangePassword: [
    'NotSupport.Account',
    'InvalidParameter.OldPassword.Incorrect',
    'InvalidParameter.NewPassword.TooWeak',
    'InvalidParameter.NewPassword.ReusePrevention',
    ...absent('User.LoginProfile'),
  ],

  CreateAccessKey: [...USER, ...limit('User.AccessKey')],
  UpdateAccessKey: [...KEY, ...value('Status')],
  DeleteAccessKey: KEY,
  ListAccessKeys: USER,
  GetAccessKeyLastUsed: KEY,

  CreateVirtualMFADevice: [
    ...text('VirtualMFADeviceName'),
    ...there('VirtualMFADevice'),
    ...limit('VirtualMFADevice'),
  ],
  ListVirtualMFADevices: [],
  DeleteVirtualMFADevice: [
    ...value('SerialNumber'),
    ...absent('VirtualMFADevice'),
    ...inTheWay('VirtualMFADevice.User'),
  ],
  BindMFADevice: [
    ...USER,
    ...absent('VirtualMFADevice'),
    ...there('User.MFADevice', 'VirtualMFADevice.User'),
    ...form('AuthenticationCode'),
    'CheckAuthenticationCodeFail',
  ],
  UnbindMFADevice: [...USER, ...absent('User.MFADevice'), 'CheckAuthenticationCodeFail'],
  DisableVirtualMFA: [
    ...value('UserPrincipalName'),
    ...form('UserPrincipalName'),
    ...absent('User', 'User.MFADevice'),
    'CheckAuthenticationCodeFail',
  ],
  GetUserMFAInfo: [...USER, ...absent('User.MFADevice')],

  CreateGroup: [...text('GroupName'), ...long('Comments'), ...there('Group'), ...limit('Group')],
  GetGroup: GROUP,
  UpdateGroup: [...GROUP, ...text('NewGroupName'), ...long('NewComments'), ...there('Group')],
  DeleteGroup: [...GROUP, ...inTheWay('Group.User', 'Group.Policy')],
  ListGroups: value('MaxItems'),
  AddUserToGroup: [...USER, ...GROUP, ...there('User.Group'), ...limit('User.Group')],
  RemoveUserFromGroup: [...USER, ...GROUP, ...absent('User.Group')],
  ListGroupsForUser: USER,
  ListUsersForGroup: GROUP,

  CreateRole: [
    ...text('RoleName'),
    ...long('AssumeRolePolicyDocument'),
    'MalformedPolicyDocument',
    ...there('Role'),
    ...limit('Role'),
  ],
  GetRole: ROLE,
  UpdateRole: [...ROLE, ...long('NewAssumeRolePolicyDocument'), 'MalformedPolicyDocument'],
  DeleteRole: [...ROLE, ...inTheWay('Role.Policy')],
  ListRoles: value('MaxItems'),

  CreatePolicy: [
    ...text('PolicyName'),
    ...long('PolicyDocument', 'Description'),
    'MalformedPolicyDocument',
    ...there('Policy'),
    ...limit('Policy'),
  ],
  GetPolicy: TYPED_POLICY,
  UpdatePolicyDescription: [...POLICY, ...long('NewDescription')],
  DeletePolicy: [
    ...POLICY,
    ...inTheWay('Policy.User', 'Policy.Group', 'Policy.Role', 'Policy.Version'),
  ],
  ListPolicies: value('PolicyType'),
  CreatePolicyVersion: [
    ...POLICY,
    ...long('PolicyDocument'),
    'MalformedPolicyDocument',
    ...limit('Policy.Version'),
  ],
  GetPolicyVersion: [...TYPED_POLICY, ...VERSION],
  DeletePolicyVersion: [...POLICY, ...VERSION, ...inTheWay('Policy.Version.Default')],
  ListPolicyVersions: TYPED_POLICY,
  SetDefaultPolicyVersion: [...POLICY, ...VERSION],

  ...attachments('User', USER),
  ...attachments('Group', GROUP),
  ...attachments('Role', ROLE),
  ListEntitiesForPolicy: [...value('PolicyType'), ...absent('Policy')],

  SetAccountAlias: [...form('AccountAlias'), ...long('AccountAlias'), ...there('AccountAlias')],
  GetAccountAlias: [],
  ClearAccountAlias: [],
  SetPasswordPolicy: [
    'MinimumPasswordLength',
    'MaxPasswordAge',
    'PasswordReusePrevention',
    'MaxLoginAttemps',
  ].map((name) => `InvalidParameter.${name}.Range`),
  GetPasswordPolicy: [],
  SetSecurityPreference: [
    ...value('AllowUserToChangePassword'),
    ...form('LoginNetworkMasks'),
    'InvalidParameter.LoginSessionDuration.Range',
  ],
  GetSecurityPreference: [],

  TagResources: [
    ...value('ResourceType', 'ResourceNames', 'Tag'),
    ...absent('Role', 'Policy'),
    ...limit('Role.Tag', 'Policy.Tag'),
  ],
  UntagResources: [...value('TagKeys'), ...absent('Role', 'Policy')],
  ListTagResources: [...value('PageSize', 'NextToken'), ...absent('Role', 'Policy')],

  DecodeDiagnosticMessage: value('EncodedDiagnosticMessage'),

  AssumeRole: [
    ...value(
      'RoleArn',
      'RoleSessionName',
      'DurationSeconds',
      'PolicyGrammar',
      'PolicySize',
      'ExternalId',
      'SourceIdentity',
    ),
    ...absent('Role'),
  ],
  GetCallerIdentity: [],
  AssumeRoleWithOIDC: [
    ...value('OIDCProviderArn', 'RoleArn', 'RoleSessionName', 'DurationSeconds', 'PolicyGrammar'),
    ...long('OIDCToken'),
    'AuthenticationFail.NoPermission',
    'AuthenticationFail.OIDCToken.Invalid',
    'AuthenticationFail.OIDCToken.Expired',
    'AuthenticationFail.OIDCToken.IssuerNotMatch',
    'AuthenticationFail.OIDCToken.AudienceNotMatch',
    'AuthenticationFail.OIDCToken.InvalidSignature',
    'AuthenticationFail.OIDCToken.IssuerConfigurationBroken',
    'AuthenticationFail.OIDCToken.HttpsUrlInvalid',
    'AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch',
  ],
  AssumeRoleWithSAML: [
    ...value('SAMLProviderArn', 'RoleArn', 'RoleSessionName', 'DurationSeconds'),
    ...value('PolicyGrammar', 'PolicySize'),
    ...long('SAMLAssertion'),
    ...absent('SAMLProvider', 'RoleArn'),
    'AuthenticationFail.NoPermission',
    'AuthenticationFail.SAMLAssertion.Invalid',
    'AuthenticationFail.SAMLAssertion.Expired',
    'AuthenticationFail.IDPMetadata.Invalid',
  ],

  CreateOIDCProvider: [
    ...text('OIDCProviderName'),
    ...form('IssuerUrl', 'ClientIds', 'Fingerprints'),
    ...value('ClientIds', 'IssuanceLimitTime'),
    ...long('Description'),
    ...there('OIDCProvider'),
    ...limit('OIDCProvider', 'OIDCProvider.ClientId', 'OIDCProvider.Fingerprint'),
  ],
  GetOIDCProvider: absent('OIDCProvider'),
  UpdateOIDCProvider: [...absent('OIDCProvider'), ...limit('OIDCProvider.ClientId')],
  DeleteOIDCProvider: absent('OIDCProvider'),
  ListOIDCProviders: value('Marker'),
  CreateSAMLProvider: [
    'InvalidParameter.SAMLProviderName.InvalidChars',
    ...form('EncodedSAMLMetadataDocument'),
    ...long('EncodedSAMLMetadataDocument'),
    ...there('SAMLProvider'),
    ...limit('SAMLProvider'),
  ],
  GetSAMLProvider: absent('SAMLProvider'),
  UpdateSAMLProvider: [...absent('SAMLProvider'), ...form('EncodedSAMLMetadataDocument')],
  DeleteSAMLProvider: absent('SAMLProvider'),
  ListSAMLProviders: value('Marker'),
}
