/** The operations on tags, by the official client against the started server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIENT_KINDS,
  type OfficialClient,
  type Parameters,
  refusalOf,
} from '../journeys/official-clients.js'
import { type Journey, startJourney } from '../journeys/server.js'
import { connect, userWith } from './server.js'

let journey: Journey
let root: OfficialClient
let nobody: OfficialClient
beforeAll(async () => {
  journey = await startJourney()
  root = connect(journey, journey.root)
  nobody = await userWith(journey, root, 'nobody')
})
afterAll(() => journey.end())

const createRole = (RoleName: string): Promise<unknown> =>
  root.ram('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${journey.accountId}:root`] },
        },
      ],
    }),
  })

const createPolicy = (PolicyName: string): Promise<unknown> =>
  root.ram('CreatePolicy', {
    PolicyName,
    PolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'ots:Get*', Resource: '*' }],
    }),
  })

const role = (...names: ReadonlyArray<string>) => ({ ResourceType: 'role', ResourceNames: names })
const policy = (...names: ReadonlyArray<string>) => ({
  ResourceType: 'policy',
  ResourceNames: names,
})
const team = { Key: 'team', Value: 'dev' }

/** `name key=value`, in the order of the answer. */
const tagsOf = async (of: Parameters): Promise<ReadonlyArray<string>> =>
  (await root.ram('ListTagResources', of)).TagResources.map(
    (tag: Readonly<Record<string, string>>) => `${tag.ResourceName} ${tag.TagKey}=${tag.TagValue}`,
  )

const codes = (operation: string, parameters: Parameters, by = root): Promise<string> =>
  refusalOf(by.ram(operation, parameters))

