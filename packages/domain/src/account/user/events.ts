/** What can have happened to a user. Stored for ever. */
import * as t from 'io-ts'
import { Sealed, UserId, UserName } from '../../names.js'

/**
 * Personal data of a user, each field sealed with the user's own key. An absent field was never
 * set.
 */
const Profile = t.partial({
  displayName: Sealed,
  mobilePhone: Sealed,
  email: Sealed,
  comments: Sealed,
})

/** A user came into being, without any permission. */
export const UserCreated = t.intersection(
  [
    t.strict({ type: t.literal('UserCreated'), userId: UserId, userName: UserName }),
    t.exact(Profile),
  ],
  'UserCreated',
)
export type UserCreated = t.TypeOf<typeof UserCreated>

/**
 * A user's name or profile changed; only the members that changed are present. The UserId, keys and
 * grants stay.
 */
export const UserUpdated = t.intersection(
  [
    t.strict({ type: t.literal('UserUpdated'), userId: UserId }),
    t.exact(t.partial({ userName: UserName })),
    t.exact(Profile),
  ],
  'UserUpdated',
)
export type UserUpdated = t.TypeOf<typeof UserUpdated>

/** A user ceased to exist. A later user of the same name is another user. */
export const UserDeleted = t.strict(
  { type: t.literal('UserDeleted'), userId: UserId, userName: UserName },
  'UserDeleted',
)
export type UserDeleted = t.TypeOf<typeof UserDeleted>
