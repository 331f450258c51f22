/** Why a proposed change of policies can't be tried on recorded access. */

/** Nobody has, or ever had, the name that a change attaches to or detaches from. */
export type NoSuchTarget = { readonly type: 'NoSuchTarget'; readonly name: string }

/** Never was the policy attached to that target itself, so that detaching it changes nothing. */
export type NoSuchAttachment = {
  readonly type: 'NoSuchAttachment'
  readonly policyName: string
  readonly name: string
}

/** A policy that is to be attached is not there; `isPast` when there was one. */
export type NoSuchPolicy = {
  readonly type: 'NoSuchPolicy'
  readonly policyName: string
  readonly isPast: boolean
}
