/**
 * Replays the recorded access of a window: each call judged again at its own position, with and
 * without a proposed change of policies.
 *
 * Without the change every call must come out as it was recorded; one that does not is a drift, and
 * is told. Memory is bounded whatever the window holds.
 */
import type { AccessOutcome, AccountId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError, Views } from '../engine.js'
import type { EventLog, Vault } from '../ports.js'
import { callReader } from './calls.js'
import { contextOpener } from './context.js'
import { coverageOf } from './coverage.js'
import { tellsOfFollowers } from './decided-elsewhere.js'
import { passes, passesAction } from './passes.js'
import { type PastQuestion, pastJudge } from './past-judge.js'
import type { PreparedChange } from './proposed.js'
import type {
  AccessFilter,
  Drift,
  NotJudgeable,
  ReplayAnswer,
  ReplayPlace,
  ReplaySample,
  ReplayTotals,
} from './questions.js'
import { type AccessBatch, type AccessWindow, isWithin, readAccess } from './read-access.js'
import { type ReplayGroups, replayGroups } from './replay-groups.js'

export type ReplayQuestion = {
  readonly window: AccessWindow
  readonly changes: ReadonlyArray<PreparedChange>
  readonly filter: AccessFilter
  /** How many groups are answered. */
  readonly limit: number
  /** Where an earlier page of the same answer ended. */
  readonly after?: ReplayPlace
}

const DRIFTS_TOLD_MAX = 10

type Totals = { -readonly [Name in keyof ReplayTotals]: ReplayTotals[Name] }

type Tally = {
  readonly totals: Totals
  readonly notJudgeable: Record<NotJudgeable, number>
  readonly groups: ReplayGroups
  readonly drifts: Drift[]
}

const newTally = (groups: ReplayGroups): Tally => {
  const notJudgeable = {
    PrincipalNotRecorded: 0,
    SeveralPrincipals: 0,
    PersonErased: 0,
    NothingAsked: 0,
  }
  const counted = { records: 0, judged: 0, refused: 0, allowToDeny: 0, denyToAllow: 0, drift: 0 }
  return { totals: { ...counted, notJudgeable }, notJudgeable, groups, drifts: [] }
}

/** Counts a call that was judged. */
const count = (
  { totals, groups, drifts }: Tally,
  question: PastQuestion,
  recorded: AccessOutcome['outcome'],
  sampleOf: () => ReplaySample,
): void => {
  const { before, after } = question
  totals.judged += 1
  if (before !== after) {
    if (before) totals.allowToDeny += 1
    else totals.denyToAllow += 1
    groups.add(question, sampleOf())
  }
  if (before === (recorded === 'Allowed')) return
  totals.drift += 1
  if (drifts.length >= DRIFTS_TOLD_MAX) return
  const { principal, action, resources } = question.call
  drifts.push({ ...sampleOf(), principal, action, resources, recorded })
}

type Needs = {
  readonly log: Pick<EventLog, 'readStream'>
  readonly vault: Pick<Vault, 'openPersonal'>
  readonly views: Pick<Views, 'history' | 'recording'>
  readonly now: number
}

/** Whether a batch was put on record after another. */
const isBeyond = ({ day, revision }: AccessBatch, end: ReplayPlace['end']): boolean =>
  day > end.day || (day === end.day && revision > end.revision)

export const replayAccess = async (
  { log, vault, views, now }: Needs,
  accountId: AccountId,
  { window, changes, filter, limit, after }: ReplayQuestion,
): Promise<E.Either<EngineError, ReplayAnswer>> => {
  const judge = pastJudge(views.history, accountId, changes)
  const read = callReader(contextOpener(vault), accountId)
  const tally = newTally(replayGroups(views.history, accountId, judge))
  const { totals, notJudgeable } = tally
  let end = after?.end
  let isFollowed = false

  const take = async (batch: AccessBatch): Promise<E.Either<EngineError, boolean>> => {
    const { event, recordedAt } = batch
    // What came on record since the first page would be another answer.
    if (after !== undefined && isBeyond(batch, after.end)) return E.right(false)
    if (after === undefined) end = { day: batch.day, revision: batch.revision }
    isFollowed ||= tellsOfFollowers(batch, window)
    const calls = await read(event)
    if (E.isLeft(calls)) return calls
    judge.rest()
    const questions = calls.right.map((call, place) => {
      if (call === null) return null
      // Of one that can't be judged it may not be known whose it was: it may be anybody's.
      if (typeof call === 'string')
        return passesAction(filter, event.questions[place]?.action ?? '') ? call : null
      return passes(filter, call) ? judge.question(call) : null
    })
    const { records, answers, requestIds } = event
    for (let i = 0; i < records.position.length; i += 1) {
      const question = questions[records.question[i] as number]
      if (question === null || question === undefined || !isWithin(batch, i, window)) continue
      totals.records += 1
      const outcome = answers[records.answer[i] as number]?.outcome ?? 'Refused'
      if (outcome === 'Refused') {
        totals.refused += 1
        continue
      }
      if (typeof question === 'string') {
        notJudgeable[question] += 1
        continue
      }
      const position = records.position[i] as number
      const time = (records.time[i] as number) || recordedAt
      judge.judge(question, position, time)
      count(tally, question, outcome, () => ({
        requestId: requestIds[records.request[i] as number] ?? '',
        time,
        position,
      }))
    }
    return E.right(true)
  }

  const unreadable = await readAccess({ log, now }, accountId, window, take)
  if (E.isLeft(unreadable)) return unreadable
  const unjudged = Object.values(notJudgeable).reduce((sum, each) => sum + each, 0)
  const met = { unreadable: unreadable.right, notJudgeable: unjudged, isFollowed }
  const from = after?.rank ?? 0
  const { groups, leftOut, isMore } = tally.groups.ranked(from, limit)
  return E.right({
    totals,
    groups,
    leftOut,
    ...(isMore && end !== undefined ? { next: { rank: from + groups.length, end } } : {}),
    drifts: tally.drifts,
    coverage: coverageOf(views.recording, accountId, window, met),
  })
}
