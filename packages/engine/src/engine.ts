/**
 * The engine as the protocols see it: orders in, questions answered, and the position that each
 * answer was made at.
 */
import type {
  AccountCommand,
  AccountId,
  AccountRefusal,
  Quotas,
  SessionId,
  SessionRefusal,
} from '@grantlog/domain'
import type { Decision, RequestContext, StatementVerdict, Verdict } from '@grantlog/policy'
import type {
  CredentialsState,
  DirectoryState,
  EntitiesState,
  Grant,
  GrantsState,
  HistoryState,
  RecordingState,
  UsageState,
} from '@grantlog/views'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { AccessKeyCalls } from './access-keys.js'
import type { AccountCalls } from './accounts.js'
import type { AccessOutcomes, OneQuestionRefused } from './ask-together.js'
import type { AnswerBasis, AskedPrincipal } from './asked-principal.js'
import type { AssumeRoleRequest, IssuedCredential } from './assumed.js'
import type { Caller } from './caller.js'
import type { CallScene } from './circumstances.js'
import type {
  Circumstances,
  EngineError,
  Moment,
  MomentNotReached,
  Present,
} from './engine-error.js'
import type { Executed } from './executed.js'
import type { FederatedCalls } from './federation.js'
import type { EventsBehind } from './grants-behind.js'
import type { ViewProgress } from './lag.js'
import type { MFACalls } from './mfa-calls.js'
import type {
  CanEachAnswer,
  CanEachQuestion,
  WhatCanAnswer,
  WhatCanQuestion,
  WhoCanAnswer,
  WhoCanQuestion,
} from './partial/questions.js'
import type { Clock, Ids, Position, StoredEvent, Vault } from './ports.js'
import type { DeedsPage } from './questions/deeds-page.js'
import type { KeyDeed, KeyNotFound, KeyQuestion, KeyStory } from './questions/key-deeds.js'
import type { RefusedCall, ResourceVerdict } from './questions/refused-call.js'
import type { RootQuestion } from './questions/root-deeds.js'
import type { Deeds } from './questions/session-deeds.js'
import type { SessionStory } from './questions/session-story.js'
import type { RecordingCalls } from './recording/questions.js'
import type { RefusedUse } from './refused-uses.js'
import type { LoginCalls } from './sign-in/calls.js'

export type { AnswerBasis, SessionBasis } from './asked-principal.js'
export type { AssumeRoleRequest, IssuedCredential } from './assumed.js'
export type {
  Circumstances,
  EngineError,
  Moment,
  MomentNotReached,
  Present,
  WindowEmpty,
} from './engine-error.js'
export type { Executed } from './executed.js'

/** The live read models. For reading only: their one writer is the view runner. */
export type Views = {
  readonly directory: DirectoryState
  readonly grants: GrantsState
  readonly credentials: CredentialsState
  readonly history: HistoryState
  readonly usage: UsageState
  readonly entities: EntitiesState
  readonly recording: RecordingState
}

/** "Could this principal do this?", asked about a principal that need not be the caller. */
export type AccessQuestion = {
  readonly principal: AskedPrincipal
  readonly action: string
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
  readonly moment: Moment
  /** Whether every statement is to be listed that was looked at, which takes long. */
  readonly withStatements?: boolean
  /** Whether the events are wanted that made the statements bind. */
  readonly withGrants?: boolean
}

export type AccessAnswer = AnswerBasis & {
  /**
   * With the statements that made the decision; with all of them where that was asked for, and
   * with the events behind them where those were.
   */
  readonly explanation: Decision &
    EventsBehind & {
      readonly statements?: ReadonlyArray<StatementVerdict>
      /** The grants that the `statements` stand in. */
      readonly grants?: ReadonlyArray<Grant>
    }
  /**
   * The last change, up to the moment asked about, of what the answer rests on: of the account; of
   * the account of the role to assume; for a session also of the sessions of its name. So it is the
   * same number however that moment was named, and asked about again it leads to the same answer.
   */
  readonly position: Position
  /** The last position of the log that this node had applied when it answered. */
  readonly applied: Position
}

