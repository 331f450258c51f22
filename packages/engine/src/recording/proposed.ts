/**
 * A proposed change of policies, applied to what a principal held at a moment. Pure.
 *
 * Policies and targets are meant by their names of that moment, without case.
 */
import { nameKey } from '@grantlog/domain'
import type { PolicySource } from '@grantlog/policy'
import type { NamedPolicy, Proposed, ProposedChange, ProposedTarget } from './questions.js'

/** A policy that is held: where it comes from and what it says. */
export type HeldText = {
  readonly source: PolicySource
  readonly text: string
  readonly proposed?: Proposed
}

/** A change with all that is needed to apply it: what is attached, as it is now. */
export type PreparedChange =
  | Exclude<ProposedChange, { readonly type: 'Attach' }>
  | {
      readonly type: 'Attach'
      readonly target: ProposedTarget
      readonly source: Omit<PolicySource, 'via'>
      readonly text: string
    }

/** A principal at a moment: itself first, then its groups. */
export type Bearer = NonNullable<PolicySource['via']>

/** The version that a proposed document is told to be of. */
const PROPOSED_VERSION = 'proposed'

const isSamePolicy = (source: NamedPolicyLike, { policyType, policyName }: NamedPolicy): boolean =>
  source.policyType === policyType && nameKey(source.policyName) === nameKey(policyName)

type NamedPolicyLike = Pick<PolicySource, 'policyType' | 'policyName'>

const isTarget = (via: Bearer | undefined, { type, name }: ProposedTarget): boolean =>
  via?.type === type && nameKey(via.name) === nameKey(name)

const changed = (
  held: ReadonlyArray<HeldText>,
  change: PreparedChange,
  bearers: ReadonlyArray<Bearer>,
): ReadonlyArray<HeldText> => {
  switch (change.type) {
    case 'Edit':
      return held.map((one) =>
        isSamePolicy(one.source, change)
          ? {
              source: { ...one.source, versionId: PROPOSED_VERSION },
              text: change.document,
              proposed: one.proposed ?? 'Edit',
            }
          : one,
      )
    case 'Delete':
      return held.filter(({ source }) => !isSamePolicy(source, change))
    case 'Detach':
      return held.filter(
        ({ source }) => !(isSamePolicy(source, change) && isTarget(source.via, change.target)),
      )
    case 'Attach': {
      const via = bearers.find((bearer) => isTarget(bearer, change.target))
      if (via === undefined) return held
      const { source, text } = change
      const isHeld = held.some(
        (one) =>
          one.source.policyType === source.policyType &&
          nameKey(one.source.policyName) === nameKey(source.policyName) &&
          one.source.via?.type === via.type &&
          one.source.via.id === via.id,
      )
      return isHeld ? held : [...held, { source: { ...source, via }, text, proposed: 'Attach' }]
    }
  }
}

/** What is held once all changes are made, one after the other. */
export const afterChanges = (
  held: ReadonlyArray<HeldText>,
  changes: ReadonlyArray<PreparedChange>,
  bearers: ReadonlyArray<Bearer>,
): ReadonlyArray<HeldText> =>
  changes.reduce<ReadonlyArray<HeldText>>((list, change) => changed(list, change, bearers), held)

/** What an earlier edit among the changes lets a policy say; undefined when none does. */
export const editedText = (
  changes: ReadonlyArray<ProposedChange>,
  policy: NamedPolicy,
): string | undefined =>
  changes.reduce<string | undefined>(
    (text, change) =>
      change.type === 'Edit' && isSamePolicy(policy, change) ? change.document : text,
    undefined,
  )
