/** The first shapes of events with trustees, who were users and roles alone then. Kept for ever. */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { RoleId, RoleName, Tag, UserId } from '../../names.js'
import type { RoleCreated, RoleTrustChanged } from './events.js'

const TrusteeV1 = t.union(
  [
    t.strict({ type: t.literal('User'), userId: UserId, name: t.string }),
    t.strict({ type: t.literal('Role'), roleId: RoleId, name: t.string }),
  ],
  'TrusteeV1',
)

/** Version 1 of RoleCreated. */
export const RoleCreatedV1 = t.intersection(
  [
    t.strict({
      type: t.literal('RoleCreated'),
      roleId: RoleId,
      roleName: RoleName,
      trustPolicy: t.string,
      maxSessionDuration: t.number,
    }),
    t.exact(
      t.partial({
        description: t.string,
        tags: t.readonlyArray(Tag),
        trustees: t.readonlyArray(TrusteeV1),
      }),
    ),
  ],
  'RoleCreatedV1',
)

/** Version 1 of RoleTrustChanged. */
export const RoleTrustChangedV1 = t.intersection(
  [
    t.strict({ type: t.literal('RoleTrustChanged'), roleId: RoleId, trustPolicy: t.string }),
    t.exact(t.partial({ trustees: t.readonlyArray(TrusteeV1) })),
  ],
  'RoleTrustChangedV1',
)

/** Whatever version 1 said, today's version says in the same words. */
export const readRoleCreatedV1 = (data: unknown): E.Either<t.Errors, RoleCreated> =>
  RoleCreatedV1.decode(data)

export const readRoleTrustChangedV1 = (data: unknown): E.Either<t.Errors, RoleTrustChanged> =>
  RoleTrustChangedV1.decode(data)
