/** Signing in to a console, as the protocols see it. */
import type {
  AccountId,
  AccountRefusal,
  AliasCommand,
  AliasRefusal,
  UserId,
  UserName,
} from '@grantlog/domain'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Caller } from '../caller.js'
import type { CallScene } from '../circumstances.js'
import type { Circumstances, EngineError } from '../engine-error.js'
import type { Executed } from '../executed.js'
import type { Position, StoredEvent } from '../ports.js'

/** Why a password is not taken. */
export type PasswordRefusal =
  | { readonly type: 'PasswordTooWeak' }
  | { readonly type: 'PasswordReused' }
  | { readonly type: 'OldPasswordIncorrect' }

export type NewLoginProfile = {
  readonly userName: UserName
  readonly password: string
  readonly passwordResetRequired: boolean
  readonly mfaBindRequired: boolean
}

export type LoginProfileChanges = {
  readonly password?: string
  readonly passwordResetRequired?: boolean
  readonly mfaBindRequired?: boolean
}

/** From where, and within which call, somebody signs in. */
export type SignInScene = CallScene & { readonly sourceIp: string }

/** What is to be done next, or that all is done. A ticket leads to the next step. */
export type SignInStep =
  | { readonly type: 'CodeRequired'; readonly ticket: string }
  | { readonly type: 'NewPasswordRequired'; readonly ticket: string }
  | {
      /** The user must have a device and has none: this is the seed of one that may be bound. */
      readonly type: 'MFADeviceRequired'
      readonly ticket: string
      /** Base32. */
      readonly seed: string
      readonly accountId: AccountId
      readonly userName: UserName
    }
  | {
      readonly type: 'SignedIn'
      readonly accountId: AccountId
      readonly userId: UserId
      readonly userName: UserName
      readonly mfaPresent: boolean
      /** Milliseconds since the epoch, UTC. */
      readonly expiresAt: number
      /** What stands for the user from now on: a secret. */
      readonly token: string
      readonly position: Position
      /** What stands for a code from now on, where the device is remembered: a secret too. */
      readonly mfaTicket?: { readonly token: string; readonly expiresAt: number }
    }

/**
 * Why one does not get in. `SignInRefused`: there is no such user, it can't sign in, the password
 * is wrong, or the user is locked; which of them is not told. The others are told to whoever knew
 * the password. `TicketRefused`: the steps took too long, or things changed meanwhile.
 */
export type SignInRefusal =
  | { readonly type: 'SignInRefused' }
  | { readonly type: 'TicketRefused' }
  | { readonly type: 'CodeRefused' }
  | { readonly type: 'AddressNotAllowed' }
  | { readonly type: 'PasswordTooOld' }
  | { readonly type: 'NoMoreDevices' }
  | PasswordRefusal

export type TicketHolder = { readonly accountId: AccountId; readonly userId: UserId }

/** Nobody is signed in by that token, or no longer. */
export type NotSignedIn = { readonly type: 'NotSignedIn' }

export type ConsoleSession = {
  readonly caller: Extract<Caller, { readonly type: 'User' }>
  readonly mfaPresent: boolean
  readonly expiresAt: number
}

type Step = TE.TaskEither<SignInRefusal | EngineError, SignInStep>

export type SignInCalls = {
  /** `name@<alias or uid>.onaliyun.com`, or with an alias `name@<alias>`. */
  readonly signIn: (
    principalName: string,
    password: string,
    scene: SignInScene,
    /** Spares a code while all that it rests on is still so. */
    mfaTicket?: string,
  ) => Step
  /** `savesMFATicket`: whether the device is to be remembered, where the account lets it. */
  readonly giveCode: (
    ticket: string,
    code: string,
    scene: SignInScene,
    savesMFATicket?: boolean,
  ) => Step
  /** Two codes in a row of the seed that `MFADeviceRequired` told: they bind its device. */
  readonly enrolDevice: (
    ticket: string,
    codes: readonly [string, string],
    scene: SignInScene,
    savesMFATicket?: boolean,
  ) => Step
  readonly giveNewPassword: (ticket: string, password: string, scene: SignInScene) => Step
  /** To whom a ticket was given, whether it still leads anywhere; null for what is no ticket. */
  readonly ticketHolder: (ticket: string) => TicketHolder | null
  /** Whose session it is, for as long as it is used from where the account lets users sign in. */
  readonly consoleSession: (
    token: string,
    sourceIp: string,
  ) => TE.TaskEither<NotSignedIn | EngineError, ConsoleSession>
  /**
   * How a user signed in or did not, or, for null, the attempts that are no user's: stored events
   * after a revision of their stream.
   */
  readonly signInEvents: (
    accountId: AccountId,
    userId: UserId | null,
    page: { readonly after?: number; readonly limit: number },
  ) => TE.TaskEither<EngineError, ReadonlyArray<StoredEvent>>
  /** Ends what a token stands for. */
  readonly signOut: (
    token: string,
    scene: SignInScene,
  ) => TE.TaskEither<NotSignedIn | EngineError, Position>
}

type Refusal = AccountRefusal | PasswordRefusal | EngineError

/** How users come to sign in, and the signing in itself. */
export type LoginCalls = SignInCalls & {
  readonly changeAlias: (
    command: AliasCommand,
    circumstances: Circumstances,
  ) => TE.TaskEither<AliasRefusal | EngineError, Position>
  readonly createLoginProfile: (
    accountId: AccountId,
    profile: NewLoginProfile,
    circumstances: Circumstances,
  ) => TE.TaskEither<Refusal, Executed>
  readonly updateLoginProfile: (
    accountId: AccountId,
    userName: UserName,
    changes: LoginProfileChanges,
    circumstances: Circumstances,
  ) => TE.TaskEither<Refusal, Executed>
  readonly deleteLoginProfile: (
    accountId: AccountId,
    userName: UserName,
    circumstances: Circumstances,
  ) => TE.TaskEither<AccountRefusal | EngineError, Executed>
  readonly changePassword: (
    accountId: AccountId,
    userId: UserId,
    passwords: { readonly oldPassword: string; readonly newPassword: string },
    circumstances: Circumstances,
  ) => TE.TaskEither<Refusal, Executed>
}
