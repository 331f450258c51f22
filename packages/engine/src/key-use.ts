/**
 * When long-lived keys signed last: exact in memory, recorded in the log at most once an hour and
 * key, never waited for.
 */
import { type AccountId, accessStream } from '@grantlog/domain'
import { accessKeyLastUsedAt, type UsageState } from '@grantlog/views'
import { partActor } from './circumstances.js'
import type { Clock, EventLog, Ids } from './ports.js'
import { encodeEvent } from './stored-event.js'

const HOUR_MS = 3_600_000

/**
 * How many keys' exact times are held in memory; beyond that the recorded hour is the answer.
 * Unit: keys.
 */
const KEYS_MAX = 100_000

export type KeyUse = {
  readonly noteKeyUse: (accountId: AccountId, accessKeyId: string) => void
  readonly keyLastUsed: (accountId: AccountId, accessKeyId: string) => number | undefined
}

export const keyUse = (
  log: EventLog,
  clock: Clock,
  ids: Pick<Ids, 'eventId'>,
  usage: UsageState,
): KeyUse => {
  const exact = new Map<string, number>()

  const record = (accountId: AccountId, accessKeyId: string, usedAt: number): void => {
    // The hour is part of the id, so that an hour's record is written once whoever writes it.
    const commandId = `${accessKeyId}/${Math.floor(usedAt / HOUR_MS)}`
    const event = { type: 'AccessKeyUsed', accountId, accessKeyId, usedAt } as const
    const actor = partActor(accountId, 'key-use')
    const stored = encodeEvent(ids.eventId(commandId, 0), event as never, {
      commandId,
      requestId: commandId,
      actor,
    })
    void log.append(accessStream(accountId, usedAt), 'any', [stored])()
  }

  return {
    noteKeyUse: (accountId, accessKeyId) => {
      const now = clock.now()
      const before =
        exact.get(accessKeyId) ?? accessKeyLastUsedAt(usage, accountId, accessKeyId) ?? 0
      if (exact.size >= KEYS_MAX) exact.clear()
      exact.set(accessKeyId, now)
      if (Math.floor(before / HOUR_MS) !== Math.floor(now / HOUR_MS))
        record(accountId, accessKeyId, now)
    },
    keyLastUsed: (accountId, accessKeyId) =>
      exact.get(accessKeyId) ?? accessKeyLastUsedAt(usage, accountId, accessKeyId),
  }
}
