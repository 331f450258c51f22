/** The shape of a problem, and of a table that has one for each fault. */
import type { Outcome } from '@grantlog/policy'

/** `to` is the last position; null where it has it still. */
export type Bearer = { readonly id: string; readonly from: number; readonly to: number | null }

export type Problem = {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly pointer?: string
  readonly parameter?: string
  readonly header?: string
  readonly action?: string
  readonly resource?: string
  readonly outcome?: Outcome
  /** The methods that the path answers. */
  readonly allow?: string
  /** Those who had a name that several had: by which ids, at which positions. */
  readonly bearers?: ReadonlyArray<Bearer>
  readonly retryAfterMs?: number
}

export type ProblemRows<Fault extends { readonly type: string }> = {
  readonly [Type in Fault['type']]: (fault: Extract<Fault, { readonly type: Type }>) => Problem
}
