/**
 * What happened to a principal and to what it holds, in order: each entry one event, described by
 * data.
 *
 * Told are its own life, its keys, its memberships, what was attached to it and detached from it,
 * the same for its groups while it was a member, and other versions that came into force for
 * policies it held at that time.
 */
import { entityKey, principalKey } from '../keys.js'
import { type HistoryPrincipal, labelAt } from './as-of.js'
import type { Interval } from './intervals.js'
import { tellLife } from './life.js'
import type { Mark } from './marks.js'
import type { PastAttachment, PastDefault, PastMembership } from './rows.js'
import type { HistoryState } from './state.js'
import { stepAt } from './steps.js'
import { type Change, type PolicyLabel, type Story, tell } from './story.js'

/** One event, and what it meant for the principal. */
export type TimelineEntry = Mark & { readonly change: Change }

/** A stretch of positions, both ends exclusive: what opens and closes it is told by itself. */
type Stretch = { readonly after: number; readonly before: number }

const ALWAYS: Stretch = { after: 0, before: Number.POSITIVE_INFINITY }

const within = (position: number | null, { after, before }: Stretch): position is number =>
  position !== null && position > after && position < before

/** Cost: what the principal and its groups went through, never the length of the log. */
export const timeline = (
  state: HistoryState,
  principal: HistoryPrincipal,
): ReadonlyArray<TimelineEntry> => told(state, storyOf(state, principal))

/** The same without the events: what each position meant for the principal. */
export const storyOf = (
  state: HistoryState,
  principal: HistoryPrincipal,
): ReadonlyMap<number, Change> => {
  const story: Story = new Map()
  tellLife(state, principal, story)
  tellMemberships(state, principal, story)
  tellAttachments(state, principal, ALWAYS, story)
  for (const membership of membershipsOf(state, principal)) {
    const { accountId, groupId } = membership.value
    const group = { type: 'Group', accountId, id: groupId } as const
    const stretch = { after: membership.from, before: membership.to ?? ALWAYS.before }
    tellAttachments(state, group, stretch, story)
  }
  return story
}

/** A story in order, each change with its event. */
export const told = (
  state: HistoryState,
  story: ReadonlyMap<number, Change>,
): ReadonlyArray<TimelineEntry> =>
  [...story]
    .sort(([a], [b]) => a - b)
    .flatMap(([position, change]) => {
      const mark = state.marks.at(position)
      return mark === undefined ? [] : [{ ...mark, change }]
    })

/** The memberships of a user; none for a group or a role, which hold nothing through others. */
const membershipsOf = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
): ReadonlyArray<Interval<PastMembership>> =>
  type === 'User'
    ? [...state.memberships.subjects('user', entityKey(accountId, id))].flatMap((subject) =>
        state.memberships.of(subject),
      )
    : []

const tellMemberships = (state: HistoryState, principal: HistoryPrincipal, story: Story): void => {
  for (const { from, to, value } of membershipsOf(state, principal)) {
    tell(story, from, { type: 'GroupJoined', ...groupLabel(state, value, from) })
    if (to !== null) tell(story, to, { type: 'GroupLeft', ...groupLabel(state, value, to - 1) })
  }
  if (principal.type !== 'Group') return
  const group = entityKey(principal.accountId, principal.id)
  for (const subject of state.memberships.subjects('group', group))
    for (const { from, to, value } of state.memberships.of(subject)) {
      tell(story, from, { type: 'MemberAdded', ...userLabel(state, value, from) })
      if (to !== null)
        tell(story, to, { type: 'MemberRemoved', ...userLabel(state, value, to - 1) })
    }
}

const groupLabel = (
  state: HistoryState,
  { accountId, groupId }: PastMembership,
  position: number,
): { readonly groupId: string; readonly groupName: string } => {
  const group = { type: 'Group', accountId, id: groupId } as const
  return { groupId, groupName: labelAt(state, group, position) ?? '' }
}

const userLabel = (
  state: HistoryState,
  { accountId, userId }: PastMembership,
  position: number,
): { readonly userId: string; readonly userName: string } => {
  const user = { type: 'User', accountId, id: userId } as const
  return { userId, userName: labelAt(state, user, position) ?? '' }
}

/** What was attached to one target, detached from it, and turned under it, inside a stretch. */
const tellAttachments = (
  state: HistoryState,
  target: HistoryPrincipal,
  stretch: Stretch,
  story: Story,
): void => {
  const key = principalKey(target.accountId, target)
  for (const subject of state.attachments.subjects('target', key))
    for (const attachment of state.attachments.of(subject)) {
      const { from, to } = attachment
      if (within(from, stretch))
        tell(story, from, { type: 'PolicyAttached', ...attached(state, target, attachment, from) })
      if (within(to, stretch))
        tell(story, to, { type: 'PolicyDetached', ...attached(state, target, attachment, to - 1) })
      const held = {
        after: Math.max(from, stretch.after),
        before: Math.min(to ?? ALWAYS.before, stretch.before),
      }
      tellVersions(state, target, attachment, held, story)
    }
}

const attached = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  { value }: Interval<PastAttachment>,
  position: number,
) => {
  const { versions } = state.holders.policy(value.accountId, value.policy)
  const version = stepAt(versions, position)
  const name = labelAt(state, { type, accountId, id }, position) ?? ''
  return {
    policy: policyLabel(state, value, position),
    ...(version === undefined ? {} : { versionId: version.source.versionId }),
    target: { type, id, name },
  }
}

/** Other versions that came into force while a policy was held. */
const tellVersions = (
  state: HistoryState,
  target: HistoryPrincipal,
  { value }: Interval<PastAttachment>,
  held: Stretch,
  story: Story,
): void => {
  if (value.policy.type !== 'Custom') return
  const subject = entityKey(value.accountId, value.policy.policyId)
  let before: Interval<PastDefault> | undefined
  for (const version of state.defaultVersions.of(subject)) {
    if (before !== undefined && within(version.from, held))
      tellVersion(state, target, value, [before, version], story)
    before = version
  }
}

/**
 * One event turns a policy for all through whom it is held, so a second telling adds its target to
 * the first.
 */
const tellVersion = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  attachment: PastAttachment,
  [before, version]: readonly [Interval<PastDefault>, Interval<PastDefault>],
  story: Story,
): void => {
  const position = version.from
  const name = labelAt(state, { type, accountId, id }, position) ?? ''
  const told = story.get(position)
  const through = told?.type === 'DefaultVersionChanged' ? told.through : []
  story.set(position, {
    type: 'DefaultVersionChanged',
    policy: policyLabel(state, attachment, position),
    versionBefore: before.value.versionId,
    version: version.value.versionId,
    through: [...through, { type, id, name }],
  })
}

/** A policy under the name of a position. */
export const policyLabel = (
  state: HistoryState,
  { accountId, policy }: Pick<PastAttachment, 'accountId' | 'policy'>,
  position: number,
): PolicyLabel => {
  if (policy.type === 'System') return { policyType: 'System', policyName: policy.policyName }
  const { policyId } = policy
  const named = state.policies.at(entityKey(accountId, policyId), position)
  return { policyType: 'Custom', policyName: named?.value.policyName ?? '', policyId }
}
