/**
 * The credential report of IMS: a table of who has which password, device and keys, as CSV.
 *
 * It is made from the directory when it is asked for, so that it is never out of date and there is
 * nothing to wait for.
 */
import type { AccountId } from '@grantlog/domain'
import {
  accessKeysOf,
  defaultDomainOf,
  findAccount,
  listUsers,
  loginProfileOf,
  mfaDeviceOf,
  passwordPolicyOf,
  type UserRow,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { asked } from '../answers.js'
import { markerText } from '../codecs.js'
import { integer, optional } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'

/** Users on one page. Source: IMS, GetCredentialReport. */
const USERS_MAX = 3501

const DAY_MS = 86_400_000

/** The names of the columns of keys: the report has room for five. */
const KEYS = [
  'access_key_1',
  'access_key_2',
  'additional_access_key_1',
  'additional_access_key_2',
  'additional_access_key_3',
]

const HEAD = [
  'user',
  'user_creation_time',
  'user_last_logon',
  'password_exist',
  'password_active',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...KEYS.flatMap((key) => [
    `${key}_exist`,
    `${key}_active`,
    `${key}_last_rotated`,
    `${key}_last_used`,
  ]),
]

const ABSENT = 'N/A'
const NEVER = '-'

const truth = (value: boolean): string => (value ? 'TRUE' : 'FALSE')
const dateOr = (ms: number | undefined, otherwise: string): string =>
  ms === undefined ? otherwise : dateText(ms)

const keyCells = (
  { engine }: Scene,
  accountId: AccountId,
  owner: Parameters<typeof accessKeysOf>[2],
): ReadonlyArray<string> => {
  const keys = accessKeysOf(engine.views.directory, accountId, owner)
  return KEYS.flatMap((_, index) => {
    const key = keys[index]
    if (key === undefined) return [truth(false), ABSENT, ABSENT, ABSENT]
    const usedAt = engine.keyLastUsed(accountId, key.accessKeyId)
    const isActive = truth(key.status === 'Active')
    return [truth(true), isActive, dateText(key.createdAt), dateOr(usedAt, NEVER)]
  })
}

/** The account has neither a password nor a device here. */
const rootRow = (scene: Scene): ReadonlyArray<string> => {
  const { accountId } = scene.caller
  const account = findAccount(scene.engine.views.directory, accountId)
  const created = dateOr(account?.createdAt, ABSENT)
  const signIn = [NEVER, truth(false), ABSENT, ABSENT, ABSENT, truth(false)]
  return ['<root>', created, ...signIn, ...keyCells(scene, accountId, { type: 'Account' })]
}

const passwordCells = ({ engine }: Scene, { accountId, userId }: UserRow) => {
  const { directory } = engine.views
  const profile = loginProfileOf(directory, accountId, userId)
  if (profile === undefined) return [truth(false), ABSENT, ABSENT, ABSENT]
  const { maxPasswordAge } = passwordPolicyOf(directory, accountId)
  const { passwordSetAt } = profile
  const next = maxPasswordAge === 0 ? undefined : passwordSetAt + maxPasswordAge * DAY_MS
  return [truth(true), truth(true), dateText(passwordSetAt), dateOr(next, NEVER)]
}

const userRow =
  (scene: Scene, domain: string) =>
  (user: UserRow): ReadonlyArray<string> => {
    const { accountId } = scene.caller
    const { userId, userName, createdAt, lastLoginAt } = user
    return [
      `${userName}@${domain}`,
      dateText(createdAt),
      dateOr(lastLoginAt, NEVER),
      ...passwordCells(scene, user),
      truth(mfaDeviceOf(scene.engine.views.directory, accountId, userId) !== undefined),
      ...keyCells(scene, accountId, { type: 'User', userId }),
    ]
  }

const generateCredentialReport = operation({
  product: 'Ims',
  name: 'GenerateCredentialReport',
  kind: 'question',
  parameters: {},
  authorizes: (_, caller) => ({
    action: 'ram:GenerateCredentialReport',
    resources: [ramResource(caller, '*')],
  }),
  run: (_, scene) => asked(scene, () => E.right({ State: 'COMPLETED' })),
})

const REPORT = 'GetCredentialReport'

const reportFields = {
  marker: optional('NextToken', markerText),
  maxItems: optional('MaxItems', integer(1, USERS_MAX)),
}

/** Every page has the head; the account stands on the first. No cell needs quotes. */
const getCredentialReport = operation({
  product: 'Ims',
  name: REPORT,
  kind: 'question',
  parameters: reportFields,
  authorizes: (_, caller) => ({
    action: 'ram:GetCredentialReport',
    resources: [ramResource(caller, '*')],
  }),
  run: ({ marker, maxItems = USERS_MAX }, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        pageRequest(scene.engine, accountId, REPORT, { marker, maxItems }),
        E.mapLeft((fault) => ({ ...fault, name: 'NextToken' })),
        E.map((request) => {
          const isFirst = request.after === undefined
          const page = listUsers(directory, accountId, request)
          const { IsTruncated, Marker } = pageMembers(scene.engine, accountId, REPORT, page)
          const rows = page.items.map(userRow(scene, defaultDomainOf(directory, accountId)))
          const table = [HEAD, ...(isFirst ? [rootRow(scene)] : []), ...rows]
          const csv = table.map((cells) => `${cells.join(',')}\n`).join('')
          return {
            Content: Buffer.from(csv).toString('base64'),
            GeneratedTime: dateText(scene.engine.clock.now()),
            IsTruncated: String(IsTruncated),
            ...(Marker === undefined ? {} : { NextToken: Marker }),
          }
        }),
      ),
    ),
})

export const CREDENTIAL_REPORT_OPERATIONS: ReadonlyArray<Operation> = [
  generateCredentialReport,
  getCredentialReport,
]
