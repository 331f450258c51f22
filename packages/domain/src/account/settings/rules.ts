/** When the settings of an account may change: always. */
import { accept, unchanged } from '../../decider.js'
import type { AccountDecision } from '../refusal.js'
import type { OpenAccountState } from '../state.js'
import { isSameRecording } from './access-recording.js'
import type { SetAccessRecording, SetPasswordPolicy, SetSecurityPreference } from './commands.js'
import { isSamePasswordPolicy } from './password-policy.js'
import { isSameSecurityPreference } from './security-preference.js'

export const setAccessRecording = (
  { recording }: SetAccessRecording,
  account: OpenAccountState,
): AccountDecision =>
  isSameRecording(recording, account.accessRecording)
    ? unchanged
    : accept({ type: 'AccessRecordingChanged', recording })

export const setPasswordPolicy = (
  { policy }: SetPasswordPolicy,
  account: OpenAccountState,
): AccountDecision =>
  isSamePasswordPolicy(policy, account.passwordPolicy)
    ? unchanged
    : accept({ type: 'PasswordPolicyChanged', policy })

export const setSecurityPreference = (
  { changes }: SetSecurityPreference,
  account: OpenAccountState,
): AccountDecision => {
  const preference = { ...account.securityPreference, ...changes }
  return isSameSecurityPreference(preference, account.securityPreference)
    ? unchanged
    : accept({ type: 'SecurityPreferenceChanged', preference })
}
