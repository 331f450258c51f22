/**
 * What happened to a managed policy, in order: its versions, which of them was in force, and whom
 * it was attached to.
 *
 * Changes of its description are on record with the account's events, and not told here.
 */
import type { PolicyRef } from '@grantlog/domain'
import type { Via } from '../holder.js'
import { entityKey, policyKey } from '../keys.js'
import type { HistoryState } from './state.js'
import { type PolicyLabel, type Story, tell } from './story.js'
import { policyLabel, type TimelineEntry, told } from './timeline.js'
import { viaOf } from './via.js'

/** Cost: what the policy went through. A system policy has nothing but attachments. */
export const policyTimeline = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
): ReadonlyArray<TimelineEntry> => {
  const story: Story = new Map()
  if (policy.type === 'Custom') {
    tellLife(state, entityKey(accountId, policy.policyId), story)
    tellDefaults(state, accountId, policy, story)
    tellVersions(state, entityKey(accountId, policy.policyId), story)
  }
  tellTargets(state, accountId, policy, story)
  return told(state, story)
}

const tellLife = (state: HistoryState, subject: string, story: Story): void => {
  for (const { from, to, value } of state.policies.of(subject)) {
    tell(story, from, { type: 'Created', name: value.policyName })
    if (to !== null) tell(story, to, { type: 'Deleted', name: value.policyName })
  }
}

/** The first default version comes with the policy, and tells nothing of its own. */
const tellDefaults = (
  state: HistoryState,
  accountId: string,
  policy: Extract<PolicyRef, { readonly type: 'Custom' }>,
  story: Story,
): void => {
  let versionBefore: string | undefined
  for (const { from, value } of state.defaultVersions.of(entityKey(accountId, policy.policyId))) {
    const { versionId: version } = value
    if (versionBefore !== undefined)
      tell(story, from, {
        type: 'DefaultVersionChanged',
        policy: labelOf(state, accountId, policy, from),
        versionBefore,
        version,
        through: targetsAt(state, accountId, policy, from),
      })
    versionBefore = version
  }
}

const tellVersions = (state: HistoryState, subject: string, story: Story): void => {
  for (const version of state.policyVersions.subjects('policy', subject))
    for (const { from, to, value } of state.policyVersions.of(version)) {
      const versionId = version.slice(subject.length + 1)
      tell(story, from, { type: 'VersionCreated', versionId, document: value.document })
      if (to !== null) tell(story, to, { type: 'VersionDeleted', versionId })
    }
}

const tellTargets = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  story: Story,
): void => {
  for (const subject of attachmentsOf(state, accountId, policy))
    for (const { from, to, value } of state.attachments.of(subject)) {
      const at = (position: number) => ({
        policy: labelOf(state, accountId, policy, position),
        target: viaOf(state, value, position),
      })
      tell(story, from, { type: 'PolicyAttached', ...at(from) })
      if (to !== null) tell(story, to, { type: 'PolicyDetached', ...at(to - 1) })
    }
}

const attachmentsOf = (
  { attachments }: HistoryState,
  accountId: string,
  policy: PolicyRef,
): Iterable<string> => attachments.subjects('policy', entityKey(accountId, policyKey(policy)))

/** Everybody who held the policy at a position. */
const targetsAt = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  position: number,
): ReadonlyArray<Via> =>
  [...attachmentsOf(state, accountId, policy)].flatMap((subject) => {
    const attachment = state.attachments.at(subject, position)
    return attachment === undefined ? [] : [viaOf(state, attachment.value, position)]
  })

const labelOf = (
  state: HistoryState,
  accountId: string,
  policy: PolicyRef,
  position: number,
): PolicyLabel => policyLabel(state, { accountId, policy }, position)
