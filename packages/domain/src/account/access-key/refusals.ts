/**
 * Why a command about an AccessKey may be refused, in checking order; its user is looked up first.
 */
import * as t from 'io-ts'
import { AccessKeyId } from '../../names.js'

/** The owner that was named holds no such key. */
export const AccessKeyNotFound = t.strict(
  { type: t.literal('AccessKeyNotFound'), accessKeyId: AccessKeyId },
  'AccessKeyNotFound',
)
export type AccessKeyNotFound = t.TypeOf<typeof AccessKeyNotFound>

/** The id is taken by a key of another owner or with another secret. */
export const AccessKeyAlreadyExists = t.strict(
  { type: t.literal('AccessKeyAlreadyExists'), accessKeyId: AccessKeyId },
  'AccessKeyAlreadyExists',
)
export type AccessKeyAlreadyExists = t.TypeOf<typeof AccessKeyAlreadyExists>

/** The owner holds as many keys as it may. */
export const AccessKeyLimitExceeded = t.strict(
  { type: t.literal('AccessKeyLimitExceeded'), limit: t.number },
  'AccessKeyLimitExceeded',
)
export type AccessKeyLimitExceeded = t.TypeOf<typeof AccessKeyLimitExceeded>
