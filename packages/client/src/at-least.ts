/**
 * The consistency tokens that a client carries from its answers to its later calls, so that it
 * never sees an older world than it has seen, and always what it has written itself.
 *
 * Invariant: the token of a change is carried until an answer came to a call that carried it.
 */

/** How many tokens one call carries at most: as many as the server takes. Unit: tokens. */
export const TOKENS_CARRIED_MAX = 16

export type AtLeast = {
  /** What a call that begins now must carry, the newest last. */
  readonly carried: () => ReadonlyArray<string>
  /** Takes in the token of an answer. `carried` is what its call carried. */
  readonly learn: (
    token: string,
    from: { readonly carried: ReadonlyArray<string>; readonly isChange: boolean },
  ) => void
}

export const atLeastTokens = (): AtLeast => {
  let kept: ReadonlyArray<string> = []
  return {
    carried: () => kept.slice(-TOKENS_CARRIED_MAX),
    learn: (token, { carried, isChange }) => {
      const owed = kept.filter((one) => !carried.includes(one))
      // A question that carried none of what is owed may have been answered before it: its token
      // is no better than those.
      const isNewer = isChange || owed.length < kept.length || owed.length === 0
      if (isNewer) kept = [...owed, token]
    },
  }
}
