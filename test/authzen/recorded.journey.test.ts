/**
 * What evaluations leave on record: one record each, of what was answered, whoever the subject is.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcess } from '../cli/grantlog.js'
import { type Answer, allow, type Pdp, startPdp, tokenOf } from './pdp.js'

let pdp: Pdp
let authorization = ''
let reader = ''
beforeAll(async () => {
  pdp = await startPdp()
  authorization = `Bearer ${await tokenOf(pdp.journey.endpoint, pdp.journey.root)}`
  reader = await pdp.role('reader', allow(['read', 'audit'], 'doc'))
  const warden = await pdp.role('warden', { ...allow(['audit'], 'doc'), Effect: 'Deny' })
  await pdp.load({
    subjects: [
      { type: 'person', id: 'ann', actsAs: [reader, warden], properties: { team: 'blue' } },
      { type: 'person', id: 'ben', actsAs: [reader] },
    ],
  })
})
afterAll(() => pdp.journey.end())

const evaluation = (id: string, name: string) => ({
  subject: { type: 'person', id },
  action: { name },
  resource: { type: 'doc', id: '1' },
})

const get = (path: string, query: Readonly<Record<string, string>>): Promise<Answer> =>
  pdp.fetch(`${path}?${new URLSearchParams(query)}`, { headers: { authorization } })

let chosen = 0

/** Chooses what is put on record; answers a position before which everything else happened. */
const recording = async (mode: string): Promise<string> => {
  const path = `/v1/accounts/${pdp.journey.accountId}/access-recording`
  await pdp.ask(path, { recording: mode })
  chosen += 1
  const { position } = await pdp.load({ resources: [{ type: 'mark', id: String(chosen) }] })
  return String(position)
}
const recorded = async (from: string) => {
  const { body } = await get(`/v1/accounts/${pdp.journey.accountId}/access`, { from })
  return (body.records as ReadonlyArray<{ readonly action: string }>).filter(
    ({ action }) => !/^(grantlog|ram):/.test(action),
  )
}
const replayed = async (from: string) =>
  (await pdp.ask('/v1/replay', { from, action: 'authzen:' })).body
const unused = async (since: string) => (await get('/v1/unused', { since })).body

describe('a subject that acts as several roles', () => {
  const SUBJECT = {
    principal: { type: 'Unrecorded', entityId: expect.stringMatching(/^e-/) },
    subject: { type: 'person', id: 'ann' },
    resources: [expect.stringMatching(/:doc\/1$/)],
  }

  it('given what one allows and another denies, then one record says what was answered', async () => {
    const from = await recording('All')
    const { body } = await pdp.ask('/access/v1/evaluations', {
      evaluations: ['audit', 'read', 'write'].map((name) => evaluation('ann', name)),
    })
    const decisions = (body.evaluations as ReadonlyArray<{ readonly decision: boolean }>).map(
      ({ decision }) => decision,
    )
    expect(decisions).toEqual([false, true, false])
    expect(await recorded(from)).toMatchObject([
      { ...SUBJECT, action: 'authzen:audit', outcome: 'Denied', code: 'ExplicitDeny' },
      { ...SUBJECT, action: 'authzen:read', outcome: 'Allowed', code: '' },
      { ...SUBJECT, action: 'authzen:write', outcome: 'Denied', code: 'ImplicitDeny' },
    ])
  })

  it('given such records, then they are told as not judged, and nothing is certain', async () => {
    const from = await recording('All')
    await pdp.ask('/access/v1/evaluation', evaluation('ann', 'audit'))
    await pdp.ask('/access/v1/evaluation', evaluation('ann', 'read'))
    await pdp.ask('/access/v1/evaluation', evaluation('ben', 'read'))
    const { totals, coverage } = await replayed(from)
    expect(totals).toEqual({
      ...{ records: 3, judged: 1, refused: 0, allowToDeny: 0, denyToAllow: 0, drift: 0 },
      notJudgeable: {
        PrincipalNotRecorded: 0,
        SeveralPrincipals: 2,
        PersonErased: 0,
        NothingAsked: 0,
      },
    })
    expect(coverage).toMatchObject({ isWhole: false, doubts: ['RecordsNotJudgeable'] })
    const answer = await unused(from)
    expect(answer).toMatchObject({ isCertain: false, coverage: { isWhole: false } })
    const other = await pdp.ask('/v1/replay', { from, action: 'ots:' })
    expect(other.body).toMatchObject({ totals: { records: 0 }, coverage: { isWhole: true } })
  })

  it('given such a record, then the table of the command line shows the subject', async () => {
    const from = await recording('All')
    await pdp.ask('/access/v1/evaluation', evaluation('ann', 'audit'))
    const { root, endpoint, directory } = pdp.journey
    const file = join(directory, 'credentials.json')
    writeFileSync(file, JSON.stringify({ ...root, endpoint }), { mode: 0o600 })
    const env = { GRANTLOG_CREDENTIALS: file }
    const args = ['access', '--from', from, '--action', 'authzen:', '-o', 'csv']
    const { code, out } = await inProcess(args, env)
    expect([code, out.trim().split('\n').length]).toEqual([0, 2])
    expect(out).toMatch(/,unrecorded,person ann,.*,authzen:audit,.*,Denied,ExplicitDeny,/)
  })

  it('given that only denials are wanted, then what was allowed in the end is none', async () => {
    const from = await recording('Denials')
    await pdp.ask('/access/v1/evaluation', evaluation('ann', 'read'))
    expect(await recorded(from)).toEqual([])
    await pdp.ask('/access/v1/evaluation', evaluation('ann', 'audit'))
    expect(await recorded(from)).toMatchObject([{ outcome: 'Denied', code: 'ExplicitDeny' }])
  })
})

