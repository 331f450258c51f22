/** What was put on record of an account, and from when on. */
import type { DomainEvent } from '@grantlog/domain'
import { AccessRecording } from '@grantlog/domain'
import { known, sampleAccountId } from '@grantlog/domain/testing'
import { describe, expect, it } from 'vitest'
import { lossesBetween, recordingBetween, recordingOf, recordingView } from './recording.js'
import { fold, RECORD_STARTS_AT, record, reload } from './testing/index.js'

const accountId = sampleAccountId
const setting = (input: unknown) => known(AccessRecording, input)
const changed = (input: unknown): DomainEvent => ({
  type: 'AccessRecordingChanged',
  recording: setting(input),
})
const lost: DomainEvent = {
  type: 'AccessRecordsLost',
  accountId,
  lost: 7,
  reason: 'Overloaded',
  fromPosition: 1,
  toPosition: 2,
  from: RECORD_STARTS_AT + 500,
  to: RECORD_STARTS_AT + 600,
}
const opened: DomainEvent = { type: 'AccountCreated', accountId }
const state = fold(
  recordingView,
  record([opened, changed({ type: 'All' }), lost, changed({ type: 'Off' })], { accountId }),
)
const second = (n: number): number => RECORD_STARTS_AT + 1_000 * n

describe('the recording of an account', () => {
  it('given nothing was said, then denials are recorded', () => {
    expect(recordingOf(recordingView.empty(), accountId)).toEqual({ type: 'Denials' })
  })
  it('given changes, then the last one counts, also after a restart', () => {
    expect(recordingOf(state, accountId)).toEqual({ type: 'Off' })
    expect(recordingOf(reload(recordingView, state), accountId)).toEqual({ type: 'Off' })
  })
  it('given a window, then each setting is told for as long as it was in force in it', () => {
    const window = { from: second(-5), to: second(9) }
    expect(recordingBetween(reload(recordingView, state), accountId, window)).toEqual([
      { recording: { type: 'Denials' }, from: second(0), to: second(1) },
      { recording: { type: 'All' }, from: second(1), to: second(3) },
      { recording: { type: 'Off' }, from: second(3), to: second(9) },
    ])
    expect(recordingBetween(state, accountId, { from: second(1), to: second(2) })).toHaveLength(1)
  })
  it('given losses, then those of a window are told', () => {
    expect(lossesBetween(state, accountId, { from: second(0), to: second(1) })).toMatchObject([
      { lost: 7, reason: 'Overloaded' },
    ])
    expect(lossesBetween(state, accountId, { from: second(2), to: second(9) })).toEqual([])
  })
})
