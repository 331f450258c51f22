/** What can have happened to the settings of an account. Stored for ever. */
import * as t from 'io-ts'
import { AccessRecording } from './access-recording.js'

/** From now on other decisions of the account are put on record than before. */
export const AccessRecordingChanged = t.strict(
  { type: t.literal('AccessRecordingChanged'), recording: AccessRecording },
  'AccessRecordingChanged',
)
export type AccessRecordingChanged = t.TypeOf<typeof AccessRecordingChanged>
