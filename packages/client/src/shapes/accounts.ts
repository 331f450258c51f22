/** The answers about the accounts of a deployment. */
import * as t from 'io-ts'
import { Next, Position } from './parts.js'

export const ShownAccount = t.type(
  { accountId: t.string, created: t.string, position: Position },
  'ShownAccount',
)
export type ShownAccount = t.TypeOf<typeof ShownAccount>

export const AccountsAnswer = t.type(
  { accounts: t.readonlyArray(ShownAccount), next: Next, position: Position, applied: Position },
  'AccountsAnswer',
)
export type AccountsAnswer = t.TypeOf<typeof AccountsAnswer>

/** An account that was opened just now, with the key of its root. */
export const OpenedAccountAnswer = t.type(
  {
    accountId: t.string,
    accessKeyId: t.string,
    accessKeySecret: t.string,
    position: Position,
  },
  'OpenedAccountAnswer',
)
export type OpenedAccountAnswer = t.TypeOf<typeof OpenedAccountAnswer>
