/**
 * The ports: what the engine needs of the world, named by what it is for and not by the product
 * behind it.
 */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type {
  DeviceCodes,
  PasswordOwner,
  PasswordsBusy,
  SigningSecret,
  TextPurpose,
  VaultError,
} from './secrets.js'

/**
 * Total order over the whole log. Comparable; opaque to users; never used again. 0 is before the
 * first event.
 */
export type Position = number

/** How much one event may weigh: `data` and `metadata` together, in UTF-8. Unit: bytes. */
export const EVENT_BYTES_MAX = 1_048_576

/**
 * An event that is to be appended. `data` and `metadata` are JSON texts, so that a log never has
 * to understand them.
 */
export type NewEvent = {
  /** UUID. The same id on the same stream is the same event: appending it again changes nothing. */
  readonly id: string
  readonly type: string
  readonly schemaVersion: number
  readonly data: string
  readonly metadata: string
}

/** An event as the log gives it back. */
export type StoredEvent = NewEvent & {
  readonly stream: string
  /** Dense from 0 inside its stream. */
  readonly revision: number
  /** From 1; increasing over the whole log. */
  readonly position: Position
  /** Milliseconds since the epoch, UTC; never decreases along positions. */
  readonly recordedAt: number
}

/** What the writer believes of the stream. A number is the revision of its last event. */
export type ExpectedRevision = 'any' | 'no-stream' | 'stream-exists' | number

export type Appended = {
  /** Revision and position of the last event of the append. */
  readonly revision: number
  readonly position: Position
  readonly recordedAt: number
}

/**
 * Another writer was first, or the stream is not what the writer believed. `actual` is -1 for an
 * absent stream.
 */
export type RevisionConflict = {
  readonly type: 'RevisionConflict'
  readonly stream: string
  readonly expected: ExpectedRevision
  readonly actual: number
}

/**
 * Why a log could not answer.
 *
 * `OutcomeUnknown`: the append may or may not have happened; say it again with the same ids to
 * find out.
 * `LogUnavailable`: nothing happened. `LogFailed`: the store is dead for this process (a flush
 * failed); reopen it.
 */
export type LogError =
  | { readonly type: 'OutcomeUnknown'; readonly stream: string; readonly detail: string }
  | { readonly type: 'LogUnavailable'; readonly detail: string }
  | { readonly type: 'LogFailed'; readonly detail: string }
  | { readonly type: 'EventTooLarge'; readonly bytes: number; readonly limit: number }

/** A running subscription. `stop` resolves when no batch is being handled any more. */
export type Subscription = { readonly stop: () => Promise<void> }

export type SubscriptionHandler = {
  /**
   * Called with one batch after the other, in position order; the next waits for the promise
   * (backpressure).
   */
  readonly onEvents: (events: ReadonlyArray<StoredEvent>) => Promise<void>
  /** Called at most once; no batch follows. A rejected `onEvents` ends here too. */
  readonly onFailure: (
    error: LogError | { readonly type: 'HandlerFailed'; readonly cause: unknown },
  ) => void
  /** Types of events whose texts this handler never reads: they may come with empty ones. */
  readonly unread?: ReadonlyArray<string>
}

/**
 * An append-only log of events. Every adapter passes `logContract`.
 *
 * - An append is atomic and durable before it is acknowledged; ids already in the stream, at the
 *   place where they would go, make it a repetition that answers as the first did.
 * - `after` is exclusive everywhere. It is a position that this log has given, or 0.
 * - A prefix that was read once never changes.
 */
export type EventLog = {
  readonly append: (
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<NewEvent>,
  ) => TE.TaskEither<RevisionConflict | LogError, Appended>
  /**
   * Events of one stream: `from` is inclusive and counts revisions; backwards starts at `from`,
   * or at the end.
   */
  readonly readStream: (
    stream: string,
    options: { readonly from?: number; readonly limit: number; readonly backwards?: boolean },
  ) => TE.TaskEither<LogError, ReadonlyArray<StoredEvent>>
  readonly readAll: (options: {
    readonly after: Position
    readonly limit: number
  }) => TE.TaskEither<LogError, ReadonlyArray<StoredEvent>>
  /** The position of the last event, 0 for an empty log. */
  readonly head: () => TE.TaskEither<LogError, Position>
  /** Delivers what came after a position, then what comes, without a gap. */
  readonly subscribe: (after: Position, handler: SubscriptionHandler) => Subscription
  readonly close: () => Promise<void>
}

/** One changed row of a view: `value` is JSON text, null when the row is gone. */
export type RowChange = {
  readonly table: string
  readonly key: string
  readonly value: string | null
}

export type ViewCheckpoint = { readonly position: Position }

/**
 * Where views keep their rows between runs. It can always be rebuilt from the log.
 *
 * `commit` stores rows and checkpoint in one transaction; when the stored checkpoint is not
 * `expected`, nothing is stored and the answer is `CheckpointMoved`.
 */
