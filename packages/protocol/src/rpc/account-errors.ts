/**
 * The answer to each refusal of the domain: a refusal without a row does not compile.
 */
import type {
  AccountRefusal,
  AliasRefusal,
  AttachmentTargetName,
  SessionRefusal,
} from '@grantlog/domain'
import type { Caller } from '@grantlog/engine'
import {
  absent,
  conflict,
  noPermission,
  refusedBeside,
  type WireError,
  wireError,
} from './wire-error.js'

/** For each type of fault, what is answered to a caller. */
export type ErrorRows<Fault extends { readonly type: string }> = {
  readonly [Type in Fault['type']]: (
    fault: Extract<Fault, { readonly type: Type }>,
    caller: Caller | undefined,
    /** What was judged, where a judgement came before the fault. */
    action: string | undefined,
  ) => WireError
}

type Noun = { readonly [Type in AttachmentTargetName['type']]: string }
const NOUN: Noun = { User: 'user', Group: 'group', Role: 'role' }

/** One code for all, so that it does not tell whether a code would have been right. */
const wrongCode = (message: string): WireError =>
  wireError(403, 'CheckAuthenticationCodeFail', message)

export const ACCOUNT_ERRORS: ErrorRows<AccountRefusal> = {
  AccountNotFound: () => wireError(403, 'Inactive', 'The account is not open.'),
  AccountAlreadyExists: () =>
    conflict('EntityAlreadyExists.Account', 'There is an account with this id already.'),

  UserNotFound: () => absent('User', 'There is no user of this name.'),
  UserAlreadyExists: () =>
    conflict('EntityAlreadyExists.User', 'There is a user of this name already.'),
  UserLimitExceeded: () =>
    conflict('LimitExceeded.User', 'The account has as many users as it may.'),
  UserHasGroups: () =>
    conflict('DeleteConflict.User.Group', 'A user is deleted once it is in no group.'),
  UserHasAccessKeys: () =>
    conflict('DeleteConflict.User.AccessKey', 'A user is deleted once its access keys are.'),
  UserHasLoginProfile: () =>
    conflict('DeleteConflict.User.LoginProfile', 'A user is deleted once its login profile is.'),
  UserHasMFADevice: () =>
    conflict('DeleteConflict.User.MFADevice', 'A user is deleted once its MFA device is unbound.'),
  UserHasPolicies: () =>
    conflict('DeleteConflict.User.Policy', 'A user is deleted once its policies are detached.'),

  LoginProfileNotFound: () => absent('User.LoginProfile', 'The user has no login profile.'),
  LoginProfileAlreadyExists: () =>
    conflict('EntityAlreadyExists.User.LoginProfile', 'The user has a login profile already.'),
  PasswordSuperseded: () =>
    conflict('EntityConflict.User.LoginProfile', 'The password was changed meanwhile.'),

  AccessKeyNotFound: () => absent('User.AccessKey', 'The user has no access key with this id.'),
  AccessKeyAlreadyExists: () =>
    wireError(500, 'InternalError', 'Something went wrong inside the server.'),
  AccessKeyLimitExceeded: () =>
    conflict('LimitExceeded.User.AccessKey', 'There are as many access keys as one may have.'),

  MFADeviceNotFound: () => absent('VirtualMFADevice', 'No virtual MFA device has this name.'),
  MFADeviceNotBound: () => absent('User.MFADevice', 'No MFA device is bound to the user.'),
  MFADeviceAlreadyExists: () =>
    conflict('EntityAlreadyExists.VirtualMFADevice', 'A virtual MFA device has this name already.'),
  UserAlreadyHasMFADevice: () =>
    conflict('EntityAlreadyExists.User.MFADevice', 'An MFA device is bound to the user already.'),
  MFADeviceAlreadyBound: () =>
    conflict('EntityAlreadyExists.VirtualMFADevice.User', 'The device is bound to a user already.'),
  AuthenticationLocked: () => wrongCode('Too many wrong codes were shown; try again later.'),
  AuthenticationCodeWrong: () => wrongCode('An authentication code is wrong, or was used before.'),
  MFADeviceInUse: () =>
    conflict('DeleteConflict.VirtualMFADevice.User', 'A device is deleted once it is unbound.'),
  OwnMFADeviceLimitExceeded: ({ limit }) =>
    conflict(
      'LimitExceeded.VirtualMFADevice',
      `The user has made ${limit} virtual MFA devices for itself that are bound to nobody, and has ` +
        'no permission to make more; bind or delete one of them.',
    ),
  MFADeviceLimitExceeded: ({ limit }) =>
    conflict('LimitExceeded.VirtualMFADevice', `The account has ${limit} virtual MFA devices.`),

  GroupNotFound: () => absent('Group', 'There is no group of this name.'),
  UserNotInGroup: () => absent('User.Group', 'The user is not in the group.'),
  GroupAlreadyExists: () =>
    conflict('EntityAlreadyExists.Group', 'There is a group of this name already.'),
  UserAlreadyInGroup: () =>
    conflict('EntityAlreadyExists.User.Group', 'The user is in the group already.'),
  GroupLimitExceeded: () =>
    conflict('LimitExceeded.Group', 'The account has as many groups as it may.'),
  UserGroupLimitExceeded: () =>
    conflict('LimitExceeded.User.Group', 'The user is in as many groups as it may be.'),
  GroupHasUsers: () =>
    conflict('DeleteConflict.Group.User', 'A group is deleted once nobody is in it.'),
  GroupHasPolicies: () =>
    conflict('DeleteConflict.Group.Policy', 'A group is deleted once its policies are detached.'),

  RoleNotFound: () => absent('Role', 'There is no role of this name.'),
  ServiceLinkedRoleProtected: (_, caller, action) =>
    refusedBeside(
      caller,
      action ?? '',
      'ServiceLinkedRole',
      'A service linked role is managed by its cloud service alone.',
    ),
  TrustedPrincipalNotFound: ({ principal }) =>
    wireError(400, 'MalformedPolicyDocument', `There is no ${principal} that could be trusted.`),
  RoleAlreadyExists: () =>
    conflict('EntityAlreadyExists.Role', 'There is a role of this name already.'),
  RoleLimitExceeded: () =>
    conflict('LimitExceeded.Role', 'The account has as many roles as it may.'),
  RoleHasPolicies: () =>
    conflict('DeleteConflict.Role.Policy', 'A role is deleted once its policies are detached.'),

  PolicyNotFound: () => absent('Policy', 'There is no policy of this name.'),
  PolicyVersionNotFound: () => absent('Policy.Version', 'The policy has no such version.'),
  PolicyAlreadyExists: () =>
    conflict('EntityAlreadyExists.Policy', 'There is a policy of this name already.'),
  PolicyLimitExceeded: () =>
    conflict('LimitExceeded.Policy', 'The account has as many custom policies as it may.'),
  PolicyVersionLimitExceeded: () =>
    conflict('LimitExceeded.Policy.Version', 'The policy has as many versions as it may.'),
  DefaultPolicyVersionInUse: () =>
    conflict(
      'DeleteConflict.Policy.Version.Default',
      'The version in force is not deleted; put another in force first.',
    ),
  PolicyAttachedToUser: () =>
    conflict('DeleteConflict.Policy.User', 'A policy is deleted once no user holds it.'),
  PolicyAttachedToGroup: () =>
    conflict('DeleteConflict.Policy.Group', 'A policy is deleted once no group holds it.'),
  PolicyAttachedToRole: () =>
    conflict('DeleteConflict.Policy.Role', 'A policy is deleted once no role holds it.'),
  PolicyHasVersions: () =>
    conflict(
      'DeleteConflict.Policy.Version',
      'A policy is deleted once only the version in force is left, or with CascadingDelete.',
    ),

  PolicyNotAttached: ({ target: { type } }) =>
    absent(`${type}.Policy`, `The ${NOUN[type]} does not hold this policy.`),
  PolicyAlreadyAttached: ({ target: { type } }) =>
    conflict(`EntityAlreadyExists.${type}.Policy`, `The ${NOUN[type]} holds this policy already.`),
  AttachmentLimitExceeded: ({ target: { type } }) =>
    conflict(`LimitExceeded.${type}.Policy`, `The ${NOUN[type]} holds as many policies as it may.`),

  TagLimitExceeded: ({ resource: { type }, limit }) =>
    conflict(`LimitExceeded.${type}.Tag`, `A ${type.toLowerCase()} carries at most ${limit} tags.`),
  OIDCProviderNotFound: () => absent('OIDCProvider', 'The OIDC provider does not exist.'),
  ClientIdNotFound: () =>
    absent('OIDCProvider.ClientId', 'The OIDC provider does not have this client id.'),
  FingerprintNotFound: () =>
    absent('OIDCProvider.Fingerprint', 'The OIDC provider does not have this fingerprint.'),
  OIDCProviderAlreadyExists: () =>
    conflict('EntityAlreadyExists.OIDCProvider', 'There is an OIDC provider of this name already.'),
  OIDCProviderLimitExceeded: () =>
    conflict('LimitExceeded.OIDCProvider', 'The account has as many OIDC providers as it may.'),
  ClientIdLimitExceeded: ({ limit }) =>
    conflict(
      'LimitExceeded.OIDCProvider.ClientId',
      `An OIDC provider has at most ${limit} client ids.`,
    ),
  FingerprintLimitExceeded: ({ limit }) =>
    conflict(
      'LimitExceeded.OIDCProvider.Fingerprint',
      `An OIDC provider has at most ${limit} fingerprints.`,
    ),
  SAMLProviderNotFound: () => absent('SAMLProvider', 'The SAML provider does not exist.'),
  SAMLProviderAlreadyExists: () =>
    conflict('EntityAlreadyExists.SAMLProvider', 'There is a SAML provider of this name already.'),
  SAMLProviderLimitExceeded: () =>
    conflict('LimitExceeded.SAMLProvider', 'The account has as many SAML providers as it may.'),

  EntityNotFound: ({ kind, entityType }) =>
    absent('Entity', `No ${kind.toLowerCase()} of type ${entityType} is registered by that name.`),
  EntityConflict: ({ kind, entityType }) =>
    conflict(
      'EntityConflict.Entity',
      `A ${kind.toLowerCase()} of type ${entityType} is named twice, or was changed meanwhile.`,
    ),
  EntityLimitExceeded: () =>
    conflict('LimitExceeded.Entity', 'The account has as many entities as it may.'),
}

