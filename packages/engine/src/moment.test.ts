/** Which of two moments is earlier. */
import { type AccountEvent, UserName } from '@grantlog/domain'
import { sampleAccountId as accountId, known, userIdOf } from '@grantlog/domain/testing'
import { historyView } from '@grantlog/views'
import { fold, RECORD_STARTS_AT, RECORD_STEP, record } from '@grantlog/views/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Moment } from './engine-error.js'
import { isBefore } from './moment.js'

const CHANGES = 6
const events = Array.from(
  { length: CHANGES },
  (_, n): AccountEvent => ({
    type: 'UserCreated',
    userId: userIdOf(n),
    userName: known(UserName, `user-${n}`),
  }),
)
/** One change a second; between two of them stand events that are none, at positions of theirs. */
const GAP = 3
const history = events.reduce(
  (state, event, n) =>
    [
      ...record([event], {
        accountId,
        position: 1 + n * GAP,
        revision: n,
        startsAt: RECORD_STARTS_AT + n * RECORD_STEP,
      }),
    ].reduce(historyView.apply, state),
  fold(historyView, []),
)
const at = (position: number): Moment => ({ type: 'AtPosition', position })
const then = (seconds: number): Moment => ({
  type: 'AtTime',
  time: RECORD_STARTS_AT + seconds * RECORD_STEP,
})
const moments = fc.oneof(
  fc.nat({ max: CHANGES * GAP }).map(at),
  fc.integer({ min: -4, max: 4 * CHANGES }).map((quarters) => then(quarters / 4)),
  fc.constant<Moment>({ type: 'Now' }),
)

describe('two moments', () => {
  it('given two positions or two times, then the smaller is before', () => {
    expect([isBefore(history, at(2), at(3)), isBefore(history, at(3), at(3))]).toEqual([
      true,
      false,
    ])
    expect([isBefore(history, then(1), then(2)), isBefore(history, then(2), then(2))]).toEqual([
      true,
      false,
    ])
  })

  it('given a time and a position, then what changed between them says which is before', () => {
    expect(isBefore(history, at(1), then(1))).toBe(true)
    expect(isBefore(history, then(0.5), at(1 + GAP))).toBe(true)
    for (const [one, other] of [
      [at(1), then(0.5)],
      [at(2), then(0)],
      [at(CHANGES * GAP), then(CHANGES)],
    ] as const)
      expect([isBefore(history, one, other), isBefore(history, other, one)]).toEqual([false, false])
  })

  it('of two moments at most one is before the other, and none is before itself', () => {
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        expect(isBefore(history, one, other) && isBefore(history, other, one)).toBe(false)
        expect(isBefore(history, one, one)).toBe(false)
      }),
    )
  })
})
