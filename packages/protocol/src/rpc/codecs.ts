/**
 * The parameters of RAM and STS that several operations share, each with its limits.
 */
import {
  AccessKeyId,
  type AccessKeyStatus,
  AccountId,
  ClientId,
  Comments,
  Description,
  ExternalId,
  Fingerprint,
  GroupName,
  type IdentityPolicyText,
  MAX_SESSION_DURATION_SECONDS_MAX,
  MAX_SESSION_DURATION_SECONDS_MIN,
  MaxSessionDuration,
  PolicyName,
  type PolicyType,
  ProviderDescription,
  ProviderName,
  RoleName,
  RoleSessionName,
  SourceIdentity,
  type TrustPolicyText,
  UserName,
  VersionId,
} from '@grantlog/domain'
import { type PolicyFault, parseArn, parsePolicy } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import type { ParameterFault } from './faults.js'
import {
  type Field,
  integer,
  invalid,
  matching,
  named,
  needed,
  oneOf,
  optional,
  type Reader,
  text,
} from './fields.js'

export const userNameText: Reader<UserName> = named(UserName, 64)
export const groupNameText: Reader<GroupName> = named(GroupName, 64)
export const roleNameText: Reader<RoleName> = named(RoleName, 64)
export const policyNameText: Reader<PolicyName> = named(PolicyName, 128)

export const userName: Field<UserName> = needed('UserName', userNameText)
export const groupName: Field<GroupName> = needed('GroupName', groupNameText)
export const roleName: Field<RoleName> = needed('RoleName', roleNameText)
export const policyName: Field<PolicyName> = needed('PolicyName', policyNameText)
export const policyTypeText: Reader<PolicyType> = oneOf(['Custom', 'System'])
export const policyType: Field<PolicyType> = needed('PolicyType', policyTypeText)
export const versionId: Field<VersionId> = needed('VersionId', matching(VersionId, 'Format'))
export const accessKeyId: Field<AccessKeyId> = needed('UserAccessKeyId', named(AccessKeyId, 128))
export const accessKeyStatus: Reader<AccessKeyStatus> = oneOf(['Active', 'Inactive'])

const DISPLAY_NAME = /^[\p{L}\p{M}\p{N}@._ -]+$/u
const DISPLAY_NAME_CHARACTERS_MAX = 128

/** Letters of any script, digits, '@', '.', '_', '-' and spaces. */
export const displayNameText: Reader<string> = (value, name) => {
  const sized = text(DISPLAY_NAME_CHARACTERS_MAX)(value, name)
  if (E.isLeft(sized) || value === '') return invalid(name, 'Length')
  return DISPLAY_NAME.test(value) ? sized : invalid(name, 'InvalidChars')
}

/** `<country code>-<number>`; empty when there is none. */
export const mobilePhoneText: Reader<string> = (value, name) =>
  value === '' || /^[0-9]{1,4}-[0-9]{4,20}$/.test(value) ? E.right(value) : invalid(name, 'Format')

const EMAIL_CHARACTERS_MAX = 254

/** One '@' between a name and a domain with a dot; empty when there is none. */
export const emailText: Reader<string> = (value, name) => {
  if (value === '') return E.right(value)
  const at = value.indexOf('@')
  const domain = value.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const isShaped = at > 0 && dot > 0 && dot < domain.length - 1 && !domain.includes('@')
  return isShaped && value.length <= EMAIL_CHARACTERS_MAX && !/[\s\p{Cc}]/u.test(value)
    ? E.right(value)
    : invalid(name, 'Format')
}

/** The comments of a user, which are sealed and so are no text of the domain. */
export const userCommentsText = text(128)
export const groupCommentsText: Reader<Comments> = matching(Comments, 'Length')
export const descriptionText: Reader<Description> = matching(Description, 'Length')

export const maxSessionDurationText: Reader<MaxSessionDuration> = (value, name) => {
  const seconds = integer(MAX_SESSION_DURATION_SECONDS_MIN, MAX_SESSION_DURATION_SECONDS_MAX)(
    value,
    name,
  )
  if (E.isLeft(seconds)) return seconds
  return MaxSessionDuration.is(seconds.right) ? E.right(seconds.right) : invalid(name, 'Value')
}

const documentFault = (name: string, fault: PolicyFault): ParameterFault =>
  fault.type === 'PolicyTooLong'
    ? { type: 'ParameterInvalid', name, rule: 'Length' }
    : { type: 'PolicyDocumentMalformed', name, path: fault.path, fault: fault.fault }

