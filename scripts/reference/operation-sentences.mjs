/**
 * One sentence for each operation that is not a command of the domain by the same name. Those that
 * are take the sentence of their command.
 */
export const OPERATION_SENTENCES = {
  AssumeRoleWithOIDC:
    'Gives temporary credentials of a role to whoever bears a token of an issuer that it trusts.',
  AssumeRoleWithSAML:
    'Gives temporary credentials of a role to whom a SAML provider that it trusts has named.',
  GetOIDCProvider: 'Shows an OIDC provider.',
  ListOIDCProviders: 'Lists the OIDC providers of the account, in pages, oldest first.',
  GetSAMLProvider: 'Shows a SAML provider with its metadata document.',
  ListSAMLProviders: 'Lists the SAML providers of the account, in pages, oldest first.',
  GetUser: 'Shows a user.',
  ListUsers: 'Lists the users of the account, in pages, oldest first.',
  ListUserBasicInfos: 'Lists what the users of the account are called, in pages, oldest first.',
  ListAccessKeys: "Lists the access keys of a user, or the caller's own, without their secrets.",
  GetAccessKeyLastUsed: 'Says when an access key last signed a call.',
  ListVirtualMFADevices: 'Lists the virtual MFA devices of the account, and whose they are.',
  GetUserMFAInfo: 'Shows the MFA device that is bound to a user.',
  GetGroup: 'Shows a group.',
  ListGroups: 'Lists the groups of the account, in pages, oldest first.',
  ListGroupsForUser: 'Lists the groups that a user is a member of.',
  ListUsersForGroup: 'Lists the members of a group, in pages, in the order in which they joined.',
  GetRole: 'Shows a role with its trust policy.',
  ListRoles: 'Lists the roles of the account, in pages, oldest first; tags narrow the list.',
  GetPolicy: 'Shows a policy of the account or of the catalogue, with its default document.',
  ListPolicies: 'Lists policies of the account, of the catalogue, or both, in pages.',
  GetPolicyVersion: 'Shows one version of a policy with its document.',
  ListPolicyVersions: 'Lists the versions of a policy.',
  AttachPolicyToUser: 'Gives a user the rights of a policy.',
  AttachPolicyToGroup: 'Gives all members of a group the rights of a policy.',
  AttachPolicyToRole: 'Gives the sessions of a role the rights of a policy.',
  DetachPolicyFromUser: 'Takes a policy away from a user.',
  DetachPolicyFromGroup: 'Takes a policy away from a group.',
  DetachPolicyFromRole: 'Takes a policy away from a role.',
  ListPoliciesForUser: 'Lists the policies attached to a user itself, not those of its groups.',
  ListPoliciesForGroup: 'Lists the policies attached to a group.',
  ListPoliciesForRole: 'Lists the policies attached to a role.',
  ListEntitiesForPolicy: 'Lists the users, groups and roles that a policy is attached to.',
  ListTagResources:
    'Lists the tags of roles or of custom policies, in pages, oldest resource first.',
  DecodeDiagnosticMessage: 'Explains a refusal: who was refused what, and which policies spoke.',
  GetLoginProfile: 'Shows what a user must do to sign in.',
  GetAccountAlias: 'Says by which alias the account is called: its uid where it has none.',
  GetPasswordPolicy: 'Shows what passwords of the account must be like.',
  GetSecurityPreference: 'Shows what users of the account may do for themselves.',
  GetDefaultDomain: 'Says under which domain the users of the account sign in.',
  SetDefaultDomain:
    'Gives the account the alias that a domain begins with, or none when that is its uid.',
  GetAccountSummary: 'Counts what the account has, beside what it may have.',
  GetAccountMFAInfo:
    'Says whether an MFA device guards how the account itself signs in: never, for it does not.',
  GenerateCredentialReport: 'Answers that the report is there: it is made when it is asked for.',
  GetCredentialReport:
    'Shows as CSV which password, device and keys the account and each user have, in pages.',
  GetCallerIdentity: 'Says who the caller is. Needs no permission.',
}
