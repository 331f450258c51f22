/**
 * What one who signs in carries between steps, and afterwards: sealed by the vault for one account.
 *
 * Neither is believed by itself. A ticket is good for the password that was shown for it, and a
 * session for as long as the directory knows of it.
 */
import { AccountId, SecretRef, SignInId, UserId } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Position, Vault } from '../ports.js'
import type { TextPurpose } from '../secrets.js'

/** How long the steps after the password may take. Unit: milliseconds. Ours. */
export const TICKET_MS = 10 * 60_000

/** How long a device is remembered. Unit: milliseconds. Source: RAM, EnableSaveMFATicket. */
export const MFA_TICKET_MS = 7 * 24 * 3_600_000

const TOKEN_CHARACTERS_MAX = 1024

const Whole = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'Whole')

/** Which password was shown, and until when the rest may be. */
export type Proven = {
  readonly userId: UserId
  readonly passwordRef: SecretRef
  readonly expiresAt: number
}
const PROVEN = { userId: UserId, passwordRef: SecretRef, expiresAt: Whole }

/** Leads to the next step. */
export type Ticket = Proven & {
  /** Where the device was bound of which a code was shown too; null for none. */
  readonly boundAt: Position | null
  /** Whether that device is to be remembered. */
  readonly savesMFATicket: boolean
}
const Ticket: t.Type<Ticket, unknown> = t.strict({
  ...PROVEN,
  boundAt: t.union([Whole, t.null]),
  savesMFATicket: t.boolean,
})

/** Stands for a code, for who shows the password: what a browser remembers of a device. */
export type MFATicket = Proven & {
  /** Where the device was bound of which a code was shown. */
  readonly boundAt: Position
  /** From where on the account lets devices be remembered. */
  readonly allowedSince: Position
  /** The signing in at which the code was shown. */
  readonly signInId: SignInId
}
const MFATicket: t.Type<MFATicket, unknown> = t.strict({
  ...PROVEN,
  boundAt: Whole,
  allowedSince: Whole,
  signInId: SignInId,
})

/** Leads to a device, for a user who must have one and has none; and nowhere else. */
export type Enrolment = Proven & {
  /** The seed that the user was shown. Base32. */
  readonly seed: string
}
const Enrolment: t.Type<Enrolment, unknown> = t.strict({
  ...PROVEN,
  seed: t.refinement(t.string, (text) => /^[A-Z2-7]{32}$/.test(text), 'Seed'),
})

/** What a session rests on. `position` is where in the log the signing in was recorded. */
export type ConsoleToken = {
  readonly userId: UserId
  readonly signInId: SignInId
  readonly expiresAt: number
  readonly position: Position
  /** Where the device was bound by which the user got in; null where none was needed. */
  readonly boundAt: Position | null
}
const ConsoleToken: t.Type<ConsoleToken, unknown> = t.strict({
  userId: UserId,
  signInId: SignInId,
  expiresAt: Whole,
  position: Whole,
  boundAt: t.union([Whole, t.null]),
})

export type Opened<A> = { readonly accountId: AccountId; readonly content: A }

export type Carried<A> = {
  readonly seal: (accountId: AccountId, content: A) => string
  /** Null for what is not such a text, or of another deployment. */
  readonly open: (text: string) => Opened<A> | null
}

const carried = <A>(vault: Vault, purpose: TextPurpose, codec: t.Type<A, unknown>): Carried<A> => ({
  seal: (accountId, content) =>
    `${accountId}.${vault.sealText(purpose, accountId, JSON.stringify(codec.encode(content)))}`,
  open: (text) => {
    if (text.length > TOKEN_CHARACTERS_MAX) return null
    const [accountId, sealed = '', ...rest] = text.split('.')
    if (!AccountId.is(accountId) || rest.length > 0) return null
    const plain = vault.openText(purpose, accountId, sealed)
    const parsed = E.tryCatch(
      () => JSON.parse(plain ?? '') as unknown,
      () => null,
    )
    const content = E.isLeft(parsed) ? parsed : codec.decode(parsed.right)
    return E.isLeft(content) ? null : { accountId, content: content.right }
  },
})

export const tickets = (vault: Vault): Carried<Ticket> => carried(vault, 'sign-in-ticket', Ticket)
export const enrolments = (vault: Vault): Carried<Enrolment> =>
  carried(vault, 'mfa-enrolment', Enrolment)
export const mfaTickets = (vault: Vault): Carried<MFATicket> =>
  carried(vault, 'mfa-ticket', MFATicket)
export const consoleTokens = (vault: Vault): Carried<ConsoleToken> =>
  carried(vault, 'console-session', ConsoleToken)
