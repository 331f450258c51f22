/** What can become of the settings of an account. */
import { describe, it } from 'vitest'
import { known, sampleAccountId, specify } from '../../testing/index.js'
import { accountDecider } from '../decider.js'
import { DEFAULT_QUOTAS } from '../quotas.js'
import { AccessRecording } from './access-recording.js'

const given = specify(accountDecider(DEFAULT_QUOTAS))
const opened = { type: 'AccountCreated', accountId: sampleAccountId } as const
const all = known(AccessRecording, { type: 'All' })
const denials = known(AccessRecording, { type: 'Denials' })
const sampled = (oneIn: number) => known(AccessRecording, { type: 'Sampled', oneIn })
const set = (recording: AccessRecording) => ({ type: 'SetAccessRecording', recording }) as const
const changed = (recording: AccessRecording) =>
  ({ type: 'AccessRecordingChanged', recording }) as const

describe('SetAccessRecording', () => {
  it('given a new account, then everything may be recorded', () => {
    given(opened).when(set(all)).thenEmits(changed(all))
  })
  it('given a new account, then denials are what it records already', () => {
    given(opened).when(set(denials)).thenUnchanged()
  })
  it('given another rate of sampling, then it is a change, and the same one is none', () => {
    given(opened, changed(sampled(10)))
      .when(set(sampled(20)))
      .thenEmits(changed(sampled(20)))
    given(opened, changed(sampled(10)))
      .when(set(sampled(10)))
      .thenUnchanged()
    given(opened, changed(sampled(10)))
      .when(set(denials))
      .thenEmits(changed(denials))
  })
  it('given an account that was never opened, then it is refused', () => {
    given().when(set(all)).thenRefused({ type: 'AccountNotFound' })
  })
})
