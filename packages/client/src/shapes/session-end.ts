/** How a session ended. */
import * as t from 'io-ts'
import { Mark } from './parts.js'

export const SessionEnd = t.union([
  t.type({ type: t.literal('Expired'), at: t.string }),
  t.type({
    type: t.union([
      t.literal('Revoked'),
      t.literal('CallerRevoked'),
      t.literal('RoleDeleted'),
      t.literal('UserDeleted'),
      t.literal('ProviderDeleted'),
    ]),
    at: t.string,
    /** Of the user, role, identity provider or session that is meant. */
    id: t.string,
    event: Mark,
  }),
])
