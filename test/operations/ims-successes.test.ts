/**
 * Each operation of IMS on users, groups and keys as it succeeds, by the official client: one
 * story, in which everything is made, shown, listed, changed and deleted again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Body,
  CLIENT_KINDS,
  type OfficialClient,
  type Parameters,
  refusalOf,
} from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { principal } from './ims-cases.js'
import { connect, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
})
afterAll(() => journey.end())

const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const ID = expect.stringMatching(/^\d{18}$/)

const named = (name: string) => ({ UserPrincipalName: principal(name, journey.accountId) })
const alice = () => named('alice')
const STAFF = { GroupName: 'staff' }
const own = {
  DisplayName: 'Alice',
  Comments: 'c',
  MobilePhone: '86-18600008888',
  Email: 'alice@example.org',
}
const dates = { CreateDate: DATE, UpdateDate: DATE }
const whole = { ...own, ...dates, UserId: ID, LastLoginDate: '', ProvisionType: 'Manual' }
const group = { ...STAFF, Comments: 'c', GroupId: expect.any(String) }

/** The last key that was made. */
let keyId = ''
const key = () => ({ ...alice(), UserAccessKeyId: keyId })

type Step = readonly [
  operation: string,
  then: string,
  parameters: () => Parameters,
  answer: () => object,
]

const nothing = () => ({})

const USERS: ReadonlyArray<Step> = [
  [
    'CreateUser',
    'it is shown whole',
    () => ({ ...alice(), ...own }),
    () => ({ User: { ...alice(), ...whole } }),
  ],
  [
    'GetUser',
    'it is shown with its name by itself',
    alice,
    () => ({ User: { ...alice(), ...whole, UserName: 'alice' } }),
  ],
  [
    'UpdateUser',
    'it has its new name',
    () => ({
      ...alice(),
      NewUserPrincipalName: principal('alicia', journey.accountId),
      NewComments: '',
    }),
    () => ({ User: { ...whole, ...named('alicia'), Comments: '' } }),
  ],
  [
    'UpdateUser',
    'it has its old name',
    () => ({
      ...named('Alicia'),
      NewUserPrincipalName: principal('alice', journey.accountId),
      NewComments: 'c',
    }),
    () => ({ User: { ...whole, ...alice() } }),
  ],
  [
    'ListUsers',
    'it is among them',
    () => ({ Status: 'active' }),
    () => ({
      IsTruncated: false,
      Users: { User: [{ ...whole, ...alice(), Status: 'active' }] },
    }),
  ],
  [
    'ListUserBasicInfos',
    'it is among them in brief',
    nothing,
    () => ({
      IsTruncated: false,
      UserBasicInfos: {
        UserBasicInfo: [{ ...alice(), UserId: ID, DisplayName: 'Alice', Status: 'active' }],
      },
    }),
  ],
]

const GROUPS: ReadonlyArray<Step> = [
  [
    'CreateGroup',
    'it is shown',
    () => ({ ...STAFF, Comments: 'c' }),
    () => ({ Group: { ...group, ...dates } }),
  ],
  ['GetGroup', 'it is shown', () => STAFF, () => ({ Group: { ...group, ...dates } })],
  [
    'UpdateGroup',
    'it is changed',
    () => ({ ...STAFF, NewComments: 'd' }),
    () => ({ Group: { ...group, ...dates, Comments: 'd' } }),
  ],
  [
    'ListGroups',
    'it is among them',
    nothing,
    () => ({
      IsTruncated: false,
      Groups: { Group: [{ ...group, ...dates, Comments: 'd' }] },
    }),
  ],
  ['AddUserToGroup', 'the user is a member', () => ({ ...alice(), ...STAFF }), nothing],
  [
    'ListGroupsForUser',
    'it is among them',
    alice,
    () => ({ Groups: { Group: [{ ...group, Comments: 'd', JoinDate: DATE }] } }),
  ],
  [
    'ListUsersForGroup',
    'the user is among them',
    () => STAFF,
    () => ({
      IsTruncated: false,
      Users: { User: [{ ...alice(), UserId: ID, DisplayName: 'Alice', JoinDate: DATE }] },
    }),
  ],
]

const secret = { AccessKeyId: expect.any(String), AccessKeySecret: expect.any(String) }