/** Why a question about a principal has no answer. */
export type AccessQuestionRefused =
  /** No such principal at that moment. */
  | { readonly type: 'PrincipalNotFound' }
  | MomentNotReached
  /**
   * No session of that name was known at that moment, nor had one begun in the days before: those
   * that are over are not remembered. `earlier`: since this position there was one of an earlier
   * role that bore the name of the role.
   */
  | { readonly type: 'NoSuchSession'; readonly isPast: boolean; readonly earlier?: Position }
  /** The sessions of that name have more session policies than one question is judged by. */
  | { readonly type: 'TooManySessionPolicies'; readonly limit: number }
  | TooManyStatements

/** More statements bind the principal than are told at once. */
export type TooManyStatements = { readonly type: 'TooManyStatements'; readonly limit: number }

/** A session from its beginning on; of what it did, `limit` events after a position. */
export type ReplayQuestion = {
  readonly accountId: AccountId
  readonly sessionId: string
  readonly moment: Moment
  readonly after: Position
  readonly limit: number
  /** The present that is meant, where an earlier page was answered in it. */
  readonly asOf?: Present
}

/** `applied` is the last position that the node had applied when it answered. */
export type SessionReplay = SessionStory & Deeds & { readonly applied: Position }

/** The account has no session with this id that is not over. */
export type SessionNotFound = { readonly type: 'SessionNotFound' }

export type EngineStatus = {
  readonly ready: boolean
  /** Why not, in one sentence for the operator. */
  readonly reason?: string
  readonly applied: Position
  readonly head: Position
  readonly quarantinedAccounts: ReadonlyArray<string>
  readonly unknownEvents: number
  readonly liveSessions: number
  /** Commands that wait to be decided, of all accounts. */
  readonly commandsWaiting: number
}

/** What parts of the engine with a folder or a file of their own do. */
type CallsOfParts = RecordingCalls &
  AccountCalls &
  AccessKeyCalls &
  MFACalls &
  LoginCalls &
  FederatedCalls

