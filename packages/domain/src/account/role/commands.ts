/** What may be asked about a role. A role cannot be renamed. */
import * as t from 'io-ts'
import { RoleId, RoleName } from '../../names.js'
import { Description, MaxSessionDuration, Tags } from '../limits.js'
import { TrustPolicyText } from '../policy-text.js'
import { Trustee } from './events.js'

/**
 * Users and roles of other accounts that the trust policy names, as they were found when the
 * command was given: an account knows its own alone.
 */
const trusteesElsewhere = t.readonlyArray(Trustee)

/** Creates a role, which may then be assumed by those whom its trust policy names. */
export const CreateRole = t.intersection(
  [
    t.strict({
      type: t.literal('CreateRole'),
      roleId: RoleId,
      roleName: RoleName,
      trustPolicy: TrustPolicyText,
      maxSessionDuration: MaxSessionDuration,
    }),
    t.exact(t.partial({ description: Description, tags: Tags, trusteesElsewhere })),
  ],
  'CreateRole',
)
export type CreateRole = t.TypeOf<typeof CreateRole>

/**
 * Changes a role's trust policy, description or longest session; an absent member stays as it is.
 */
export const UpdateRole = t.intersection(
  [
    t.strict({ type: t.literal('UpdateRole'), roleName: RoleName }),
    t.exact(
      t.partial({
        newTrustPolicy: TrustPolicyText,
        newDescription: Description,
        newMaxSessionDuration: MaxSessionDuration,
        trusteesElsewhere,
      }),
    ),
  ],
  'UpdateRole',
)
export type UpdateRole = t.TypeOf<typeof UpdateRole>

/** Deletes a role that has no policies left; its sessions end with it. */
export const DeleteRole = t.strict(
  { type: t.literal('DeleteRole'), roleName: RoleName },
  'DeleteRole',
)
export type DeleteRole = t.TypeOf<typeof DeleteRole>
