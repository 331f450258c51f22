/**
 * What happened to a long-lived access key, and what was changed in its account by calls that it
 * signed.
 *
 * Calls that only read, or that were refused, are records of access and not told here.
 */
import type { AccessKeyOwner } from '@grantlog/domain'
import { entityKey } from '../keys.js'
import { tellKey } from './life.js'
import type { HistoryState } from './state.js'
import { type Story, tell } from './story.js'
import { type TimelineEntry, told } from './timeline.js'

export type KeyTimeline = {
  readonly owner: AccessKeyOwner
  readonly entries: ReadonlyArray<TimelineEntry>
}

/** Undefined for a key that the account never had. */
export const keyTimeline = (
  state: HistoryState,
  accountId: string,
  accessKeyId: string,
): KeyTimeline | undefined => {
  const stretches = state.accessKeys.of(entityKey(accountId, accessKeyId))
  const [first] = stretches
  if (first === undefined) return undefined
  const story: Story = new Map()
  tellKey(stretches, story)
  tellDone(state, accountId, accessKeyId, story)
  return { owner: first.value.owner, entries: told(state, story) }
}

/** What was done in an account with a credential: the id of a key, or of a session. */
export const doneWith = (
  state: HistoryState,
  accountId: string,
  credential: string,
): ReadonlyArray<TimelineEntry> => {
  const story: Story = new Map()
  tellDone(state, accountId, credential, story)
  return told(state, story)
}

/** Adds what was done in an account with a credential. */
export const tellDone = (
  state: HistoryState,
  accountId: string,
  credential: string,
  story: Story,
): void => {
  for (const position of state.marks.doneWith(credential))
    if (state.marks.at(position)?.accountId === accountId) tell(story, position, { type: 'Did' })
}
