/** What can have happened to a role. Stored for ever. */
import * as t from 'io-ts'
import { AccountId, ProviderId, RoleId, RoleName, Tag, UserId } from '../../names.js'

/** The account of one that is not of the role's own account. */
const elsewhere = t.exact(t.partial({ accountId: AccountId }))

/**
 * A user, role or identity provider that a trust policy names, by the id it had then. The name of a
 * provider has its kind before it, as in `oidc-provider/ci`; providers are of the role's account.
 */
export const Trustee = t.union(
  [
    t.intersection([
      t.strict({ type: t.literal('User'), userId: UserId, name: t.string }),
      elsewhere,
    ]),
    t.intersection([
      t.strict({ type: t.literal('Role'), roleId: RoleId, name: t.string }),
      elsewhere,
    ]),
    t.intersection([
      t.strict({ type: t.literal('Provider'), providerId: ProviderId, name: t.string }),
      elsewhere,
    ]),
  ],
  'Trustee',
)
export type Trustee = t.TypeOf<typeof Trustee>

/** A role came into being, with the trust policy that says who may assume it. */
export const RoleCreated = t.intersection(
  [
    t.strict({
      type: t.literal('RoleCreated'),
      roleId: RoleId,
      roleName: RoleName,
      /** The submitted trust policy, unchanged. */
      trustPolicy: t.string,
      /** Seconds. */
      maxSessionDuration: t.number,
    }),
    t.exact(
      t.partial({
        description: t.string,
        tags: t.readonlyArray(Tag),
        /** Whom the names in the trust policy meant; a later holder of such a name is not meant. */
        trustees: t.readonlyArray(Trustee),
      }),
    ),
  ],
  'RoleCreated',
)
export type RoleCreated = t.TypeOf<typeof RoleCreated>

/** A role's description or longest session changed; only the members that changed are present. */
export const RoleUpdated = t.intersection(
  [
    t.strict({ type: t.literal('RoleUpdated'), roleId: RoleId }),
    t.exact(t.partial({ description: t.string, maxSessionDuration: t.number })),
  ],
  'RoleUpdated',
)
export type RoleUpdated = t.TypeOf<typeof RoleUpdated>

/** Who may assume the role changed. Sessions already issued go on. */
export const RoleTrustChanged = t.intersection(
  [
    t.strict({ type: t.literal('RoleTrustChanged'), roleId: RoleId, trustPolicy: t.string }),
    t.exact(t.partial({ trustees: t.readonlyArray(Trustee) })),
  ],
  'RoleTrustChanged',
)
export type RoleTrustChanged = t.TypeOf<typeof RoleTrustChanged>

/** A role ceased to exist, and all of its sessions with it. */
export const RoleDeleted = t.strict(
  { type: t.literal('RoleDeleted'), roleId: RoleId, roleName: RoleName },
  'RoleDeleted',
)
export type RoleDeleted = t.TypeOf<typeof RoleDeleted>
