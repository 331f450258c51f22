/**
 * The operations that there are, by product, each with the names of its parameters between
 * spaces; of lists `1` stands for any number. Made by `npm run docs` from the protocol's
 * table, and not to be edited.
 */
import type { Product } from '@grantlog/client'

/** By product, and there by name. */
export const OPERATION_PARAMETERS: Readonly<Record<Product, Readonly<Record<string, string>>>> = {
  Ram: {
    CreateUser: 'UserName DisplayName MobilePhone Email Comments',
    GetUser: 'UserName',
    UpdateUser: 'UserName NewUserName NewDisplayName NewMobilePhone NewEmail NewComments',
    DeleteUser: 'UserName',
    ListUsers: 'Marker MaxItems',
    CreateAccessKey: 'UserName',
    UpdateAccessKey: 'UserName UserAccessKeyId Status',
    DeleteAccessKey: 'UserName UserAccessKeyId',
    ListAccessKeys: 'UserName',
    GetAccessKeyLastUsed: 'UserName UserAccessKeyId',
    CreateVirtualMFADevice: 'VirtualMFADeviceName',
    ListVirtualMFADevices: '',
    DeleteVirtualMFADevice: 'SerialNumber',
    BindMFADevice: 'UserName SerialNumber AuthenticationCode1 AuthenticationCode2',
    UnbindMFADevice: 'UserName',
    GetUserMFAInfo: 'UserName',
    CreateGroup: 'GroupName Comments',
    GetGroup: 'GroupName',
    UpdateGroup: 'GroupName NewGroupName NewComments',
    DeleteGroup: 'GroupName',
    ListGroups: 'Marker MaxItems',
    AddUserToGroup: 'UserName GroupName',
    RemoveUserFromGroup: 'UserName GroupName',
    ListGroupsForUser: 'UserName',
    ListUsersForGroup: 'GroupName Marker MaxItems',
    CreateRole:
      'RoleName AssumeRolePolicyDocument Description MaxSessionDuration Tag Tag.1.Key ' +
      'Tag.1.Value',
    GetRole: 'RoleName',
    UpdateRole: 'RoleName NewAssumeRolePolicyDocument NewDescription NewMaxSessionDuration',
    DeleteRole: 'RoleName',
    ListRoles: 'Marker MaxItems Tag Tag.1.Key Tag.1.Value',
    CreatePolicy: 'PolicyName PolicyDocument Description Tag Tag.1.Key Tag.1.Value',
    GetPolicy: 'PolicyType PolicyName',
    UpdatePolicyDescription: 'PolicyName NewDescription',
    DeletePolicy: 'PolicyName CascadingDelete',
    ListPolicies: 'PolicyType Marker MaxItems Tag Tag.1.Key Tag.1.Value',
    CreatePolicyVersion: 'PolicyName PolicyDocument SetAsDefault RotateStrategy',
    GetPolicyVersion: 'PolicyType PolicyName VersionId',
    DeletePolicyVersion: 'PolicyName VersionId',
    SetDefaultPolicyVersion: 'PolicyName VersionId',
    ListPolicyVersions: 'PolicyType PolicyName',
    AttachPolicyToUser: 'PolicyType PolicyName UserName ResourceGroupId',
    DetachPolicyFromUser: 'PolicyType PolicyName UserName ResourceGroupId',
    AttachPolicyToGroup: 'PolicyType PolicyName GroupName ResourceGroupId',
    DetachPolicyFromGroup: 'PolicyType PolicyName GroupName ResourceGroupId',
    AttachPolicyToRole: 'PolicyType PolicyName RoleName ResourceGroupId',
    DetachPolicyFromRole: 'PolicyType PolicyName RoleName ResourceGroupId',
    ListPoliciesForUser: 'UserName',
    ListPoliciesForGroup: 'GroupName',
    ListPoliciesForRole: 'RoleName',
    ListEntitiesForPolicy: 'PolicyType PolicyName',
    CreateLoginProfile: 'UserName Password PasswordResetRequired MFABindRequired',
    GetLoginProfile: 'UserName',
    UpdateLoginProfile: 'UserName Password PasswordResetRequired MFABindRequired',
    DeleteLoginProfile: 'UserName',
    ChangePassword: 'OldPassword NewPassword',
    SetAccountAlias: 'AccountAlias',
    GetAccountAlias: '',
    ClearAccountAlias: '',
    SetPasswordPolicy:
      'MinimumPasswordLength RequireLowercaseCharacters RequireUppercaseCharacters ' +
      'RequireNumbers RequireSymbols HardExpiry MaxPasswordAge PasswordReusePrevention ' +
      'MaxLoginAttemps',
    GetPasswordPolicy: '',
    SetSecurityPreference:
      'EnableSaveMFATicket AllowUserToChangePassword LoginSessionDuration LoginNetworkMasks ' +
      'AllowUserToManageAccessKeys AllowUserToManageMFADevices AllowUserToManagePublicKeys',
    GetSecurityPreference: '',
    TagResources: 'ResourceType ResourceNames ResourceNames.1 Tag Tag.1.Key Tag.1.Value',
    UntagResources: 'ResourceType ResourceNames ResourceNames.1 TagKeys TagKeys.1 All',
    ListTagResources:
      'ResourceType ResourceNames ResourceNames.1 Tag Tag.1.Key Tag.1.Value PageSize NextToken',
    DecodeDiagnosticMessage: 'EncodedDiagnosticMessage',
  },
  Sts: {
    AssumeRole: 'RoleArn RoleSessionName DurationSeconds Policy ExternalId SourceIdentity',
    GetCallerIdentity: '',
    AssumeRoleWithOIDC: 'OIDCProviderArn RoleArn OIDCToken RoleSessionName DurationSeconds Policy',
    AssumeRoleWithSAML: 'SAMLProviderArn RoleArn SAMLAssertion DurationSeconds Policy',
  },
  Ims: {
    CreateUser:
      'UserPrincipalName DisplayName MobilePhone Email Comments Tag Tag.1.Key Tag.1.Value',
    GetUser: 'UserPrincipalName UserId UserAccessKeyId',
    UpdateUser:
      'UserPrincipalName NewUserPrincipalName NewDisplayName NewMobilePhone NewEmail NewComments ' +
      'UserId',
    DeleteUser: 'UserPrincipalName UserId',
    ListUsers: 'Marker MaxItems Tag Tag.1.Key Tag.1.Value Status',
    ListUserBasicInfos: 'Marker MaxItems Tag Tag.1.Key Tag.1.Value Status',
    CreateGroup: 'GroupName Comments DisplayName',
    GetGroup: 'GroupName',
    UpdateGroup: 'GroupName NewGroupName NewComments NewDisplayName',
    DeleteGroup: 'GroupName',
    ListGroups: 'Marker MaxItems',
    AddUserToGroup: 'UserPrincipalName GroupName',
    RemoveUserFromGroup: 'UserPrincipalName GroupName',
    ListGroupsForUser: 'UserPrincipalName',
    ListUsersForGroup: 'GroupName Marker MaxItems',
    CreateAccessKey: 'UserPrincipalName',
    UpdateAccessKey: 'UserPrincipalName UserAccessKeyId Status',
    DeleteAccessKey: 'UserPrincipalName UserAccessKeyId',
    ListAccessKeys: 'UserPrincipalName',
    GetAccessKeyLastUsed: 'UserPrincipalName UserAccessKeyId',
    CreateLoginProfile: 'UserPrincipalName Password PasswordResetRequired MFABindRequired Status',
    GetLoginProfile: 'UserPrincipalName',
    UpdateLoginProfile: 'UserPrincipalName Password PasswordResetRequired MFABindRequired Status',
    DeleteLoginProfile: 'UserPrincipalName',
    ChangePassword: 'OldPassword NewPassword',
    SetPasswordPolicy:
      'MinimumPasswordLength RequireLowercaseCharacters RequireUppercaseCharacters ' +
      'RequireNumbers RequireSymbols HardExpire MaxPasswordAge PasswordReusePrevention ' +
      'MaxLoginAttemps MinimumPasswordDifferentCharacter PasswordNotContainUserName',
    GetPasswordPolicy: '',
    SetSecurityPreference:
      'EnableSaveMFATicket AllowUserToChangePassword LoginSessionDuration LoginNetworkMasks ' +
      'AllowUserToManageAccessKeys AllowUserToManageMFADevices AllowUserToManagePublicKeys ' +
      'MaxIdleDaysForAccessKeys MaxIdleDaysForUsers OperationForRiskLogin VerificationTypes.1 ' +
      'AllowUserToLoginWithPasskey AllowUserToManagePersonalDingTalk EnforceMFAForLogin ' +
      'MFAOperationForLogin VerificationTypes',
    GetSecurityPreference: '',
    CreateVirtualMFADevice: 'VirtualMFADeviceName',
    ListVirtualMFADevices: 'Marker',
    DeleteVirtualMFADevice: 'SerialNumber',
    BindMFADevice: 'UserPrincipalName SerialNumber AuthenticationCode1 AuthenticationCode2',
    UnbindMFADevice: 'UserPrincipalName',
    GetUserMFAInfo: 'UserPrincipalName',
    DisableVirtualMFA: 'UserPrincipalName',
    GetDefaultDomain: '',
    SetDefaultDomain: 'DefaultDomainName',
    GetAccountSummary: '',
    GetAccountMFAInfo: '',
    GenerateCredentialReport: '',
    GetCredentialReport: 'NextToken MaxItems',
    CreateOIDCProvider:
      'OIDCProviderName IssuerUrl ClientIds Fingerprints IssuanceLimitTime Description',
    GetOIDCProvider: 'OIDCProviderName',
    UpdateOIDCProvider: 'OIDCProviderName ClientIds IssuanceLimitTime NewDescription',
    DeleteOIDCProvider: 'OIDCProviderName',
    ListOIDCProviders: 'Marker MaxItems',
    AddClientIdToOIDCProvider: 'OIDCProviderName ClientId',
    RemoveClientIdFromOIDCProvider: 'OIDCProviderName ClientId',
    AddFingerprintToOIDCProvider: 'OIDCProviderName Fingerprint',
    RemoveFingerprintFromOIDCProvider: 'OIDCProviderName Fingerprint',
    CreateSAMLProvider: 'SAMLProviderName EncodedSAMLMetadataDocument Description',
    GetSAMLProvider: 'SAMLProviderName',
    UpdateSAMLProvider: 'SAMLProviderName NewEncodedSAMLMetadataDocument NewDescription',
    DeleteSAMLProvider: 'SAMLProviderName',
    ListSAMLProviders: 'Marker MaxItems',
  },
}
