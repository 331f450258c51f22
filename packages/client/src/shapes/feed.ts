/** The feed of grants: an account's events, in order, as far as they decide who may do what. */
import * as t from 'io-ts'
import { Next, Position } from './parts.js'

/** What happened; absent where it has nothing to do with grants, so that no revision is missing. */
export const FeedFact = t.type(
  { type: t.string, schemaVersion: t.number, data: t.record(t.string, t.unknown) },
  'FeedFact',
)

export const FeedEvent = t.intersection(
  [
    t.type({ id: t.string, revision: t.number, position: Position, recordedAt: t.number }),
    t.partial({ fact: FeedFact }),
  ],
  'FeedEvent',
)
export type FeedEvent = t.TypeOf<typeof FeedEvent>

export const FeedAnswer = t.type(
  {
    /** Whose grants they are: the account of whoever asks. */
    accountId: t.string,
    events: t.readonlyArray(FeedEvent),
    next: Next,
    position: Position,
    applied: Position,
  },
  'FeedAnswer',
)
export type FeedAnswer = t.TypeOf<typeof FeedAnswer>
