/** Trace context: what follows the standard is read, and nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTraceparent, traceparentOf } from './traceparent.js'

const digits = (count: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: count, maxLength: count })
    .map((all) => all.join(''))
    .filter((text) => /[^0]/.test(text))

describe('a traceparent', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(digits(32), digits(16), fc.boolean(), (traceId, spanId, isSampled) => {
        const context = { traceId, spanId, isSampled }
        expect(parseTraceparent(traceparentOf(context))).toEqual(context)
      }),
    )
  })

  it.each([
    '',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7',
  ])('given %j, then it counts as none', (text) => {
    expect(parseTraceparent(text)).toBeNull()
  })

  it('given other flags, then only the last bit says that the trace is recorded', () => {
    const flagged = (flags: string) =>
      parseTraceparent(`00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`)
    expect([flagged('03')?.isSampled, flagged('02')?.isSampled]).toEqual([true, false])
  })
})
