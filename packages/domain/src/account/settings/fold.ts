/** What changed settings leave in the state. */
import type { OpenAccountState } from '../state.js'
import type { AccessRecordingChanged } from './events.js'

export const foldSettings = (
  account: OpenAccountState,
  { recording }: AccessRecordingChanged,
): OpenAccountState => ({ ...account, accessRecording: recording })
