/**
 * The operations on what holds for a whole account: its alias, its password policy and its security
 * preference.
 */
import {
  ACCOUNT_ALIAS_CHARACTERS_MAX,
  ACCOUNT_ALIAS_CHARACTERS_MIN,
  AccountAlias,
  type AliasCommand,
  LOGIN_SESSION_HOURS_MAX,
  LOGIN_SESSION_HOURS_MIN,
  LoginNetworkMasks,
  LoginSessionHours,
  PASSWORD_POLICY_DEFAULT,
  PASSWORD_POLICY_RANGES,
  type PasswordPolicy,
  type SecurityPreference,
  type SecurityPreferenceChanges,
} from '@grantlog/domain'
import { accountAliasOf, passwordPolicyOf, securityPreferenceOf } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, doneAndShown } from '../answers.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import {
  changed,
  type Field,
  flag,
  invalid,
  matching,
  needed,
  optional,
  type Reader,
  ranged,
  withDefault,
} from '../fields.js'
import {
  type Answer,
  type Authorization,
  type Operation,
  operation,
  ramResource,
} from '../operation.js'
import type { Scene } from '../scene.js'

const authorizes =
  (action: string) =>
  (_: unknown, caller: Scene['caller']): Authorization => ({
    action,
    resources: [ramResource(caller, '*')],
  })

const aliasText: Reader<AccountAlias> = (value, name) => {
  const isSized =
    value.length >= ACCOUNT_ALIAS_CHARACTERS_MIN && value.length <= ACCOUNT_ALIAS_CHARACTERS_MAX
  return isSized ? matching(AccountAlias, 'Format')(value, name) : invalid(name, 'Length')
}

export const changeAlias = (
  { engine, circumstances }: Scene,
  command: AliasCommand,
): TE.TaskEither<Fault, Answer> =>
  pipe(
    engine.changeAlias(command, circumstances),
    TE.map((position) => ({ members: {}, position })),
  )

const setAccountAliasFields = { alias: needed('AccountAlias', aliasText) }

const setAccountAlias = operation({
  product: 'Ram',
  name: 'SetAccountAlias',
  kind: 'command',
  parameters: setAccountAliasFields,
  authorizes: authorizes('ram:SetAccountAlias'),
  run: ({ alias }, scene) =>
    changeAlias(scene, { type: 'SetAccountAlias', accountId: scene.caller.accountId, alias }),
})

const getAccountAlias = operation({
  product: 'Ram',
  name: 'GetAccountAlias',
  kind: 'question',
  parameters: {},
  authorizes: authorizes('ram:GetAccountAlias'),
  run: (_, scene) =>
    asked(scene, (directory, accountId) =>
      E.right({ AccountAlias: accountAliasOf(directory, accountId) ?? accountId }),
    ),
})

const clearAccountAlias = operation({
  product: 'Ram',
  name: 'ClearAccountAlias',
  kind: 'command',
  parameters: {},
  authorizes: authorizes('ram:ClearAccountAlias'),
  run: (_, scene) =>
    changeAlias(scene, { type: 'ClearAccountAlias', accountId: scene.caller.accountId }),
})

const DEFAULTS = PASSWORD_POLICY_DEFAULT

const defaultFlag = (name: string, value: boolean): Field<boolean> =>
  withDefault(optional(name, flag), value)

const defaultNumber = (name: string, member: keyof typeof PASSWORD_POLICY_RANGES): Field<number> =>
  withDefault(optional(name, ranged(PASSWORD_POLICY_RANGES[member])), DEFAULTS[member])

/** What is not said is as in the beginning: the policy is set as a whole. */
const passwordPolicyFields = {
  minimumPasswordLength: defaultNumber('MinimumPasswordLength', 'minimumPasswordLength'),
  requireLowercaseCharacters: defaultFlag(
    'RequireLowercaseCharacters',
    DEFAULTS.requireLowercaseCharacters,
  ),
  requireUppercaseCharacters: defaultFlag(
    'RequireUppercaseCharacters',
    DEFAULTS.requireUppercaseCharacters,
  ),
  requireNumbers: defaultFlag('RequireNumbers', DEFAULTS.requireNumbers),
  requireSymbols: defaultFlag('RequireSymbols', DEFAULTS.requireSymbols),
  hardExpiry: defaultFlag('HardExpiry', DEFAULTS.hardExpiry),
  maxPasswordAge: defaultNumber('MaxPasswordAge', 'maxPasswordAge'),
  passwordReusePrevention: defaultNumber('PasswordReusePrevention', 'passwordReusePrevention'),
  // RAM spells it so.
  maxLoginAttempts: defaultNumber('MaxLoginAttemps', 'maxLoginAttempts'),
}

