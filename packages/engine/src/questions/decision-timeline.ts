/**
 * When a user or role was allowed something and when not, what turned each, and since when it is as
 * it is.
 *
 * Invariant: asked up to a position, the answer is that of views which know nothing later. Cost:
 * one decision for each event that changed what the principal holds, never the length of the log.
 */
import type { Decision, ForeignResource, Outcome } from '@grantlog/policy'
import {
  type Change,
  type HistoryState,
  type Mark,
  markAt,
  type Span,
  storyOf,
} from '@grantlog/views'
import { type EventsBehind, eventsBehind } from '../grants-behind.js'
import type { Position } from '../ports.js'
import { decisionsAt, decisionTurns, holderIn, type PastQuestion } from './decision-at.js'

/** How many decisions one question may take; more are another page. Unit: decisions. Ours. */
export const DECISIONS_MAX = 20_000

/** `Absent`: the principal is not there, so nothing is decided about it. */
export type Standing = Outcome | 'Absent'

/** An outcome, and the events behind it. */
export type Stand = EventsBehind & { readonly outcome: Standing }

/**
 * A stretch of positions with one outcome, and what made that when it began; later events may have
 * added to it.
 */
export type Stretch = Stand & {
  /** The event that turned it so. */
  readonly from: Mark
  /** What that event meant for the principal; absent where it was about something else. */
  readonly change?: Change
  /** The event that turned it again; absent while it lasts. */
  readonly until?: Mark
  readonly reason?: ForeignResource
}

export type DecisionTimeline = {
  readonly stretches: ReadonlyArray<Stretch>
  /** Where to go on after; absent when everything is told. */
  readonly next?: Position
}

const standingOf = (decision: Decision | undefined): Standing => decision?.outcome ?? 'Absent'

type Turn = { readonly position: Position; readonly decision: Decision | undefined }

/** Where the outcome turned, up to `limit` of them and one more; `seen` is how far that reaches. */
const turnsInOutcome = (
  history: HistoryState,
  question: PastQuestion,
  span: Span,
  limit: number,
): { readonly turns: ReadonlyArray<Turn>; readonly seen: Position } => {
  const decide = decisionsAt(history, question)
  const turns: Array<Turn> = []
  let standing = standingOf(decide(span.after))
  let decisions = 0
  for (const position of decisionTurns(history, question, span)) {
    if (decisions === DECISIONS_MAX) return { turns, seen: position - 1 }
    decisions += 1
    const decision = decide(position)
    if (standingOf(decision) === standing) continue
    standing = standingOf(decision)
    turns.push({ position, decision })
    if (turns.length > limit) return { turns, seen: position }
  }
  return { turns, seen: span.upTo }
}

/** What events meant for somebody; nothing happens to a root. */
const changesOf = (
  history: HistoryState,
  question: PastQuestion,
): ReadonlyMap<Position, Change> => {
  const holder = holderIn(question)
  return holder === undefined ? new Map() : storyOf(history, holder)
}

/** The stretches that began in a span, oldest first. */
export const decisionTimeline = (
  history: HistoryState,
  question: PastQuestion,
  { limit, ...span }: Span & { readonly limit: number },
): DecisionTimeline => {
  const { turns, seen } = turnsInOutcome(history, question, span, limit)
  const about = { ...question, holder: holderIn(question) }
  const changes = changesOf(history, question)
  const stretches = turns.slice(0, limit).flatMap((turn, index): ReadonlyArray<Stretch> => {
    const { position, decision } = turn
    const from = markAt(history, position)
    if (from === undefined) return []
    const until = markAt(history, turns[index + 1]?.position)
    const change = changes.get(position)
    return [
      {
        outcome: standingOf(decision),
        from,
        ...(change === undefined ? {} : { change }),
        ...(until === undefined ? {} : { until }),
        ...eventsBehind(history, about, decision, position),
        ...(decision?.reason === undefined ? {} : { reason: decision.reason }),
      },
    ]
  })
  const last = turns.length > limit ? turns[limit - 1]?.position : undefined
  const next = last ?? (seen < span.upTo ? seen : undefined)
  return { stretches, ...(next === undefined ? {} : { next }) }
}

/** How something stands at a position. */
export const standAt = (
  history: HistoryState,
  question: PastQuestion,
  position: Position,
): Stand => {
  const decision = decisionsAt(history, question)(position)
  const about = { ...question, holder: holderIn(question) }
  return { outcome: standingOf(decision), ...eventsBehind(history, about, decision, position) }
}

/** How something stands at a moment and through what, since when, and how it was before. */
export type Since = Stand & {
  /** The event that turned it so; absent where it never was otherwise. */
  readonly since?: Mark
  readonly change?: Change
  /** Where `since` lies before this position, past which it was not looked for. */
  readonly notBefore?: Position
  readonly reason?: ForeignResource
  /** How it was just before, and through which grants. */
  readonly before?: Stand
}

/** The latest turn up to a position, found from there backwards. */
export const sinceWhen = (
  history: HistoryState,
  question: PastQuestion,
  position: Position,
): Since => {
  const about = { ...question, holder: holderIn(question) }
  const decide = decisionsAt(history, question)
  const decision = decide(position)
  const outcome = standingOf(decision)
  const all = decisionTurns(history, question, { after: 0, upTo: position })
  const turns = all.slice(-DECISIONS_MAX)
  const at = turns.findLast((turn) => standingOf(decide(turn - 1)) !== outcome)
  const [earliest] = turns
  const now = {
    outcome,
    ...eventsBehind(history, about, decision, position),
    ...(decision?.reason === undefined ? {} : { reason: decision.reason }),
  }
  const since = markAt(history, at)
  if (at === undefined || since === undefined)
    return all.length === turns.length || earliest === undefined
      ? now
      : { ...now, notBefore: earliest }
  const change = changesOf(history, question).get(at)
  return {
    ...now,
    since,
    ...(change === undefined ? {} : { change }),
    before: standAt(history, question, at - 1),
  }
}
