/** What the users of an account may do for themselves, and how long and from where they sign in. */
import { type AddressBlock, isInside, parseAddress, parseAddressBlock } from '@grantlog/policy'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'

/** The most masks that may be listed. Source: RAM's published limits. */
export const LOGIN_NETWORK_MASKS_MAX = 40

/** The longest list of masks. Unit: characters. Source: RAM's published limits. */
export const LOGIN_NETWORK_MASKS_CHARACTERS_MAX = 512

/** Unit: hours. Source: RAM's published limits. */
export const LOGIN_SESSION_HOURS_MIN = 1
/** Unit: hours. Source: RAM's published limits. */
export const LOGIN_SESSION_HOURS_MAX = 24

const masksOf = (text: string): ReadonlyArray<string> => (text === '' ? [] : text.split(';'))

const blocksOf = (text: string): ReadonlyArray<O.Option<AddressBlock>> =>
  masksOf(text).map((mask) => parseAddressBlock(mask))

export interface LoginNetworkMasksBrand {
  readonly LoginNetworkMasks: unique symbol
}
/** Addresses and CIDR blocks, separated by ';'; empty for every address. */
export const LoginNetworkMasks = t.brand(
  t.string,
  (text): text is t.Branded<string, LoginNetworkMasksBrand> =>
    text.length <= LOGIN_NETWORK_MASKS_CHARACTERS_MAX &&
    masksOf(text).length <= LOGIN_NETWORK_MASKS_MAX &&
    blocksOf(text).every(O.isSome),
  'LoginNetworkMasks',
)
export type LoginNetworkMasks = t.TypeOf<typeof LoginNetworkMasks>

/** Whether one may sign in from an address. An address that can't be read is none of any list. */
export const admitsAddress = (masks: LoginNetworkMasks, address: string): boolean => {
  if (masks === '') return true
  const parsed = parseAddress(address)
  return (
    O.isSome(parsed) &&
    blocksOf(masks).some((block) => O.isSome(block) && isInside(block.value, parsed.value))
  )
}

export interface LoginSessionHoursBrand {
  readonly LoginSessionHours: unique symbol
}
/** How long one stays signed in. A whole number of hours, 1 to 24. */
export const LoginSessionHours = t.brand(
  t.number,
  (n): n is t.Branded<number, LoginSessionHoursBrand> =>
    Number.isInteger(n) && n >= LOGIN_SESSION_HOURS_MIN && n <= LOGIN_SESSION_HOURS_MAX,
  'LoginSessionHours',
)
export type LoginSessionHours = t.TypeOf<typeof LoginSessionHours>

const MEMBERS = {
  /** Whether a device may be remembered for 7 days in place of a code. */
  enableSaveMFATicket: t.boolean,
  allowUserToChangePassword: t.boolean,
  loginSessionDuration: LoginSessionHours,
  loginNetworkMasks: LoginNetworkMasks,
  allowUserToManageAccessKeys: t.boolean,
  allowUserToManageMFADevices: t.boolean,
  allowUserToManagePublicKeys: t.boolean,
}

/** The whole preference. */
export const SecurityPreference = t.strict(MEMBERS, 'SecurityPreference')
export type SecurityPreference = Readonly<t.TypeOf<typeof SecurityPreference>>

/** What of a preference is to change; the rest stays, so that no mask is lost by not being said. */
export const SecurityPreferenceChanges = t.exact(t.partial(MEMBERS), 'SecurityPreferenceChanges')
export type SecurityPreferenceChanges = Readonly<t.TypeOf<typeof SecurityPreferenceChanges>>

/** The preference of an account that never said. Source: RAM's published defaults. */
export const SECURITY_PREFERENCE_DEFAULT: SecurityPreference = {
  enableSaveMFATicket: false,
  allowUserToChangePassword: true,
  loginSessionDuration: 6 as LoginSessionHours,
  loginNetworkMasks: '' as LoginNetworkMasks,
  allowUserToManageAccessKeys: false,
  allowUserToManageMFADevices: true,
  allowUserToManagePublicKeys: false,
}

/** Whether all members of two preferences are the same. */
export const isSameSecurityPreference = (a: SecurityPreference, b: SecurityPreference): boolean =>
  (Object.keys(MEMBERS) as Array<keyof typeof MEMBERS>).every((name) => a[name] === b[name])
