/**
 * What a worker reads back from its own output stream when it takes over: where it stopped, and
 * what it still owes.
 *
 * Expiries are recorded in order of expiry and no session outlives SESSION_SECONDS_MAX. So once
 * the stream, read backwards, is older than the last recorded expiry by that much, every session
 * before is closed.
 */
import type { Recorded } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine.js'
import type { EventLog, Position } from '../ports.js'
import { type RecentIds, recentIds } from '../recent-ids.js'
import { decodeEvent } from '../stored-event.js'
import type { OpenSession } from './open-sessions.js'

/** The longest a session can last. Unit: seconds. Source: RAM's limit on MaxSessionDuration. */
const SESSION_SECONDS_MAX = 43_200

/** How much further the backward reading goes, for clocks that differ. Unit: milliseconds. */
const MARGIN_MS = 3_600_000

const EVENTS_PER_READ = 1_000

export type Recovered = {
  /** The revision of the last event of the output stream; -1 when it is empty. */
  readonly revision: number
  /** The last position of the log that the stream says was consumed. */
  readonly consumed: Position
  readonly open: ReadonlyArray<OpenSession>
  /** Which commands led to a credential lately. */
  readonly issued: RecentIds
}

type Progress = {
  revision: number
  consumed: Position
  lastExpiry: number
  readonly ended: Set<string>
  readonly open: OpenSession[]
  readonly issued: RecentIds
}

const remember = (progress: Progress, { event, metadata, recordedAt }: Recorded): void => {
  if (event.type === 'CredentialIssued') progress.issued.note(metadata.commandId, recordedAt)
  if (event.type === 'CredentialExpired') {
    progress.ended.add(event.sessionId)
    progress.lastExpiry = Math.max(progress.lastExpiry, event.expiresAt)
  }
  if (event.type === 'CredentialIssued' && !progress.ended.has(event.sessionId)) {
    const { sessionId, accountId, expiresAt } = event
    progress.open.push({ sessionId, accountId, expiresAt })
  }
  if (event.type === 'CredentialIssued' || event.type === 'CredentialExpired')
    progress.consumed = Math.max(progress.consumed, event.consumedPosition)
}

export const recoverWorker = async (
  log: EventLog,
  stream: string,
): Promise<E.Either<EngineError, Recovered>> => {
  const progress: Progress = {
    revision: -1,
    consumed: 0,
    lastExpiry: 0,
    ended: new Set(),
    open: [],
    issued: recentIds(),
  }
  let from: number | undefined
  for (;;) {
    const page = await log.readStream(stream, {
      limit: EVENTS_PER_READ,
      backwards: true,
      ...(from === undefined ? {} : { from }),
    })()
    if (E.isLeft(page)) return page
    for (const stored of page.right) {
      const decoded = decodeEvent(stored)
      if (E.isLeft(decoded))
        return E.left({
          type: 'EngineStopped',
          detail: `stream ${stream} can't be read at position ${stored.position}`,
        })
      progress.revision = Math.max(progress.revision, stored.revision)
      remember(progress, decoded.right)
    }
    const oldest = page.right.at(-1)
    const horizon = progress.lastExpiry - SESSION_SECONDS_MAX * 1_000 - MARGIN_MS
    if (oldest === undefined || oldest.revision === 0 || oldest.recordedAt < horizon)
      return E.right({
        revision: progress.revision,
        consumed: progress.consumed,
        issued: progress.issued,
        open: progress.open.filter(({ sessionId }) => !progress.ended.has(sessionId)),
      })
    from = oldest.revision - 1
  }
}
