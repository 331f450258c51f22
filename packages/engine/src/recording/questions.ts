/**
 * What can be asked about recorded access, and what is answered. Types alone.
 */
import type { AccessOutcome, AccessPrincipal, AccountId } from '@grantlog/domain'
import type { Grant, HistoryPrincipal, RecordingStretch } from '@grantlog/views'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type {
  Circumstances,
  EngineError,
  Moment,
  MomentNotReached,
  Present,
  WindowEmpty,
} from '../engine-error.js'
import type { DecidingGrant } from '../grants-behind.js'
import type { Position } from '../ports.js'
import type { JudgedAccess, NoteAccess } from './judged-access.js'
import type { NoSuchAttachment, NoSuchPolicy, NoSuchTarget } from './unprepared.js'

/** Someone who can be judged again. */
export type JudgeablePrincipal = Exclude<AccessPrincipal, { readonly type: 'Unrecorded' }>

/** Whom a policy would be attached to or detached from, by name, without case. */
export type ProposedTarget = {
  readonly type: 'User' | 'Group' | 'Role'
  readonly name: string
}

export type NamedPolicy = { readonly policyType: 'Custom' | 'System'; readonly policyName: string }

export type ProposedChange =
  /** The policy says this from now on, whoever holds it. */
  | (NamedPolicy & { readonly type: 'Edit'; readonly document: string })
  | (NamedPolicy & { readonly type: 'Attach'; readonly target: ProposedTarget })
  | (NamedPolicy & { readonly type: 'Detach'; readonly target: ProposedTarget })
  /** The policy is gone, and with it all its attachments. */
  | (NamedPolicy & { readonly type: 'Delete' })

/** What of a statement a proposed change would make: what it says, or that it binds at all. */
export type Proposed = Extract<ProposedChange['type'], 'Edit' | 'Attach'>

/** Either end may be left open, which `Now` says. */
export type GivenWindow = { readonly from: Moment; readonly to: Moment }

/** Whose calls, and which of them; what is absent stands for all. */
export type AccessFilter = {
  /** Calls of any of them. */
  readonly principals?: ReadonlyArray<JudgeableRef>
  /** How the name of the action begins, without case. */
  readonly actionPrefix?: string
}

/** The same of what is listed, where a call tells more of who made it. */
export type ListFilter = AccessFilter & {
  /** The key that signed, long-lived or temporary. */
  readonly accessKeyId?: string
}

/** A principal by its immutable id; a role with a session name stands for its sessions so named. */
export type JudgeableRef =
  | { readonly type: 'Root' }
  | { readonly type: 'User'; readonly id: string }
  | { readonly type: 'Role'; readonly id: string; readonly sessionName?: string }

/** Where a record stands: the day of its stream, the revision there, the place in the batch. */
export type AccessPlace = {
  readonly day: string
  readonly revision: number
  readonly index: number
}

/** One record. Condition keys are not listed: what is personal in them is sealed. */
export type ListedAccess = {
  readonly requestId: string
  readonly principal: AccessPrincipal
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly outcome: AccessOutcome['outcome']
  readonly code: string
  readonly position: Position
  /** Milliseconds, UTC. */
  readonly time: number
}

export type AccessPage = {
  readonly records: ReadonlyArray<ListedAccess>
  /** Where to go on; absent on the last page. */
  readonly next?: AccessPlace
  /** How many events of the page's stretch could not be read. */
  readonly unreadable: number
}

/** Why the record may lack calls of the window. */
export type Doubt =
  | 'RecordingOff'
  | 'DenialsOnly'
  | 'Sampled'
  | 'RecordsLost'
  | 'RecordsUnreadable'
  | 'RecordsNotJudgeable'
  /** Others followed the grants: what they decided on them is on no record. */
  | 'DecidedElsewhere'

export type Coverage = {
  /** What was recorded from when to when, oldest first. */
  readonly stretches: ReadonlyArray<RecordingStretch>
  /** How many records are known to be lost. */
  readonly lost: number
  /**
   * Empty when nothing is known to be missing. What a killed process had not stored is missing
   * without a trace.
   */
  readonly doubts: ReadonlyArray<Doubt>
}

/** Why a call can't be judged again; of several principals none had decided it alone. */
export type NotJudgeable =
  | 'PrincipalNotRecorded'
  | 'SeveralPrincipals'
  | 'PersonErased'
  | 'NothingAsked'

export type ReplayChange = 'AllowToDeny' | 'DenyToAllow'

export type ReplaySample = {
  readonly requestId: string
  readonly time: number
  readonly position: Position
}

/**
 * A statement that decides with the change, and the events that made it bind. What the change
 * itself would make is `proposed`, and no event made it: of what it attaches there is no grant, and
 * the grant of what it edits made no version.
 */
export type ReplayStatement = DecidingGrant & { readonly proposed?: Proposed }

