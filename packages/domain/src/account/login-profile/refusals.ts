/**
 * Why a command about a login profile may be refused, in checking order; its user is looked up
 * first.
 */
import * as t from 'io-ts'
import { UserName } from '../../names.js'

/** The user can't sign in. */
export const LoginProfileNotFound = t.strict(
  { type: t.literal('LoginProfileNotFound'), userName: UserName },
  'LoginProfileNotFound',
)
export type LoginProfileNotFound = t.TypeOf<typeof LoginProfileNotFound>

/** The user can sign in already. */
export const LoginProfileAlreadyExists = t.strict(
  { type: t.literal('LoginProfileAlreadyExists'), userName: UserName },
  'LoginProfileAlreadyExists',
)
export type LoginProfileAlreadyExists = t.TypeOf<typeof LoginProfileAlreadyExists>

/** The password is no longer the one that the new one was compared with. */
export const PasswordSuperseded = t.strict(
  { type: t.literal('PasswordSuperseded'), userName: UserName },
  'PasswordSuperseded',
)
export type PasswordSuperseded = t.TypeOf<typeof PasswordSuperseded>
