/** Guessing a password goes on nowhere: not across a kill either, for the lock is in the log. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../operations/server.js'
import { CLIENT_KINDS, type OfficialClient } from './official-clients.js'
import { builtFile, killAll, run, serving } from './process.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-sign-in-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const credentials = () => JSON.parse(readFileSync(join(directory, 'root.json'), 'utf8'))

const start = async () => {
  const args = ['--port', '0', '--data', join(directory, 'data')]
  const more = ['--root-credentials', join(directory, 'root.json')]
  const least = { GRANTLOG_PASSWORD_MEMORY: '19', GRANTLOG_PASSWORD_PASSES: '2' }
  const server = run(
    process.execPath,
    [builtFile('standalone', 'main.js'), ...args, ...more],
    least,
  )
  const endpoint = await serving(server)
  const { accountId, ...keys } = credentials()
  const ram: OfficialClient['ram'] | undefined = CLIENT_KINDS[0]?.connect(endpoint, keys).ram
  if (ram === undefined) throw new Error('there is no client')
  const post = async (path: string, body: object, cookie = '') => {
    const headers = { 'content-type': 'application/json', cookie, origin: endpoint }
    const sent = await fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const cookies = sent.headers.getSetCookie()
    const answer = (await sent.json()) as Readonly<Record<string, string>>
    return { status: sent.status, cookie: cookies[0] ?? '', cookies, answer }
  }
  const signIn = (userName: string, password: string, cookie = '') => {
    const userPrincipalName = `${userName}@${accountId}.onaliyun.com`
    return post('/v1/sign-in', { userPrincipalName, password }, cookie)
  }
  const session = async (cookie: string) =>
    (await fetch(`${endpoint}/v1/sign-in/session`, { headers: { cookie } })).status
  const kill = async () => {
    server.child.kill('SIGKILL')
    await server.ended
  }
  return { ram, post, signIn, session, kill }
}

describe('signing in', () => {
  it('given guesses before and after a kill, then they are counted together', async () => {
    const first = await start()
    const Password = 'correct horse battery'
    await first.ram('SetPasswordPolicy', { MaxLoginAttemps: 4 })
    for (const UserName of ['alice', 'bob']) {
      await first.ram('CreateUser', { UserName })
      await first.ram('CreateLoginProfile', { UserName, Password })
    }
    const { status, cookie } = await first.signIn('bob', Password)
    expect(status).toBe(200)
    for (let n = 0; n < 3; n++) expect((await first.signIn('alice', `guess ${n}`)).status).toBe(403)
    await first.kill()

    const second = await start()
    expect(await second.session(cookie)).toBe(200)
    expect((await second.signIn('alice', 'guess 3')).status).toBe(403)
    expect((await second.signIn('alice', Password)).status).toBe(403)
    expect((await second.signIn('bob', Password)).status).toBe(200)
    expect((await second.post('/v1/sign-out', {}, cookie)).status).toBe(200)
    await second.kill()

    const third = await start()
    expect((await third.signIn('alice', Password)).status).toBe(403)
    expect(await third.session(cookie)).toBe(401)
  })

  it('given a device that was bound and remembered, when killed, then it still is', async () => {
    const first = await start()
    const Password = 'correct horse battery'
    await first.ram('SetSecurityPreference', { EnableSaveMFATicket: true })
    await first.ram('CreateUser', { UserName: 'carol' })
    await first.ram('CreateLoginProfile', { UserName: 'carol', Password, MFABindRequired: true })
    const { answer } = await first.signIn('carol', Password)
    expect(answer['step']).toBe('MFADeviceRequired')
    const seed = answer['base32StringSeed'] ?? ''
    const { cookies, status } = await first.post('/v1/sign-in/mfa-device', {
      ticket: answer['ticket'],
      authenticationCode1: codeOf(seed, -1),
      authenticationCode2: codeOf(seed),
      saveMFATicket: true,
    })
    expect([status, cookies.length]).toEqual([200, 2])
    const [session = '', device = ''] = cookies.map((cookie) => cookie.split(';')[0] ?? '')
    await first.kill()

    const second = await start()
    expect(await second.session(`${session}; ${device}`)).toBe(200)
    const back = await second.signIn('carol', Password, device)
    expect([back.status, back.answer['step']]).toEqual([200, 'SignedIn'])
    const elsewhere = await second.signIn('carol', Password)
    expect(elsewhere.answer['step']).toBe('CodeRequired')
  })
})
