/**
 * The names and ids of the domain, each with its rule.
 *
 * Names are labels that users choose and RAM compares without case; ids are given by grantlog,
 * never chosen by a caller and never used again. Facts point at ids. Source of the rules: RAM's
 * published limits.
 */
import * as t from 'io-ts'

/**
 * A codec of the strings that follow a rule. The brand of each name keeps names from being mixed
 * up.
 */
const pattern = <Brand extends object>(name: string, rule: RegExp) =>
  t.brand(t.string, (s): s is t.Branded<string, Brand> => rule.test(s), name as never)

export interface AccountIdBrand {
  readonly AccountId: unique symbol
}
/** Names an account (its uid). Decimal digits, 16 when made by grantlog; first digit not zero. */
export const AccountId = pattern<AccountIdBrand>('AccountId', /^[1-9][0-9]{4,19}$/)
export type AccountId = t.TypeOf<typeof AccountId>

export interface AccountAliasBrand {
  readonly AccountAlias: unique symbol
}
/**
 * Calls an account by a word, in the names by which its users sign in. 3 to 32 lower-case letters,
 * digits and single inner '-'; nothing that could be the uid of an account.
 */
export const AccountAlias = t.brand(
  t.string,
  (s): s is t.Branded<string, AccountAliasBrand> =>
    s.length >= ACCOUNT_ALIAS_CHARACTERS_MIN &&
    s.length <= ACCOUNT_ALIAS_CHARACTERS_MAX &&
    /^[a-z0-9](?:-?[a-z0-9])+$/.test(s) &&
    !AccountId.is(s),
  'AccountAlias',
)
export type AccountAlias = t.TypeOf<typeof AccountAlias>

/** Unit: characters. Source: RAM's published limits. */
export const ACCOUNT_ALIAS_CHARACTERS_MIN = 3
/** Unit: characters. Source: RAM's published limits. */
export const ACCOUNT_ALIAS_CHARACTERS_MAX = 32

export interface UserIdBrand {
  readonly UserId: unique symbol
}
/** Identifies a user for ever, across renames. 15 to 18 decimal digits. */
export const UserId = pattern<UserIdBrand>('UserId', /^[1-9][0-9]{14,17}$/)
export type UserId = t.TypeOf<typeof UserId>

export interface GroupIdBrand {
  readonly GroupId: unique symbol
}
/** Identifies a group for ever. `g-` and 14 or more letters and digits. */
export const GroupId = pattern<GroupIdBrand>('GroupId', /^g-[A-Za-z0-9]{14,32}$/)
export type GroupId = t.TypeOf<typeof GroupId>

export interface RoleIdBrand {
  readonly RoleId: unique symbol
}
/** Identifies a role for ever. 15 to 18 decimal digits. */
export const RoleId = pattern<RoleIdBrand>('RoleId', /^[1-9][0-9]{14,17}$/)
export type RoleId = t.TypeOf<typeof RoleId>

export interface PolicyIdBrand {
  readonly PolicyId: unique symbol
}
/** Identifies a custom policy for ever. `p-` and 16 letters and digits; never shown by RAM. */
export const PolicyId = pattern<PolicyIdBrand>('PolicyId', /^p-[A-Za-z0-9]{16,32}$/)
export type PolicyId = t.TypeOf<typeof PolicyId>

export interface MFADeviceIdBrand {
  readonly MFADeviceId: unique symbol
}
/** Identifies a virtual MFA device for ever. `mfa-` and 16 letters and digits; not shown by RAM. */
export const MFADeviceId = pattern<MFADeviceIdBrand>('MFADeviceId', /^mfa-[A-Za-z0-9]{16,32}$/)
export type MFADeviceId = t.TypeOf<typeof MFADeviceId>

export interface ProviderIdBrand {
  readonly ProviderId: unique symbol
}
/** Identifies an identity provider for ever. `idp-` and 16 or more letters and digits. */
export const ProviderId = pattern<ProviderIdBrand>('ProviderId', /^idp-[A-Za-z0-9]{16,32}$/)
export type ProviderId = t.TypeOf<typeof ProviderId>

export interface SessionIdBrand {
  readonly SessionId: unique symbol
}
/** Identifies one successful AssumeRole. 32 lower-case hex digits (128 bit). */
export const SessionId = pattern<SessionIdBrand>('SessionId', /^[0-9a-f]{32}$/)
export type SessionId = t.TypeOf<typeof SessionId>

export interface SignInIdBrand {
  readonly SignInId: unique symbol
}
/** Identifies what one signing in began. 32 lower-case hex digits (128 bit). */
export const SignInId = pattern<SignInIdBrand>('SignInId', /^[0-9a-f]{32}$/)
export type SignInId = t.TypeOf<typeof SignInId>

export interface AccessKeyIdBrand {
  readonly AccessKeyId: unique symbol
}
/**
 * Names a long-lived AccessKey. 16 to 128 letters and digits; new ones are `LTAI5t` and 18 more.
 */
export const AccessKeyId = pattern<AccessKeyIdBrand>('AccessKeyId', /^[A-Za-z0-9]{16,128}$/)
export type AccessKeyId = t.TypeOf<typeof AccessKeyId>

