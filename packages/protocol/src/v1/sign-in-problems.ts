/** The problems of signing in. Of those who know no password nobody learns why it did not work. */
import type { NotSignedIn, SignInRefusal } from '@grantlog/engine'
import type { PageFault } from '../signature/faults.js'
import type { ProblemRows } from './problem-rows.js'

/** What only the paths of signing in can refuse. */
export type SignInFault =
  | { readonly type: 'TooManyAttempts'; readonly retryAfterMs: number }
  | PageFault

export const SIGN_IN_PROBLEMS: ProblemRows<SignInRefusal | NotSignedIn | SignInFault> = {
  SignInRefused: () => ({
    status: 403,
    code: 'SignInRefused',
    detail:
      'The name or the password is wrong, the user cannot sign in, or it is locked for now after too many attempts.',
  }),
  TicketRefused: () => ({
    status: 403,
    code: 'TicketRefused',
    detail: 'The steps took too long, or something changed meanwhile. Sign in anew.',
  }),
  CodeRefused: () => ({
    status: 403,
    code: 'CheckAuthenticationCodeFail',
    detail:
      'The code is wrong, or was used already; or after too many wrong codes none is taken for ' +
      'now, which another password does not change. Wait a while, or ask an administrator to ' +
      'unbind the device.',
  }),
  AddressNotAllowed: () => ({
    status: 403,
    code: 'AddressNotAllowed',
    detail: 'The account lets nobody sign in from this address.',
  }),
  PasswordTooOld: () => ({
    status: 403,
    code: 'PasswordTooOld',
    detail: 'The password is too old. An administrator must give the user another one.',
  }),
  NoMoreDevices: () => ({
    status: 409,
    code: 'LimitExceeded.VirtualMFADevice',
    detail: 'The account has as many virtual MFA devices as it may. An administrator must help.',
  }),
  PasswordTooWeak: () => ({
    status: 400,
    code: 'InvalidParameter.NewPassword.TooWeak',
    detail: 'The new password does not meet the password policy.',
  }),
  PasswordReused: () => ({
    status: 400,
    code: 'InvalidParameter.NewPassword.ReusePrevention',
    detail: 'The new password was a password of the user not long ago.',
  }),
  OldPasswordIncorrect: () => ({
    status: 400,
    code: 'InvalidParameter.OldPassword.Incorrect',
    detail: 'The old password does not match.',
  }),
  NotSignedIn: () => ({
    status: 401,
    code: 'NotSignedIn',
    detail: 'Nobody is signed in, or no longer. Sign in first.',
  }),
  TooManyAttempts: ({ retryAfterMs }) => ({
    status: 429,
    code: 'Throttling',
    detail:
      'Too many wrong attempts came from this address, or were made for this user. Wait a while.',
    retryAfterMs,
  }),
  ForeignOrigin: () => ({
    status: 403,
    code: 'ForeignOrigin',
    detail: 'The call does not come from a page of this server, or does not say so by `Origin`.',
  }),
  JsonNeeded: () => ({
    status: 415,
    code: 'JsonNeeded',
    detail: 'The body must be sent as application/json.',
  }),
}
