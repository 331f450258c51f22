/** What can have happened to an AccessKey. Stored for ever. */
import * as t from 'io-ts'
import { AccessKeyId, AccessKeyStatus, SecretRef, UserId } from '../../names.js'

/** Who signs with a key: the account itself (root) or one of its users. */
export const AccessKeyOwner = t.union(
  [t.strict({ type: t.literal('Account') }), t.strict({ type: t.literal('User'), userId: UserId })],
  'AccessKeyOwner',
)
export type AccessKeyOwner = t.TypeOf<typeof AccessKeyOwner>

/** A long-lived credential was issued, Active. The secret itself is never recorded. */
export const AccessKeyCreated = t.strict(
  {
    type: t.literal('AccessKeyCreated'),
    accessKeyId: AccessKeyId,
    owner: AccessKeyOwner,
    secretRef: SecretRef,
  },
  'AccessKeyCreated',
)
export type AccessKeyCreated = t.TypeOf<typeof AccessKeyCreated>

/** A key was switched on or off. */
export const AccessKeyStatusChanged = t.strict(
  {
    type: t.literal('AccessKeyStatusChanged'),
    accessKeyId: AccessKeyId,
    owner: AccessKeyOwner,
    status: AccessKeyStatus,
  },
  'AccessKeyStatusChanged',
)
export type AccessKeyStatusChanged = t.TypeOf<typeof AccessKeyStatusChanged>

/** A key was deleted; it never signs again. */
export const AccessKeyDeleted = t.strict(
  {
    type: t.literal('AccessKeyDeleted'),
    accessKeyId: AccessKeyId,
    owner: AccessKeyOwner,
    secretRef: SecretRef,
  },
  'AccessKeyDeleted',
)
export type AccessKeyDeleted = t.TypeOf<typeof AccessKeyDeleted>
