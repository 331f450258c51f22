/**
 * Whether this node may answer now: nothing has stopped it, and its views show the present.
 *
 * Deny on doubt: a node that can't tell answers with a Left, which is never an allow.
 */
import type { AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from './engine.js'
import type { Freshness } from './freshness.js'
import type { Meter } from './observer.js'
import { isQuarantined } from './reader-state.js'
import type { ViewReader } from './run-views.js'

export type Readiness = {
  /** Whether `readyFor` would say yes without waiting. */
  readonly isReadyFor: (accountId: AccountId) => boolean
  /** Waits until the views show what the log held when this was asked, or a short time before. */
  readonly fresh: () => Promise<E.Either<EngineError, void>>
  /** Waits as `fresh` does; an account that can't be read is never ready. */
  readonly readyFor: (accountId: AccountId) => Promise<E.Either<EngineError, void>>
  readonly readyForAll: (accountIds: Iterable<AccountId>) => Promise<E.Either<EngineError, void>>
}

export const READY: E.Either<EngineError, void> = E.right(undefined)

export const readinessOf = (
  reader: ViewReader,
  freshness: Freshness,
  meter: Pick<Meter, 'decided'>,
): Readiness => {
  const ready: Readiness['fresh'] = async () => {
    const reason = reader.stopped()
    if (reason !== null) return E.left({ type: 'EngineStopped', detail: reason })
    const owed = freshness.owed()
    if (owed === 0) return READY
    if (owed !== null) return reader.waitFor(owed)
    if (await freshness.ask()) return reader.waitFor(freshness.head())
    return E.left({ type: 'LogUnavailable', detail: 'the log does not say where its head is' })
  }
  /** Whoever is refused for want of the present is counted with those who are denied. */
  const counted = (answer: E.Either<EngineError, void>): E.Either<EngineError, void> => {
    if (E.isLeft(answer)) meter.decided(answer.left.type)
    return answer
  }
  const isReadyFor: Readiness['isReadyFor'] = (accountId) =>
    reader.stopped() === null && freshness.owed() === 0 && !isQuarantined(reader.reader, accountId)
  const readyFor: Readiness['readyFor'] = async (accountId) => {
    const answer = await ready()
    return counted(
      E.isRight(answer) && isQuarantined(reader.reader, accountId)
        ? E.left({ type: 'AccountQuarantined', accountId })
        : answer,
    )
  }
  return {
    isReadyFor,
    fresh: async () => counted(await ready()),
    readyFor,
    readyForAll: async (accountIds) => {
      for (const accountId of accountIds) {
        if (isReadyFor(accountId)) continue
        const answer = await readyFor(accountId)
        if (E.isLeft(answer)) return answer
      }
      return READY
    },
  }
}
