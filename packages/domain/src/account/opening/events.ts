/** What can have happened to an account as a whole. */
import * as t from 'io-ts'
import { AccountId } from '../../names.js'

/** An account was opened. Its root identity exists from this moment on. */
export const AccountCreated = t.strict(
  { type: t.literal('AccountCreated'), accountId: AccountId },
  'AccountCreated',
)
export type AccountCreated = t.TypeOf<typeof AccountCreated>
