/**
 * What an engine says of itself to its operator.
 */
import { liveSessionCount } from '@grantlog/views'
import type { EngineStatus, Views } from './engine.js'
import type { Freshness } from './freshness.js'
import { unknownEvents } from './reader-state.js'
import type { ViewReader } from './run-views.js'

export const statusOf = (
  reader: ViewReader,
  freshness: Freshness,
  views: Views,
  commandsWaiting: () => number,
): EngineStatus => {
  const reason = reader.stopped()
  const fresh = freshness.owed() === 0
  return {
    ready: reason === null && fresh,
    ...(reason !== null ? { reason } : fresh ? {} : { reason: 'the views are catching up' }),
    applied: reader.applied(),
    head: freshness.head(),
    quarantinedAccounts: [...reader.reader.tables.quarantine.entries()].map(([id]) => id),
    unknownEvents: unknownEvents(reader.reader),
    liveSessions: liveSessionCount(views.credentials),
    commandsWaiting: commandsWaiting(),
  }
}