describe('an evaluation that no policy is asked about', () => {
  const UNKNOWN = evaluation('nobody', 'read')

  it.each(['All', 'Denials'])('given %s is recorded, then its refusal is', async (mode) => {
    const from = await recording(mode)
    const { body } = await pdp.ask('/access/v1/evaluation', UNKNOWN)
    expect(body.decision).toBe(false)
    const records = await recorded(from)
    expect(records).toMatchObject([
      {
        principal: { type: 'Unrecorded' },
        action: 'authzen:read',
        resources: [`acs:authzen:*:${pdp.journey.accountId}:doc/1`],
        outcome: 'Refused',
        code: 'SubjectUnknown',
        position: body.context.position,
      },
    ])
    expect(records[0]).not.toHaveProperty('subject')
  })

  it('given its record, then a replay counts it as refused, and stays certain', async () => {
    const from = await recording('All')
    await pdp.ask('/access/v1/evaluation', UNKNOWN)
    expect(await replayed(from)).toMatchObject({
      totals: { records: 1, judged: 0, refused: 1, drift: 0 },
      coverage: { isWhole: true, doubts: [] },
    })
    expect((await unused(from)).isCertain).toBe(true)
  })

  it('given what has no name in policies, then the record says which it was', async () => {
    const from = await recording('All')
    const { subject, action, resource } = evaluation('ben', 'read')
    const faulty = [
      { subject, action: { name: 'no such name' }, resource },
      { subject, action, resource: { type: 'no such type', id: '1' } },
      { subject: { type: 'user', id: 'nobody' }, action, resource },
    ]
    await pdp.ask('/access/v1/evaluations', { evaluations: faulty })
    const refusal = { principal: { type: 'Unrecorded' }, outcome: 'Refused' }
    expect(await recorded(from)).toMatchObject([
      { ...refusal, action: 'no such name', code: 'ActionUnknown' },
      { ...refusal, action: 'authzen:read', resources: [], code: 'ResourceUnknown' },
      { ...refusal, action: 'authzen:read', code: 'SubjectUnknown' },
    ])
  })

  it('given a subject that acts as somebody who is gone, then the record shows it', async () => {
    const passing = await pdp.role('passing', allow(['read'], 'doc'))
    await pdp.load({ subjects: [{ type: 'person', id: 'cid', actsAs: [reader, passing] }] })
    const policy = { PolicyType: 'Custom', PolicyName: 'passing', RoleName: 'passing' }
    await pdp.ram('DetachPolicyFromRole', policy)
    await pdp.ram('DeleteRole', { RoleName: 'passing' })
    const from = await recording('All')
    await pdp.ask('/access/v1/evaluation', evaluation('cid', 'read'))
    expect(await recorded(from)).toMatchObject([
      { subject: { type: 'person', id: 'cid' }, outcome: 'Refused', code: 'PrincipalGone' },
    ])
  })

  it('given nobody is about to do it, then nothing is on record', async () => {
    const from = await recording('All')
    await pdp.ask('/access/v1/evaluation', { ...UNKNOWN, options: { position: Number(from) } })
    await pdp.ask('/access/v1/search/resource', { ...UNKNOWN, resource: { type: 'doc' } })
    await pdp.ask('/access/v1/search/subject', { ...UNKNOWN, subject: { type: 'person' } })
    await recording('Off')
    await pdp.ask('/access/v1/evaluation', UNKNOWN)
    expect(await recorded(from)).toEqual([])
  })
})
