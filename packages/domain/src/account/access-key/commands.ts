/**
 * What may be asked about an AccessKey. The secret stays in the vault; commands carry its
 * reference.
 */
import * as t from 'io-ts'
import { AccessKeyId, AccessKeyStatus, SecretRef, UserName } from '../../names.js'

/** Names the owner of a key: the account itself (root) or one of its users. */
export const AccessKeyOwnerName = t.union(
  [
    t.strict({ type: t.literal('Account') }),
    t.strict({ type: t.literal('User'), userName: UserName }),
  ],
  'AccessKeyOwnerName',
)
export type AccessKeyOwnerName = t.TypeOf<typeof AccessKeyOwnerName>

/** Gives the account or a user one more key, which is Active. */
export const CreateAccessKey = t.strict(
  {
    type: t.literal('CreateAccessKey'),
    owner: AccessKeyOwnerName,
    accessKeyId: AccessKeyId,
    secretRef: SecretRef,
  },
  'CreateAccessKey',
)
export type CreateAccessKey = t.TypeOf<typeof CreateAccessKey>

/** Switches a key on or off. */
export const UpdateAccessKey = t.strict(
  {
    type: t.literal('UpdateAccessKey'),
    owner: AccessKeyOwnerName,
    accessKeyId: AccessKeyId,
    status: AccessKeyStatus,
  },
  'UpdateAccessKey',
)
export type UpdateAccessKey = t.TypeOf<typeof UpdateAccessKey>

/** Deletes a key, whether it is Active or not. */
export const DeleteAccessKey = t.strict(
  { type: t.literal('DeleteAccessKey'), owner: AccessKeyOwnerName, accessKeyId: AccessKeyId },
  'DeleteAccessKey',
)
export type DeleteAccessKey = t.TypeOf<typeof DeleteAccessKey>