export type Engine = CallsOfParts & {
  /**
   * Decides on the account's state and appends, together with whatever else is waiting; answers
   * once the views show it.
   */
  readonly execute: (
    accountId: AccountId,
    command: AccountCommand,
    circumstances: Circumstances,
  ) => TE.TaskEither<AccountRefusal | EngineError, Executed>
  readonly assumeRole: (
    request: AssumeRoleRequest,
    caller: Caller,
    context: RequestContext,
    circumstances: Circumstances,
  ) => TE.TaskEither<SessionRefusal | EngineError, IssuedCredential>
  /** Ends a session of a role of the account; answers once its credentials are refused here. */
  readonly revokeSession: (
    accountId: AccountId,
    sessionId: SessionId,
    circumstances: Circumstances,
  ) => TE.TaskEither<SessionNotFound | EngineError, Position>
  /**
   * Decides a call of a verified caller on the grants of this moment. Deny on doubt: Left is
   * never an allow.
   */
  readonly authorize: (question: {
    readonly caller: Caller
    readonly action: string
    readonly resources: readonly [string, ...string[]]
    readonly context: RequestContext
  }) => TE.TaskEither<EngineError, { readonly decision: Verdict; readonly position: Position }>
  readonly ask: (
    question: AccessQuestion,
  ) => TE.TaskEither<AccessQuestionRefused | EngineError, AccessAnswer>
  /** Who of an account is allowed, or would be under conditions, a page at a time. */
  readonly whoCan: (
    question: WhoCanQuestion,
  ) => TE.TaskEither<MomentNotReached | EngineError, WhoCanAnswer>
  /** Which of several actions or resources a principal is allowed, each judged for itself. */
  readonly canEach: (
    question: CanEachQuestion,
  ) => TE.TaskEither<AccessQuestionRefused | EngineError, CanEachAnswer>
  /** What a principal is permitted: its policies as a sheet, and actions judged by name. */
  readonly whatCan: (
    question: WhatCanQuestion,
  ) => TE.TaskEither<AccessQuestionRefused | TooManyStatements | EngineError, WhatCanAnswer>
  /** Several questions at one moment. A principal given as one object is looked up once. */
  readonly askAll: (
    questions: ReadonlyArray<AccessQuestion>,
  ) => TE.TaskEither<
    OneQuestionRefused<AccessQuestionRefused> | EngineError,
    ReadonlyArray<AccessAnswer>
  >
  /** The same, when nothing but the outcomes is wanted. */
  readonly outcomes: (
    questions: ReadonlyArray<AccessQuestion>,
  ) => TE.TaskEither<OneQuestionRefused<AccessQuestionRefused> | EngineError, AccessOutcomes>
  /** Why a call was refused, resource by resource: judged again where it was judged. */
  readonly diagnose: (
    call: RefusedCall,
  ) => TE.TaskEither<EngineError, ReadonlyArray<ResourceVerdict>>
  /** What a session was and did, up to a moment; one that is over is read from the log. */
  readonly replaySession: (
    question: ReplayQuestion,
  ) => TE.TaskEither<SessionNotFound | MomentNotReached | EngineError, SessionReplay>
  /** What happened to a long-lived key and what was done with it, a page at a time. */
  readonly keyStory: (question: KeyQuestion) => TE.TaskEither<KeyNotFound | EngineError, KeyStory>
  /** What happened to the root of an account and what was changed by it, a page at a time. */
  readonly rootStory: (question: RootQuestion) => TE.TaskEither<EngineError, DeedsPage<KeyDeed>>
  /**
   * Notes that a long-lived key signed a call; recorded in the background, at most once an hour
   * and key.
   */
  readonly noteKeyUse: (accountId: AccountId, accessKeyId: string) => void
  /** When a key signed last, as far as this node knows; undefined when never. */
  readonly keyLastUsed: (accountId: AccountId, accessKeyId: string) => number | undefined
  /**
   * Notes that a credential was refused, of which it is known whose it is; answers once that is on
   * record, where it is one of the refusals that are.
   */
  readonly noteRefusedUse: (use: RefusedUse, scene: CallScene) => TE.TaskEither<EngineError, void>
  /**
   * The refused uses of an account's credentials in order: stored events `after` a revision
   * (exclusive), at most `limit`.
   */
  readonly refusedUses: (
    accountId: AccountId,
    options: { readonly after?: number; readonly limit: number },
  ) => TE.TaskEither<EngineError, ReadonlyArray<StoredEvent>>
  /** The stored events of one account in order: `after` a revision (exclusive), at most `limit`. */
  readonly accountEvents: (
    accountId: AccountId,
    options: { readonly after?: number; readonly limit: number },
  ) => TE.TaskEither<EngineError, ReadonlyArray<StoredEvent>>
  /**
   * Waits, 1 s at most, until this node may say who calls: until it knows of everything that the
   * log held 250 ms ago.
   */
  readonly fresh: () => TE.TaskEither<EngineError, void>
  /** Waits until the views show a position, 1 s at most. */
  readonly waitFor: (position: Position) => TE.TaskEither<EngineError, void>
  /**
   * Waits, as long as it takes, until the views show everything that the log held when the engine
   * was opened.
   */
  readonly catchUp: () => TE.TaskEither<EngineError, void>
  readonly views: Views
  /** SHA-256 of each view's rows: equal to that of a rebuild from zero. */
  readonly digests: () => Readonly<Record<string, string>>
  readonly status: () => EngineStatus
  /** How far each view has got, and how far it is behind the log. */
  readonly progress: () => ReadonlyArray<ViewProgress>
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  /** The quotas that every account is held to. */
  readonly quotas: Quotas
  /** Finishes what was accepted, stores the views and lets go of the log. */
  readonly stop: () => Promise<void>
}
