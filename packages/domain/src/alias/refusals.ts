/** Why a command about aliases may be refused. */
import * as t from 'io-ts'
import { AccountAlias } from '../names.js'

/** Another account has this alias. */
export const AliasAlreadyExists = t.strict(
  { type: t.literal('AliasAlreadyExists'), alias: AccountAlias },
  'AliasAlreadyExists',
)
export type AliasAlreadyExists = t.TypeOf<typeof AliasAlreadyExists>

/** Every refusal about aliases, one codec each. */
export const AliasRefusalCodecs = { AliasAlreadyExists } as const
export type AliasRefusal = AliasAlreadyExists