describe('TagResources', () => {
  it('given roles, when TagResources, then each carries the tags, with the latest values', async () => {
    await createRole('r1')
    await createRole('r2')
    await root.ram('TagResources', { ...role('r1', 'r2'), Tag: [team] })
    const more = [{ Key: 'team', Value: 'ops' }, { Key: 'Team', Value: 'x' }, { Key: 'cost' }]
    await root.ram('TagResources', { ...role('r1'), Tag: more })
    expect(await tagsOf(role('r1', 'r2'))).toEqual([
      'r1 Team=x',
      'r1 cost=',
      'r1 team=ops',
      'r2 team=dev',
    ])
    const { Roles } = await root.ram('ListRoles', { Tag: [{ Key: 'team', Value: 'ops' }] })
    expect(Roles.Role.map(({ RoleName }: { RoleName: string }) => RoleName)).toEqual(['r1'])
  })
  it('given numbered members, when TagResources, then they are read like JSON texts', async () => {
    await createPolicy('p1')
    const numbered = CLIENT_KINDS[1]?.connect(journey.endpoint, journey.root)
    await numbered?.ram('TagResources', {
      ResourceType: 'policy',
      'ResourceNames.1': 'p1',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'dev',
      'Tag.2.Key': 'stage',
      'Tag.2.Value': 'test',
    })
    expect(await tagsOf(policy('p1'))).toEqual(['p1 stage=test', 'p1 team=dev'])
    await numbered?.ram('UntagResources', {
      ResourceType: 'policy',
      'ResourceNames.1': 'p1',
      'TagKeys.1': 'team',
    })
    expect(await tagsOf(policy('p1'))).toEqual(['p1 stage=test'])
  })
  it('given no such role, when TagResources, then EntityNotExist.Role, and nothing is tagged', async () => {
    await createRole('r3')
    expect(await codes('TagResources', { ...role('r3', 'never'), Tag: [team] })).toBe(
      'EntityNotExist.Role',
    )
    expect(await tagsOf(role('r3'))).toEqual([])
  })
  it('given no such policy or one of the system, when TagResources, then EntityNotExist.Policy', async () => {
    for (const name of ['never', 'AdministratorAccess'])
      expect(await codes('TagResources', { ...policy(name), Tag: [team] })).toBe(
        'EntityNotExist.Policy',
      )
  })
  it('given a twenty-first tag, when TagResources, then LimitExceeded.Role.Tag', async () => {
    await createRole('full')
    const tags = Array.from({ length: 20 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }))
    await root.ram('TagResources', { ...role('full'), Tag: tags })
    expect(await codes('TagResources', { ...role('full'), Tag: [team] })).toBe(
      'LimitExceeded.Role.Tag',
    )
  })
  it('given a twenty-first tag, when TagResources, then LimitExceeded.Policy.Tag', async () => {
    await createPolicy('full')
    const tags = Array.from({ length: 20 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }))
    await root.ram('TagResources', { ...policy('full'), Tag: tags })
    expect(await codes('TagResources', { ...policy('full'), Tag: [team] })).toBe(
      'LimitExceeded.Policy.Tag',
    )
  })
  it.each([
    ['a reserved key', [{ Key: 'acs:x', Value: 'v' }]],
    ['another reserved key', [{ Key: 'AliyunThing', Value: 'v' }]],
    ['a link', [{ Key: 'k', Value: 'see http://x' }]],
    ['a long key', [{ Key: 'k'.repeat(129), Value: 'v' }]],
    ['a long value', [{ Key: 'k', Value: 'v'.repeat(257) }]],
    ['a key twice', [team, team]],
    ['too many', Array.from({ length: 21 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }))],
  ])('given %s, when TagResources, then InvalidParameter.Tag', async (_, Tag) => {
    await createRole('strict').catch(() => undefined)
    expect(await codes('TagResources', { ...role('strict'), Tag })).toBe('InvalidParameter.Tag')
  })
  it('given too many or impossible names, when TagResources, then InvalidParameter.ResourceNames', async () => {
    const many = Array.from({ length: 51 }, (_, n) => `r${n}`)
    for (const names of [many, ['r1', 'r1'], ['a/b']])
      expect(await codes('TagResources', { ...role(...names), Tag: [team] })).toBe(
        'InvalidParameter.ResourceNames',
      )
  })
  it('given another type, when TagResources, then InvalidParameter.ResourceType', async () => {
    const of = { ...role('r1'), ResourceType: 'user', Tag: [team] }
    expect(await codes('TagResources', of)).toBe('InvalidParameter.ResourceType')
  })
  it.each([
    ['ResourceType', { ResourceNames: ['r1'], Tag: [team] }],
    ['ResourceNames', { ResourceType: 'role', Tag: [team] }],
    ['Tag', role('r1')],
  ])('given no %s, when TagResources, then MissingParameter', async (name, parameters) => {
    expect(await codes('TagResources', parameters)).toBe(`MissingParameter.${name}`)
  })
  it('given permission on one of two roles, when TagResources, then NoPermission', async () => {
    await createRole('mine')
    await createRole('theirs')
    const tagger = await userWith(journey, root, 'tagger', [
      { Effect: 'Allow', Action: 'ram:TagResources', Resource: 'acs:ram:*:*:role/mine' },
    ])
    await tagger.ram('TagResources', { ...role('mine'), Tag: [team] })
    const both = { ...role('mine', 'theirs'), Tag: [team] }
    expect(await codes('TagResources', both, tagger)).toBe('NoPermission')
  })
})