const KEYS: ReadonlyArray<Step> = [
  [
    'CreateAccessKey',
    'its secret is shown',
    alice,
    () => ({ AccessKey: { ...secret, Status: 'Active', CreateDate: DATE } }),
  ],
  ['UpdateAccessKey', 'it is inactive', () => ({ ...key(), Status: 'Inactive' }), nothing],
  [
    'ListAccessKeys',
    'it is among them',
    alice,
    () => ({
      AccessKeys: {
        AccessKey: [{ AccessKeyId: keyId, Status: 'Inactive', CreateDate: DATE }],
      },
    }),
  ],
  [
    'GetAccessKeyLastUsed',
    'it never signed',
    key,
    () => ({ AccessKeyLastUsed: { LastUsedDate: '' } }),
  ],
  ['DeleteAccessKey', 'it is gone', key, nothing],
]

const ENDS: ReadonlyArray<Step> = [
  ['RemoveUserFromGroup', 'it is no member', () => ({ ...alice(), ...STAFF }), nothing],
  ['DeleteGroup', 'it is gone', () => STAFF, nothing],
  ['DeleteUser', 'it is gone', alice, nothing],
]

describe('what IMS answers', () => {
  for (const [operation, then, parameters, answer] of [...USERS, ...GROUPS, ...KEYS, ...ENDS])
    it(`given what it needs, when ${operation}, then ${then}`, async () => {
      const body: Body = await root.ims(operation, parameters())
      expect(body).toEqual({ ...answer(), RequestId: expect.any(String) })
      if (operation === 'CreateAccessKey') keyId = body.AccessKey.AccessKeyId
    })
})

describe('IMS and RAM', () => {
  it('given a user that IMS made, when RAM is asked, then it is the same user', async () => {
    const made = await root.ims('CreateUser', { ...named('bob'), DisplayName: 'Bob' })
    const { User } = await root.ram('GetUser', { UserName: 'bob' })
    expect(User).toMatchObject({ UserId: made.User.UserId, DisplayName: 'Bob' })
  })
  it.each(CLIENT_KINDS)('given $name, then a user is found', async ({ connect: by }) => {
    const { User } = await by(journey.endpoint, journey.root).ims('GetUser', named('bob'))
    expect(User).toMatchObject(named('bob'))
  })
  it('given an alias, then users are named by it and found by either domain', async () => {
    await root.ram('SetAccountAlias', { AccountAlias: 'acme' })
    for (const UserPrincipalName of [
      'bob@acme.onaliyun.com',
      'BOB@ACME.onaliyun.com',
      principal('bob', journey.accountId),
    ]) {
      const { User } = await root.ims('GetUser', { UserPrincipalName })
      expect(User.UserPrincipalName).toBe('bob@acme.onaliyun.com')
    }
    await root.ram('ClearAccountAlias')
    const gone = root.ims('GetUser', { UserPrincipalName: 'bob@acme.onaliyun.com' })
    expect(await refusalOf(gone)).toBe('InvalidParameter.UserPrincipalName')
  })
  it('given no name, when a user lists keys by IMS, then they are its own', async () => {
    const allow = { Effect: 'Allow', Action: 'ram:ListAccessKeys', Resource: '*' }
    const carol = await userWith(journey, root, 'carol', [allow])
    const { AccessKeys } = await carol.ims('ListAccessKeys')
    const { AccessKeys: byName } = await root.ims('ListAccessKeys', named('carol'))
    expect(AccessKeys.AccessKey).toHaveLength(1)
    expect(AccessKeys).toEqual(byName)
  })
  it('given a right to one user, then it holds for that name alone', async () => {
    const Resource = `acs:ram:*:${journey.accountId}:user/bob`
    const actions = ['ram:GetUser', 'ram:ListUserBasicInfos']
    const dave = await userWith(journey, root, 'dave', [
      { Effect: 'Allow', Action: actions, Resource },
    ])
    expect((await dave.ims('GetUser', named('bob'))).User).toMatchObject(named('bob'))
    expect(await refusalOf(dave.ims('GetUser', named('carol')))).toBe('NoPermission')
    expect(await refusalOf(dave.ims('ListUserBasicInfos'))).toBe('NoPermission')
    expect(await refusalOf(dave.ims('ListUsers'))).toBe('NoPermission')
  })
  it('given more than a page, then the marker leads on', async () => {
    const first = await root.ims('ListUserBasicInfos', { MaxItems: 2 })
    expect(first.IsTruncated).toBe(true)
    const rest = await root.ims('ListUserBasicInfos', { Marker: first.Marker })
    const names = [first, rest].flatMap((page) =>
      page.UserBasicInfos.UserBasicInfo.map((user: Body) => user.UserPrincipalName),
    )
    expect(names).toEqual(['bob', 'carol', 'dave'].map((name) => named(name).UserPrincipalName))
  })
})
