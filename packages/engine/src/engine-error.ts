/**
 * What goes with every call to the engine: its circumstances, the moment that it is about, what a
 * command led to, and why there may be no answer.
 */
import type { AccountEvent, EventMetadata } from '@grantlog/domain'
import type { LogError, Position } from './ports.js'
import type { VaultError } from './secrets.js'

/**
 * Who orders something and why: everything of an event's metadata that does not depend on its
 * type.
 */
export type Circumstances = Omit<EventMetadata, 'critical'>

/**
 * Why the engine could not answer; none of them ever becomes an allow.
 *
 * `ViewsBehind`: this node has not caught up within its bound. `AccountQuarantined`: an event of
 * the account could not be read. `EngineStopped`: a critical event is unknown to this version, or
 * the process is stopping. `CommandRepeated`: the account's stream holds this very command already.
 */
export type EngineError =
  | LogError
  | VaultError
  | { readonly type: 'ViewsBehind'; readonly applied: Position; readonly wanted: Position }
  | { readonly type: 'AccountQuarantined'; readonly accountId: string }
  | { readonly type: 'EngineStopped'; readonly detail: string }
  | { readonly type: 'Contended'; readonly stream: string }
  | { readonly type: 'Overloaded'; readonly waiting: number }
  | { readonly type: 'CommandRepeated'; readonly commandId: string }
  | { readonly type: 'IssuerTimedOut'; readonly sessionId: string }

/** What a command led to. `events` is empty when what was asked for was already so. */
export type Executed = {
  readonly position: Position
  readonly revision: number
  readonly recordedAt: number
  readonly events: ReadonlyArray<AccountEvent>
}

/** When a question is asked at: now, at a position, or at a time (milliseconds UTC). */
export type Moment =
  | { readonly type: 'Now' }
  | { readonly type: 'AtPosition'; readonly position: Position }
  | { readonly type: 'AtTime'; readonly time: number }

/** What this node has applied, and what time it is: milliseconds UTC. */
export type Present = { readonly applied: Position; readonly now: number }

/** The position lies beyond what this node has applied, or the time in the future. */
export type MomentNotReached =
  | { readonly type: 'MomentNotReached'; readonly applied: Position }
  | { readonly type: 'TimeNotReached'; readonly now: number }

/**
 * The window ends before it begins at `from` (ms, UTC), which is never earlier than the opening of
 * the account.
 */
export type WindowEmpty = { readonly type: 'WindowEmpty'; readonly from: number }
