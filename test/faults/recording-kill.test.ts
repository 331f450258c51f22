/** A server that is killed while it records decisions: what was stored is whole and exact. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queryOf, signedHeaders } from '../signing/acs3.mjs'

const SERVER = fileURLToPath(new URL('./killed-server.mjs', import.meta.url))

type Running = { readonly child: ChildProcess; readonly endpoint: string }

let directory = ''
let running: Running | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-recording-'))
})
afterEach(async () => {
  if (running !== undefined) await kill(running)
  rmSync(directory, { recursive: true, force: true })
})

/** The clock of each life runs ahead, so that its nonces are new. */
const start = (clockOffset: number): Promise<Running> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SERVER, directory, String(clockOffset)])
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      const line = output.split('\n').find((text) => text.startsWith('serving '))
      if (line === undefined) return
      running = { child, endpoint: line.slice('serving '.length) }
      resolve(running)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })

const kill = async ({ child }: Running): Promise<void> => {
  running = undefined
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** Calls the server as root. */
const caller = ({ endpoint }: Running, clockOffset: number) => {
  const keys = JSON.parse(readFileSync(join(directory, 'root.json'), 'utf8'))
  const send = async (
    path: string,
    { query = '', body: given }: { readonly query?: string; readonly body?: unknown },
    named = { action: 'Read', version: 'v1' },
  ) => {
    const text = given === undefined ? '' : JSON.stringify(given)
    const isRead = path !== '/' && given === undefined
    const method = isRead ? 'GET' : 'POST'
    const now = Date.now() + clockOffset
    const { host } = new URL(endpoint)
    const headers = signedHeaders({ host, path, query, ...named, keys, now, method, body: text })
    const { host: _, ...sent } = headers
    const url = `${endpoint}${path}${query === '' ? '' : `?${query}`}`
    const init = isRead ? { method, headers: sent } : { method, headers: sent, body: text }
    const answer = await fetch(url, init)
    // biome-ignore lint/suspicious/noExplicitAny: answers are of every shape.
    const body: any = await answer.json()
    return { status: answer.status, body }
  }
  const rpc = (action: string, parameters: Readonly<Record<string, string>>) =>
    send('/', { query: queryOf(parameters) }, { action, version: '2015-05-01' })
  return { send, rpc, accountId: String(keys.accountId) }
}

describe('kill -9 with recording on', () => {
  it('given decisions when it is killed, then those stored before are all there and none drifts', async () => {
    const first = caller(await start(0), 0)
    const { accountId } = first
    const principal = `acs:ram::${accountId}:user/alice`
    const resource = `acs:ots:*:${accountId}:instance/orders`
    const decide = (action: string) =>
      first.send('/v1/decide', { body: { principal, action, resource } })
    const path = `/v1/accounts/${accountId}/access-recording`
    expect(await first.send(path, { body: { recording: 'All' } })).toMatchObject({ status: 200 })
    await first.rpc('CreateUser', { UserName: 'alice' })
    const policy = { PolicyType: 'System', PolicyName: 'AliyunOTSReadOnlyAccess' }
    await first.rpc('AttachPolicyToUser', { ...policy, UserName: 'alice' })

    for (let n = 0; n < 40; n += 1) await decide(n % 2 === 0 ? 'ots:GetRow' : 'ots:PutRow')
    const list = { query: queryOf({ principal, limit: 1000 }) }
    // Listing stores what waits.
    const stored = await first.send(`/v1/accounts/${accountId}/access`, list)
    expect(stored.body.records).toHaveLength(40)
    const late = Array.from({ length: 200 }, () => decide('ots:GetRow').catch(() => undefined))
    await Promise.race(late)
    if (running === undefined) throw new Error('the server is gone')
    await kill(running)
    await Promise.all(late)

    const clockOffset = 600_000
    const second = caller(await start(clockOffset), clockOffset)
    const after = await second.send(`/v1/accounts/${accountId}/access`, list)
    expect(after.body.unreadable).toBe(0)
    expect(after.body.records.slice(0, 40)).toEqual(stored.body.records)
    expect(after.body.records.length).toBeLessThanOrEqual(240)
    const replayed = await second.send('/v1/replay', { body: { principal } })
    expect(replayed.body.totals).toMatchObject({ drift: 0, allowToDeny: 0 })
    expect(replayed.body.totals.judged).toBe(after.body.records.length)
  }, 120_000)
})