/** Calls of one kind that the change turns. */
export type ReplayGroup = {
  readonly change: ReplayChange
  readonly principal: JudgeablePrincipal
  /** What it was called at the first of them. */
  readonly name: string
  readonly action: string
  readonly resources: ReadonlyArray<string>
  /**
   * The statements that decided without the change, and those that decide with it, each with the
   * events behind it as they were at the first of the calls.
   */
  readonly before: ReadonlyArray<DecidingGrant>
  readonly after: ReadonlyArray<ReplayStatement>
  readonly count: number
  readonly samples: ReadonlyArray<ReplaySample>
}

export type ReplayTotals = {
  /** Records in the window that pass the filter, of calls that need a permission. */
  readonly records: number
  /** Those that were judged again. */
  readonly judged: number
  /** Calls that were refused for other reasons than permission. */
  readonly refused: number
  readonly notJudgeable: Readonly<Record<NotJudgeable, number>>
  readonly allowToDeny: number
  readonly denyToAllow: number
  /** Records whose outcome is not what comes out without the change. */
  readonly drift: number
}

export type Drift = ReplaySample & {
  readonly principal: JudgeablePrincipal
  readonly action: string
  readonly resources: ReadonlyArray<string>
  readonly recorded: AccessOutcome['outcome']
}

/** Where a page of groups ended, and the last batch of records that the answer is made of. */
export type ReplayPlace = {
  readonly rank: number
  readonly end: Omit<AccessPlace, 'index'>
}

export type ReplayAnswer = {
  readonly totals: ReplayTotals
  /** The largest first. */
  readonly groups: ReadonlyArray<ReplayGroup>
  /** How many changed calls are in no group that is answered, now or on a page before. */
  readonly leftOut: number
  /** Where to go on; absent on the last page. */
  readonly next?: ReplayPlace
  readonly drifts: ReadonlyArray<Drift>
  readonly coverage: Coverage
}

/** A grant: one policy in force, with its statements. */
export type UsedGrant = {
  readonly grant: Grant
  readonly statements: ReadonlyArray<{
    /** Its place in the policy, counted from 0. */
    readonly index: number
    readonly effect: 'Allow' | 'Deny'
    /** How many recorded calls it decided. */
    readonly count: number
    /** The last of them: milliseconds UTC; absent where there was none. */
    readonly lastUsed?: number
  }>
}

/** Policies that would have done, and how that was checked on the calls on record. */
export type Suggestion = {
  readonly documents: ReadonlyArray<string>
  /** Different calls that were judged by it: all came out right. */
  readonly checked: number
  /** More calls were on record than could be kept to check. */
  readonly isPartlyChecked: boolean
}

export type PrincipalUse = {
  readonly principal: HistoryPrincipal
  readonly name: string
  readonly allowed: number
  readonly denied: number
  /** Calls that were allowed then and would not be by what it holds now. */
  readonly notCovered: number
  readonly grants: ReadonlyArray<UsedGrant>
  /** Absent where what it made did not stand the check. */
  readonly suggestion?: Suggestion
}

export type UnusedAnswer = {
  readonly principals: ReadonlyArray<PrincipalUse>
  readonly coverage: Coverage
}

/** What an answer about recorded access rests on. */
export type Grounds = {
  readonly applied: Position
  readonly now: number
  readonly window: { readonly from: number; readonly to: number }
}

export type RecordingCalls = {
  /**
   * Puts a decision on record in the background, where the account wants such a one. Never waits;
   * what is not wanted is not asked for either.
   */
  readonly noteAccess: NoteAccess
  /** Leaves a record of a call whatever the account wants, durable before it is answered. */
  readonly recordAccess: (
    accountId: AccountId,
    access: JudgedAccess,
    circumstances: Circumstances,
  ) => TE.TaskEither<EngineError, void>
  /** Lists what is on record, in the order in which it was stored. */
  readonly listAccess: (
    accountId: AccountId,
    question: {
      readonly window: GivenWindow
      readonly filter: ListFilter
      readonly limit: number
      /** The place to go on after, exclusive. */
      readonly after?: AccessPlace
      /** The present that is meant, where an earlier page was answered in it. */
      readonly asOf?: Present
    },
  ) => TE.TaskEither<MomentNotReached | WindowEmpty | EngineError, AccessPage & Grounds>
  /** Judges recorded access again, with and without a proposed change. */
  readonly replay: (
    accountId: AccountId,
    question: {
      readonly window: GivenWindow
      readonly changes: ReadonlyArray<ProposedChange>
      readonly filter: AccessFilter
      readonly limit: number
      /** Where to go on, exclusive. */
      readonly after?: ReplayPlace
      /** The present that is meant, where an earlier page was answered in it. */
      readonly asOf?: Present
    },
  ) => TE.TaskEither<
    MomentNotReached | WindowEmpty | NoSuchPolicy | NoSuchTarget | NoSuchAttachment | EngineError,
    ReplayAnswer & Grounds
  >
  /** Which grants of these principals no recorded access of a window needed. */
  readonly unused: (
    accountId: AccountId,
    question: {
      readonly window: GivenWindow
      readonly principals: ReadonlyArray<HistoryPrincipal>
      /** The present that is meant, where an earlier page was answered in it. */
      readonly asOf?: Present
    },
  ) => TE.TaskEither<MomentNotReached | WindowEmpty | EngineError, UnusedAnswer & Grounds>
}
