/**
 * The server after something went missing or broke: lost parts are told, what can be rebuilt is
 * rebuilt, and root gets in again.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLIENT_KINDS, type Keys, refusalOf } from './official-clients.js'
import { builtFile, killAll, type Run, run, serving, until } from './process.js'

const ROOT_KEY = builtFile('standalone', 'root-key.js')
let directory = ''
let data = ''
let folders = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantlog-recovery-'))
})
beforeEach(() => {
  folders += 1
  data = join(directory, String(folders))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const start = (): Run =>
  run(process.execPath, [builtFile('standalone', 'main.js'), '--port', '0', '--data', data])

const keyIn = (output: string) => {
  const part = (name: string): string =>
    new RegExp(`${name} +(\\S+)`).exec(output)?.[1] ?? `no ${name}`
  return { accessKeyId: part('access key id'), accessKeySecret: part('access key secret') }
}

const callAs = (endpoint: string, keys: Keys, operation: string, parameters = {}) => {
  const [kind] = CLIENT_KINDS
  if (kind === undefined) throw new Error('there is no client')
  return kind.connect(endpoint, keys).ram(operation, parameters)
}

/** A server that has started once and stopped, and its root key. */
const startedOnce = async () => {
  const server = start()
  await serving(server)
  server.child.kill('SIGTERM')
  await server.ended
  return keyIn(server.output())
}

const remove = (name: RegExp): void => {
  for (const file of readdirSync(data)) if (name.test(file)) rmSync(join(data, file))
}

describe('a data folder that is not whole', () => {
  it('given views that can not be read, then they are put aside and built anew', async () => {
    const key = await startedOnce()
    remove(/^views\.sqlite-/)
    writeFileSync(join(data, 'views.sqlite'), 'junk')
    const endpoint = await serving(start())
    expect(await callAs(endpoint, key, 'ListUsers')).toHaveProperty('Users')
    expect(readFileSync(join(data, 'views.sqlite.damaged'), 'utf8')).toBe('junk')
  })

  it('given a lost log, then no other account is opened in its place', async () => {
    await startedOnce()
    remove(/^(log|views)\.sqlite/)
    const server = start()
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain('The log is empty, but its vault has keys for accounts.')
  })

  it('given a lost vault, then it does not serve what nobody can sign', async () => {
    await startedOnce()
    remove(/^vault\.sqlite/)
    const server = start()
    expect(await server.ended).toBe(1)
    expect(server.output()).toContain('The vault is not the one of this log')
  })
})

describe('a replica of a cluster', () => {
  it('given a folder that cannot be made, then it says so and ends', async () => {
    const args = [
      '--port',
      '0',
      '--data',
      '/proc/grantlog',
      '--log',
      'esdb://127.0.0.1:1?tls=false',
    ]
    const api = run(process.execPath, [builtFile('api', 'main.js'), ...args])
    expect(await api.ended).toBe(1)
    expect(api.output()).toContain("The folder /proc/grantlog can't be made")
  })
})

describe('root without a key that works', () => {
  it('given a key made by who holds the data folder, then root is in again', async () => {
    const lost = await startedOnce()
    const endpoint = await serving(start())
    const off = { UserAccessKeyId: lost.accessKeyId, Status: 'Inactive' }
    await callAs(endpoint, lost, 'UpdateAccessKey', off)
    expect(await refusalOf(callAs(endpoint, lost, 'ListUsers'))).toContain(
      'InvalidAccessKeyId.Inactive',
    )

    const busy = run(process.execPath, [ROOT_KEY, '--data', data])
    expect(await busy.ended).toBe(1)
    expect(busy.output()).toContain('is in use by another process')
    killAll()

    const made = run(process.execPath, [ROOT_KEY, '--data', data, '--replace', lost.accessKeyId])
    expect(await made.ended).toBe(0)
    const again = await serving(start())
    expect(await callAs(again, keyIn(made.output()), 'ListUsers')).toHaveProperty('Users')
  })

  it('given a folder without an account, then it says so', async () => {
    const made = run(process.execPath, [ROOT_KEY, '--data', data])
    expect(await made.ended).toBe(1)
    expect(made.output()).toContain('npm start opens the first')
  })
})

describe('npm start', () => {
  it('given SIGTERM to npm, then the server stops and the port is free', async () => {
    const npm = run('npm', ['start', '--silent', '--', '--port', '0', '--data', data])
    const endpoint = await serving(npm)
    npm.child.kill('SIGTERM')
    await npm.ended
    await until(async () => {
      const answer = await fetch(`${endpoint}/livez`).catch(() => null)
      return answer === null
    })
    await until(() => npm.output().includes('"msg":"stopped"'))
    expect(existsSync(join(data, 'log.sqlite'))).toBe(true)
  })
})
