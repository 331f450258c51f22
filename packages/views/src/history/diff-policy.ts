/**
 * What is different about a policy between two positions: what it says, and to whom it is attached.
 */
import type { PolicyRef } from '@grantlog/domain'
import type { Via } from '../holder.js'
import { entityKey, policyKey } from '../keys.js'
import type { Replaced } from './diff-bearers.js'
import { type Between, endBy } from './diff-parts.js'
import { type Interval, intervalAt } from './intervals.js'
import type { Mark } from './marks.js'
import type { PastAttachment } from './rows.js'
import type { HistoryState } from './state.js'
import { type DocumentDiff, documentDiff } from './statements.js'
import { stepAt } from './steps.js'
import { viaOf } from './via.js'

export type AttachmentChange = {
  readonly type: 'Attached' | 'Detached'
  /** Under the name of that moment. */
  readonly target: Via
  readonly event: Mark
}

export type PolicyDiff = DocumentDiff & {
  /** Absent where no version was, or is, in force. */
  readonly versionBefore?: string
  readonly version?: string
  /** The event that put the later version in force, or took the earlier one away. */
  readonly event?: Mark
  /** The policy of the same name at the earlier position, where that was another one. */
  readonly replaced?: Replaced
  readonly attachments: ReadonlyArray<AttachmentChange>
}

/** The policies that a name meant at both positions. */
export type PoliciesNamed = { readonly was: PolicyRef; readonly is: PolicyRef }

/**
 * Where the name means another policy, what the old one said and was attached to is lost, and all
 * that is the new one's was gained.
 */
export const diffOfPolicies = (
  state: HistoryState,
  accountId: string,
  { was, is }: PoliciesNamed,
  between: Between,
): PolicyDiff => {
  const replaced = replacedBy(state, accountId, { was, is })
  if (replaced === undefined) return diffOfPolicy(state, accountId, is, between)
  const old = diffOfPolicy(state, accountId, was, between)
  const all = diffOfPolicy(state, accountId, is, { before: 0, after: between.after })
  const textOf = (policy: PolicyRef, position: number) =>
    stepAt(state.holders.policy(accountId, policy).versions, position)?.text.text
  return {
    ...(old.versionBefore === undefined ? {} : { versionBefore: old.versionBefore }),
    ...(all.version === undefined ? {} : { version: all.version }),
    event: all.event ?? replaced.began,
    replaced,
    ...documentDiff(textOf(was, between.before), textOf(is, between.after)),
    attachments: [...old.attachments.filter(({ type }) => type === 'Detached'), ...all.attachments],
  }
}

/** Undefined where it is one policy. Policies keep their names, so the old one is gone. */
const replacedBy = (
  state: HistoryState,
  accountId: string,
  { was, is }: PoliciesNamed,
): Replaced | undefined => {
  if (was.type === 'System' || is.type === 'System' || was.policyId === is.policyId)
    return undefined
  const lifeOf = (id: string) => state.policies.of(entityKey(accountId, id))
  const ended = state.marks.at(lifeOf(was.policyId).at(-1)?.to ?? undefined)
  const began = state.marks.at(lifeOf(is.policyId).at(0)?.from)
  return ended && began && { id: was.policyId, ended, began }
}

const diffOfPolicy = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  between: Between,
): PolicyDiff => {
  const { versions } = state.holders.policy(accountId, policy)
  const [was, is] = [stepAt(versions, between.before), stepAt(versions, between.after)]
  const isSame = was?.source.versionId === is?.source.versionId
  const event = isSame ? undefined : turnOf(state, accountId, policy, between.after)
  return {
    ...(was === undefined ? {} : { versionBefore: was.source.versionId }),
    ...(is === undefined ? {} : { version: is.source.versionId }),
    ...(event === undefined ? {} : { event }),
    ...documentDiff(was?.text.text, is?.text.text),
    attachments: attachmentsBetween(state, accountId, policy, between),
  }
}

/** The last event by a position that changed which version is in force. */
const turnOf = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  position: number,
): Mark | undefined => {
  if (policy.type === 'System') return undefined
  const all = state.defaultVersions.of(entityKey(accountId, policy.policyId))
  return endBy(state, all, position) ?? state.marks.at(intervalAt(all, position)?.from)
}

const attachmentsBetween = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  { before, after }: Between,
): ReadonlyArray<AttachmentChange> =>
  [...state.attachments.subjects('policy', entityKey(accountId, policyKey(policy)))].flatMap(
    (subject) => {
      const all: ReadonlyArray<Interval<PastAttachment>> = state.attachments.of(subject)
      const [was, is] = [intervalAt(all, before), intervalAt(all, after)]
      const event = is === undefined ? endBy(state, all, after) : state.marks.at(is.from)
      const [first] = all
      if ((was === undefined) === (is === undefined) || !first || !event) return []
      const at = is === undefined ? event.position - 1 : after
      const type = is === undefined ? 'Detached' : 'Attached'
      return [{ type, target: viaOf(state, first.value, at), event } as const]
    },
  )