export type ViewStore = {
  /**
   * The checkpoint of a view in this version, 0 when there is none. Rows of other versions are
   * dropped by `reset`.
   */
  readonly load: (
    view: string,
    version: number,
    onRow: (table: string, key: string, value: string) => void,
  ) => Promise<ViewCheckpoint>
  readonly commit: (
    view: string,
    version: number,
    expected: Position,
    next: Position,
    changes: ReadonlyArray<RowChange>,
  ) => TE.TaskEither<
    | { readonly type: 'CheckpointMoved' }
    | { readonly type: 'ViewStoreFailed'; readonly detail: string },
    void
  >
  readonly reset: (view: string, version: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** A moment, in milliseconds since the epoch, UTC. The only source of time. */
export type Clock = {
  readonly now: () => number
}

/**
 * The only source of randomness in ids. Each answer is new and matches its codec in
 * `domain/names`.
 */
export type Ids = {
  readonly accountId: () => string
  readonly userId: () => string
  readonly groupId: () => string
  readonly roleId: () => string
  readonly policyId: () => string
  readonly providerId: () => string
  readonly sessionId: () => string
  readonly mfaDeviceId: () => string
  /** 160 bits in Base32: 32 of the letters A to Z and digits 2 to 7. */
  readonly mfaSeed: () => string
  readonly accessKeyId: () => string
  readonly accessKeySecret: () => string
  readonly temporarySecret: () => string
  readonly uuid: () => string
  /** UUIDv5 of a command's id and an index: the same command gives the same events. */
  readonly eventId: (commandId: string, index: number) => string
  /** Upper-case UUID. */
  readonly requestId: () => string
}

/** What a session token carries, sealed: any node opens it without a look-up. */
export type SessionToken = {
  readonly sessionId: string
  readonly accessKeyId: string
  readonly secret: string
  readonly accountId: string
  readonly roleId: string
  readonly sessionName: string
  readonly sourceIdentity?: string
  /** Milliseconds, UTC. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** The position of the log at which the credential was issued. */
  readonly issuedPosition: Position
  /** How many AssumeRole calls led here: 1 for a session assumed by a user. */
  readonly chainDepth: number
  readonly sessionPolicy?: string
}

/**
 * Secrets: kept, sealed and opened with keys that never leave the vault.
 *
 * A record opens only with its own account, owner and purpose. Every failure to open is a
 * refusal, never a guess.
 */
export type Vault = {
  /** Keeps an AccessKey secret before the event that names it is appended. */
  readonly putAccessKeySecret: (
    ref: string,
    owner: { readonly accountId: string; readonly accessKeyId: string },
    secret: string,
  ) => TE.TaskEither<VaultError, void>
  /** The signing secret of a key; cached for at most 10 minutes. */
  readonly signingSecret: (
    ref: string,
    owner: { readonly accountId: string; readonly accessKeyId: string },
  ) => TE.TaskEither<VaultError, SigningSecret>
  /** Keeps the seed of a virtual MFA device before the event that names it is appended. */
  readonly putMFASeed: (
    ref: string,
    owner: { readonly accountId: string; readonly deviceId: string },
    seed: string,
  ) => TE.TaskEither<VaultError, void>
  readonly mfaCodes: (
    ref: string,
    owner: { readonly accountId: string; readonly deviceId: string },
  ) => TE.TaskEither<VaultError, DeviceCodes>
  /** The codes of a seed that is not kept here, or not yet. */
  readonly codesOfSeed: (seed: string) => DeviceCodes
  readonly destroySecret: (ref: string) => TE.TaskEither<VaultError, void>
  /** Keeps the hash of a password before the event that names it is appended. */
  readonly putPassword: (
    ref: string,
    owner: PasswordOwner,
    password: string,
  ) => TE.TaskEither<VaultError | PasswordsBusy, void>
  /**
   * Whether this is the password under a reference. Without a reference it is nobody's, which takes
   * as long to say. A hash that was made with less work than today's is made anew.
   */
  readonly isPassword: (
    ref: string | null,
    owner: PasswordOwner | null,
    password: string,
  ) => TE.TaskEither<VaultError | PasswordsBusy, boolean>
  /** A signing secret from a clear-text secret, as carried by a session token. */
  readonly temporarySigningSecret: (secret: string) => SigningSecret

  readonly sealSessionToken: (token: SessionToken) => string
  /**
   * Null for anything that is not a token of this deployment: malformed, altered, re-encoded, or
   * of another purpose.
   */
  readonly openSessionToken: (text: string) => SessionToken | null

  /**
   * Sealed short texts that callers carry for us: page markers, consistency tokens, access tokens.
   * Bound to a purpose and an account.
   */
  readonly sealText: (purpose: TextPurpose, accountId: string, text: string) => string
  readonly openText: (purpose: TextPurpose, accountId: string, sealed: string) => string | null

  /** Personal data of one person (`subjectId`: a UserId, or the account's uid for its root). */
  readonly sealPersonal: (
    accountId: string,
    subjectId: string,
    field: string,
    text: string,
  ) => TE.TaskEither<VaultError, string>
  /** Null after the person was erased. */
  readonly openPersonal: (
    accountId: string,
    subjectId: string,
    field: string,
    sealed: string,
  ) => TE.TaskEither<VaultError, string | null>
  readonly close: () => Promise<void>
}
