/**
 * Whether an account may have an alias: when no other account has it.
 *
 * That rule crosses accounts, so aliases have one stream of their own, and what is decided here
 * holds at the revision of that stream which `AliasesNow` is about.
 */
import { accept, type Decision, refuse, unchanged } from '../decider.js'
import type { AccountAlias, AccountId } from '../names.js'
import type { AliasCommand } from './commands.js'
import type { AccountAliasChanged } from './events.js'
import type { AliasRefusal } from './refusals.js'

/** Who has which alias at one revision of the stream of aliases. */
export type AliasesNow = {
  readonly holderOf: (alias: AccountAlias) => AccountId | undefined
  readonly aliasOf: (accountId: AccountId) => AccountAlias | undefined
}

export const decideAlias = (
  command: AliasCommand,
  { holderOf, aliasOf }: AliasesNow,
): Decision<AccountAliasChanged, AliasRefusal> => {
  const { accountId } = command
  const type = 'AccountAliasChanged'
  switch (command.type) {
    case 'SetAccountAlias': {
      const { alias } = command
      const holder = holderOf(alias)
      if (holder === accountId) return unchanged
      if (holder !== undefined) return refuse({ type: 'AliasAlreadyExists', alias })
      return accept({ type, accountId, alias })
    }
    case 'ClearAccountAlias':
      return aliasOf(accountId) === undefined ? unchanged : accept({ type, accountId })
  }
}
