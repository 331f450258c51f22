/** What can have happened to the settings of an account. Stored for ever. */
import * as t from 'io-ts'
import { AccessRecording } from './access-recording.js'
import { PasswordPolicy } from './password-policy.js'
import { SecurityPreference } from './security-preference.js'

/** From now on other decisions of the account are put on record than before. */
export const AccessRecordingChanged = t.strict(
  { type: t.literal('AccessRecordingChanged'), recording: AccessRecording },
  'AccessRecordingChanged',
)
export type AccessRecordingChanged = t.TypeOf<typeof AccessRecordingChanged>

/** From now on passwords must be like this. Those that are there stay. */
export const PasswordPolicyChanged = t.strict(
  { type: t.literal('PasswordPolicyChanged'), policy: PasswordPolicy },
  'PasswordPolicyChanged',
)
export type PasswordPolicyChanged = t.TypeOf<typeof PasswordPolicyChanged>

/** From now on users may do this for themselves, and sign in for so long and from there. */
export const SecurityPreferenceChanged = t.strict(
  { type: t.literal('SecurityPreferenceChanged'), preference: SecurityPreference },
  'SecurityPreferenceChanged',
)
export type SecurityPreferenceChanged = t.TypeOf<typeof SecurityPreferenceChanged>
