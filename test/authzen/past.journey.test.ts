/**
 * AuthZEN and the past: pages of a search rest on one position whatever changes meanwhile, and an
 * evaluation about a position gives the answer that was given then.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allow, type Pdp, startPdp, tokenOf } from './pdp.js'

let pdp: Pdp
let reader = ''
beforeAll(async () => {
  pdp = await startPdp()
  reader = await pdp.role('reader', allow(['read'], 'doc'))
  await pdp.load({
    subjects: ['ann', 'ben'].map((id) => ({ type: 'person', id, actsAs: [reader] })),
    resources: ids(25).map((id) => ({ type: 'doc', id })),
  })
})
afterAll(() => pdp.journey.end())

const ids = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `d${String(index).padStart(2, '0')}`)
const ANN = { type: 'person', id: 'ann' }
const READ = { name: 'read' }
const SEARCH = '/access/v1/search/resource'
const ASKED = { subject: ANN, action: READ, resource: { type: 'doc' } }
const POLICY = { PolicyType: 'Custom', PolicyName: 'reader', RoleName: 'reader' }

type Found = { readonly id: string }
const idsOf = (results: ReadonlyArray<Found>) => results.map(({ id }) => id)

describe('a search in pages', () => {
  it('given changes between its pages, then all pages together are the answer of the first', async () => {
    const first = await pdp.ask(SEARCH, { ...ASKED, page: { limit: 10 } })
    expect(Object.keys(first.body)[0]).toBe('page')
    expect(first.body.page.count).toBe(10)
    await pdp.ram('DetachPolicyFromRole', POLICY)
    await pdp.ask('/v1/entities/remove', { resources: [{ type: 'doc', id: 'd12' }] })
    await pdp.load({ resources: [{ type: 'doc', id: 'd11b' }] })

    const pages = [first.body]
    for (let token = first.body.page.next_token; token !== ''; ) {
      const { status, body } = await pdp.ask(SEARCH, { ...ASKED, page: { limit: 10, token } })
      expect([status, body.context]).toEqual([200, first.body.context])
      pages.push(body)
      token = body.page.next_token
    }
    expect(pages.flatMap(({ results }) => idsOf(results))).toEqual(ids(25))
    expect((await pdp.ask(SEARCH, ASKED)).body.results).toEqual([])
    await pdp.ram('AttachPolicyToRole', POLICY)
    const now = idsOf((await pdp.ask(SEARCH, ASKED)).body.results)
    expect(now).toEqual([...ids(25).filter((id) => id !== 'd12'), 'd11b'].sort())
  })

  it('given a token, then it goes on with its own search alone', async () => {
    const { body } = await pdp.ask(SEARCH, { ...ASKED, page: { limit: 1 } })
    const page = { token: body.page.next_token, limit: 1 }
    const reordered = { page, resource: ASKED.resource, action: READ, subject: ANN }
    expect((await pdp.ask(SEARCH, reordered)).status).toBe(200)
    const { token } = page
    const others: ReadonlyArray<readonly [string, object]> = [
      [SEARCH, { ...ASKED, subject: { ...ANN, id: 'ben' }, page }],
      [SEARCH, { ...ASKED, context: { ip: '1.2.3.4' }, page }],
      ['/access/v1/search/action', { subject: ANN, resource: { type: 'doc', id: 'd00' }, page }],
      [SEARCH, { ...ASKED, page: { token: `${token.slice(0, -2)}AA` } }],
      [SEARCH, { ...ASKED, page: { token: token.slice(1) } }],
      [SEARCH, { ...ASKED, page: { token: 'x'.repeat(5_000) } }],
    ]
    for (const [path, asked] of others) {
      const answer = await pdp.ask(path, asked)
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('/page/token')])
    }
  })
})

describe('an evaluation about the past', () => {
  const STEPS: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
    ['detach', () => pdp.ram('DetachPolicyFromRole', POLICY)],
    ['attach', () => pdp.ram('AttachPolicyToRole', POLICY)],
    ['unlink', () => pdp.load({ subjects: [ANN] })],
    ['link', () => pdp.load({ subjects: [{ ...ANN, actsAs: [reader] }] })],
    ['forget', () => pdp.ask('/v1/entities/remove', { subjects: [ANN] })],
    ['know', () => pdp.load({ subjects: [{ ...ANN, actsAs: [reader] }] })],
  ]

  it('given each moment of a life, then the answer is the one that was given then', async () => {
    const asked = { subject: ANN, action: READ, resource: { type: 'doc', id: 'd00' } }
    const given: Array<{ readonly position: number; readonly decision: boolean }> = []
    for (const [, step] of STEPS) {
      await step()
      const { body } = await pdp.ask('/access/v1/evaluation', asked)
      given.push({ position: body.context.position, decision: body.decision })
    }
    expect(given.map(({ decision }) => decision)).toEqual([false, true, false, true, false, true])
    for (const { position, decision } of given) {
      const then = { ...asked, options: { position } }
      const { body } = await pdp.ask('/access/v1/evaluation', then)
      expect([body.decision, body.context.position]).toEqual([decision, position])
      const found = await pdp.ask(SEARCH, { ...ASKED, options: { position } })
      expect(idsOf(found.body.results).includes('d00')).toBe(decision)
    }
    for (const options of [{ at: 'noon' }, { position: -1 }, { position: 1e9 }, 'now', { at: 1 }])
      expect((await pdp.ask('/access/v1/evaluation', { ...asked, options })).status).toBe(400)
  })

  it('given a role that is gone, then whoever acts as it is denied', async () => {
    const passing = await pdp.role('passing', allow(['read'], 'doc'))
    await pdp.load({ subjects: [{ type: 'person', id: 'cid', actsAs: [passing, reader] }] })
    const asked = {
      subject: { type: 'person', id: 'cid' },
      action: READ,
      resource: { type: 'doc', id: 'd00' },
    }
    expect((await pdp.ask('/access/v1/evaluation', asked)).body.decision).toBe(true)
    const policy = { PolicyType: 'Custom', PolicyName: 'passing', RoleName: 'passing' }
    await pdp.ram('DetachPolicyFromRole', policy)
    await pdp.ram('DeleteRole', { RoleName: 'passing' })
    const { body } = await pdp.ask('/access/v1/evaluation', asked)
    expect([body.decision, body.context.reason]).toEqual([false, expect.stringContaining('gone')])
  })
})

describe('an evaluation on record', () => {
  it('given subjects that act as one role, then each is told apart, under its name of then', async () => {
    const { accountId, endpoint, root } = pdp.journey
    const authorization = `Bearer ${await tokenOf(endpoint, root)}`
    const path = `/v1/accounts/${accountId}`
    await pdp.ask(`${path}/access-recording`, { recording: 'All' })
    const from = new Date().toISOString()
    const resource = { type: 'doc', id: 'd01' }
    for (const id of ['ann', 'ben'])
      await pdp.ask('/access/v1/evaluation', {
        subject: { type: 'person', id },
        action: { name: 'audit' },
        resource,
      })
    await pdp.ask('/v1/entities/remove', { subjects: [{ type: 'person', id: 'ben' }] })
    const query = new URLSearchParams({ from, action: 'authzen:audit' })
    const { body } = await pdp.fetch(`${path}/access?${query}`, { headers: { authorization } })
    expect(body.records).toMatchObject(
      ['ann', 'ben'].map((id) => ({
        name: 'reader',
        subject: { type: 'person', id },
        principal: { type: 'Role', entityId: expect.stringMatching(/^e-/) },
      })),
    )
  })
})
