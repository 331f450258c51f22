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
import { absent, conflict, noPermission, type WireError, wireError } from './wire-error.js'

/** For each type of fault, what is answered to a caller. */
export type ErrorRows<Fault extends { readonly type: string }> = {
  readonly [Type in Fault['type']]: (
    fault: Extract<Fault, { readonly type: Type }>,
    caller: Caller | undefined,
  ) => WireError
}

type Noun = { readonly [Type in AttachmentTargetName['type']]: string }
const NOUN: Noun = { User: 'user', Group: 'group', Role: 'role' }

/** One code for all, so that it does not tell whether a code would have been right. */
const wrongCode = (message: string): WireError =>
  wireError(403, 'CheckAuthenticationCodeFail', message)

export const ACCOUNT_ERRORS: ErrorRows<AccountRefusal> = {
  AccountNotFound: () =>
    wireError(403, 'Inactive', 'Your ram service is inactive, please activate it.'),
  AccountAlreadyExists: () =>
    conflict('EntityAlreadyExists.Account', 'The account does already EXIST.'),

  UserNotFound: () => absent('User', 'The user does not exist.'),
  UserAlreadyExists: () => conflict('EntityAlreadyExists.User', 'The user does already EXIST.'),
  UserLimitExceeded: () =>
    conflict('LimitExceeded.User', 'The count of users beyond the current limits.'),
  UserHasGroups: () =>
    conflict(
      'DeleteConflict.User.Group',
      'The user CAN NOT be in any group while deleting the user.',
    ),
  UserHasAccessKeys: () =>
    conflict(
      'DeleteConflict.User.AccessKey',
      'The user CAN NOT has any access key while deleting the user.',
    ),
  UserHasLoginProfile: () =>
    conflict(
      'DeleteConflict.User.LoginProfile',
      'The user CAN NOT has any login profile while deleting the user.',
    ),
  UserHasMFADevice: () =>
    conflict('DeleteConflict.User.MFADevice', 'A user is deleted once its MFA device is unbound.'),
  UserHasPolicies: () =>
    conflict(
      'DeleteConflict.User.Policy',
      'The user CAN NOT has any attached policy while deleting the user.',
    ),

  LoginProfileNotFound: () => absent('User.LoginProfile', 'The user login profile does not exist.'),
  LoginProfileAlreadyExists: () =>
    conflict('EntityAlreadyExists.User.LoginProfile', 'The user has a login profile already.'),
  PasswordSuperseded: () =>
    conflict('EntityConflict.User.LoginProfile', 'The password was changed meanwhile.'),

  AccessKeyNotFound: () => absent('User.AccessKey', 'The user access key does not exist.'),
  AccessKeyAlreadyExists: () => wireError(500, 'InternalError', 'An internal error occurred.'),
  AccessKeyLimitExceeded: () =>
    conflict(
      'LimitExceeded.User.AccessKey',
      'The access key count of the user access keys beyond the current limits.',
    ),

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
  MFADeviceLimitExceeded: ({ limit }) =>
    conflict('LimitExceeded.VirtualMFADevice', `The account has ${limit} virtual MFA devices.`),

  GroupNotFound: () => absent('Group', 'The group does not exist.'),
  UserNotInGroup: () => absent('User.Group', 'The user has not joined the group.'),
  GroupAlreadyExists: () => conflict('EntityAlreadyExists.Group', 'The group does already EXIST.'),
  UserAlreadyInGroup: () =>
    conflict('EntityAlreadyExists.User.Group', 'The user has already joined the group.'),
  GroupLimitExceeded: () =>
    conflict('LimitExceeded.Group', 'The count of groups beyond the current limits.'),
  UserGroupLimitExceeded: () =>
    conflict(
      'LimitExceeded.User.Group',
      'The count of groups the target user joined beyond the current limits.',
    ),
  GroupHasUsers: () =>
    conflict(
      'DeleteConflict.Group.User',
      'The group CAN NOT has any user member while deleting the group.',
    ),
  GroupHasPolicies: () =>
    conflict(
      'DeleteConflict.Group.Policy',
      'The entity CAN NOT has any attached policy while deleting the group.',
    ),

  RoleNotFound: () => absent('Role', 'The role does not exist.'),
  ServiceLinkedRoleProtected: () =>
    wireError(403, 'NoPermission', 'A service linked role is managed by its cloud service alone.'),
  TrustedPrincipalNotFound: ({ principal }) =>
    wireError(400, 'MalformedPolicyDocument', `The trusted principal ${principal} does not exist.`),
  RoleAlreadyExists: () => conflict('EntityAlreadyExists.Role', 'The role does already EXIST.'),
  RoleLimitExceeded: () =>
    conflict('LimitExceeded.Role', 'The count of roles beyond the current limits.'),
  RoleHasPolicies: () =>
    conflict(
      'DeleteConflict.Role.Policy',
      'The role CAN NOT has any attached policy while deleting the role.',
    ),

  PolicyNotFound: () => absent('Policy', 'The policy does not exist.'),
  PolicyVersionNotFound: () => absent('Policy.Version', 'The policy version does not exist.'),
  PolicyAlreadyExists: () =>
    conflict('EntityAlreadyExists.Policy', 'The policy does already EXIST.'),
  PolicyLimitExceeded: () =>
    conflict('LimitExceeded.Policy', 'The count of policy beyond the current limits.'),
  PolicyVersionLimitExceeded: () =>
    conflict(
      'LimitExceeded.Policy.Version',
      'The count of policy version beyond the current limits.',
    ),
  DefaultPolicyVersionInUse: () =>
    conflict(
      'DeleteConflict.Policy.Version.Default',
      'The default policy version CAN NOT been deleted directly.',
    ),
  PolicyAttachedToUser: () =>
    conflict(
      'DeleteConflict.Policy.User',
      'The policy CAN NOT been attached to any user while deleting the policy.',
    ),
  PolicyAttachedToGroup: () =>
    conflict(
      'DeleteConflict.Policy.Group',
      'The policy CAN NOT been attached to any group while deleting the policy.',
    ),
  PolicyAttachedToRole: () =>
    conflict(
      'DeleteConflict.Policy.Role',
      'The policy CAN NOT been attached to any role while deleting the policy.',
    ),
  PolicyHasVersions: () =>
    conflict(
      'DeleteConflict.Policy.Version',
      'The policy CAN NOT has any version except the default version.',
    ),

  PolicyNotAttached: ({ target: { type } }) =>
    absent(
      `${type}.Policy`,
      type === 'User'
        ? 'The indicate policy of the user does not exist.'
        : `The indicate policy attached to the ${NOUN[type]} does not exist.`,
    ),
  PolicyAlreadyAttached: ({ target: { type } }) =>
    conflict(
      `EntityAlreadyExists.${type}.Policy`,
      `The ${NOUN[type]} has already been attached this policy.`,
    ),
  AttachmentLimitExceeded: ({ target: { type } }) =>
    conflict(`LimitExceeded.${type}.Policy`, ATTACHMENT_LIMIT[type]),

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
    conflict('LimitExceeded.Entity', 'The count of entities beyond the current limits.'),
}

