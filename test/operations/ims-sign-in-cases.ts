/** What IMS refuses of signing in, as data, by how far the story of the tests has come. */
import type { Parameters } from '../journeys/official-clients.js'
import { principal } from './ims-cases.js'
import { codeOf, wrongCodeOf } from './server.js'

export type SignInWorld = {
  readonly accountId: string
  /** The seed of the device. */
  readonly seed: string
}

export type SignInCase = {
  readonly operation: string
  readonly given: string
  readonly parameters: (world: SignInWorld) => Parameters
  readonly code: string
}

export const PASSWORD = 'Correct-Horse-9'
export const DEVICE = { VirtualMFADeviceName: 'phone' }

export const serialOf = ({ accountId }: SignInWorld): Parameters => ({
  SerialNumber: `acs:ram::${accountId}:mfa/phone`,
})

export const codes = (first: string, second: string): Parameters => ({
  AuthenticationCode1: first,
  AuthenticationCode2: second,
})

const refused = (
  operation: string,
  given: string,
  parameters: SignInCase['parameters'],
  code: string,
): SignInCase => ({ operation, given, parameters, code })

const of =
  (name: string, others: Parameters = {}): SignInCase['parameters'] =>
  ({ accountId }) => ({ UserPrincipalName: principal(name, accountId), ...others })

const NO_PROFILE = 'EntityNotExist.User.LoginProfile'
const NO_DEVICE = 'EntityNotExist.User.MFADevice'
const Password = PASSWORD
const OFF = { Status: 'Inactive' }

export const WITHOUT_PROFILE: ReadonlyArray<SignInCase> = [
  refused('GetLoginProfile', 'none', of('alice'), NO_PROFILE),
  refused('UpdateLoginProfile', 'none', of('alice'), NO_PROFILE),
  refused('DeleteLoginProfile', 'none', of('alice'), NO_PROFILE),
  refused(
    'CreateLoginProfile',
    'a weak password',
    of('alice', { Password: 'a' }),
    'InvalidParameter.Password.TooWeak',
  ),
  refused(
    'CreateLoginProfile',
    'one that is to be off',
    of('alice', { Password, ...OFF }),
    'InvalidParameter.Status',
  ),
  refused('CreateLoginProfile', 'no such user', of('nobody', { Password }), 'EntityNotExist.User'),
]

export const WITH_PROFILE: ReadonlyArray<SignInCase> = [
  refused(
    'CreateLoginProfile',
    'a profile',
    of('alice', { Password }),
    'EntityAlreadyExists.User.LoginProfile',
  ),
  refused('UpdateLoginProfile', 'a switch to off', of('alice', OFF), 'InvalidParameter.Status'),
]

export const POLICIES: ReadonlyArray<SignInCase> = [
  refused(
    'SetPasswordPolicy',
    'a length out of range',
    () => ({ MinimumPasswordLength: 7 }),
    'InvalidParameter.MinimumPasswordLength.Range',
  ),
  refused(
    'SetPasswordPolicy',
    'a rule about names, which cannot be kept',
    () => ({ PasswordNotContainUserName: true }),
    'InvalidParameter.PasswordNotContainUserName',
  ),
  refused(
    'SetPasswordPolicy',
    'a rule about different characters, which cannot be kept',
    () => ({ MinimumPasswordDifferentCharacter: 4 }),
    'InvalidParameter.MinimumPasswordDifferentCharacter',
  ),
]

const offOnly = (name: string, value: Parameters[string]): SignInCase =>
  refused(
    'SetSecurityPreference',
    `${name} of ${value}, which cannot be kept`,
    () => ({ [name]: value }),
    `InvalidParameter.${name}`,
  )

export const PREFERENCES: ReadonlyArray<SignInCase> = [
  refused(
    'SetSecurityPreference',
    'hours out of range',
    () => ({ LoginSessionDuration: 25 }),
    'InvalidParameter.LoginSessionDuration.Range',
  ),
  refused(
    'SetSecurityPreference',
    'masks that are none',
    () => ({ LoginNetworkMasks: 'everywhere' }),
    'InvalidParameter.LoginNetworkMasks.Format',
  ),
  offOnly('AllowUserToLoginWithPasskey', true),
  offOnly('AllowUserToManagePersonalDingTalk', true),
  offOnly('MFAOperationForLogin', 'mandatory'),
  offOnly('MFAOperationForLogin', 'adaptive'),
  offOnly('OperationForRiskLogin', 'autonomous'),
  offOnly('VerificationTypes', ['sms']),
]

export const WITH_FREE_DEVICE: ReadonlyArray<SignInCase> = [
  refused(
    'CreateVirtualMFADevice',
    'a device of that name',
    () => DEVICE,
    'EntityAlreadyExists.VirtualMFADevice',
  ),
  refused('GetUserMFAInfo', 'no device of its own', of('bob'), NO_DEVICE),
  refused('UnbindMFADevice', 'no device of its own', of('bob'), NO_DEVICE),
  refused('DisableVirtualMFA', 'no device of its own', of('bob'), NO_DEVICE),
  refused('DisableVirtualMFA', 'no such user', of('nobody'), 'EntityNotExist.User'),
  refused(
    'DisableVirtualMFA',
    'a name without a domain',
    () => ({ UserPrincipalName: 'bob' }),
    'InvalidParameter.UserPrincipalName.Format',
  ),
  refused(
    'DisableVirtualMFA',
    'a domain of another account',
    () => ({ UserPrincipalName: 'bob@other.onaliyun.com' }),
    'InvalidParameter.UserPrincipalName',
  ),
  refused(
    'BindMFADevice',
    'a wrong code',
    (world) => ({
      ...of('bob')(world),
      ...serialOf(world),
      ...codes(wrongCodeOf(world.seed), codeOf(world.seed)),
    }),
    'CheckAuthenticationCodeFail',
  ),
  refused(
    'ListVirtualMFADevices',
    'a marker',
    () => ({ Marker: 'AAAA' }),
    'InvalidParameter.Marker',
  ),
]

export const WITH_BOUND_DEVICE: ReadonlyArray<SignInCase> = [
  refused(
    'DeleteVirtualMFADevice',
    'a device in use',
    serialOf,
    'DeleteConflict.VirtualMFADevice.User',
  ),
]

export const SIGN_IN_REFUSALS: ReadonlyArray<SignInCase> = [
  ...WITHOUT_PROFILE,
  ...WITH_PROFILE,
  ...POLICIES,
  ...PREFERENCES,
  ...WITH_FREE_DEVICE,
  ...WITH_BOUND_DEVICE,
]