export const identityPolicyText: Reader<IdentityPolicyText> = (value, name) => {
  if (value === '') return invalid(name, 'Length')
  const parsed = parsePolicy('identity', value)
  if (E.isLeft(parsed)) return E.left(documentFault(name, parsed.left))
  return E.right(value as IdentityPolicyText)
}

export const trustPolicyText: Reader<TrustPolicyText> = (value, name) => {
  if (value === '') return invalid(name, 'Length')
  const parsed = parsePolicy('trust', value)
  if (E.isLeft(parsed)) return E.left(documentFault(name, parsed.left))
  return E.right(value as TrustPolicyText)
}

export const sessionPolicyText: Reader<string> = (value) => {
  const parsed = parsePolicy('session', value)
  if (E.isRight(parsed)) return E.right(value)
  const fault = parsed.left
  return fault.type === 'PolicyTooLong'
    ? E.left({ type: 'SessionPolicyTooLong', limit: fault.limit })
    : E.left({ type: 'SessionPolicyMalformed', path: fault.path, fault: fault.fault })
}

export type RoleArn = { readonly accountId: AccountId; readonly roleName: RoleName }

const ARN_CHARACTERS_MAX = 256

/** `acs:ram::<uid>:<kind>/<name>`; the region may be '*'. */
const ramArn = (
  value: string,
  ofKind: string,
): { readonly accountId: AccountId; readonly own: string } | undefined => {
  const parsed = value.length > ARN_CHARACTERS_MAX ? undefined : parseArn(value)
  if (parsed === undefined || E.isLeft(parsed)) return undefined
  const { service, region, account, relativeId } = parsed.right
  const [kind, own, ...rest] = relativeId.split('/')
  const isIt = service === 'ram' && (region === '' || region === '*') && kind === ofKind
  return isIt && rest.length === 0 && own !== undefined && AccountId.is(account)
    ? { accountId: account, own }
    : undefined
}

export const roleArnText: Reader<RoleArn> = (value, name) => {
  const arn = ramArn(value, 'role')
  return arn !== undefined && RoleName.is(arn.own)
    ? E.right({ accountId: arn.accountId, roleName: arn.own })
    : invalid(name, 'Value')
}

export type ProviderArn = { readonly accountId: AccountId; readonly providerName: ProviderName }

/** `acs:ram::<uid>:<kind>/<name>`, of one of the kinds of identity providers. */
export const providerArnText =
  (kind: 'oidc-provider' | 'saml-provider'): Reader<ProviderArn> =>
  (value, name) => {
    const arn = ramArn(value, kind)
    return arn !== undefined && ProviderName.is(arn.own)
      ? E.right({ accountId: arn.accountId, providerName: arn.own })
      : invalid(name, 'Value')
  }

export const providerNameText: Reader<ProviderName> = named(ProviderName, 128)
export const providerDescriptionText: Reader<ProviderDescription> = matching(
  ProviderDescription,
  'Length',
)
export const clientIdText: Reader<ClientId> = matching(ClientId, 'Format')

/** With colons or without, in letters of any case. */
export const fingerprintText: Reader<Fingerprint> = (value, name) =>
  value.length > 200
    ? invalid(name, 'Format')
    : matching(Fingerprint, 'Format')(value.replaceAll(':', '').toLowerCase(), name)

/** A caller chooses from fewer characters than an assertion does. */
export const roleSessionNameText: Reader<RoleSessionName> = (value, name) =>
  /[=,+]/.test(value) ? invalid(name, 'Value') : matching(RoleSessionName, 'Value')(value, name)
export const externalIdText: Reader<ExternalId> = matching(ExternalId, 'Value')
export const sourceIdentityText: Reader<SourceIdentity> = matching(SourceIdentity, 'Value')

/** Unit: characters. Source: STS's published limits. */
export const OIDC_TOKEN_CHARACTERS = { min: 4, max: 20_000 }

/** Unit: seconds. */
export const DURATION_SECONDS_MIN = 900
/** The longest that any role allows; a role's own is known later. Unit: seconds. */
export const DURATION_SECONDS_MAX = MAX_SESSION_DURATION_SECONDS_MAX

/** The longest marker that is opened. Unit: characters. */
const MARKER_CHARACTERS_MAX = 1024

export const markerText: Reader<string> = (value, name) =>
  value.length > MARKER_CHARACTERS_MAX ? invalid(name, 'Value') : E.right(value)

export type PageParameters = {
  readonly marker: Field<string | undefined>
  readonly maxItems: Field<number | undefined>
}

/** `Marker` and `MaxItems` of a list that gives at most so many items at once. */
export const pageFields = (itemsMax: number): PageParameters => ({
  marker: optional('Marker', markerText),
  maxItems: optional('MaxItems', integer(1, itemsMax)),
})
