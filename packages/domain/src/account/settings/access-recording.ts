/** Which decisions of an account are put on record. */
import * as t from 'io-ts'

/** The rarest sample: one decision of so many. Unit: decisions. Ours. */
export const SAMPLED_ONE_IN_MAX = 1_000_000

export interface OneInBrand {
  readonly OneIn: unique symbol
}
/** One of how many requests is recorded. A whole number from 2 to 1,000,000. */
export const OneIn = t.brand(
  t.number,
  (n): n is t.Branded<number, OneInBrand> =>
    Number.isInteger(n) && n >= 2 && n <= SAMPLED_ONE_IN_MAX,
  'OneIn',
)
export type OneIn = t.TypeOf<typeof OneIn>

/**
 * `All` decisions, `Denials` alone, those of one in so many requests (`Sampled`, by request id), or
 * none (`Off`). Refusals of orders and reads of what happened are on record in any case.
 */
export const AccessRecording = t.union(
  [
    t.strict({ type: t.literal('All') }),
    t.strict({ type: t.literal('Denials') }),
    t.strict({ type: t.literal('Sampled'), oneIn: OneIn }),
    t.strict({ type: t.literal('Off') }),
  ],
  'AccessRecording',
)
export type AccessRecording = t.TypeOf<typeof AccessRecording>

/** What is recorded of an account that never said. */
export const ACCESS_RECORDING_DEFAULT: AccessRecording = { type: 'Denials' }

export const isSameRecording = (a: AccessRecording, b: AccessRecording): boolean =>
  a.type === 'Sampled' && b.type === 'Sampled' ? a.oneIn === b.oneIn : a.type === b.type
