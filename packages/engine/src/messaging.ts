/**
 * The ports between processes: hints, questions and copies of events. None of them carries the
 * truth.
 *
 * Invariant: whatever is lost, doubled, delayed or out of order here costs time and nothing else.
 * What a node believes it has read in the log.
 */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Position, StoredEvent, Subscription } from './ports.js'

/** Wake-ups: "the log has grown, at least up to here". */
export type Hints = {
  /** Returns at once and never fails. Of several in a short time the newest alone may be sent. */
  readonly announce: (position: Position) => void
  /**
   * Calls with what is announced anywhere, its own process included. A position may come twice,
   * late or never, and may be one that the log does not have.
   */
  readonly listen: (onHint: (position: Position) => void) => Subscription
}

/** Asks the STS worker of a shard to look at a session now. */
export type IssueRequest = {
  readonly shard: number
  readonly sessionId: string
  /** Where RoleAssumed stands in the log. */
  readonly position: Position
}

/**
 * Questions to the STS workers. The answer is a position and no credential: the asking node reads
 * in the log what stands there.
 */
export type IssueRequests = {
  /** Where CredentialIssued is said to stand; null when nobody knows, or nobody answers in time. */
  readonly request: (request: IssueRequest) => Promise<Position | null>
  /** Each request goes to one of those that serve the shard. A rejected handler answers null. */
  readonly serve: (
    shard: number,
    handler: (request: IssueRequest) => Promise<Position | null>,
  ) => Subscription
}

/** Up to where a feed goes: how many events it was given, and the position of the last one. */
export type FeedMark = { readonly events: number; readonly position: Position }

/**
 * The last event of a feed. `Expired`: there was one, and the feed's limits have dropped it; only
 * the number of events is known.
 */
export type LastPublished =
  | { readonly type: 'Nothing' }
  | {
      readonly type: 'Event'
      readonly mark: FeedMark
      readonly id: string
      /** The position of the event before it; 0 for the first. */
      readonly previousPosition: Position
    }
  | { readonly type: 'Expired'; readonly events: number }

/**
 * Why a feed took nothing, or not all.
 *
 * `FeedMoved`: another publisher was first; read again where the feed ends. `FeedUnavailable`: it
 * does not answer, and what was sent last may have arrived. `FeedRefused`: it answers, and does
 * not take the event. `FeedForeign`: what it ends with is no event of grantlog.
 */
export type FeedError =
  | { readonly type: 'FeedMoved' }
  | { readonly type: 'FeedUnavailable'; readonly detail: string }
  | { readonly type: 'FeedRefused'; readonly detail: string }
  | { readonly type: 'FeedForeign'; readonly detail: string }

/**
 * Copies of all events for others, in the order of the log.
 *
 * Invariant: event n of a feed is event n of the log. A publisher names the end that it follows,
 * so two of them can't interleave, and the feed's end is all a publisher has to remember.
 */
export type Feed = {
  readonly lastPublished: () => TE.TaskEither<FeedError, LastPublished>
  /**
   * Adds events after an end. Answers with the new end once all of them are kept; after a failure
   * a part of them may be.
   */
  readonly publish: (
    events: ReadonlyArray<StoredEvent>,
    after: FeedMark,
  ) => TE.TaskEither<FeedError, FeedMark>
}

/**
 * Claims of nonces, shared by all nodes. `claimed`: nobody had it. `taken`: somebody had, perhaps
 * this very caller. `unavailable`: nobody can say now.
 */
export type NonceClaims = {
  readonly claim: (fingerprint: string) => Promise<'claimed' | 'taken' | 'unavailable'>
}
