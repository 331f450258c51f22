/**
 * Finds grants of today that no recorded access of a window needed, and for each principal a
 * smaller policy that would have sufficed, checked on that access.
 */
import type { AccountId } from '@grantlog/domain'
import type { HistoryPrincipal } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError, Views } from '../engine.js'
import type { EventLog, Vault } from '../ports.js'
import { callReader } from './calls.js'
import { contextOpener } from './context.js'
import { coverageOf } from './coverage.js'
import { tellsOfFollowers } from './decided-elsewhere.js'
import { trackedId } from './past-call.js'
import type { UnusedAnswer } from './questions.js'
import { type AccessBatch, type AccessWindow, isWithin, readAccess } from './read-access.js'
import { useTracker } from './use.js'

type Needs = {
  readonly log: Pick<EventLog, 'readStream'>
  readonly vault: Pick<Vault, 'openPersonal'>
  readonly views: Pick<Views, 'history' | 'recording'>
  readonly now: number
}

export type UnusedQuestion = {
  readonly window: AccessWindow
  readonly principals: ReadonlyArray<HistoryPrincipal>
}

/** What they hold is that of the end of the window's positions. */
export const unusedGrants = async (
  { log, vault, views, now }: Needs,
  accountId: AccountId,
  { window, principals }: UnusedQuestion,
): Promise<E.Either<EngineError, UnusedAnswer>> => {
  const read = callReader(contextOpener(vault), accountId)
  const trackers = new Map(
    principals.map((principal) => [
      `${accountId}/${principal.type}/${principal.id}`,
      useTracker(views.history, principal, window.toPosition),
    ]),
  )
  let notJudgeable = 0
  let isFollowed = false

  const take = async (batch: AccessBatch): Promise<E.Either<EngineError, boolean>> => {
    const { event, recordedAt } = batch
    isFollowed ||= tellsOfFollowers(batch, window)
    const calls = await read(event)
    if (E.isLeft(calls)) return calls
    const { records, answers } = event
    for (let i = 0; i < records.position.length; i += 1) {
      if (!isWithin(batch, i, window)) continue
      const call = calls.right[records.question[i] as number]
      const outcome = answers[records.answer[i] as number]?.outcome ?? 'Refused'
      if (call === undefined || call === null || outcome === 'Refused') continue
      if (typeof call === 'string') {
        notJudgeable += 1
        continue
      }
      const time = (records.time[i] as number) || recordedAt
      trackers.get(trackedId(accountId, call) ?? '')?.take(call, outcome === 'Allowed', time)
    }
    return E.right(true)
  }

  const unreadable = await readAccess({ log, now }, accountId, window, take)
  if (E.isLeft(unreadable)) return unreadable
  const met = { unreadable: unreadable.right, notJudgeable, isFollowed }
  return E.right({
    principals: [...trackers.values()].map(({ use }) => use()),
    coverage: coverageOf(views.recording, accountId, window, met),
  })
}
