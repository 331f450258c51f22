/**
 * The operations of IMS on an account as a whole, by the official client: its default domain, its
 * summary and its credential report.
 */
import { DEFAULT_QUOTAS } from '@grantlog/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type OfficialClient, refusalOf } from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { principal } from './ims-cases.js'
import { connect, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
let nobody: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  nobody = await userWith(journey, root, 'nobody')
  await root.ims('CreateUser', { UserPrincipalName: principal('alice', journey.accountId) })
})
afterAll(() => journey.end())

const uidDomain = () => `${journey.accountId}.onaliyun.com`
const set = (DefaultDomainName: string) => root.ims('SetDefaultDomain', { DefaultDomainName })
const domain = async () => (await root.ims('GetDefaultDomain')).DefaultDomainName

describe('the default domain', () => {
  it('given no alias, when GetDefaultDomain, then it begins with the uid', async () => {
    expect(await domain()).toBe(uidDomain())
  })
  it('given a free alias, when SetDefaultDomain, then the account has it', async () => {
    expect(await set('Acme.onaliyun.com')).toMatchObject({
      DefaultDomainName: 'acme.onaliyun.com',
    })
    expect(await domain()).toBe('acme.onaliyun.com')
    expect((await root.ram('GetAccountAlias')).AccountAlias).toBe('acme')
  })
  it('given the uid, when SetDefaultDomain, then the alias is gone', async () => {
    await set('acme.onaliyun.com')
    expect(await set(uidDomain())).toMatchObject({ DefaultDomainName: uidDomain() })
    expect((await root.ram('GetAccountAlias')).AccountAlias).toBe(journey.accountId)
  })
  it.each([
    'acme',
    'acme.example.com',
    '.onaliyun.com',
    '-acme.onaliyun.com',
    '1000000000000009.onaliyun.com',
  ])('given %s, when SetDefaultDomain, then it is InvalidParameter…Format', async (name) => {
    expect(await refusalOf(set(name))).toBe('InvalidParameter.DefaultDomainName.Format')
    expect(await domain()).toBe(uidDomain())
  })
  it('given too long a one, when SetDefaultDomain, then InvalidParameter.DefaultDomainName.Length', async () => {
    const call = set(`${'a'.repeat(52)}.onaliyun.com`)
    expect(await refusalOf(call)).toBe('InvalidParameter.DefaultDomainName.Length')
  })
})

describe('the summary', () => {
  it('given an account, when GetAccountSummary, then it counts beside the quotas', async () => {
    await root.ims('CreateGroup', { GroupName: 'staff' })
    const { VirtualMFADevice } = await root.ims('CreateVirtualMFADevice', {
      VirtualMFADeviceName: 'spare',
    })
    expect((await root.ims('GetAccountSummary')).SummaryMap).toMatchObject({
      Users: 2,
      UsersQuota: DEFAULT_QUOTAS.usersPerAccount,
      Groups: 1,
      GroupsQuota: DEFAULT_QUOTAS.groupsPerAccount,
      Roles: 0,
      Policies: 0,
      MFADevices: 1,
      MFADevicesInUse: 0,
      AttachedPoliciesPerUserQuota: DEFAULT_QUOTAS.customPoliciesPerTarget,
      AttachedSystemPoliciesPerRoleQuota: DEFAULT_QUOTAS.systemPoliciesPerTarget,
    })
    await root.ims('DeleteVirtualMFADevice', { SerialNumber: VirtualMFADevice.SerialNumber })
    await root.ims('DeleteGroup', { GroupName: 'staff' })
    const { SummaryMap } = await root.ims('GetAccountSummary')
    expect(SummaryMap).toMatchObject({ Users: 2, Groups: 0, MFADevices: 0 })
  })
})

const rowsOf = ({ Content }: Body): ReadonlyArray<Record<string, string>> => {
  const [head = '', ...lines] = Buffer.from(Content, 'base64').toString().trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])),
  )
}
const DATE = expect.stringMatching(/Z$/)
const NO_KEY = {
  access_key_2_exist: 'FALSE',
  access_key_2_active: 'N/A',
  access_key_2_last_used: 'N/A',
  additional_access_key_3_exist: 'FALSE',
}

