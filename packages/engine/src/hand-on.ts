/**
 * Handing a batch to a subscriber: what it throws is its own failure, never the log's.
 */
import type { StoredEvent, SubscriptionHandler } from './ports.js'

/** Null when the subscriber has handled the batch; else what its subscription ends with. */
export const handOn = async (
  handler: SubscriptionHandler,
  batch: ReadonlyArray<StoredEvent>,
): Promise<{ readonly type: 'HandlerFailed'; readonly cause: unknown } | null> => {
  try {
    await handler.onEvents(batch)
    return null
  } catch (cause) {
    return { type: 'HandlerFailed', cause }
  }
}