const passwordPolicyMembers = (policy: PasswordPolicy): AnswerMembers => ({
  PasswordPolicy: {
    MinimumPasswordLength: policy.minimumPasswordLength,
    RequireLowercaseCharacters: policy.requireLowercaseCharacters,
    RequireUppercaseCharacters: policy.requireUppercaseCharacters,
    RequireNumbers: policy.requireNumbers,
    RequireSymbols: policy.requireSymbols,
    HardExpiry: policy.hardExpiry,
    MaxPasswordAge: policy.maxPasswordAge,
    PasswordReusePrevention: policy.passwordReusePrevention,
    MaxLoginAttemps: policy.maxLoginAttempts,
  },
})

const setPasswordPolicy = operation({
  product: 'Ram',
  name: 'SetPasswordPolicy',
  kind: 'command',
  parameters: passwordPolicyFields,
  authorizes: authorizes('ram:SetPasswordPolicy'),
  run: (policy, scene) =>
    doneAndShown(scene, { type: 'SetPasswordPolicy', policy }, () =>
      TE.right(passwordPolicyMembers(policy)),
    ),
})

const getPasswordPolicy = operation({
  product: 'Ram',
  name: 'GetPasswordPolicy',
  kind: 'question',
  parameters: {},
  authorizes: authorizes('ram:GetPasswordPolicy'),
  run: (_, scene) =>
    asked(scene, (directory, accountId) =>
      E.right(passwordPolicyMembers(passwordPolicyOf(directory, accountId))),
    ),
})

const sessionHours: Reader<LoginSessionHours> = (value, name) => {
  const hours = ranged({ min: LOGIN_SESSION_HOURS_MIN, max: LOGIN_SESSION_HOURS_MAX })(value, name)
  if (E.isLeft(hours)) return hours
  return LoginSessionHours.is(hours.right) ? E.right(hours.right) : invalid(name, 'Range')
}

/** What is not said stays; no masks at all are said by empty text. */
const securityPreferenceFields = {
  enableSaveMFATicket: optional('EnableSaveMFATicket', flag),
  allowUserToChangePassword: optional('AllowUserToChangePassword', flag),
  loginSessionDuration: optional('LoginSessionDuration', sessionHours),
  loginNetworkMasks: changed('LoginNetworkMasks', matching(LoginNetworkMasks, 'Format')),
  allowUserToManageAccessKeys: optional('AllowUserToManageAccessKeys', flag),
  allowUserToManageMFADevices: optional('AllowUserToManageMFADevices', flag),
  allowUserToManagePublicKeys: optional('AllowUserToManagePublicKeys', flag),
}

const securityPreferenceMembers = (preference: SecurityPreference): AnswerMembers => ({
  SecurityPreference: {
    LoginProfilePreference: {
      EnableSaveMFATicket: preference.enableSaveMFATicket,
      AllowUserToChangePassword: preference.allowUserToChangePassword,
      LoginSessionDuration: preference.loginSessionDuration,
      LoginNetworkMasks: preference.loginNetworkMasks,
    },
    AccessKeyPreference: {
      AllowUserToManageAccessKeys: preference.allowUserToManageAccessKeys,
    },
    MFAPreference: { AllowUserToManageMFADevices: preference.allowUserToManageMFADevices },
    PublicKeyPreference: {
      AllowUserToManagePublicKeys: preference.allowUserToManagePublicKeys,
    },
  },
})

const setSecurityPreference = operation({
  product: 'Ram',
  name: 'SetSecurityPreference',
  kind: 'command',
  parameters: securityPreferenceFields,
  authorizes: authorizes('ram:SetSecurityPreference'),
  run: (given, scene) => {
    const { directory } = scene.engine.views
    const { accountId } = scene.caller
    // Members that were not sent are not there, whatever their types say.
    const changes = given as SecurityPreferenceChanges
    return doneAndShown(scene, { type: 'SetSecurityPreference', changes }, () =>
      TE.right(securityPreferenceMembers(securityPreferenceOf(directory, accountId))),
    )
  },
})

const getSecurityPreference = operation({
  product: 'Ram',
  name: 'GetSecurityPreference',
  kind: 'question',
  parameters: {},
  authorizes: authorizes('ram:GetSecurityPreference'),
  run: (_, scene) =>
    asked(scene, (directory, accountId) =>
      E.right(securityPreferenceMembers(securityPreferenceOf(directory, accountId))),
    ),
})

export const ACCOUNT_SETTING_OPERATIONS: ReadonlyArray<Operation> = [
  setAccountAlias,
  getAccountAlias,
  clearAccountAlias,
  setPasswordPolicy,
  getPasswordPolicy,
  setSecurityPreference,
  getSecurityPreference,
]
