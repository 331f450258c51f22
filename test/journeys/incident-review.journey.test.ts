/**
 * A key leaked. What could it do at each moment, what did it do, through which grants and who made
 * them, what is left of it, and what would a smaller policy have stopped? Asked by an auditor who
 * may do nothing else, by command line and API alike, and printed as a report.
 */
import { openClient } from '@grantlog/client'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantlog, inProcess } from '../cli/grantlog.js'
import { haveIncident, type Incident } from './incident.js'
import { type Journey, startJourney } from './server.js'

type Chapter = {
  readonly title: string
  /** The command line of the question, and the same question of the API. */
  readonly args: ReadonlyArray<string>
  readonly api:
    | { readonly path: string; readonly query: Readonly<Record<string, string>> }
    | { readonly path: string; readonly body: Readonly<Record<string, unknown>> }
  /** The member of the answer that holds the rows. */
  readonly rows: string
}

/** The questions of a review, in the order in which a person would ask them. */
const chaptersOf = (accountId: string, { leakedKey, leakedAt, leakedTime }: Incident) => {
  const alice = `acs:ram::${accountId}:user/alice`
  const users = `acs:ram:*:${accountId}:user/*`
  const from = String(leakedAt)
  const makeUsers = { principal: alice, action: 'ram:CreateUser', resource: users }
  const orders = `acs:ots:*:${accountId}:instance/orders`
  const readOrders = { principal: alice, action: 'ots:GetRow', resource: orders }
  const change = { type: 'Detach', policyType: 'System', policyName: 'AliyunRAMFullAccess' }
  return {
    key: {
      title: 'The life of the key, and what was changed with it',
      args: ['timeline', `key/${leakedKey}`],
      api: { path: '/v1/timeline', query: { accessKey: leakedKey } },
      rows: 'entries',
    },
    makeUsers: {
      title: 'When could its owner make users?',
      args: ['decision-timeline', 'alice', 'ram:CreateUser', 'ram:user/*'],
      api: { path: '/v1/decision-timeline', query: makeUsers },
      rows: 'stretches',
    },
    readOrders: {
      title: 'When could its owner read orders?',
      args: ['decision-timeline', 'alice', 'ots:GetRow', 'ots:instance/orders'],
      api: { path: '/v1/decision-timeline', query: readOrders },
      rows: 'stretches',
    },
    since: {
      title: 'Through which grant could it make users when it leaked, and who made that?',
      args: ['since', 'alice', 'ram:CreateUser', 'ram:user/*', '--position', from],
      api: { path: '/v1/since', query: { ...makeUsers, position: from } },
      rows: 'deciding',
    },
    access: {
      title: 'What was done and tried with it since it leaked?',
      args: ['access', '--principal', 'alice', '--from', leakedTime],
      api: {
        path: `/v1/accounts/${accountId}/access`,
        query: { principal: alice, from: leakedTime },
      },
      rows: 'records',
    },
    diff: {
      title: 'What is different since then, and what did it leave behind?',
      args: ['diff', '--from', from],
      api: { path: '/v1/diff', query: { from } },
      rows: 'diff',
    },
    replay: {
      title: 'What would have been blocked without AliyunRAMFullAccess?',
      args: [
        ...['replay', '--detach', 'system/AliyunRAMFullAccess=alice'],
        ...['--principal', 'alice', '--from', leakedTime],
      ],
      api: {
        path: '/v1/replay',
        body: { change: [{ ...change, target: alice }], principal: alice, from: leakedTime },
      },
      rows: 'groups',
    },
    whoCan: {
      title: 'Who can make users now?',
      args: ['who-can', 'ram:CreateUser', 'ram:user/*'],
      api: { path: '/v1/who-can', query: { action: 'ram:CreateUser', resource: users } },
      rows: 'principals',
    },
  } satisfies Readonly<Record<string, Chapter>>
}

type Chapters = ReturnType<typeof chaptersOf>

