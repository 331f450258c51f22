/** What is different between two moments, asked over the read API. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, openServer, type TestServer } from './server.js'

let server: TestServer
beforeEach(async () => {
  server = await openServer()
})
afterEach(() => server.engine.stop())

const ALICE = `acs:ram::${ACCOUNT}:user/alice`
const FROM = '2026-01-02T03:04:30Z'
const document = (action: string) =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  })
const BECAUSE = { 'x-grantlog-reason': 'on call', 'x-grantlog-ticket': 'OPS-8' }
const GRANT = { PolicyType: 'Custom', PolicyName: 'ship', UserName: 'alice' }
const OTS = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess', UserName: 'alice' }

/** Before: alice reads tables. After: by another grant she reads objects. */
const story = async () => {
  await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
  await server.makeUser('bob')
  await server.call('CreatePolicy', { PolicyName: 'ship', PolicyDocument: document('ecs:*') })
  server.clock.advance(60_000)
  await server.call('CreatePolicyVersion', {
    PolicyName: 'ship',
    PolicyDocument: document('oss:*'),
    SetAsDefault: 'true',
  })
  await server.call('AttachPolicyToUser', GRANT, server.root, BECAUSE)
  await server.call('DetachPolicyFromUser', OTS)
}
const diffOf = (query: object) => server.read({ path: '/v1/diff', query: { from: FROM, ...query } })

