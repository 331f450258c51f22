/**
 * The incident that is reviewed: an administrator grants too much for a migration, the key leaks,
 * its finder takes what it opens, the key is switched off, and it is tried once more.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, openClient } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Journey } from './server.js'

type Keys = { readonly accessKeyId: string; readonly accessKeySecret: string }
type Notes = { readonly reason?: string; readonly ticket?: string }
type Names = Readonly<Record<string, string>>

const RAM_ALL = { PolicyType: 'System', PolicyName: 'AliyunRAMFullAccess' }
const OWN = { PolicyType: 'Custom' }

const documentOf = (action: string, resource: string): string =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  })

const answered = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

/** Calls as one caller; a call that is refused where it should not be fails the test. */
const callerOn = (endpoint: string, credentials: Keys) => {
  const client = openClient({ endpoint, credentials })
  return {
    client,
    ram: async (name: string, parameters: Names, notes: Notes = {}) =>
      answered(await client.operation('Ram', name, parameters, notes)),
    isRefused: async (name: string, parameters: Names) =>
      E.isLeft(await client.operation('Ram', name, parameters)),
  }
}

type Caller = ReturnType<typeof callerOn>

const keyFor = async ({ ram }: Caller, userName: string): Promise<Keys> => {
  const { AccessKey } = await ram('CreateAccessKey', { UserName: userName })
  const key = AccessKey as Names
  return {
    accessKeyId: key['AccessKeyId'] ?? '',
    accessKeySecret: key['AccessKeySecret'] ?? '',
  }
}

const openShop = async ({ endpoint, accountId, root: keys }: Journey): Promise<Caller> => {
  const root = callerOn(endpoint, keys)
  for (const [UserName, reason] of [
    ['alice', 'developer of the shop'],
    ['carol', 'administrator'],
    ['auditor', 'reviews what happened, and may do nothing else'],
  ] as const)
    await root.ram('CreateUser', { UserName }, { reason })
  const orders = documentOf('ots:GetRow', `acs:ots:*:${accountId}:instance/orders`)
  const audit = documentOf('grantlog:*', `acs:grantlog:*:${accountId}:*`)
  await root.ram('CreatePolicy', { PolicyName: 'read-orders', PolicyDocument: orders })
  await root.ram('CreatePolicy', { PolicyName: 'audit', PolicyDocument: audit })
  await root.ram('AttachPolicyToUser', { ...OWN, PolicyName: 'audit', UserName: 'auditor' })
  await root.ram('AttachPolicyToUser', { ...RAM_ALL, UserName: 'carol' }, { reason: 'runs it all' })
  const recording = { recording: 'All' }
  const path = `/v1/accounts/${accountId}/access-recording`
  answered(await root.client.order(path, recording, t.UnknownRecord, { reason: 'the shop opens' }))
  return root
}

/** What the shop's table service asks about whoever calls it. */
const shopAsks = async (client: Client, accountId: string, action: string): Promise<boolean> => {
  const principal = `acs:ram::${accountId}:user/alice`
  const resource = `acs:ots:*:${accountId}:instance/orders`
  return answered(await client.decide({ principal, action, resource })).allowed
}

export type Incident = {
  readonly auditor: Keys
  readonly leakedKey: string
  /** The last position before the finder's first call. */
  readonly leakedAt: number
  /** A moment between whatever was judged before that call, and the call. */
  readonly leakedTime: string
  /** What the finder's calls were, in order, with what came of each. */
  readonly deeds: ReadonlyArray<readonly [action: string, outcome: 'Allowed' | 'Denied']>
}

const positionNow = async ({ client }: Caller, accountId: string): Promise<number> => {
  const principal = `acs:ram::${accountId}:root`
  const question = { principal, action: 'ram:GetUser', resource: '*' }
  return answered(await client.can(question)).applied
}

/** The finder looks round, makes itself a way back in, and tries the orders too. */
const plunder = async (finder: Caller, root: Caller, accountId: string): Promise<void> => {
  await finder.ram('ListUsers', {})
  await finder.ram('CreateUser', { UserName: 'backup' })
  await finder.ram('AttachPolicyToUser', { ...RAM_ALL, UserName: 'backup' })
  await keyFor(finder, 'backup')
  await shopAsks(root.client, accountId, 'ots:GetRow')
  await shopAsks(root.client, accountId, 'ots:DeleteRow')
}

/** What is further apart has different times. */
const APART_MS = 20

export const haveIncident = async (journey: Journey): Promise<Incident> => {
  const { endpoint, accountId } = journey
  const root = await openShop(journey)
  const auditor = await keyFor(root, 'auditor')
  const carol = callerOn(endpoint, await keyFor(root, 'carol'))
  const aliceKeys = await keyFor(root, 'alice')
  const alice = callerOn(endpoint, aliceKeys)

  const reads = { ...OWN, PolicyName: 'read-orders', UserName: 'alice' }
  await carol.ram('AttachPolicyToUser', reads, { reason: 'reads orders', ticket: 'SHOP-12' })
  const migration = { reason: 'moves the old users, for one day', ticket: 'MIG-7' }
  await carol.ram('AttachPolicyToUser', { ...RAM_ALL, UserName: 'alice' }, migration)
  await alice.ram('CreateUser', { UserName: 'customer-1' }, { ticket: 'MIG-7' })
  await shopAsks(root.client, accountId, 'ots:GetRow')

  const leakedAt = await positionNow(root, accountId)
  await sleep(APART_MS)
  const leakedTime = new Date().toISOString()
  await sleep(APART_MS)
  await plunder(alice, root, accountId)

  const off = { UserName: 'alice', UserAccessKeyId: aliceKeys.accessKeyId, Status: 'Inactive' }
  const found = { reason: 'the key stood in a public repository', ticket: 'SEC-1' }
  await carol.ram('UpdateAccessKey', off, found)
  if (!(await alice.isRefused('ListUsers', {}))) throw new Error('the key still opens the account')
  return {
    auditor,
    leakedKey: aliceKeys.accessKeyId,
    leakedAt,
    leakedTime,
    deeds: [
      ['ram:ListUsers', 'Allowed'],
      ['ram:CreateUser', 'Allowed'],
      ['ram:AttachPolicyToUser', 'Allowed'],
      ['ram:CreateAccessKey', 'Allowed'],
      ['ots:GetRow', 'Allowed'],
      ['ots:DeleteRow', 'Denied'],
    ],
  }
}
