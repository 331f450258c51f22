/** What changed settings leave in the state. */
import type { OpenAccountState } from '../state.js'
import type {
  AccessRecordingChanged,
  PasswordPolicyChanged,
  SecurityPreferenceChanged,
} from './events.js'

export const foldSettings = (
  account: OpenAccountState,
  event: AccessRecordingChanged | PasswordPolicyChanged | SecurityPreferenceChanged,
): OpenAccountState => {
  switch (event.type) {
    case 'AccessRecordingChanged':
      return { ...account, accessRecording: event.recording }
    case 'PasswordPolicyChanged':
      return { ...account, passwordPolicy: event.policy }
    case 'SecurityPreferenceChanged':
      return { ...account, securityPreference: event.preference }
  }
}
