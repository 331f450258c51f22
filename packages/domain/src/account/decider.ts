/**
 * The account decider: a table of rules and a table of folds over one account's state.
 *
 * Invariant: a rule reads the whole account, so what it accepts holds at the revision it was
 * decided at.
 */
import type { Decider } from '../decider.js'
import { refuse } from '../decider.js'
import { type AccountEvent, isMFAEvent, isSideEvent, isTagEvent, type SideEvent } from '../event.js'
import { foldAccessKey } from './access-key/fold.js'
import { createAccessKey, deleteAccessKey, updateAccessKey } from './access-key/rules.js'
import { foldAttachment } from './attachment/fold.js'
import { attachPolicy, detachPolicy } from './attachment/rules.js'
import type { AccountCommand, AccountCommandType } from './command.js'
import { foldEntity } from './entity/fold.js'
import { putEntities, removeEntities } from './entity/rules.js'
import { foldGroup } from './group/fold.js'
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  removeUserFromGroup,
  updateGroup,
} from './group/rules.js'
import { foldLoginProfile } from './login-profile/fold.js'
import {
  changePassword,
  createLoginProfile,
  deleteLoginProfile,
  updateLoginProfile,
} from './login-profile/rules.js'
import { foldMFADevice } from './mfa/fold.js'
import {
  bindMFADevice,
  createVirtualMFADevice,
  deleteVirtualMFADevice,
  disableVirtualMFA,
  enrolMFADevice,
  unbindMFADevice,
  useAuthenticationCode,
} from './mfa/rules.js'
import { foldOIDCProvider } from './oidc-provider/fold.js'
import {
  addClientIdToOIDCProvider,
  addFingerprintToOIDCProvider,
  createOIDCProvider,
  deleteOIDCProvider,
  removeClientIdFromOIDCProvider,
  removeFingerprintFromOIDCProvider,
  updateOIDCProvider,
} from './oidc-provider/rules.js'
import { foldOpening } from './opening/fold.js'
import { openAccount } from './opening/rules.js'
import { foldPolicy } from './policy/fold.js'
import {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  setDefaultPolicyVersion,
  updatePolicyDescription,
} from './policy/rules.js'
import type { Quotas } from './quotas.js'
import type { AccountDecision, AccountRefusal } from './refusal.js'
import { foldRole } from './role/fold.js'
import { createRole, deleteRole, updateRole } from './role/rules.js'
import { foldSAMLProvider } from './saml-provider/fold.js'
import {
  createSAMLProvider,
  deleteSAMLProvider,
  updateSAMLProvider,
} from './saml-provider/rules.js'
import { foldSettings } from './settings/fold.js'
import { setAccessRecording, setPasswordPolicy, setSecurityPreference } from './settings/rules.js'
import type { AccountState, OpenAccountState } from './state.js'
import { UNOPENED } from './state.js'
import { foldTags } from './tag/fold.js'
import { tagResources, untagResources } from './tag/rules.js'
import { foldUser } from './user/fold.js'
import { createUser, deleteUser, updateUser } from './user/rules.js'

type CommandOf = {
  readonly [Type in AccountCommandType]: Extract<AccountCommand, { readonly type: Type }>
}
/** Commands to an account that is open already. */
type InsideType = Exclude<AccountCommandType, 'OpenAccount'>
type Rule<Command> = (
  command: Command,
  account: OpenAccountState,
  quotas: Quotas,
) => AccountDecision

/** One rule per command. A command without a row does not compile. */
const RULES: { readonly [Type in InsideType]: Rule<CommandOf[Type]> } = {
  CreateUser: createUser,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  CreateVirtualMFADevice: createVirtualMFADevice,
  DeleteVirtualMFADevice: deleteVirtualMFADevice,
  BindMFADevice: bindMFADevice,
  EnrolMFADevice: enrolMFADevice,
  UnbindMFADevice: unbindMFADevice,
  DisableVirtualMFA: disableVirtualMFA,
  UseAuthenticationCode: useAuthenticationCode,
  CreateGroup: createGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
  CreateRole: createRole,
  UpdateRole: updateRole,
  DeleteRole: deleteRole,
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  UpdatePolicyDescription: updatePolicyDescription,
  DeletePolicyVersion: deletePolicyVersion,
  DeletePolicy: deletePolicy,
  AttachPolicy: attachPolicy,
  DetachPolicy: detachPolicy,
  TagResources: tagResources,
  UntagResources: untagResources,
  CreateOIDCProvider: createOIDCProvider,
  UpdateOIDCProvider: updateOIDCProvider,
  DeleteOIDCProvider: deleteOIDCProvider,
  AddClientIdToOIDCProvider: addClientIdToOIDCProvider,
  RemoveClientIdFromOIDCProvider: removeClientIdFromOIDCProvider,
  AddFingerprintToOIDCProvider: addFingerprintToOIDCProvider,
  RemoveFingerprintFromOIDCProvider: removeFingerprintFromOIDCProvider,
  CreateSAMLProvider: createSAMLProvider,
  UpdateSAMLProvider: updateSAMLProvider,
  DeleteSAMLProvider: deleteSAMLProvider,
  PutEntities: putEntities,
  RemoveEntities: removeEntities,
  SetAccessRecording: setAccessRecording,
  CreateLoginProfile: createLoginProfile,
  UpdateLoginProfile: updateLoginProfile,
  DeleteLoginProfile: deleteLoginProfile,
  ChangePassword: changePassword,
  SetPasswordPolicy: setPasswordPolicy,
  SetSecurityPreference: setSecurityPreference,
}

