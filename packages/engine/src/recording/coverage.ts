/**
 * How much of what happened in a window is on record: an answer about recorded access is worth as
 * much as the recording was whole.
 */
import type { RecordingState, RecordingStretch } from '@grantlog/views'
import { lossesBetween, recordingBetween } from '@grantlog/views'
import type { Coverage, Doubt } from './questions.js'
import type { AccessWindow } from './read-access.js'

const doubtOf = ({ recording }: RecordingStretch): ReadonlyArray<Doubt> => {
  switch (recording.type) {
    case 'All':
      return []
    case 'Denials':
      return ['DenialsOnly']
    case 'Sampled':
      return ['Sampled']
    case 'Off':
      return ['RecordingOff']
  }
}

/** What was met while the window was read. */
export type Met = {
  /** How many batches could not be read. */
  readonly unreadable: number
  /** How many records could not be judged again. */
  readonly notJudgeable: number
  /** Whether others followed the grants, and so may have decided on them. */
  readonly isFollowed: boolean
}

export const coverageOf = (
  state: RecordingState,
  accountId: string,
  window: Pick<AccessWindow, 'from' | 'to'>,
  met: Met,
): Coverage => {
  const stretches = recordingBetween(state, accountId, window)
  const lost = lossesBetween(state, accountId, window).reduce((sum, loss) => sum + loss.lost, 0)
  const doubts = [
    ...stretches.flatMap(doubtOf),
    ...(lost > 0 ? (['RecordsLost'] as const) : []),
    ...(met.unreadable > 0 ? (['RecordsUnreadable'] as const) : []),
    ...(met.notJudgeable > 0 ? (['RecordsNotJudgeable'] as const) : []),
    ...(met.isFollowed ? (['DecidedElsewhere'] as const) : []),
  ]
  return { stretches, lost, doubts: [...new Set(doubts)] }
}