export interface TemporaryAccessKeyIdBrand {
  readonly TemporaryAccessKeyId: unique symbol
}
/** Names the temporary AccessKey of a session. `STS.` and 16 to 64 letters and digits. */
export const TemporaryAccessKeyId = pattern<TemporaryAccessKeyIdBrand>(
  'TemporaryAccessKeyId',
  /^STS\.[A-Za-z0-9]{16,64}$/,
)
export type TemporaryAccessKeyId = t.TypeOf<typeof TemporaryAccessKeyId>

export interface UserNameBrand {
  readonly UserName: unique symbol
}
/** Names a user inside its account. 1 to 64 characters: letters, digits, '.', '-', '_'. */
export const UserName = pattern<UserNameBrand>('UserName', /^[A-Za-z0-9._-]{1,64}$/)
export type UserName = t.TypeOf<typeof UserName>

export interface GroupNameBrand {
  readonly GroupName: unique symbol
}
/** Names a group inside its account. 1 to 64 characters: letters, digits, '.', '-', '_'. */
export const GroupName = pattern<GroupNameBrand>('GroupName', /^[A-Za-z0-9._-]{1,64}$/)
export type GroupName = t.TypeOf<typeof GroupName>

export interface RoleNameBrand {
  readonly RoleName: unique symbol
}
/** Names a role inside its account. 1 to 64 characters: letters, digits, '.', '-'. */
export const RoleName = pattern<RoleNameBrand>('RoleName', /^[A-Za-z0-9.-]{1,64}$/)
export type RoleName = t.TypeOf<typeof RoleName>

export interface PolicyNameBrand {
  readonly PolicyName: unique symbol
}
/** Names a custom or system policy. 1 to 128 characters: letters, digits, '-'. */
export const PolicyName = pattern<PolicyNameBrand>('PolicyName', /^[A-Za-z0-9-]{1,128}$/)
export type PolicyName = t.TypeOf<typeof PolicyName>

export interface VirtualMFADeviceNameBrand {
  readonly VirtualMFADeviceName: unique symbol
}
/** Names a virtual MFA device inside its account. 1 to 64 characters: letters, digits, '.', '-'. */
export const VirtualMFADeviceName = pattern<VirtualMFADeviceNameBrand>(
  'VirtualMFADeviceName',
  /^[A-Za-z0-9.-]{1,64}$/,
)
export type VirtualMFADeviceName = t.TypeOf<typeof VirtualMFADeviceName>

export interface AuthenticationCodeBrand {
  readonly AuthenticationCode: unique symbol
}
/** What an MFA device shows for 30 seconds. Six decimal digits of ASCII, and no others. */
export const AuthenticationCode = pattern<AuthenticationCodeBrand>(
  'AuthenticationCode',
  /^[0-9]{6}$/,
)
export type AuthenticationCode = t.TypeOf<typeof AuthenticationCode>

export interface ProviderNameBrand {
  readonly ProviderName: unique symbol
}
/**
 * Names an identity provider among those of its kind. 1 to 128 characters: letters, digits, '.',
 * '-', '_'; the first and the last are a letter or a digit.
 */
export const ProviderName = pattern<ProviderNameBrand>(
  'ProviderName',
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/,
)
export type ProviderName = t.TypeOf<typeof ProviderName>

export interface VersionIdBrand {
  readonly VersionId: unique symbol
}
/**
 * Names a version of a policy. `v` and a positive integer; numbers only grow and are not reused.
 */
export const VersionId = pattern<VersionIdBrand>('VersionId', /^v[1-9][0-9]{0,8}$/)
export type VersionId = t.TypeOf<typeof VersionId>

export interface RoleSessionNameBrand {
  readonly RoleSessionName: unique symbol
}
/**
 * Names a session, as the audit trail shows it. 2 to 64 of letters, digits, '.', '@', '_', '-'; a
 * name out of a SAML assertion may also have '=', ',' and '+'.
 */
export const RoleSessionName = pattern<RoleSessionNameBrand>(
  'RoleSessionName',
  /^[A-Za-z0-9.@=,+_-]{2,64}$/,
)
export type RoleSessionName = t.TypeOf<typeof RoleSessionName>

export interface SealedBrand {
  readonly Sealed: unique symbol
}
/**
 * Personal data, sealed with its person's own key before it reaches a command: `pii1.` and
 * base64url text. The domain never sees the clear text; erasing the key erases the person.
 */
export const Sealed = pattern<SealedBrand>('Sealed', /^pii1\.[A-Za-z0-9_-]+$/)
export type Sealed = t.TypeOf<typeof Sealed>

export interface SecretRefBrand {
  readonly SecretRef: unique symbol
}
/** Points at a secret in the vault. Never the secret, nor its ciphertext. */
export const SecretRef = pattern<SecretRefBrand>(
  'SecretRef',
  /^[a-z][a-z0-9-]*\/[A-Za-z0-9./_-]{1,200}$/,
)
export type SecretRef = t.TypeOf<typeof SecretRef>

/** Whether an AccessKey may sign. A new key is `Active`. */
export const AccessKeyStatus = t.union(
  [t.literal('Active'), t.literal('Inactive')],
  'AccessKeyStatus',
)
export type AccessKeyStatus = t.TypeOf<typeof AccessKeyStatus>

/** A label on a role or a custom policy. Key 1 to 128, value 0 to 256 characters. */
export const Tag = t.strict({ key: t.string, value: t.string }, 'Tag')
export type Tag = t.TypeOf<typeof Tag>

/** RAM compares names without case: two names with the same key are the same name. */
export const nameKey = (name: string): string => name.toLowerCase()
