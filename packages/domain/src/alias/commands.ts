/** What may be asked about the alias of an account. */
import * as t from 'io-ts'
import { AccountAlias, AccountId } from '../names.js'

/** Calls an account by an alias that no other account has. */
export const SetAccountAlias = t.strict(
  { type: t.literal('SetAccountAlias'), accountId: AccountId, alias: AccountAlias },
  'SetAccountAlias',
)
export type SetAccountAlias = t.TypeOf<typeof SetAccountAlias>

/** Takes the alias from an account; another account may then have it. */
export const ClearAccountAlias = t.strict(
  { type: t.literal('ClearAccountAlias'), accountId: AccountId },
  'ClearAccountAlias',
)
export type ClearAccountAlias = t.TypeOf<typeof ClearAccountAlias>

/** Every command about aliases, one codec each. */
export const AliasCommandCodecs = { SetAccountAlias, ClearAccountAlias } as const
export type AliasCommand = t.TypeOf<(typeof AliasCommandCodecs)[keyof typeof AliasCommandCodecs]>