describe('GET /v1/diff', () => {
  it('given a principal, then its grants gained and lost are told, with who and why', async () => {
    await story()
    const probes = JSON.stringify([{ action: 'oss:GetObject', resource: '*' }])
    const { status, body } = await diffOf({
      principal: ALICE,
      action: 'ots:GetRow',
      resource: '*',
      probes,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      subject: 'principal',
      diff: {
        nameBefore: 'alice',
        name: 'alice',
        gained: [
          {
            policy: { policyName: 'ship', versionId: 'v2', via: { type: 'User', name: 'alice' } },
            since: { eventType: 'PolicyAttached', reason: 'on call', ticket: 'OPS-8' },
          },
        ],
        lost: [
          {
            policy: { policyName: 'AliyunOTSReadOnlyAccess' },
            ended: {
              eventType: 'PolicyDetached',
              recordedAt: '2026-01-02T03:05:05.000Z',
              actor: { arn: `acs:ram::${ACCOUNT}:root` },
            },
          },
        ],
        turned: [],
      },
      probes: [
        {
          action: 'ots:GetRow',
          before: {
            allowed: true,
            deciding: [
              {
                policy: { policyName: 'AliyunOTSReadOnlyAccess', via: { name: 'alice' } },
                grant: { attached: { actor: { arn: `acs:ram::${ACCOUNT}:root` } } },
              },
            ],
          },
          after: { allowed: false, deciding: [] },
        },
        {
          action: 'oss:GetObject',
          before: { allowed: false, deciding: [] },
          after: {
            allowed: true,
            deciding: [
              {
                policy: { policyName: 'ship', versionId: 'v2' },
                grant: {
                  since: { eventType: 'PolicyAttached', reason: 'on call', ticket: 'OPS-8' },
                  versionSet: { eventType: 'DefaultPolicyVersionChanged' },
                },
              },
            ],
          },
        },
      ],
      next: null,
    })
    expect(body.diff.statements.gained).toMatchObject([
      { statement: { Action: 'oss:*' }, through: [{ policyName: 'ship' }] },
    ])
    const same = await diffOf({ principal: ALICE, from: String(body.from), to: String(body.from) })
    expect(same.body.diff).toMatchObject({ gained: [], lost: [], turned: [] })
  })

  it('given a name that means another one now, then that is told, with losses and gains', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const { body: keys } = await server.call('ListAccessKeys', { UserName: 'alice' })
    const UserAccessKeyId = keys.AccessKeys.AccessKey[0].AccessKeyId
    const then = (await diffOf({ from: '1', principal: ALICE })).body
    await server.call('DeleteAccessKey', { UserName: 'alice', UserAccessKeyId })
    await server.call('DetachPolicyFromUser', OTS)
    await server.call('DeleteUser', { UserName: 'alice' }, server.root, BECAUSE)
    const gone = { from: String(then.to), principal: ALICE }
    expect((await diffOf(gone)).body).toMatchObject({ id: then.id, diff: { name: null } })

    await server.makeUser('alice', ['AliyunOSSReadOnlyAccess'])
    const probe = { action: 'ots:GetRow', resource: '*' }
    const { body } = await diffOf({ ...gone, ...probe })
    expect(body.id).not.toBe(then.id)
    expect(body).toMatchObject({
      diff: {
        nameBefore: 'alice',
        name: 'alice',
        replaced: {
          id: then.id,
          name: null,
          ended: { eventType: 'UserDeleted', reason: 'on call', ticket: 'OPS-8' },
          began: { eventType: 'UserCreated' },
        },
        lost: [{ policy: { policyName: 'AliyunOTSReadOnlyAccess' } }],
        gained: [{ policy: { policyName: 'AliyunOSSReadOnlyAccess' } }],
        accessKeys: [{ accessKeyId: UserAccessKeyId, status: null }, { statusBefore: null }],
      },
      probes: [{ before: { allowed: true }, after: { outcome: 'ImplicitDeny' } }],
    })
    const past = await diffOf({ ...gone, to: String(body.to) })
    expect(past.body.diff).toEqual(body.diff)
  })

  it('given a policy, then the statements of the versions in force are set side by side', async () => {
    await story()
    const { body } = await diffOf({ policy: `acs:ram::${ACCOUNT}:policy/ship` })
    expect(body).toMatchObject({
      subject: 'policy',
      diff: {
        versionBefore: 'v1',
        version: 'v2',
        added: [{ Action: 'oss:*' }],
        removed: [{ Action: 'ecs:*' }],
        event: { eventType: 'DefaultPolicyVersionChanged' },
        attachments: [{ type: 'Attached', target: { name: 'alice' }, event: { ticket: 'OPS-8' } }],
      },
    })
    const system = await diffOf({ policy: 'acs:ram::system:policy/AliyunOTSReadOnlyAccess' })
    expect(system.body.diff).toMatchObject({
      added: [],
      removed: [],
      attachments: [{ type: 'Detached', target: { name: 'alice' } }],
    })
    const none = await diffOf({ policy: `acs:ram::${ACCOUNT}:policy/none` })
    expect([none.status, none.body.code]).toEqual([404, 'EntityNotExist.Policy'])
  })

  it('given a policy that was deleted and made again, then the name means another one', async () => {
    await story()
    const policy = `acs:ram::${ACCOUNT}:policy/ship`
    const then = (await diffOf({ policy, from: '1' })).body
    await server.call('DetachPolicyFromUser', GRANT)
    const versions = { PolicyName: 'ship', VersionId: 'v1' }
    await server.call('DeletePolicyVersion', versions)
    await server.call('DeletePolicy', { PolicyName: 'ship' }, server.root, BECAUSE)
    await server.call('CreatePolicy', { PolicyName: 'ship', PolicyDocument: document('ots:*') })
    const { body } = await diffOf({ policy, from: String(then.to) })
    expect(body.id).not.toBe(then.id)
    expect(body.diff).toMatchObject({
      versionBefore: 'v2',
      version: 'v1',
      replaced: {
        id: then.id,
        name: null,
        ended: { eventType: 'PolicyDeleted', reason: 'on call', ticket: 'OPS-8' },
        began: { eventType: 'PolicyCreated', actor: { arn: `acs:ram::${ACCOUNT}:root` } },
      },
      added: [{ Action: 'ots:*' }],
      removed: [{ Action: 'oss:*' }],
      attachments: [{ type: 'Detached', target: { name: 'alice' } }],
    })
  })

  it('given a name that several had and nothing has, then they are told, and a moment chooses', async () => {
    const made: string[] = []
    for (const action of ['ots:*', 'oss:*']) {
      const text = { PolicyName: 'ship', PolicyDocument: document(action) }
      await server.call('CreatePolicy', text)
      const { body } = await diffOf({ from: '1', policy: `acs:ram::${ACCOUNT}:policy/ship` })
      made.push(body.id)
      await server.call('DeletePolicy', { PolicyName: 'ship' })
    }
    const policy = `acs:ram::${ACCOUNT}:policy/ship`
    const { status, body } = await diffOf({ from: '1', policy })
    expect([status, body.code]).toEqual([404, 'EntityNotExist.Policy'])
    expect(body.bearers.map(({ id }: { readonly id: string }) => id)).toEqual(made)
    expect(body.detail).toContain(`${made[0]} from position ${body.bearers[0].from} to`)
    expect(body.detail).toContain('`from` or `to`')
    for (const { id, from, to } of body.bearers) {
      const asked = [
        { policy, from: String(to) },
        { policy, from: '1', to: String(from) },
      ]
      for (const query of asked) expect((await diffOf(query)).body.id).toBe(id)
    }
    const timeline = await server.read({ path: '/v1/timeline', query: { policy } })
    expect(timeline.body).toMatchObject({ bearers: body.bearers })
    expect(timeline.body.detail).toContain('`at` or `position`')
    const then = { policy, position: String(body.bearers[0].to) }
    const chosen = await server.read({ path: '/v1/timeline', query: then })
    expect(chosen.body.entries[0].change).toMatchObject({ type: 'Created', name: 'ship' })
    expect(chosen.body.entries[0].position).toBe(body.bearers[0].from)

    for (const _ of made) {
      await server.call('CreateUser', { UserName: 'zoe' })
      await server.call('DeleteUser', { UserName: 'zoe' })
    }
    const zoe = await diffOf({ from: '1', principal: `acs:ram::${ACCOUNT}:user/zoe` })
    expect([zoe.status, zoe.body.code]).toEqual([404, 'EntityNotExist.Principal'])
    expect(zoe.body.bearers).toHaveLength(2)
    expect(zoe.body.detail).toContain('`from` or `to`')
  })

  it('given another name, then the event that gave or took it is told, of the account too', async () => {
    await server.makeUser('alice', ['AliyunOTSReadOnlyAccess'])
    const made = (await diffOf({ from: '0' })).body
    expect(made.diff.changed).toMatchObject([
      { nameBefore: null, name: 'alice', named: { eventType: 'UserCreated' } },
    ])
    const rename = { UserName: 'alice', NewUserName: 'mallory' }
    await server.call('UpdateUser', rename, server.root, BECAUSE)
    const renamed = await diffOf({
      from: String(made.to),
      principal: `acs:ram::${ACCOUNT}:user/mallory`,
    })
    expect(renamed.body.diff).toMatchObject({
      nameBefore: 'alice',
      name: 'mallory',
      named: { eventType: 'UserUpdated', reason: 'on call', ticket: 'OPS-8' },
    })
  })

  it('given the account, then everybody whose statements differ is told, in pages', async () => {
    await story()
    await server.call('AttachPolicyToUser', { ...GRANT, UserName: 'bob' })
    await server.makeUser('carol')
    const whole = await diffOf({})
    expect(whole.body).toMatchObject({ subject: 'account', id: ACCOUNT, next: null })
    expect(whole.body.diff.changed).toMatchObject([
      { principalType: 'User', name: 'alice' },
      { principalType: 'User', name: 'bob', gained: [{ policy: { policyName: 'ship' } }] },
    ])
    const changed = []
    let after: string | null = '0'
    while (after !== null) {
      const page = await diffOf({ limit: '1', after, to: String(whole.body.to) })
      changed.push(...page.body.diff.changed)
      after = page.body.next
    }
    expect(changed).toEqual(whole.body.diff.changed)
  })

  it('given a name that nobody bears at either moment, then `from` and `to` are named', async () => {
    const { status, body } = await diffOf({ principal: `acs:ram::${ACCOUNT}:user/zoe`, from: '1' })
    expect([status, body.code]).toEqual([404, 'EntityNotExist.Principal'])
    expect(body.detail).toContain('`from` or `to`')
    const none = await server.read({ path: '/v1/timeline' })
    for (const name of ['principal', 'policy', 'accessKey', 'session'])
      expect(none.body.detail).toContain(`\`${name}\``)
  })

  it('given a query that is not as it should be, then the faulty parameter is named', async () => {
    await story()
    const queries: ReadonlyArray<readonly [Readonly<Record<string, string>>, string]> = [
      [{ from: 'junk' }, 'from'],
      [{ from: '' }, 'from'],
      [{ to: 'junk' }, 'to'],
      [{ from: '5', to: '4' }, 'to'],
      [{ to: '0' }, 'to'],
      [{ principal: 'alice' }, 'principal'],
      [{ principal: `acs:ram::${ACCOUNT}:root` }, 'principal'],
      [{ policy: 'ship' }, 'policy'],
      [{ policy: `acs:ram::${ACCOUNT}:user/ship` }, 'policy'],
      [{ principal: ALICE, policy: `acs:ram::${ACCOUNT}:policy/ship` }, 'policy'],
      [{ action: 'ots:GetRow', resource: '*' }, 'action'],
      [{ principal: `acs:ram::${ACCOUNT}:group/devs`, action: 'ots:GetRow' }, 'action'],
      [{ principal: ALICE, action: 'ots:GetRow' }, 'resource'],
      [{ principal: ALICE, action: 'ots', resource: '*' }, 'action'],
      [{ principal: ALICE, probes: '[]' }, 'probes'],
      [{ principal: ALICE, probes: '{' }, 'probes'],
      [{ principal: ALICE, probes: '[{"action":"ots","resource":"*"}]' }, 'probes'],
      [{ principal: ALICE, probes: '[{"action":"ots:Get","resource":"*","x":1}]' }, 'probes'],
      [{ limit: '0' }, 'limit'],
      [{ after: 'x' }, 'after'],
      [{ at: FROM }, 'at'],
    ]
    for (const [query, parameter] of queries) {
      const { status, body } = await diffOf(query)
      expect([query, status, body.parameter]).toEqual([query, 400, parameter])
    }
    expect((await diffOf({ to: '999999' })).status).toBe(422)
    // The last position need not be that of a change, and is not after the time all the same.
    const { applied } = server.engine.status()
    const now = new Date(server.clock.now()).toISOString()
    expect((await diffOf({ from: String(applied), to: now })).status).toBe(200)
    expect((await diffOf({ policy: 'acs:ram::9999999999999999:policy/ship' })).status).toBe(403)
    const nobody = await diffOf({ principal: `acs:ram::${ACCOUNT}:user/nobody` })
    expect([nobody.status, nobody.body.code]).toEqual([404, 'EntityNotExist.Principal'])
  })

  it('given a caller without the permission, then it is denied by what it asked about', async () => {
    const eve = await server.makeUser('eve')
    const asked = (query: object) =>
      server.read({ path: '/v1/diff', query: { from: FROM, ...query } }, eve)
    const prefix = `acs:grantlog:*:${ACCOUNT}:`
    const denied = await Promise.all([
      asked({ principal: ALICE }),
      asked({ policy: `acs:ram::${ACCOUNT}:policy/ship` }),
      asked({}),
    ])
    expect(denied.map(({ status, body }) => [status, body.action, body.resource])).toEqual([
      [403, 'grantlog:GetDiff', `${prefix}principal/user/alice`],
      [403, 'grantlog:GetDiff', `${prefix}policy/ship`],
      [403, 'grantlog:GetDiff', `${prefix}account`],
    ])
  })
})