describe('the credential report', () => {
  it('given an account, when GenerateCredentialReport, then it is there', async () => {
    expect(await root.ims('GenerateCredentialReport')).toMatchObject({ State: 'COMPLETED' })
  })
  it('given users, when GetCredentialReport, then each has a row after the account', async () => {
    const UserPrincipalName = principal('alice', journey.accountId)
    await root.ims('CreateLoginProfile', { UserPrincipalName, Password: 'Correct-Horse-9' })
    const { AccessKey } = await root.ram('CreateAccessKey', { UserName: 'alice' })
    const { AccessKeyId: UserAccessKeyId } = AccessKey
    await root.ims('UpdateAccessKey', { UserPrincipalName, UserAccessKeyId, Status: 'Inactive' })
    await refusalOf(nobody.ims('GetAccountSummary'))
    const report = await root.ims('GetCredentialReport')
    expect(report).toMatchObject({ IsTruncated: 'false', GeneratedTime: DATE })
    const signIn = { password_exist: 'FALSE', password_active: 'N/A', mfa_active: 'FALSE' }
    const used = { access_key_1_active: 'TRUE', access_key_1_last_used: DATE }
    const names = { user_creation_time: DATE, user_last_logon: '-' }
    expect(rowsOf(report)).toMatchObject([
      { ...names, user: '<root>', ...signIn, ...NO_KEY, ...used },
      { ...names, user: principal('nobody', journey.accountId), ...signIn, ...NO_KEY, ...used },
      {
        ...names,
        ...NO_KEY,
        user: UserPrincipalName,
        password_exist: 'TRUE',
        password_active: 'TRUE',
        password_last_changed: DATE,
        password_next_rotation: '-',
        access_key_1_exist: 'TRUE',
        access_key_1_active: 'FALSE',
        access_key_1_last_rotated: DATE,
        access_key_1_last_used: '-',
      },
    ])
  })
  it('given an age of passwords, when GetCredentialReport, then the next change is told', async () => {
    await root.ims('SetPasswordPolicy', { MaxPasswordAge: 90 })
    const [, , alice] = rowsOf(await root.ims('GetCredentialReport'))
    const [changed = '', next = ''] = [
      alice?.['password_last_changed'],
      alice?.['password_next_rotation'],
    ]
    expect(Date.parse(next) - Date.parse(changed)).toBe(90 * 86_400_000)
  })
  it('given a page of one, when GetCredentialReport, then the token leads on', async () => {
    const first = await root.ims('GetCredentialReport', { MaxItems: '1' })
    expect(first.IsTruncated).toBe('true')
    expect(rowsOf(first).map(({ user }) => user)).toEqual([
      '<root>',
      principal('nobody', journey.accountId),
    ])
    const rest = await root.ims('GetCredentialReport', { NextToken: first.NextToken })
    expect(rowsOf(rest).map(({ user }) => user)).toEqual([principal('alice', journey.accountId)])
  })
  it('given a token of nobody, when GetCredentialReport, then InvalidParameter.NextToken', async () => {
    const call = root.ims('GetCredentialReport', { NextToken: 'AAAA' })
    expect(await refusalOf(call)).toBe('InvalidParameter.NextToken')
  })
  it('given 3502 rows, when GetCredentialReport, then InvalidParameter.MaxItems', async () => {
    const call = root.ims('GetCredentialReport', { MaxItems: '3502' })
    expect(await refusalOf(call)).toBe('InvalidParameter.MaxItems')
  })
})

describe('a user without permission', () => {
  it.each([
    ['GetDefaultDomain', {}],
    ['SetDefaultDomain', { DefaultDomainName: 'acme.onaliyun.com' }],
    ['GetAccountSummary', {}],
    ['GenerateCredentialReport', {}],
    ['GetCredentialReport', {}],
  ])('given no policy, when %s, then NoPermission', async (operation, parameters) => {
    expect(await refusalOf(nobody.ims(operation, parameters))).toBe('NoPermission')
  })
})
