/** When the settings of an account may change: always. */
import { accept, unchanged } from '../../decider.js'
import type { AccountDecision } from '../refusal.js'
import type { OpenAccountState } from '../state.js'
import { isSameRecording } from './access-recording.js'
import type { SetAccessRecording } from './commands.js'

export const setAccessRecording = (
  { recording }: SetAccessRecording,
  account: OpenAccountState,
): AccountDecision =>
  isSameRecording(recording, account.accessRecording)
    ? unchanged
    : accept({ type: 'AccessRecordingChanged', recording })
