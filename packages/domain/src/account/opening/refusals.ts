/** Why a command to or about an account as a whole may be refused, in checking order. */
import * as t from 'io-ts'
import { AccountId } from '../../names.js'

/** The account was never opened: nothing in it can be asked for. */
export const AccountNotFound = t.strict({ type: t.literal('AccountNotFound') }, 'AccountNotFound')
export type AccountNotFound = t.TypeOf<typeof AccountNotFound>

/** The account is open already, and was not opened by this very command. */
export const AccountAlreadyExists = t.strict(
  { type: t.literal('AccountAlreadyExists'), accountId: AccountId },
  'AccountAlreadyExists',
)
export type AccountAlreadyExists = t.TypeOf<typeof AccountAlreadyExists>
