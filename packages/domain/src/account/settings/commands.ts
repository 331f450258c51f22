/** What may be asked about the settings of an account. */
import * as t from 'io-ts'
import { AccessRecording } from './access-recording.js'

/** Chooses which decisions of the account are put on record from now on. */
export const SetAccessRecording = t.strict(
  { type: t.literal('SetAccessRecording'), recording: AccessRecording },
  'SetAccessRecording',
)
export type SetAccessRecording = t.TypeOf<typeof SetAccessRecording>