describe('UntagResources', () => {
  it('given keys or all, when UntagResources, then those tags are gone', async () => {
    await createRole('u1')
    const tags = ['a', 'b', 'c'].map((Key) => ({ Key, Value: 'v' }))
    await root.ram('TagResources', { ...role('u1'), Tag: tags })
    await root.ram('UntagResources', { ...role('u1'), TagKeys: ['a', 'A'], All: true })
    expect(await tagsOf(role('u1'))).toEqual(['u1 b=v', 'u1 c=v'])
    await root.ram('UntagResources', { ...role('u1'), All: true })
    expect(await tagsOf(role('u1'))).toEqual([])
  })
  it('given no such role, when UntagResources, then EntityNotExist.Role', async () => {
    expect(await codes('UntagResources', { ...role('never'), All: true })).toBe(
      'EntityNotExist.Role',
    )
  })
  it('given no such policy, when UntagResources, then EntityNotExist.Policy', async () => {
    expect(await codes('UntagResources', { ...policy('never'), All: true })).toBe(
      'EntityNotExist.Policy',
    )
  })
  it('given neither keys nor all, when UntagResources, then MissingParameter.TagKeys', async () => {
    expect(await codes('UntagResources', role('r1'))).toBe('MissingParameter.TagKeys')
  })
  it('given an empty key, when UntagResources, then InvalidParameter.TagKeys', async () => {
    expect(await codes('UntagResources', { ...role('r1'), TagKeys: [''] })).toBe(
      'InvalidParameter.TagKeys',
    )
  })
  it('given no permission, when UntagResources, then NoPermission', async () => {
    expect(await codes('UntagResources', { ...role('r1'), All: true }, nobody)).toBe('NoPermission')
  })
})

describe('ListTagResources', () => {
  it('given many tags, when ListTagResources, then pages tell all of them once, in order', async () => {
    for (const name of ['l1', 'l2', 'l3']) {
      await createRole(name)
      const tags = ['x', 'y', 'z'].map((Key) => ({ Key, Value: name }))
      await root.ram('TagResources', { ...role(name), Tag: tags })
    }
    const of = role('l3', 'l1', 'l2')
    const seen: string[] = []
    let NextToken = ''
    do {
      const page = await root.ram('ListTagResources', {
        ...of,
        PageSize: 2,
        ...(NextToken === '' ? {} : { NextToken }),
      })
      expect(page.TagResources.length).toBeLessThanOrEqual(2)
      for (const tag of page.TagResources) seen.push(`${tag.ResourceName} ${tag.TagKey}`)
      NextToken = page.NextToken
    } while (NextToken !== '')
    expect(seen).toEqual(
      ['l1', 'l2', 'l3'].flatMap((name) => ['x', 'y', 'z'].map((key) => `${name} ${key}`)),
    )
  })
  it('given a filter, when ListTagResources, then only what carries all of it is listed', async () => {
    const tags = [{ Key: 'x' }, { Key: 'y', Value: 'l2' }]
    expect(await tagsOf({ ResourceType: 'role', Tag: tags })).toEqual([
      'l2 x=l2',
      'l2 y=l2',
      'l2 z=l2',
    ])
  })
  it('given no such role, when ListTagResources, then EntityNotExist.Role', async () => {
    expect(await codes('ListTagResources', role('never'))).toBe('EntityNotExist.Role')
  })
  it('given no such policy, when ListTagResources, then EntityNotExist.Policy', async () => {
    expect(await codes('ListTagResources', policy('never'))).toBe('EntityNotExist.Policy')
  })
  it('given a size out of range, when ListTagResources, then InvalidParameter.PageSize', async () => {
    for (const PageSize of [0, 101])
      expect(await codes('ListTagResources', { ResourceType: 'role', PageSize })).toBe(
        'InvalidParameter.PageSize',
      )
  })
  it('given a token of another list, when ListTagResources, then InvalidParameter.NextToken', async () => {
    const { NextToken } = await root.ram('ListTagResources', { ResourceType: 'role', PageSize: 1 })
    for (const token of [NextToken, 'made up'])
      expect(await codes('ListTagResources', { ResourceType: 'policy', NextToken: token })).toBe(
        'InvalidParameter.NextToken',
      )
  })
  it('given no permission, when ListTagResources, then NoPermission', async () => {
    expect(await codes('ListTagResources', { ResourceType: 'role' }, nobody)).toBe('NoPermission')
  })
})
