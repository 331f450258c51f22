/**
 * What IMS refuses, as data. Where RAM has the same operation, its cases are said in IMS's words;
 * the others are about principal names and about parameters that are IMS's alone.
 */
import { OPERATIONS } from '@grantlog/protocol'
import type { Parameters } from '../journeys/official-clients.js'
import { REFUSALS, type RefusalCase } from './refusal-cases.js'
import type { Stage } from './stage.js'

export type ImsCase = Omit<RefusalCase, 'parameters'> & {
  readonly parameters: (stage: Stage) => Parameters
}

const IMS = new Set(OPERATIONS.flatMap((row) => (row.product === 'Ims' ? [row.name] : [])))

export const principal = (name: string, accountId: string): string =>
  `${name}@${accountId}.onaliyun.com`

const inWords = (name: string): string => name.replace(/UserName$/, 'UserPrincipalName')

const codeInWords = (code: string): string => code.split('.').map(inWords).join('.')

const parametersInWords = (parameters: Parameters, { journey }: Stage): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      inWords(name),
      inWords(name) === name ? value : principal(String(value), journey.accountId),
    ]),
  )

const twins: ReadonlyArray<ImsCase> = REFUSALS.filter(({ operation }) => IMS.has(operation)).map(
  ({ operation, given, parameters, code }) => ({
    operation,
    given,
    parameters: (stage) =>
      parametersInWords(typeof parameters === 'function' ? parameters(stage) : parameters, stage),
    code: codeInWords(code),
  }),
)

const ALICE = (stage: Stage): Parameters => ({
  UserPrincipalName: principal('alice', stage.journey.accountId),
})
const STAFF = { GroupName: 'staff' }
const KEY = { UserAccessKeyId: 'LTAI5tNobodysKeyAtAll0000' }

/** The operations that name a user, with what else they need. */
const OF_USERS: ReadonlyArray<readonly [operation: string, others: Parameters]> = [
  ['CreateUser', { DisplayName: 'Alice' }],
  ['GetUser', {}],
  ['UpdateUser', {}],
  ['DeleteUser', {}],
  ['AddUserToGroup', STAFF],
  ['RemoveUserFromGroup', STAFF],
  ['ListGroupsForUser', {}],
  ['CreateAccessKey', {}],
  ['UpdateAccessKey', { ...KEY, Status: 'Active' }],
  ['DeleteAccessKey', KEY],
  ['ListAccessKeys', {}],
  ['GetAccessKeyLastUsed', KEY],
]

const badPrincipals = (operation: string, others: Parameters): ReadonlyArray<ImsCase> =>
  (
    [
      ['a name without a domain', 'alice', '.Format'],
      ['a domain without a name', '@acme.onaliyun.com', '.Format'],
      ['a name that ends with the @', 'alice@', '.Format'],
      ['a principal name that is too long', `alice@${'a'.repeat(123)}`, '.Length'],
      ["another account's domain", 'alice@1000000000000009.onaliyun.com', ''],
    ] as const
  ).map(([given, UserPrincipalName, rule]) => ({
    operation,
    given,
    parameters: () => ({ ...others, UserPrincipalName }),
    code: `InvalidParameter.UserPrincipalName${rule}`,
  }))

/** Parameters that are refused, rather than passed over. */
const UNHONOURED: ReadonlyArray<readonly [operation: string, name: string, value: string]> = [
  ['GetUser', 'UserId', '200000000000000001'],
  ['GetUser', 'UserAccessKeyId', 'LTAI5tNobodysKeyAtAll0000'],
  ['UpdateUser', 'UserId', '200000000000000001'],
  ['DeleteUser', 'UserId', '200000000000000001'],
  ['ListUsers', 'Status', 'freeze'],
  ['ListUserBasicInfos', 'Status', 'freeze'],
  ['CreateGroup', 'DisplayName', 'Staff'],
  ['UpdateGroup', 'NewDisplayName', 'Staff'],
]

const tagged = (operation: string, named: (stage: Stage) => Parameters): ImsCase => ({
  operation,
  given: 'tags',
  parameters: (stage) => ({ ...named(stage), Tag: [{ Key: 'team', Value: 'dev' }] }),
  code: 'InvalidParameter.Tag',
})

export const IMS_REFUSALS: ReadonlyArray<ImsCase> = [
  ...twins,
  ...OF_USERS.flatMap(([operation, others]) => badPrincipals(operation, others)),
  ...UNHONOURED.map(([operation, name, value]) => ({
    operation,
    given: `a ${name}`,
    parameters: () => ({ [name]: value }),
    code: `InvalidParameter.${name}`,
  })),
  tagged('CreateUser', ALICE),
  tagged('ListUsers', () => ({})),
  tagged('ListUserBasicInfos', () => ({})),
  {
    operation: 'UpdateUser',
    given: "a new name under another account's domain",
    parameters: (stage) => ({
      ...ALICE(stage),
      NewUserPrincipalName: 'bob@1000000000000009.onaliyun.com',
    }),
    code: 'InvalidParameter.NewUserPrincipalName',
  },
  {
    operation: 'ListUserBasicInfos',
    given: 'a marker of nobody',
    parameters: () => ({ Marker: 'AAAA' }),
    code: 'InvalidParameter.Marker',
  },
]
