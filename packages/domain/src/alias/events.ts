/** What can have happened to the aliases of all accounts. Stored for ever, in one stream. */
import * as t from 'io-ts'
import { AccountAlias, AccountId } from '../names.js'

/** An account is called otherwise from now on; without an alias it has only its uid. */
export const AccountAliasChanged = t.intersection(
  [
    t.strict({ type: t.literal('AccountAliasChanged'), accountId: AccountId }),
    t.exact(t.partial({ alias: AccountAlias })),
  ],
  'AccountAliasChanged',
)
export type AccountAliasChanged = t.TypeOf<typeof AccountAliasChanged>