export const ALIAS_ERRORS: ErrorRows<AliasRefusal> = {
  AliasAlreadyExists: () =>
    conflict('EntityAlreadyExists.AccountAlias', 'Another account has this alias.'),
}

const ATTACHMENT_LIMIT: Noun = {
  User: 'The policy count of the user attached policies beyond the current limits.',
  Group: 'The policy count of the group beyond the current limits.',
  Role: 'The count of policies attached to the role beyond the current limits.',
}

/** e.g. `15min`, `1hr`. */
const lengthText = (seconds: number): string => {
  if (seconds % 3600 === 0) return `${seconds / 3600}hr`
  return seconds % 60 === 0 ? `${seconds / 60}min` : `${seconds}s`
}

/** The one sentence about a bad DurationSeconds: that of STS, with the bounds that hold here. */
export const durationText = (min: number, max: number): string =>
  `The Min/Max value of DurationSeconds is ${lengthText(min)}/${lengthText(max)}.`

const ASSUME_ROLE = 'sts:AssumeRole'
const TRUST = { outcome: 'ImplicitDeny', unit: 'AssumeRolePolicy' } as const

export const SESSION_ERRORS: ErrorRows<SessionRefusal> = {
  RootCannotAssumeRole: (_, caller) =>
    noPermission(caller, ASSUME_ROLE, TRUST, 'Roles may not be assumed by root accounts.'),
  AssumedRoleNotFound: () => absent('Role', 'The specified Role not exists.'),
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
