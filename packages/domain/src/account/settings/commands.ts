/** What may be asked about the settings of an account. */
import * as t from 'io-ts'
import { AccessRecording } from './access-recording.js'
import { PasswordPolicy } from './password-policy.js'
import { SecurityPreferenceChanges } from './security-preference.js'

/** Chooses which decisions of the account are put on record from now on. */
export const SetAccessRecording = t.strict(
  { type: t.literal('SetAccessRecording'), recording: AccessRecording },
  'SetAccessRecording',
)
export type SetAccessRecording = t.TypeOf<typeof SetAccessRecording>

/** Chooses what passwords must be like; what there was before is replaced as a whole. */
export const SetPasswordPolicy = t.strict(
  { type: t.literal('SetPasswordPolicy'), policy: PasswordPolicy },
  'SetPasswordPolicy',
)
export type SetPasswordPolicy = t.TypeOf<typeof SetPasswordPolicy>

/**
 * Chooses what users may do for themselves; an absent member stays as it is. That they manage
 * public keys is kept and permits nothing, for there are none.
 */
export const SetSecurityPreference = t.strict(
  { type: t.literal('SetSecurityPreference'), changes: SecurityPreferenceChanges },
  'SetSecurityPreference',
)
export type SetSecurityPreference = t.TypeOf<typeof SetSecurityPreference>
