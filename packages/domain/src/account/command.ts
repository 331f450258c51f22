/** AccountCommand: the union of everything that may be asked of an account. */
import type * as t from 'io-ts'
import { CreateAccessKey, DeleteAccessKey, UpdateAccessKey } from './access-key/commands.js'
import { AttachPolicy, DetachPolicy } from './attachment/commands.js'
import { PutEntities, RemoveEntities } from './entity/commands.js'
import {
  AddUserToGroup,
  CreateGroup,
  DeleteGroup,
  RemoveUserFromGroup,
  UpdateGroup,
} from './group/commands.js'
import {
  ChangePassword,
  CreateLoginProfile,
  DeleteLoginProfile,
  UpdateLoginProfile,
} from './login-profile/commands.js'
import {
  BindMFADevice,
  CreateVirtualMFADevice,
  DeleteVirtualMFADevice,
  DisableVirtualMFA,
  EnrolMFADevice,
  UnbindMFADevice,
  UseAuthenticationCode,
} from './mfa/commands.js'
import {
  AddClientIdToOIDCProvider,
  AddFingerprintToOIDCProvider,
  CreateOIDCProvider,
  DeleteOIDCProvider,
  RemoveClientIdFromOIDCProvider,
  RemoveFingerprintFromOIDCProvider,
  UpdateOIDCProvider,
} from './oidc-provider/commands.js'
import { OpenAccount } from './opening/commands.js'
import {
  CreatePolicy,
  CreatePolicyVersion,
  DeletePolicy,
  DeletePolicyVersion,
  SetDefaultPolicyVersion,
  UpdatePolicyDescription,
} from './policy/commands.js'
import { CreateRole, DeleteRole, UpdateRole } from './role/commands.js'
import {
  CreateSAMLProvider,
  DeleteSAMLProvider,
  UpdateSAMLProvider,
} from './saml-provider/commands.js'
import {
  SetAccessRecording,
  SetPasswordPolicy,
  SetSecurityPreference,
} from './settings/commands.js'
import { TagResources, UntagResources } from './tag/commands.js'
import { CreateUser, DeleteUser, UpdateUser } from './user/commands.js'

/** Every command to an account, one codec each. */
export const AccountCommandCodecs = {
  OpenAccount,
  CreateUser,
  UpdateUser,
  DeleteUser,
  CreateAccessKey,
  UpdateAccessKey,
  DeleteAccessKey,
  CreateVirtualMFADevice,
  DeleteVirtualMFADevice,
  BindMFADevice,
  EnrolMFADevice,
  UnbindMFADevice,
  DisableVirtualMFA,
  UseAuthenticationCode,
  CreateGroup,
  UpdateGroup,
  DeleteGroup,
  AddUserToGroup,
  RemoveUserFromGroup,
  CreateRole,
  UpdateRole,
  DeleteRole,
  CreatePolicy,
  CreatePolicyVersion,
  SetDefaultPolicyVersion,
  UpdatePolicyDescription,
  DeletePolicyVersion,
  DeletePolicy,
  AttachPolicy,
  DetachPolicy,
  TagResources,
  UntagResources,
  CreateOIDCProvider,
  UpdateOIDCProvider,
  DeleteOIDCProvider,
  AddClientIdToOIDCProvider,
  RemoveClientIdFromOIDCProvider,
  AddFingerprintToOIDCProvider,
  RemoveFingerprintFromOIDCProvider,
  CreateSAMLProvider,
  UpdateSAMLProvider,
  DeleteSAMLProvider,
  PutEntities,
  RemoveEntities,
  SetAccessRecording,
  CreateLoginProfile,
  UpdateLoginProfile,
  DeleteLoginProfile,
  ChangePassword,
  SetPasswordPolicy,
  SetSecurityPreference,
} as const
export type AccountCommand = t.TypeOf<
  (typeof AccountCommandCodecs)[keyof typeof AccountCommandCodecs]
>
export type AccountCommandType = AccountCommand['type']
