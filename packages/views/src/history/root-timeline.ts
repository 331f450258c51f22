/**
 * What happened to the root of an account, and what was changed in the account by it.
 *
 * The root begins with its account. It signs with keys alone, so whatever it did was done with one
 * of them; calls that only read, or that were refused, are records of access and not told here.
 */
import { ownerKey } from '../keys.js'
import { openedAt } from './as-of.js'
import { tellDone } from './key-timeline.js'
import { tellKeys } from './life.js'
import type { HistoryState } from './state.js'
import { type Story, tell } from './story.js'
import { type TimelineEntry, told } from './timeline.js'

/** None for an account that was never opened. Cost: what its keys went through and did. */
export const rootTimeline = (
  state: HistoryState,
  accountId: string,
): ReadonlyArray<TimelineEntry> => {
  const opened = openedAt(state, accountId)
  if (opened === undefined) return []
  const story: Story = new Map()
  tell(story, opened, { type: 'Created', name: 'root' })
  tellKeys(state, accountId, { type: 'Account' }, story)
  const owner = ownerKey(accountId, { type: 'Account' })
  for (const subject of state.accessKeys.subjects('owner', owner))
    for (const { value } of state.accessKeys.of(subject).slice(0, 1))
      tellDone(state, accountId, value.accessKeyId, story)
  return told(state, story)
}