export const ALIAS_ERRORS: ErrorRows<AliasRefusal> = {
  AliasAlreadyExists: () =>
    conflict('EntityAlreadyExists.AccountAlias', 'Another account has this alias.'),
}

/** e.g. `15min`, `1hr`. */
const lengthText = (seconds: number): string => {
  if (seconds % 3600 === 0) return `${seconds / 3600}hr`
  return seconds % 60 === 0 ? `${seconds / 60}min` : `${seconds}s`
}

/** The one sentence about a bad DurationSeconds, with the bounds that hold here. */
export const durationText = (min: number, max: number): string =>
  `DurationSeconds lies between ${lengthText(min)} and ${lengthText(max)}.`

const ASSUME_ROLE = 'sts:AssumeRole'
const TRUST = { outcome: 'ImplicitDeny', unit: 'AssumeRolePolicy' } as const

export const SESSION_ERRORS: ErrorRows<SessionRefusal> = {
  RootCannotAssumeRole: (_, caller) =>
    noPermission(
      caller,
      ASSUME_ROLE,
      TRUST,
      'The root of an account does not assume roles; let a user or a role do it.',
    ),
  AssumedRoleNotFound: () => absent('Role', 'There is no role of this name.'),
  DurationOutOfRange: ({ min, max }) =>
    wireError(400, 'InvalidParameter.DurationSeconds', durationText(min, max)),
  ProofOver: () =>
    wireError(
      401,
      'AuthenticationFail.SAMLAssertion.Expired',
      'What vouches for the caller is over.',
    ),
  ChainTooDeep: ({ limit }, caller) =>
    noPermission(caller, ASSUME_ROLE, TRUST, `A chain of sessions has at most ${limit} links.`),
  SourceIdentityChanged: (_, caller) =>
    noPermission(caller, ASSUME_ROLE, TRUST, 'The source identity of a session cannot be changed.'),
  AssumeRoleDenied: ({ decision }, caller) => noPermission(caller, ASSUME_ROLE, decision),
}
