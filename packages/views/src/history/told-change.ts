/**
 * What one event of an account changed, and of whom, under the names of then: as the timeline of
 * its subject tells it.
 */
import { type DomainEvent, PolicyId, type Recorded } from '@grantlog/domain'
import { entityKey } from '../keys.js'
import { labelAt } from './as-of.js'
import { tellKey } from './life.js'
import { policyTimeline } from './policy-timeline.js'
import type { HistoryState } from './state.js'
import type { Change, Story, Subject, ToldChange } from './story.js'
import { policyLabel, storyOf } from './timeline.js'

/** By which member an event names whom it is about; the first that it has counts. */
const SUBJECTS = [
  ['userId', 'User'],
  ['groupId', 'Group'],
  ['roleId', 'Role'],
  ['policyId', 'Policy'],
  ['providerId', 'Provider'],
  ['entityId', 'Entity'],
  ['deviceId', 'MFADevice'],
] as const

type SubjectRef = Omit<Subject, 'name'>

/** Undefined where an event is about its account as a whole. */
const subjectOf = (event: DomainEvent): SubjectRef | undefined => {
  let named: object = event
  if ('target' in event) named = event.target
  else if ('owner' in event) named = event.owner
  else if ('resource' in event) named = event.resource
  const ids = new Map<string, unknown>(Object.entries(named))
  for (const [member, type] of SUBJECTS) {
    const id = ids.get(member)
    if (typeof id === 'string') return { type, id }
  }
  return undefined
}

/** The name of a position; of what is known by its id alone, that. */
const nameAt = (
  state: HistoryState,
  accountId: string,
  { type, id }: SubjectRef,
  position: number,
): string => {
  switch (type) {
    case 'User':
    case 'Group':
    case 'Role':
      return labelAt(state, { type, accountId, id }, position) ?? ''
    case 'Policy':
      return PolicyId.is(id)
        ? policyLabel(state, { accountId, policy: { type: 'Custom', policyId: id } }, position)
            .policyName
        : ''
    case 'Provider':
      return state.providers.at(entityKey(accountId, id), position)?.value.name ?? ''
    case 'Entity':
    case 'MFADevice':
      return id
  }
}

const changeOf = (
  state: HistoryState,
  { accountId, event, position }: Recorded,
  subject: SubjectRef | undefined,
): Change | undefined => {
  if ('owner' in event) {
    const story: Story = new Map()
    tellKey(state.accessKeys.of(entityKey(accountId, event.accessKeyId)), story)
    return story.get(position)
  }
  if (subject === undefined) return undefined
  switch (subject.type) {
    case 'User':
    case 'Group':
    case 'Role':
      return storyOf(state, { type: subject.type, accountId, id: subject.id }).get(position)
    case 'Policy':
      return PolicyId.is(subject.id)
        ? policyTimeline(state, accountId, { type: 'Custom', policyId: subject.id }).find(
            (entry) => entry.position === position,
          )?.change
        : undefined
    case 'Provider':
    case 'Entity':
    case 'MFADevice':
      return undefined
  }
}

/**
 * Whoever is gone with the event is called what it was called before. Cost: what the subject went
 * through.
 */
export const toldChange = (state: HistoryState, recorded: Recorded): ToldChange => {
  const { accountId, event, position } = recorded
  const subject = subjectOf(event)
  const change = changeOf(state, recorded, subject)
  const told = change === undefined ? {} : { change }
  if (subject === undefined) return told
  const name =
    nameAt(state, accountId, subject, position) || nameAt(state, accountId, subject, position - 1)
  return { subject: { ...subject, name }, ...told }
}