const decideInside = <Type extends InsideType>(
  type: Type,
  command: CommandOf[Type],
  account: OpenAccountState,
  quotas: Quotas,
): AccountDecision => RULES[type](command, account, quotas)

const decideWith =
  (quotas: Quotas) =>
  (command: AccountCommand, state: AccountState): AccountDecision => {
    if (command.type === 'OpenAccount') return openAccount(command, state)
    if (state.type === 'Unopened') return refuse({ type: 'AccountNotFound' })
    return decideInside(command.type, command, state, quotas)
  }

/** An event of an account that was never opened leaves nothing behind. */
const evolve = (state: AccountState, event: AccountEvent): AccountState => {
  if (event.type === 'AccountCreated') return foldOpening(state, event)
  return state.type === 'Unopened' ? state : evolveOpen(state, event)
}

const evolveOpen = (
  account: OpenAccountState,
  event: Exclude<AccountEvent, { readonly type: 'AccountCreated' }>,
): OpenAccountState => {
  if (isSideEvent(event)) return evolveBeside(account, event)
  switch (event.type) {
    case 'UserCreated':
    case 'UserUpdated':
    case 'UserDeleted':
      return foldUser(account, event)
    case 'AccessKeyCreated':
    case 'AccessKeyStatusChanged':
    case 'AccessKeyDeleted':
      return foldAccessKey(account, event)
    case 'GroupCreated':
    case 'GroupUpdated':
    case 'GroupDeleted':
    case 'UserAddedToGroup':
    case 'UserRemovedFromGroup':
      return foldGroup(account, event)
    case 'RoleCreated':
    case 'RoleUpdated':
    case 'RoleTrustChanged':
    case 'RoleDeleted':
      return foldRole(account, event)
    case 'PolicyCreated':
    case 'PolicyVersionCreated':
    case 'DefaultPolicyVersionChanged':
    case 'PolicyDescriptionUpdated':
    case 'PolicyVersionDeleted':
    case 'PolicyDeleted':
      return foldPolicy(account, event)
    case 'PolicyAttached':
    case 'PolicyDetached':
      return foldAttachment(account, event)
    case 'EntityRegistered':
    case 'EntityUpdated':
    case 'EntityRemoved':
      return foldEntity(account, event)
    case 'AccessRecordingChanged':
      return foldSettings(account, event)
  }
}

/** What opens no permission and closes none. */
const evolveBeside = (
  account: OpenAccountState,
  event: Extract<AccountEvent, SideEvent>,
): OpenAccountState => {
  if (isMFAEvent(event)) return foldMFADevice(account, event)
  if (isTagEvent(event)) return foldTags(account, event)
  switch (event.type) {
    case 'OIDCProviderCreated':
    case 'OIDCProviderUpdated':
    case 'OIDCProviderDeleted':
      return foldOIDCProvider(account, event)
    case 'SAMLProviderCreated':
    case 'SAMLProviderUpdated':
    case 'SAMLProviderDeleted':
      return foldSAMLProvider(account, event)
    case 'LoginProfileCreated':
    case 'LoginProfileUpdated':
    case 'PasswordChanged':
    case 'LoginProfileDeleted':
      return foldLoginProfile(account, event)
    case 'PasswordPolicyChanged':
    case 'SecurityPreferenceChanged':
      return foldSettings(account, event)
  }
}

/** The decider of one account, under these quotas. Cost: O(log n) per command and per event. */
export const accountDecider = (
  quotas: Quotas,
): Decider<AccountCommand, AccountState, AccountEvent, AccountRefusal> => ({
  initialState: UNOPENED,
  decide: decideWith(quotas),
  evolve,
})