describe('the review of an incident', () => {
  let journey: Journey
  let incident: Incident
  let chapters: Chapters
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    journey = await startJourney()
    incident = await haveIncident(journey)
    chapters = chaptersOf(journey.accountId, incident)
    env = {
      GRANTLOG_ENDPOINT: journey.endpoint,
      GRANTLOG_ACCESS_KEY_ID: incident.auditor.accessKeyId,
      GRANTLOG_ACCESS_KEY_SECRET: incident.auditor.accessKeySecret,
    }
    // Who asks for the record has it written first: from here on it stands still.
    await byCommand(chapters.access)
  })
  afterAll(() => journey.end())

  const byCommand = async ({ args }: Chapter) => {
    const { out, err } = await inProcess([...args, '-o', 'json'], env)
    if (err !== '') throw new Error(err)
    return JSON.parse(out)
  }

  it('given the API, then each question has the same answer as from the command line', async () => {
    const { endpoint } = journey
    const client = openClient({ endpoint, credentials: incident.auditor })
    for (const chapter of Object.values<Chapter>(chapters)) {
      const { api, rows, title } = chapter
      const answer =
        'body' in api
          ? await client.ask(api.path, api.body, t.UnknownRecord)
          : await client.get(api.path, api.query, t.UnknownRecord)
      if (E.isLeft(answer)) throw new Error(`${title}: ${JSON.stringify(answer.left)}`)
      expect(answer.right[rows]).toEqual((await byCommand(chapter))[rows])
    }
  })

  it('given the grants, then each moment shows what the key could do, and who made it so', async () => {
    const { stretches } = await byCommand(chapters.makeUsers)
    expect(stretches.map(({ outcome }: { readonly outcome: string }) => outcome)).toEqual([
      'ImplicitDeny',
      'Allow',
    ])
    expect(stretches[1].from).toMatchObject({
      ticket: 'MIG-7',
      reason: 'moves the old users, for one day',
      actor: { arn: `acs:ram::${journey.accountId}:user/carol` },
    })
    const since = await byCommand(chapters.since)
    expect(since).toMatchObject({ allowed: true, since: { ticket: 'MIG-7' } })
    const key = (await byCommand(chapters.key)).entries
    type Entry = { readonly change: { readonly status?: string }; readonly ticket?: string }
    const ended = key.find(({ change }: Entry) => change.status === 'Inactive')
    expect(ended).toMatchObject({ ticket: 'SEC-1' })
  })

  it('given the record, then all that was done and tried stands there in order', async () => {
    const { records } = await byCommand(chapters.access)
    const told = records.map(({ action, outcome }: Readonly<Record<string, string>>) => [
      action,
      outcome,
    ])
    expect(told).toEqual(incident.deeds)
  })

  it('given the difference since then, then the way back in that was left is there', async () => {
    const { changed } = (await byCommand(chapters.diff)).diff
    const left = changed.find(({ name }: { readonly name: string }) => name === 'backup')
    expect(left).toMatchObject({
      nameBefore: null,
      gained: [{ policy: { policyName: 'AliyunRAMFullAccess' } }],
      accessKeys: [{ statusBefore: null, status: 'Active' }],
    })
    const { principals } = await byCommand(chapters.whoCan)
    const names = principals.map(({ name }: { readonly name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['alice', 'backup', 'carol']))
  })

  it('given the proposed policy, then the plunder is blocked, and the orders stay readable', async () => {
    const { groups, totals } = await byCommand(chapters.replay)
    const blocked = incident.deeds.filter(([action]) => action.startsWith('ram:'))
    expect(groups.map(({ action }: { readonly action: string }) => action).toSorted()).toEqual(
      blocked.map(([action]) => action).toSorted(),
    )
    const since = { reason: 'moves the old users, for one day', ticket: 'MIG-7' }
    for (const { before } of groups) expect(before).toMatchObject([{ grant: { since } }])
    expect(totals).toMatchObject({ allowToDeny: blocked.length, denyToAllow: 0, drift: 0 })
    expect((await inProcess(chapters.replay.args, env)).code).toBe(1)
  })

  it('given the auditor, then nothing can be changed, and what was read is on record', async () => {
    const attempt = ['api', 'ram', 'DeleteUser', '--UserName', 'backup']
    expect((await inProcess(attempt, env)).code).toBe(4)
    const reads = await inProcess(['access', '--principal', 'auditor', '--all', '-o', 'jsonl'], env)
    const actions = reads.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).action)
    for (const action of ['grantlog:ListAccess', 'grantlog:ReplayAccess', 'grantlog:GetDiff'])
      expect(actions).toContain(action)
  })

  it('given the command line, then the whole is a report that a person can read', async () => {
    const told: string[] = [`INCIDENT REVIEW: AccessKey ${incident.leakedKey} of alice`]
    for (const { title, args } of Object.values<Chapter>(chapters)) {
      const { out, err } = await grantlog(args, env)
      expect(err).toBe('')
      told.push(`${title}\n$ grantlog ${args.join(' ')}\n\n${out}`)
    }
    const report = told.join('\n\n')
    process.stdout.write(`\n${report}\n`)
    for (const text of ['MIG-7', 'SEC-1', 'user/carol', 'user backup', 'would be denied'])
      expect(report).toContain(text)
    expect(report).not.toContain('\u001b')
  })
})
