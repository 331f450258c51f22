/** The answers about signing in. */
import * as t from 'io-ts'

/** What is to be done next, or that all is done. */
export const SignInAnswer = t.intersection(
  [
    t.type({
      step: t.union([
        t.literal('CodeRequired'),
        t.literal('MFADeviceRequired'),
        t.literal('NewPasswordRequired'),
        t.literal('SignedIn'),
      ]),
    }),
    /** The ticket of the next step, the device to be bound, or who signed in. */
    t.partial({
      ticket: t.string,
      base32StringSeed: t.string,
      qrCodePNG: t.string,
      accountId: t.string,
      userId: t.string,
      userName: t.string,
      mfaPresent: t.boolean,
      expiresAt: t.string,
      mfaTicketUntil: t.string,
    }),
  ],
  'SignInAnswer',
)
export type SignInAnswer = t.TypeOf<typeof SignInAnswer>

export const SignedInAnswer = t.type(
  {
    accountId: t.string,
    userId: t.string,
    userName: t.string,
    mfaPresent: t.boolean,
    expiresAt: t.string,
  },
  'SignedInAnswer',
)
export type SignedInAnswer = t.TypeOf<typeof SignedInAnswer>

export const SignedOutAnswer = t.type({ signedOut: t.boolean }, 'SignedOutAnswer')
export type SignedOutAnswer = t.TypeOf<typeof SignedOutAnswer>
