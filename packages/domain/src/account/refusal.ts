/**
 * AccountRefusal: the union of every reason why an account says no, and what its rules answer with.
 */
import type * as t from 'io-ts'
import type { Decision } from '../decider.js'
import type { AccountEvent } from '../event.js'
import {
  AccessKeyAlreadyExists,
  AccessKeyLimitExceeded,
  AccessKeyNotFound,
} from './access-key/refusals.js'
import {
  AttachmentLimitExceeded,
  PolicyAlreadyAttached,
  PolicyNotAttached,
} from './attachment/refusals.js'
import { EntityConflict, EntityLimitExceeded, EntityNotFound } from './entity/refusals.js'
import {
  GroupAlreadyExists,
  GroupHasPolicies,
  GroupHasUsers,
  GroupLimitExceeded,
  GroupNotFound,
  UserAlreadyInGroup,
  UserGroupLimitExceeded,
  UserNotInGroup,
} from './group/refusals.js'
import {
  LoginProfileAlreadyExists,
  LoginProfileNotFound,
  PasswordSuperseded,
} from './login-profile/refusals.js'
import {
  AuthenticationCodeWrong,
  AuthenticationLocked,
  MFADeviceAlreadyBound,
  MFADeviceAlreadyExists,
  MFADeviceInUse,
  MFADeviceLimitExceeded,
  MFADeviceNotBound,
  MFADeviceNotFound,
  OwnMFADeviceLimitExceeded,
  UserAlreadyHasMFADevice,
} from './mfa/refusals.js'
import {
  ClientIdLimitExceeded,
  ClientIdNotFound,
  FingerprintLimitExceeded,
  FingerprintNotFound,
  OIDCProviderAlreadyExists,
  OIDCProviderLimitExceeded,
  OIDCProviderNotFound,
} from './oidc-provider/refusals.js'
import { AccountAlreadyExists, AccountNotFound } from './opening/refusals.js'
import {
  DefaultPolicyVersionInUse,
  PolicyAlreadyExists,
  PolicyAttachedToGroup,
  PolicyAttachedToRole,
  PolicyAttachedToUser,
  PolicyHasVersions,
  PolicyLimitExceeded,
  PolicyNotFound,
  PolicyVersionLimitExceeded,
  PolicyVersionNotFound,
} from './policy/refusals.js'
import {
  RoleAlreadyExists,
  RoleHasPolicies,
  RoleLimitExceeded,
  RoleNotFound,
  ServiceLinkedRoleProtected,
  TrustedPrincipalNotFound,
} from './role/refusals.js'
import {
  SAMLProviderAlreadyExists,
  SAMLProviderLimitExceeded,
  SAMLProviderNotFound,
} from './saml-provider/refusals.js'
import { TagLimitExceeded } from './tag/refusals.js'
import {
  UserAlreadyExists,
  UserHasAccessKeys,
  UserHasGroups,
  UserHasLoginProfile,
  UserHasMFADevice,
  UserHasPolicies,
  UserLimitExceeded,
  UserNotFound,
} from './user/refusals.js'

/** Every refusal of an account, one codec each. */
export const AccountRefusalCodecs = {
  AccountNotFound,
  AccountAlreadyExists,
  UserNotFound,
  UserAlreadyExists,
  UserLimitExceeded,
  UserHasGroups,
  UserHasAccessKeys,
  UserHasLoginProfile,
  UserHasMFADevice,
  UserHasPolicies,
  LoginProfileNotFound,
  LoginProfileAlreadyExists,
  PasswordSuperseded,
  AccessKeyNotFound,
  AccessKeyAlreadyExists,
  AccessKeyLimitExceeded,
  MFADeviceNotFound,
  MFADeviceNotBound,
  MFADeviceAlreadyExists,
  UserAlreadyHasMFADevice,
  MFADeviceAlreadyBound,
  AuthenticationLocked,
  AuthenticationCodeWrong,
  MFADeviceInUse,
  OwnMFADeviceLimitExceeded,
  MFADeviceLimitExceeded,
  GroupNotFound,
  UserNotInGroup,
  GroupAlreadyExists,
  UserAlreadyInGroup,
  GroupLimitExceeded,
  UserGroupLimitExceeded,
  GroupHasUsers,
  GroupHasPolicies,
  RoleNotFound,
  ServiceLinkedRoleProtected,
  TrustedPrincipalNotFound,
  RoleAlreadyExists,
  RoleLimitExceeded,
  RoleHasPolicies,
  PolicyNotFound,
  PolicyVersionNotFound,
  PolicyAlreadyExists,
  PolicyLimitExceeded,
  PolicyVersionLimitExceeded,
  DefaultPolicyVersionInUse,
  PolicyAttachedToUser,
  PolicyAttachedToGroup,
  PolicyAttachedToRole,
  PolicyHasVersions,
  PolicyNotAttached,
  PolicyAlreadyAttached,
  AttachmentLimitExceeded,
  TagLimitExceeded,
  OIDCProviderNotFound,
  ClientIdNotFound,
  FingerprintNotFound,
  OIDCProviderAlreadyExists,
  OIDCProviderLimitExceeded,
  ClientIdLimitExceeded,
  FingerprintLimitExceeded,
  SAMLProviderNotFound,
  SAMLProviderAlreadyExists,
  SAMLProviderLimitExceeded,
  EntityNotFound,
  EntityConflict,
  EntityLimitExceeded,
} as const
export type AccountRefusal = t.TypeOf<
  (typeof AccountRefusalCodecs)[keyof typeof AccountRefusalCodecs]
>
export type AccountRefusalType = AccountRefusal['type']

/** What a rule of the account answers: the events to record, or the refusal. */
export type AccountDecision = Decision<AccountEvent, AccountRefusal>
