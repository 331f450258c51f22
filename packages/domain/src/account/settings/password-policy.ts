/** What the passwords of an account's users must be like, how long they last, and what wrong ones
 * lead to. */
import * as t from 'io-ts'

/** The longest password that is hashed. Unit: bytes of UTF-8. Ours. */
export const PASSWORD_BYTES_MAX = 1024

/** How long a wrong password counts. Unit: milliseconds. Source: RAM, attempts per hour. */
export const LOGIN_ATTEMPTS_WINDOW_MS = 3_600_000

type Range = { readonly min: number; readonly max: number }

/** Where each number of a policy must lie. Source: RAM's published limits. */
export const PASSWORD_POLICY_RANGES = {
  /** Unit: characters. */
  minimumPasswordLength: { min: 8, max: 32 },
  /** Unit: days; 0 means that passwords do not grow old. */
  maxPasswordAge: { min: 0, max: 1095 },
  /** How many of the last passwords a new one must differ from; 0 means none. */
  passwordReusePrevention: { min: 0, max: 24 },
  /** Wrong passwords in an hour; 0 means that they are not limited. */
  maxLoginAttempts: { min: 0, max: 32 },
} as const satisfies Readonly<Record<string, Range>>

const within = (name: string, { min, max }: Range) =>
  new t.Type<number, number, unknown>(
    name,
    (value): value is number =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    (value, context) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max
        ? t.success(Number(value))
        : t.failure(value, context),
    t.identity,
  )

/** The whole policy. Characters are Unicode code points. */
export const PasswordPolicy = t.strict(
  {
    minimumPasswordLength: within('PasswordLength', PASSWORD_POLICY_RANGES.minimumPasswordLength),
    requireLowercaseCharacters: t.boolean,
    requireUppercaseCharacters: t.boolean,
    requireNumbers: t.boolean,
    requireSymbols: t.boolean,
    /** Whether only an administrator can help a user whose password grew too old. */
    hardExpiry: t.boolean,
    maxPasswordAge: within('PasswordAge', PASSWORD_POLICY_RANGES.maxPasswordAge),
    passwordReusePrevention: within(
      'ReusePrevention',
      PASSWORD_POLICY_RANGES.passwordReusePrevention,
    ),
    maxLoginAttempts: within('LoginAttempts', PASSWORD_POLICY_RANGES.maxLoginAttempts),
  },
  'PasswordPolicy',
)
export type PasswordPolicy = Readonly<t.TypeOf<typeof PasswordPolicy>>

/** The policy of an account that never said. Source: RAM's published defaults. */
export const PASSWORD_POLICY_DEFAULT: PasswordPolicy = {
  minimumPasswordLength: 8,
  requireLowercaseCharacters: false,
  requireUppercaseCharacters: false,
  requireNumbers: false,
  requireSymbols: false,
  hardExpiry: false,
  maxPasswordAge: 0,
  passwordReusePrevention: 0,
  maxLoginAttempts: 0,
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** Whether a password is as the policy demands, and may be hashed at all. */
export const isPasswordFit = (policy: PasswordPolicy, password: string): boolean => {
  if (password.length > PASSWORD_BYTES_MAX || LONE_SURROGATE.test(password)) return false
  if (new TextEncoder().encode(password).length > PASSWORD_BYTES_MAX) return false
  return (
    Array.from(password).length >= policy.minimumPasswordLength &&
    (!policy.requireLowercaseCharacters || /\p{Ll}/u.test(password)) &&
    (!policy.requireUppercaseCharacters || /\p{Lu}/u.test(password)) &&
    (!policy.requireNumbers || /\p{Nd}/u.test(password)) &&
    (!policy.requireSymbols || /[^\p{L}\p{N}\s]/u.test(password))
  )
}

const DAY_MS = 86_400_000

/** Whether a password that was set at one time is too old at another. Times in milliseconds. */
export const isPasswordExpired = (policy: PasswordPolicy, setAt: number, now: number): boolean =>
  policy.maxPasswordAge > 0 && now - setAt >= policy.maxPasswordAge * DAY_MS

/** Whether all members of two policies are the same. */
export const isSamePasswordPolicy = (a: PasswordPolicy, b: PasswordPolicy): boolean =>
  (Object.keys(PasswordPolicy.type.props) as Array<keyof PasswordPolicy>).every(
    (name) => a[name] === b[name],
  )
