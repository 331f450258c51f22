/** Why tags may be refused; the roles and policies are looked up first. */
import * as t from 'io-ts'
import { TaggableName } from './commands.js'

/** The role or policy would carry more tags than it may. */
export const TagLimitExceeded = t.strict(
  { type: t.literal('TagLimitExceeded'), resource: TaggableName, limit: t.number },
  'TagLimitExceeded',
)
export type TagLimitExceeded = t.TypeOf<typeof TagLimitExceeded>
